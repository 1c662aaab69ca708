"""The words that answer within a quote: laws of their span, and what each kind looks for."""

from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from work import calls

from knowledge.documents import Span
from retrieval.questions.question import Question
from retrieval.scoring.short_answers import Quote, ShortAnswer, short_answer
from retrieval.scoring.weights import shipped
from retrieval.text.tokens import terms, tokens

QUESTIONS = st.sampled_from(
    ["When was it?", "How many are there?", "Who was it?", "Where is Mexico?", "Why 2009, Arafat?"]
)
QUOTES = st.lists(
    st.sampled_from([*" .,-'()$%\n", "é", "e\u0301", "漢字", "🎉", "\ufeff"])
    | st.sampled_from(["Mexico ", "Arafat ", "of ", "the ", "in 2009", "June ", "7th", "US$1.1 "])
    | st.sampled_from(["50,000", " million", "oil ", "ten ", "(2009, 2011)", "U.S. "])
    | st.characters(exclude_categories=["Cs"])
).map("".join)


def _alike(term: str) -> float:
    """Weighs all terms the same."""
    return 1.0


def _found(question: str, quote: str) -> ShortAnswer | None:
    quotes = [Quote(Span(0, len(quote)), quote, distance=0.0)] if quote else []
    return short_answer(Question(question), quotes, _alike, shipped().spans)


def _words(question: str, quote: str) -> str | None:
    found = _found(question, quote)
    return found.span.of(quote) if found else None


@given(QUESTIONS, QUOTES)
def test_a_short_answer_lies_in_its_quote(question: str, quote: str) -> None:
    """Its span is within the quote, without blanks at the ends, and holds a word."""
    found = _found(question, quote)
    if found is not None:
        words = found.span.of(quote)
        assert found.span.end <= len(quote)
        assert words == words.strip()
        assert tokens(words)
        assert 0 < found.confidence <= 1


@given(QUESTIONS, QUOTES)
@example("Why 2009, Arafat?", "Arafat in 2009")
def test_a_short_answer_says_something_new(question: str, quote: str) -> None:
    """There is one just where the quote has a term that the question has not, and it holds it."""
    asked = set(terms(question))
    words = _words(question, quote)
    assert (words is not None) == bool(set(terms(quote)) - asked)
    assert words is None or set(terms(words)) - asked


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("The office in Ramallah was opened in 2005.", "2005"),
        ("It was opened on 2 June 2023 in Mexico City.", "2 June 2023"),
        ("It was opened on June 2, 2023, in Mexico City.", "June 2, 2023"),
        ("It was opened on October 7th and closed.", "October 7th"),
        ("It was opened in July 2021, by 12 people.", "July 2021"),
        ("It was opened in June by the Senate.", "June"),
        ("Opened (2009, 2011, 2012, 2018)", "2009, 2011, 2012, 2018"),
        ("It was opened in the 1990s by 12 people.", "1990s"),
        ("It was opened by 12 people in June.", "June"),
        ("It was opened on 7 May, they say.", "7 May"),
        ("Theresa May opened it in 2019.", "2019"),
        ("Opened in Mar del Plata in 1999.", "1999"),
    ],
)
def test_a_date_answers_when(quote: str, words: str) -> None:
    """The date nearest to the words of the question is the answer, whole."""
    assert _words("When was it opened?", quote) == words


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("It gave US$1.1 million in 2014.", "US$1.1 million"),
        ("It gave €1,500.50, they say.", "€1,500.50"),
        ("It gave $50,000.", "$50,000"),
        ("Ten of them gave.", "Ten"),
        ("It gave 50 percent of the oil.", "50 percent"),
        ("In December 2008 it gave 365,000 loaves.", "365,000"),
        ("They gave 12 loaves, and the weather on the 3 islands was fine.", "12"),
        ("It gave in 2011.", "2011"),
        ("They give someone a tent often.", "tent often"),
        ("It gave 50% of the oil.", "50%"),
        ("It gave US$1.1m in all.", "US$1.1m"),
        ("It gave 5,000kg of oil.", "5,000kg"),
        ("It gave twenty one loaves.", "twenty one"),
    ],
)
def test_a_number_answers_how_much(quote: str, words: str) -> None:
    """A number with its currency and scale answers, a date only where there is no other."""
    assert _words("How much did they give?", quote) == words


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("The post was given to Carlos de Icaza (2013)", "Carlos de Icaza"),
        ("The minister Riyad al-Maliki came in 2009.", "Riyad al-Maliki"),
        ("It was led by J. R. R. Tolkien then.", "J. R. R. Tolkien"),
        ("The leader was Yasser Arafat, of the PLO of old.", "Yasser Arafat"),
        ("Luis Echeverri\u0301a led it.", "Luis Echeverri\u0301a"),
        ("The Senate led it.", "Senate"),
        ("it was the old miller", "old miller"),
    ],
)
def test_a_name_answers_who(quote: str, words: str) -> None:
    """A run of capitalised words with what joins them answers, else the words that are new."""
    assert _words("Who was the leader, of all who led?", quote) == words


@pytest.mark.parametrize(
    "whole",
    ["20:00", "8:30:15", "7:45 p.m.", "9 am", "2024-05-17", "03/05/2021", "3.11.4", "v2.1",
     "16 MB", "57.1 km", "330 m", "250 °C", "12.50 €", "5 GB"],
)  # fmt: skip
@pytest.mark.parametrize("question", ["When was it?", "How much is it?", "What is it?"])
def test_times_dates_versions_and_amounts_are_not_cut(question: str, whole: str) -> None:
    """What is marked has all of it, or nothing."""
    words = _words(question, f"It is {whole} there.")
    assert words is not None
    assert whole in words


def test_a_name_in_the_question_is_no_answer() -> None:
    """A name that the question has itself is passed over."""
    assert _words("Who met Yasser Arafat?", "Yasser Arafat met Luis Echeverría.") == (
        "Luis Echeverría"
    )
    assert _words("Where is Ramallah?", "Ramallah is in Palestine.") == "Palestine"


def test_a_number_in_the_question_is_no_answer() -> None:
    """A number or date that the question has itself is passed over, however it is written."""
    assert _words("How many of 50000 went?", "Of 50,000 there went 12.") == "12"
    assert _words("When in 2009 was it?", "It was in 2009.") is None


def test_new_words_have_no_stop_words_at_their_ends() -> None:
    """Where nothing of the kind is found, what is new in the quote answers."""
    assert _words("What is the mill?", "the mill is of a very old and grey stone") == (
        "old and grey stone"
    )


@pytest.mark.parametrize("quote", ["", "🎉 !", "the of and", "Mexico's", "mexico, Mexican"])
def test_a_quote_that_says_nothing_new_has_no_answer(quote: str) -> None:
    """No words stand out where all are those of the question, or say little."""
    assert _found("What of Mexico?", quote) is None


@pytest.mark.slow
def test_a_quote_without_an_end_is_not_read_to_its_end() -> None:
    """Of a sentence with 20,000 words some 200 are weighed; each of the others costs little."""
    short, long = (f"It was in 1968{' x' * count}" for count in (200, 20_000))
    for question in ("When was it?", "What was it?"):
        first, all_ = (calls(partial(_words, question, quote)) for quote in (short, long))
        assert (all_ - first) / 19_800 < first / 200 / 5
    assert _words("When was it?", long) == "1968"
    assert _words("What was it?", long)


def test_the_offsets_are_those_of_the_document() -> None:
    """Of two sentences that are quoted the one that answers is found, where it stands."""
    text = "It is old. The mill was built in 1999. It was grey."
    quotes = [
        Quote(Span(11, 38), text[11:38], distance=0.0),
        Quote(Span(39, 51), text[39:51], distance=1.0),
    ]
    found = short_answer(Question("When was the mill built?"), quotes, _alike, shipped().spans)
    assert found is not None
    assert found.span.of(text) == "1999"


def test_what_is_asked_for_is_surer_than_anything_new() -> None:
    """A date for "when" is more likely right than other new words."""
    date = _found("When was the mill built?", "The mill was built in 1999 by old monks.")
    other = _found("When was the mill built?", "The mill was built by the river by old monks.")
    assert date is not None
    assert other is not None
    assert date.confidence > other.confidence
