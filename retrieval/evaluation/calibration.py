"""Fitting the decision to decline to somebody's own questions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.errors import FootnoteError
from retrieval.evaluation.figures import Scored
from retrieval.evaluation.measures import Booleans, Floats, risk_coverage
from retrieval.evaluation.results import Result, result_of

LEAST_TO_ANSWER, LEAST_TO_DECLINE = 10, 5
"""Fewer questions tell nothing: ten answers without a mistake may still be wrong in one of four."""

_FOLDS = 10
_ROUNDED = 5e-7
"""By how much a confidence may have been rounded up; what is just answered has to stay so."""

_ANSWERED = (Result.RIGHT, Result.WRONG_SHOWN)


class CalibrationError(FootnoteError):
    """Questions that no decision can be fitted to; what was decided by stays."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many questions are answered, and how many of the answers are wrong."""

    answered: int
    wrong: int

    @property
    def right(self) -> int:
        """How many of the answers are right."""
        return self.answered - self.wrong


@dataclass(frozen=True, slots=True)
class Fit:
    """A threshold of confidence, and what came and is to be expected of it.

    `is_met` is whether it keeps the share of wrong answers that was wished for; where none does, it
    is the one that comes nearest, and `nearest` is that share. `before` counts what is answered
    without it, `fitted` with it, `expected` on questions that it was not fitted to: those are of
    the ten folds, each decided by a threshold that was fitted to the other nine.
    """

    threshold: float
    is_met: bool
    nearest: float
    to_answer: int
    before: Counts
    fitted: Counts
    expected: Counts


@dataclass(frozen=True, slots=True)
class _Wish:
    """The share of wrong answers to keep, and the lowest confidence that was answered so far."""

    at_most_wrong: float
    so_far: float


@dataclass(frozen=True, slots=True)
class _Choice:
    threshold: float
    careful_share: float
    counts: Counts


def fit(questions: Sequence[Scored], at_most_wrong: float) -> Fit:
    """The lowest threshold with at most this share of wrong answers among those given.

    An answer is wrong if its quote does not answer, or if the question was to be declined. The
    share counts one wrong answer more than there are, which matters where there are few questions.
    Where no threshold keeps it, the one that comes nearest and is no laxer than what decided so
    far. CalibrationError where there are too few questions, or no answer is right.
    """
    to_answer = sum("answers" in question.scores for question in questions)
    to_decline = sum("declines" in question.scores for question in questions)
    if to_answer < LEAST_TO_ANSWER or to_decline < LEAST_TO_DECLINE:
        raise CalibrationError(
            f"{to_answer} questions to answer and {to_decline} to decline are too few to fit to: "
            f"write at least {LEAST_TO_ANSWER} and {LEAST_TO_DECLINE}; nothing was changed"
        )
    confidence = np.array([question.confidence for question in questions])
    right = np.array([question.scores["right"] == 1 for question in questions])
    before = np.array([result_of(question.scores) in _ANSWERED for question in questions])
    wish = _Wish(at_most_wrong, float(confidence[before].min()) if before.any() else 0.0)
    choice = _choice(confidence, right, wish)
    if choice is None:
        raise CalibrationError(
            "no answer is right, whatever the threshold: mend the questions or the documents "
            "(footnote evaluate lists what failed); nothing was changed"
        )
    return Fit(
        threshold=max(0.0, choice.threshold - _ROUNDED),
        is_met=choice.careful_share <= at_most_wrong,
        nearest=choice.careful_share,
        to_answer=to_answer,
        before=Counts(int(before.sum()), int((before & ~right).sum())),
        fitted=choice.counts,
        expected=_expected(confidence, right, wish),
    )


def _choice(confidence: Floats, right: Booleans, wish: _Wish) -> _Choice | None:
    """The lowest threshold that keeps the share, or else the nearest; None if all is wrong."""
    coverage, risk = risk_coverage(confidence, right)
    answered = np.rint(coverage * len(confidence)).astype(int)
    wrong = np.rint(risk * answered).astype(int)
    thresholds = np.sort(confidence)[::-1][answered - 1]
    careful = (wrong + 1) / (answered + 1)
    some_right = answered > wrong
    kept = some_right & (careful <= wish.at_most_wrong)
    as_strict = some_right & (thresholds >= wish.so_far)
    for allowed in (kept, as_strict, some_right):
        if allowed.any():
            # Of the lowest share, the lowest threshold; of those that keep it, the lowest at all.
            best = allowed if allowed is kept else allowed & (careful == careful[allowed].min())
            place = int(np.flatnonzero(best)[-1])
            counts = Counts(int(answered[place]), int(wrong[place]))
            return _Choice(float(thresholds[place]), float(careful[place]), counts)
    return None


def _expected(confidence: Floats, right: Booleans, wish: _Wish) -> Counts:
    """Each question decided by a threshold that was fitted to the other nine tenths."""
    folds = np.arange(len(confidence)) % _FOLDS
    is_answered = np.zeros(len(confidence), dtype=bool)
    for fold in range(_FOLDS):
        inside = folds == fold
        choice = _choice(confidence[~inside], right[~inside], wish)
        is_answered[inside] = choice is not None and confidence[inside] >= choice.threshold
    return Counts(int(is_answered.sum()), int((is_answered & ~right).sum()))
