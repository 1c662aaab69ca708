"""Questions: what their words say about the answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.questions.question import Kind, Question, directions_in
from retrieval.text.tokens import terms, tokens


def _term(word: str) -> str:
    (term,) = terms(word)
    return term


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("When was the office opened?", Kind.DATE),
        ("WHEN was the office opened?", Kind.DATE),
        ("In which year was it opened?", Kind.DATE),
        ("Since what date are there relations?", Kind.DATE),
        ("In which decade did it begin?", Kind.DATE),
        ("How long ago was the meeting?", Kind.DATE),
        ("Tell me when it was opened", Kind.DATE),
        ("How many countries abstained?", Kind.NUMBER),
        ("How much did Mexico give?", Kind.NUMBER),
        ("How old is the office?", Kind.NUMBER),
        ("What percent of the vote was it?", Kind.NUMBER),
        ("Who met Arafat?", Kind.PERSON),
        ("By whom was it opened?", Kind.PERSON),
        ("Whose inauguration was it?", Kind.PERSON),
        ("Where did they meet?", Kind.PLACE),
        ("In what city did they meet?", Kind.PLACE),
        ("What is the treaty called?", Kind.NAME),
        ("How did Mexico vote?", Kind.MANNER),
        ("Which cities are twins?", Kind.NAME),
        ("What is the mission in Ramallah?", Kind.OTHER),
        ("Why did Mexico abstain?", Kind.REASON),
        ("Does Mexico export bread?", Kind.OTHER),
        ("Palestinian Mexicans", Kind.OTHER),
        ("", Kind.OTHER),
    ],
)
def test_the_kind_of_answer(text: str, kind: Kind) -> None:
    """Its question word says whether a date, a number, a person or a name answers."""
    assert Question(text).kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "Which officials visited Palestine?",
        "Which Mexican officials visited Palestine?",
        "which high level visits were there",
        "What exports are there?",
        "What are the main exports from Mexico to Palestine?",
        "What were the reasons?",
        "Who are the members?",
        "Who have visited Mexico?",
        "What does Mexico export to Palestine?",
        "What did the agreement include?",
        "List all agreements.",
        "Name the cities that are twins.",
        "Which of the visits were in 2009?",
        "Show all of the agreements",
        "Which officials of Mexico visited Palestine?",
    ],
)
def test_a_question_for_several_things(text: str) -> None:
    """A plural behind "which" or "what", or a word for all of something, asks for several."""
    assert Question(text).asks_for_several


@pytest.mark.parametrize(
    "text",
    [
        "Which official visited Palestine?",
        "Who visited Palestine in 2013?",
        "Who was the first foreign minister to visit Mexico?",
        "What is the mission in Ramallah?",
        "What is the status of Gaza?",
        "Which process is meant?",
        "Which bus is it?",
        "When was the office opened?",
        "How many countries abstained?",
        "How much did Mexico give?",
        "Where did the presidents meet?",
        "",
        "What was the value of the trade?",
        "What does the mission cost?",
        "Which minister was in Mexico?",
        "Which country has an embassy?",
    ],
)
def test_a_question_for_one_thing(text: str) -> None:
    """A singular, and a word that only ends like a plural, asks for one thing."""
    assert not Question(text).asks_for_several


@pytest.mark.parametrize(
    ("text", "directions"),
    [
        ("What goes from Mexico to Palestine?", {("from", "Mexico"), ("to", "Palestine")}),
        ("What goes from Palestine to Mexico?", {("from", "Palestine"), ("to", "Mexico")}),
        ("Who visited Palestine?", {("to", "Palestine")}),
        ("Who from Mexico visited Palestine?", {("from", "Mexico"), ("to", "Palestine")}),
        ("Which officials visit Mexico?", {("to", "Mexico")}),
        ("Who is visiting Mexico from Palestine?", {("from", "Palestine"), ("to", "Mexico")}),
        ("Mexican exports TO Palestine", {("to", "Palestine")}),
        ("What does Mexico send?", set()),
        ("Where to?", set()),
        ("", set()),
        ("Who came on a visit to Palestine?", {("to", "Palestine")}),
    ],
)
def test_the_directions_of_a_question(text: str, directions: set[tuple[str, str]]) -> None:
    """What stands behind "from" and "to", and what is visited, says which way something goes."""
    assert Question(text).directions == {(way, _term(place)) for way, place in directions}


def test_the_directions_of_a_text() -> None:
    """A sentence has directions only where it says "from" or "to"."""
    words = tokens("Officials from Mexico on visits to Palestine visited Gaza")
    held = directions_in([word.term for word in words])
    assert held == {("from", _term("Mexico")), ("to", _term("Palestine"))}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Who met Yasser Arafat in Alexandria?", ["Yasser", "Arafat", "Alexandria"]),
        ("How many went in 2009?", ["2009"]),
        ("Mexico gave what?", []),
        ("2009 was what?", ["2009"]),
        ("Did The PLO open an office?", ["PLO"]),
        ("what did mexico give?", []),
        ("🎉", []),
    ],
)
def test_the_names_in_a_question(text: str, names: list[str]) -> None:
    """Names are words with a capital that is not the sentence's own, and numbers."""
    assert Question(text).names == {_term(name) for name in names}


def test_the_terms_of_a_question_are_different() -> None:
    """Each content term stands once, in the order of the first time."""
    assert Question("Oil for bread or bread for oil, and fruit?").terms == ["oil", "bread", "fruit"]


def test_pairs_pass_over_stop_words() -> None:
    """Two content terms are a pair if only stop words stand between them."""
    assert Question("The mill of Ulm burned?").pairs == {("mill", "ulm"), ("ulm", "burn")}


@given(st.text())
def test_any_text_can_be_read_as_a_question(text: str) -> None:
    """What a question says is made of its own words, whatever they are."""
    question = Question(text)
    own = {word.term for word in tokens(text)}
    assert set(question.terms) <= set(terms(text))
    assert bool(question.terms) == bool(terms(text))
    assert question.names <= set(question.terms)
    assert {term for pair in question.pairs for term in pair} <= set(question.terms)
    assert {place for _, place in question.directions} <= own
    assert question.kind in Kind
