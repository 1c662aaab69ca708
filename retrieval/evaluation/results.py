"""What can come of a question, as somebody counts it who decides whether to let a bot loose."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from retrieval.evaluation.comparison import Change
from retrieval.evaluation.figures import Figure
from retrieval.evaluation.statistics import Difference, Interval


class Result(Enum):
    """What came of a question; every question has one."""

    RIGHT = "right"
    WRONG_SHOWN = "wrong shown"
    DECLINED_WRONGLY = "declined wrongly"
    DECLINED_RIGHTLY = "declined rightly"

    @property
    def is_failure(self) -> bool:
        """Whether something else should have come."""
        return self in (Result.WRONG_SHOWN, Result.DECLINED_WRONGLY)


@dataclass(frozen=True, slots=True)
class _Share:
    """What a result is a share of: a figure, or all that the figure lacks."""

    figure: str
    is_rest: bool
    meaning: str


_SHARES = {
    Result.RIGHT: _Share("recall", is_rest=False, meaning="to answer: shown and right"),
    Result.WRONG_SHOWN: _Share("precision", is_rest=True, meaning="answers shown: wrong"),
    Result.DECLINED_WRONGLY: _Share("answers", is_rest=True, meaning="to answer: declined"),
    Result.DECLINED_RIGHTLY: _Share("declines", is_rest=False, meaning="to decline: declined"),
}


@dataclass(frozen=True, slots=True)
class ResultFigure:
    """How often a result came, and of what, in words."""

    result: Result
    figure: Figure
    meaning: str


def result_of(scores: Mapping[str, float]) -> Result:
    """What came of a question with these scores."""
    if "declines" in scores:
        return Result.DECLINED_RIGHTLY if scores["declines"] else Result.WRONG_SHOWN
    if not scores["answers"]:
        return Result.DECLINED_WRONGLY
    return Result.RIGHT if scores["right"] else Result.WRONG_SHOWN


def result_figures(figures: Mapping[str, Figure]) -> list[ResultFigure]:
    """How often each result came, where there are questions that it is a share of."""
    found = []
    for result, share in _SHARES.items():
        if share.figure in figures:
            figure = figures[share.figure]
            figure = _rest_of(figure) if share.is_rest else figure
            count = round(figure.value * figure.count)
            meaning = f"{count:,} of {figure.count:,} {share.meaning}"
            found.append(ResultFigure(result, figure, meaning))
    return found


def result_changes(changes: Mapping[str, Change]) -> dict[Result, Change]:
    """How each result changed between two runs that both have its figure."""
    return {
        result: _rest_of_change(changes[share.figure]) if share.is_rest else changes[share.figure]
        for result, share in _SHARES.items()
        if share.figure in changes
    }


def _rest_of(figure: Figure) -> Figure:
    return Figure(1 - figure.value, _turned(figure.interval, 1), figure.count)


def _rest_of_change(change: Change) -> Change:
    old = change.difference
    interval = _turned(old.interval, 0)
    difference = Difference(0 - old.value, interval, old.p_value, old.detectable)
    return Change(1 - change.before, 1 - change.now, difference)


def _turned(interval: Interval, whole: int) -> Interval:
    return Interval(whole - interval.high, whole - interval.low)
