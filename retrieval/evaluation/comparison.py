"""What changed between two runs over the same questions, and what chance alone would explain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.evaluation.figures import MEANS, OVER_SET, OverSet, Scored, labelled
from retrieval.evaluation.measures import Floats
from retrieval.evaluation.statistics import Difference, bootstrap_difference, paired_difference

_Pairs = Sequence[tuple[Scored, Scored]]


@dataclass(frozen=True, slots=True)
class Change:
    """A figure in the earlier run and in this one, over the questions of both."""

    before: float
    now: float
    difference: Difference


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed in each figure over the `questions` that both runs have.

    It is unchanged where each of these has the same scores and the same confidence.
    """

    questions: int
    is_unchanged: bool
    changes: Mapping[str, Change]


def compared(old: Sequence[Scored], new: Sequence[Scored]) -> Comparison:
    """What changed from `old` to `new`."""
    before = {question.id: question for question in old}
    pairs = [(before[question.id], question) for question in new if question.id in before]
    is_unchanged = all(
        first.scores == second.scores and first.confidence == second.confidence
        for first, second in pairs
    )
    changes: dict[str, Change] = {}
    for name in MEANS:
        if change := _change_of_mean(name, pairs):
            changes[name] = change
    for name, over_set in OVER_SET.items():
        if change := _change_over_set(over_set, pairs):
            changes[name] = change
    return Comparison(len(pairs), is_unchanged, changes)


def _change_of_mean(name: str, pairs: _Pairs) -> Change | None:
    """The change of a mean; None where one of the runs has no such figure.

    A figure may be about other questions in each run, as precision is about those that were
    answered. Then the means over these are compared, and all questions that have a part in either
    are resampled.
    """
    missing = float("nan")
    values = np.array([[one.scores.get(name, missing) for one in pair] for pair in pairs])
    has_part = ~np.isnan(values).reshape(-1, 2)
    if not has_part.any(axis=0).all():
        return None
    old, new = values[has_part.any(axis=1)].T
    before, now = _mean(old), _mean(new)
    if has_part[:, 0].tolist() == has_part[:, 1].tolist():
        return Change(before, now, paired_difference(old, new))

    def change(rows: NDArray[np.int64]) -> float:
        return _mean(new[rows]) - _mean(old[rows])

    return Change(before, now, bootstrap_difference(now - before, len(old), change))


def _mean(values: Floats) -> float:
    """The mean of those that are there."""
    there = values[~np.isnan(values)]
    return float(there.mean()) if len(there) else float("nan")


def _change_over_set(over_set: OverSet, pairs: _Pairs) -> Change | None:
    both = [
        (first, second)
        for first, second in pairs
        if over_set.label(first.scores) is not None and over_set.label(second.scores) is not None
    ]
    old = labelled(over_set, [first for first, _ in both])
    new = labelled(over_set, [second for _, second in both])
    if not both or np.isnan(over_set.statistic(*old)):
        return None
    before, now = over_set.statistic(*old), over_set.statistic(*new)

    def change(rows: NDArray[np.int64]) -> float:
        return over_set.statistic(new[0][rows], new[1][rows]) - over_set.statistic(
            old[0][rows], old[1][rows]
        )

    return Change(before, now, bootstrap_difference(now - before, len(both), change))
