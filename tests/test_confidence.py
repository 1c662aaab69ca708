"""Confidence: a probability that grows with what speaks for the quote."""

import pytest
from corpora import answerer_over, document
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answer.confidence import probability
from retrieval.scoring.weights import shipped

SCORES = st.floats(-1e6, 1e6)
MODEL = {"for": 1.0, "against": -1.0}


@given(SCORES, SCORES)
def test_it_is_a_probability(one: float, two: float) -> None:
    """Whatever the features, the probability is between 0 and 1."""
    assert 0 <= probability({"for": one, "against": two}, MODEL) <= 1


@given(SCORES, SCORES)
def test_a_better_score_is_never_less_likely(first: float, second: float) -> None:
    """The probability does not fall where the score rises."""
    low, high = sorted([first, second])
    assert probability({"for": low}, MODEL) <= probability({"for": high}, MODEL)
    assert probability({"against": low}, MODEL) >= probability({"against": high}, MODEL)


TEXT = (
    "# Mills\n\nThe old mill of Ulm was built by Anna Berg in 1884. It burned in 1901. "
    "The forge of Bern belongs to the city, which bought it because nobody else would."
)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("Who built the old mill of Ulm?", "Who painted the old bridge of Ulm?"),
        ("When was the mill of Ulm built?", "When was the forge of Bern built?"),
        ("Why did Bern buy the forge?", "Why did Ulm sell the mill?"),
        ("Who built the old mill of Ulm?", "Who built the old mill of Basel?"),
    ],
)
def test_what_is_missing_speaks_against_it(better: str, worse: str) -> None:
    """Other names, other words and no sign of what is asked for lower the confidence."""
    answerer = answerer_over(document(TEXT, "a.md"))
    assert answerer.answer(better).confidence > answerer.answer(worse).confidence


def test_the_threshold_parts_the_usual_questions() -> None:
    """A question in the words of the text is answered, one about something else declined."""
    answerer = answerer_over(document(TEXT, "a.md"))
    assert answerer.answer("Who built the old mill of Ulm?").confidence > shipped().threshold
    assert answerer.answer("Who won the race in Lyon?").confidence < shipped().threshold
