"""Fitting the decision to decline to somebody's own questions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.errors import FootnoteError
from retrieval.evaluation.figures import Scored
from retrieval.evaluation.measures import Booleans, Floats, risk_coverage

LEAST_TO_ANSWER, LEAST_TO_DECLINE = 50, 20
"""Fewer questions do not tell a good threshold from a lucky one."""

_FOLDS = 10


class CalibrationError(FootnoteError):
    """Questions that no decision can be fitted to; the default stays."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A threshold of confidence, and what to expect of it on questions that it was not fitted to.

    Of `to_answer` questions `answered_right` would be answered right; of all that would be
    `answered`, `wrong` would be wrong. The counts are those of the ten folds, each decided by a
    threshold that was fitted to the other nine.
    """

    threshold: float
    answered: int
    wrong: int
    to_answer: int
    answered_right: int


def fit(questions: Sequence[Scored], at_most_wrong: float) -> Fit:
    """The lowest threshold with at most this share of wrong answers among those given.

    An answer is wrong if its quote does not answer, or if the question was to be declined.
    CalibrationError where there are too few questions, or where no threshold is good enough.
    """
    to_answer = sum("answers" in question.scores for question in questions)
    to_decline = sum("declines" in question.scores for question in questions)
    if to_answer < LEAST_TO_ANSWER or to_decline < LEAST_TO_DECLINE:
        raise CalibrationError(
            f"{to_answer} questions to answer and {to_decline} to decline are too few to fit to: "
            f"write at least {LEAST_TO_ANSWER} and {LEAST_TO_DECLINE}; the default is kept"
        )
    confidence = np.array([question.confidence for question in questions])
    right = np.array([question.scores["right"] == 1 for question in questions])
    threshold = _threshold(confidence, right, at_most_wrong)
    if threshold is None:
        raise CalibrationError(
            f"even the surest answers are wrong more often than {at_most_wrong:g}: allow more, or "
            "mend the documents; the default is kept"
        )
    folds = np.arange(len(questions)) % _FOLDS
    is_answered = np.zeros(len(questions), dtype=bool)
    for fold in range(_FOLDS):
        inside = folds == fold
        fitted = _threshold(confidence[~inside], right[~inside], at_most_wrong)
        is_answered[inside] = fitted is not None and confidence[inside] >= fitted
    return Fit(
        threshold=threshold,
        answered=int(is_answered.sum()),
        wrong=int((is_answered & ~right).sum()),
        to_answer=to_answer,
        answered_right=int((is_answered & right).sum()),
    )


def _threshold(confidence: Floats, right: Booleans, at_most_wrong: float) -> float | None:
    """The lowest confidence down to which the share of wrong is small enough; None if none is."""
    coverage, risk = risk_coverage(confidence, right)
    allowed = np.flatnonzero(risk <= at_most_wrong)
    if not len(allowed):
        return None
    count = round(float(coverage[allowed[-1]]) * len(confidence))
    return float(np.sort(confidence)[::-1][count - 1])
