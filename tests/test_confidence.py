"""Confidence: a probability that grows with what speaks for the quote."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from corpora import answerer_over, document
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answer.confidence import confidence_features, probability
from retrieval.scoring.units import Candidate, candidates
from retrieval.scoring.weighted_question import WeightedQuestion
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


MILLS = """# Mills

## Ulm

The old mill of Ulm was built in 1884. It ground rye for the bakers.

- two wheels
- four stones

## Bern

The forge of Bern burned.
"""
LAMP = "# Lamps\n\nThe lamp of the harbour shines red.\n"


def _fitting(question: str, best: str, *texts: str) -> list[Candidate]:
    """The units of some documents, first the best, each a point less than the one before it.

    Each word of the question weighs 1, so that shares can be counted.
    """
    documents = [document(text, f"{number}.md") for number, text in enumerate(texts)]
    units = candidates(answerer_over(*documents).found(question), {})
    units.sort(key=lambda one: (best not in one.quote, one.passage.id, one.position))
    return [
        replace(one, score=10.0 - place, found=replace(one.found, asked=_even(one)))
        for place, one in enumerate(units)
    ]


def _even(one: Candidate) -> WeightedQuestion:
    asked = one.found.asked
    return WeightedQuestion(asked.question, lambda _: 0.0, asked.vocabulary)


def _told(question: str, quote: str, *texts: str) -> Mapping[str, float]:
    """What speaks for and against the quote of a sentence."""
    return confidence_features(_fitting(question, quote, *texts or [quote]), quote, 0.5)


def _shown(told: Mapping[str, float], *names: str) -> dict[str, float]:
    return {name: round(told.get(name, 0.0), 6) for name in names}


@pytest.mark.parametrize(
    ("question", "quote", "misfits"),
    [
        ("When did the mill burn?", "The mill burned in a storm.", {"date"}),
        ("When did the mill burn?", "The mill burned in March.", set()),
        ("When did the mill burn?", "The mill burned in 1901.", set()),
        ("When did the mill of 1884 burn?", "The mill of 1884 burned in a storm.", {"date"}),
        ("How many wheels has the mill?", "The mill has wheels of oak.", {"number"}),
        ("How many wheels has the mill?", "The mill has 12 wheels of oak.", set()),
        ("How many wheels has the mill?", "The mill has a dozen wheels.", set()),
        ("How many mills burned in 1901?", "Mills burned in 1901, with barns.", {"number"}),
        ("How long did the mill run?", "The mill ran with 1 wheel.", {"duration"}),
        ("How long did the mill run?", "The mill ran for 3 weeks.", set()),
        ("How long ago did the mill run?", "The mill ran well.", {"date"}),
        ("How much did the mill cost?", "The mill did cost 400 oaks.", {"amount"}),
        ("How much did the mill cost?", "The mill did cost 400 pounds.", set()),
        ("Who painted the mill?", "The mill was painted by a guest.", {"person"}),
        ("Who painted the mill?", "The mill was painted by Anna Berg.", set()),
        ("Who painted the mill of Ulm?", "The mill of Ulm was painted anew.", {"person"}),
        ("Where does the mill stand?", "The mill does stand by a river.", {"place"}),
        ("Where does the mill stand?", "The mill does stand in Ulm.", set()),
        ("Why was the mill sold?", "The mill was sold by a guest.", {"reason"}),
        ("Why was the mill sold?", "The mill was sold because it was old.", set()),
        ("Was the old mill sold?", "The old mill was sold.", {"new"}),
        ("Was the old mill sold?", "The old mill was sold to a guest.", set()),
    ],
)
def test_a_quote_without_what_is_asked_for_is_known(
    question: str, quote: str, misfits: set[str]
) -> None:
    """No date for a when, no number that was not asked with, no name for a who, nothing new."""
    told = _told(question, quote)
    found = {name for name, value in told.items() if name.startswith("misfit_") and value}
    assert found == {f"misfit_{name}" for name in misfits}


@pytest.mark.parametrize(
    ("question", "quote", "differs", "is_asked"),
    [
        ("Who sold the mill?", "A guest sold the mill.", 0, 0),
        ("Who sold the mill?", "A guest never sold the mill.", 1, 0),
        ("Who did not sell the mill?", "A guest did sell the mill.", 1, 1),
        ("Who did not sell the mill?", "A guest didn't sell the mill.", 0, 1),
    ],
)
def test_a_denial_on_one_side_alone_is_known(
    question: str, quote: str, differs: float, is_asked: float
) -> None:
    """What is asked and what is quoted may each deny it."""
    told = _told(question, quote)
    assert _shown(told, "denial", "denial_asked") == {"denial": differs, "denial_asked": is_asked}


def test_what_the_quote_lacks_is_counted() -> None:
    """Of six words the passage lacks three, and the quote and the headings a fourth."""
    quote = "The old mill of Ulm was built in 1884."
    told = _told("Did Basel swiftly sell the mill for bakers of Ulm in 1901?", quote, MILLS)
    expected = {
        "terms": 0.7,
        "mean_weight": 0.2,
        "missing": 0.8,
        "missing_most": 1 / 8,
        "lost": 0.8,
        "lost_any": 1.0,
        "lost_share": 4 / 7,
        "lost_most": 1 / 8,
        "lost_names": 0.2,
        "lost_numbers": 0.2,
        "lost_adverbs": 0.2,
        "lost_verbs": 0.2,
        "unknown": 0.8,
        "unsaid": 1.0,
        "unsaid_share": 5 / 7,
        "unsaid_nouns": 0.2,
        "block": 2 / 7,
        "block_squared": 4 / 49,
    }
    assert _shown(told, *expected) == pytest.approx(expected, abs=1e-6)


def test_words_like_those_of_the_question_count_apart() -> None:
    """Other forms and related words, which are not there themselves."""
    like = _told("Who is the miller of Ulm?", "The mill of Ulm was sold to a guest.")
    assert like["similar_block"] > 0
    related = _told("Which car is in the forge?", "An automobile is in the forge.")
    assert related["related_block"] > 0
    assert (related["block"], like["block"]) == (0.5, 0.5)


@pytest.mark.parametrize(("words", "length"), [(10, 0.2), (100, 2.0), (101, 2.0), (300, 2.0)])
def test_long_quotes_count_as_long_up_to_a_hundred_words(words: int, length: float) -> None:
    """A longer one tells no more about whether it answers."""
    ranked = _fitting("Which mill ground rye in Ulm?", "It ground rye", MILLS)
    quote = " ".join(f"x{number}" for number in range(words))
    assert confidence_features(ranked, quote, 0.5)["block_length"] == pytest.approx(length)


def test_what_the_quote_has_is_counted_with_the_headings() -> None:
    """A word of a heading counts for the quote below it, and nothing is missing then."""
    told = _told("Which mill ground rye in Ulm?", "It ground rye for the bakers.", MILLS)
    assert told["block"] == pytest.approx(1 / 2)
    assert told["block_above"] == pytest.approx(1 / 2)
    nothing = ("missing", "missing_most", "lost", "lost_any", "lost_most", "unknown", "unsaid")
    assert _shown(told, *nothing) == dict.fromkeys(nothing, 0.0)


def test_where_the_next_best_stand_is_counted() -> None:
    """Of five: in the same document, and in the same section; and how many are no running text."""
    told = _told("Which mill of Ulm shines?", "It ground rye", MILLS, LAMP)
    expected = {"same_document": 0.8, "same_section": 0.6, "structured": 2 / 6}
    assert _shown(told, *expected) == pytest.approx(expected, abs=1e-6)


def test_the_lead_over_other_passages_counts() -> None:
    """Units of the same passage are no rivals; where there are no others, nothing comes near."""
    ranked = _fitting("Which mill of Ulm shines?", "It ground rye", MILLS, LAMP)
    rivals = [one for one in ranked if one.passage.id != ranked[0].passage.id]
    told = confidence_features(ranked, ranked[0].quote, 0.5)
    assert told["score"] == pytest.approx(2.0)
    assert told["ahead"] == pytest.approx((10.0 - rivals[0].score) / 5)
    assert told["passage_score"] == pytest.approx(ranked[0].found.hit.score / 10)
    alone = confidence_features(ranked[:1], ranked[0].quote, 0.25)
    assert (alone["ahead"], alone["short"], alone["constant"]) == (1.0, 0.25, 1.0)


def test_what_speaks_for_the_sentence_and_its_passage_counts_too() -> None:
    """Each under a name of its own, with what kind of question it is."""
    ranked = _fitting("Who built the old mill of Ulm?", "The old mill", MILLS)
    best = ranked[0]
    told = confidence_features(ranked, best.quote, 0.5)
    expected = {
        **{f"unit_{name}": value for name, value in best.features.items()},
        **{f"passage_{name}": value for name, value in best.found.features.items()},
        "kind_person": 1.0,
        "purpose_tell": 1.0,
    }
    assert best.features
    assert best.found.features
    assert {name: told[name] for name in expected} == expected
    assert {name for name in told if name.startswith(("kind_", "purpose_"))} <= expected.keys()


def test_far_scores_are_near_certain() -> None:
    """Certainty grows with the score up to the ends, where it is all but 0 and 1."""
    assert probability({"for": 0.0}, MODEL) == 0.5
    assert probability({"for": 1.0}, MODEL) == pytest.approx(0.7310586)
    assert probability({"for": 1000.0}, MODEL) == pytest.approx(1.0)
    assert 0 < probability({"for": -1000.0}, MODEL) < 1e-20


def test_scripts_without_blanks_need_more() -> None:
    """There pairs of letters are met by chance, so as much evidence counts for less."""
    told = _told("富士山の高さは?", "富士山の高さは3776メートルです。")
    assert told["language"] < 0
    english = _told("How high is it?", "It is 3776 metres high.")
    assert english["language"] == 0
    enough = {"for": 1.0}
    offset = {"language": told["language"]}
    assert probability(enough | offset, MODEL) < 0.5 < probability(enough, MODEL)
