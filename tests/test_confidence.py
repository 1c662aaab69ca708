"""Confidence: a probability that grows with the score."""

from hypothesis import given
from hypothesis import strategies as st

from retrieval.confidence import THRESHOLD, probability

# Far beyond what features can add up to: 500 names of a question missing give -100.
SCORES = st.floats(-110, 110)


@given(SCORES)
def test_it_is_a_probability(score: float) -> None:
    """Whatever the score, the probability is between 0 and 1."""
    assert 0 <= probability(score) <= 1


@given(SCORES, SCORES)
def test_a_better_score_is_never_less_likely(first: float, second: float) -> None:
    """The probability does not fall where the score rises."""
    assert probability(min(first, second)) <= probability(max(first, second))


@given(st.floats(-1, 2), st.floats(0.001, 1))
def test_a_better_score_is_more_likely(score: float, more: float) -> None:
    """Among usual scores a difference shows."""
    assert probability(score) < probability(score + more)


def test_the_threshold_parts_the_usual_scores() -> None:
    """A candidate that fits in nothing is declined, one that fits in all is shown."""
    assert probability(0) < THRESHOLD < probability(2)
