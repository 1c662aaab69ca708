"""From the scores of questions to figures with intervals."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.evaluation import measures
from retrieval.evaluation.measures import Floats
from retrieval.evaluation.question_sets import DRAFTED
from retrieval.evaluation.statistics import Interval, bootstrap, interval_of_mean


@dataclass(frozen=True, slots=True)
class Scored:
    """A question as figures see it: its confidence, and its part in each figure by name."""

    id: str
    tags: tuple[str, ...]
    confidence: float
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure over `count` questions with its 95 % interval."""

    value: float
    interval: Interval
    count: int


MEANS = {
    "hit@1": "evidence in the first passage",
    "hit@5": "evidence in the first five passages",
    "recall@5": "share of the evidence in the first five passages",
    "rr@10": "reciprocal rank of the first evidence, to 10",
    "ndcg@10": "discounted gain of the first ten documents",
    "ap": "average precision of the documents, to 100",
    "sentence": "the marked sentences answer, declined or not",
    "neighbour": "the same, with the unit before and after each",
    "em": "the words that answer are an answer to the letter",
    "f1": "words shared with an answer",
    "citation_precision": "share of the marked quotes that are evidence",
    "citation_recall": "share of the evidence that is cited",
    "fidelity": "every quote is a slice of its document",
    "answers": "answered, of those to answer",
    "declines": "declined, of those to decline",
    "precision": "right, of those answered",
    "recall": "answered right, of those to answer",
    "helped": "right in what is shown: the answer or a closest section",
}
"""The figures that are means over questions, with what they mean."""

# What a figure over a whole set is made from: for some questions, in one order, their confidence
# and whether each is right (or, for auroc, is to be answered).
_Statistic = Callable[[Floats, Floats], float]


def _auroc(confidence: Floats, positive: Floats) -> float:
    is_positive = positive == 1
    if is_positive.all() or not is_positive.any():
        return float("nan")
    return measures.auroc(confidence[is_positive], confidence[~is_positive])


def _aurc(confidence: Floats, right: Floats) -> float:
    return measures.area_under_risk_coverage(confidence, right == 1)


def _coverage(confidence: Floats, right: Floats) -> float:
    return measures.coverage_at_precision(confidence, right == 1, 0.95)


def _calibration(confidence: Floats, right: Floats) -> float:
    return measures.calibration_error(confidence, right == 1)


@dataclass(frozen=True, slots=True)
class OverSet:
    """A figure that only a whole set has; `label` gives a question's part, None for no part."""

    meaning: str
    label: Callable[[Mapping[str, float]], float | None]
    statistic: _Statistic


def _is_to_answer(scores: Mapping[str, float]) -> float | None:
    return float("answers" in scores) if "answers" in scores or "declines" in scores else None


OVER_SET = {
    "auroc": OverSet(
        "confidence tells those to answer from those to decline", _is_to_answer, _auroc
    ),
    "aurc": OverSet(
        "mean share wrong over all coverages; lower is better", lambda s: s.get("sentence"), _aurc
    ),
    "coverage@95": OverSet(
        "share that can be answered with 95 % of the sentences right",
        lambda s: s.get("sentence"),
        _coverage,
    ),
    "coverage@95-neighbour": OverSet(
        "the same, right with the unit before and after", lambda s: s.get("neighbour"), _coverage
    ),
    "ece": OverSet(
        "distance of confidence from share right; lower is better",
        lambda s: s.get("right"),
        _calibration,
    ),
}
"""The figures over a whole set, with what they mean."""

NAMES = (*MEANS, *OVER_SET)


def meaning_of(name: str) -> str:
    """What the figure of this name says."""
    return MEANS[name] if name in MEANS else OVER_SET[name].meaning


def figures(questions: Sequence[Scored]) -> dict[str, Figure]:
    """Every figure that the questions have a part in, in a fixed order."""
    found = mean_figures(questions)
    for name, over_set in OVER_SET.items():
        confidence, labels = labelled(over_set, questions)
        if len(labels) and not np.isnan(over_set.statistic(confidence, labels)):
            found[name] = _figure_over_set(over_set, confidence, labels)
    return found


def mean_figures(questions: Iterable[Scored]) -> dict[str, Figure]:
    """The figures that are means over questions."""
    questions = list(questions)
    found = {}
    for name in MEANS:
        values = np.array([q.scores[name] for q in questions if name in q.scores])
        if len(values):
            found[name] = Figure(float(values.mean()), interval_of_mean(values), len(values))
    return found


def labelled(over_set: OverSet, questions: Iterable[Scored]) -> tuple[Floats, Floats]:
    """Confidence and label of the questions that have a part in the figure."""
    pairs = [
        (question.confidence, label)
        for question in questions
        if (label := over_set.label(question.scores)) is not None
    ]
    return np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])


def _figure_over_set(over_set: OverSet, confidence: Floats, labels: Floats) -> Figure:
    interval = bootstrap(
        len(labels), lambda rows: over_set.statistic(confidence[rows], labels[rows])
    )
    return Figure(over_set.statistic(confidence, labels), interval, len(labels))


def counted(questions: Sequence[Scored]) -> Sequence[Scored]:
    """The questions that count for the figures over all: without the drafted, if others are to be
    answered.

    Drafted questions share the words of the documents, and would flatter every figure; but a set in
    which all others are to be declined would say nothing of answers.
    """
    others = [question for question in questions if DRAFTED not in question.tags]
    return others if any("answers" in other.scores for other in others) else questions


def by_tag(questions: Sequence[Scored]) -> dict[str, dict[str, Figure]]:
    """The means over the questions of each tag, tags in alphabetical order."""
    tags = sorted({tag for question in questions for tag in question.tags})
    return {tag: mean_figures(q for q in questions if tag in q.tags) for tag in tags}
