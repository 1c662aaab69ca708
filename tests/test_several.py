"""Questions about several things: one quote for each, each cited."""

import pytest
from corpora import answerer_over, material

from retrieval.questions.several import subquestions_of


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("How did Mexico vote in 1947, 2011 and 2012?", ["1947", "2011", "2012"]),
        ("What did she say in June 2024 and again in May 2025?", ["June 2024", "May 2025"]),
        ("What was done in 2021 and in 2022?", ["2021", "2022"]),
        ("Who came from Ulm, Bern and Basel?", ["Ulm", "Bern", "Basel"]),
        ("What happened between 1947 and 1950?", []),
        ("What happened from 1947 and 1950 on?", []),
        ("How are relations between Mexico and Palestine?", []),
        ("What have Mexico and Palestine signed?", []),
        ("When was it?", []),
        ("What cost 12000 and 2001 euros?", []),
        ("Did Mexico, Spain and Brazil vote?", ["Mexico", "Spain", "Brazil"]),
        ("What happened between 1947, 1948 and 1950?", []),
        ("Who owns Smith, Jones and Partners?", []),
        ("In 1947 and 1947?", []),
        ("", []),
    ],
)  # fmt: skip
def test_the_things_that_are_asked_about(text: str, things: list[str]) -> None:
    """Dates that are listed, or three names; a stretch of time or a pair of names is one thing."""
    assert [thing for _, thing in subquestions_of(text)] == things


def test_each_part_asks_about_one_thing() -> None:
    """The other things are left out of each."""
    assert [part for part, _ in subquestions_of("How did it vote in 1947, 2011 and 2012?")] == [
        "How did it vote in 1947?",
        "How did it vote in 2011?",
        "How did it vote in 2012?",
    ]


def test_each_thing_has_its_quote() -> None:
    """Three votes are three quotes, each with its place and its words that answer."""
    answer = answerer_over(material()).answer("How did Mexico vote in 1947, 2011 and 2012?")
    marked = "\n".join(citation.marked for citation in answer.citations).splitlines()
    assert [
        next(year for year in ("1947", "2011", "2012") if year in sentence) for sentence in marked
    ] == ["1947", "2011", "2012"]
    spans = [citation.span for citation in answer.citations]
    assert len(spans) == len(set(spans))
    assert all(citation.answering for citation in answer.citations)


def test_what_one_quote_tells_is_quoted_once() -> None:
    """A quote that names all the things is the answer."""
    answer = answerer_over(material()).answer(
        "What did al-Maliki do in Mexico in 2009, 2011, 2012 and 2018?"
    )
    items = [citation for citation in answer.citations if citation.marks]
    assert len(items) == 1


def test_what_is_not_told_of_each_is_not_made_up() -> None:
    """Where only one of two years is told of, that is the one quoted, and the other is named."""
    answer = answerer_over(material()).answer("How did Mexico vote in 1947 and 1803?")
    assert [("1947" in c.quote, "1803" in c.quote) for c in answer.citations] == [(True, False)]
    assert answer.unanswered == ("1803",)
