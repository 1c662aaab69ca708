"""Acronyms: tied to the words that a document defines them by, in both directions."""

import pytest
from corpora import answerer_over, document

from retrieval.index.memory import index_of
from retrieval.questions.acronyms import Acronyms
from retrieval.text.tokens import terms

TEXT = (
    "The Mill Workers Union (MWU) was founded in 1901. The Bank of the River and Sea (BRS) is old. "
    "A Bigger Thing (XYZ) is no definition. The rest of the world calls it (RE)."
)


def _added(text: str) -> list[str]:
    return index_of([document(TEXT)]).acronyms().added_to(terms(text))


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("the MWU met", "mwu Mill Workers Union met"),
        ("the Mill Workers Union met", "Mill Workers Union mwu met"),
        ("the Bank of the River and Sea", "Bank River Sea brs"),
        ("the workers of a mill", "workers mill"),
        ("XYZ", "XYZ"),
        ("RE", "RE"),
        ("", ""),
    ],
)
def test_what_is_added(text: str, added: str) -> None:
    """An acronym brings its words and its words bring the acronym; others bring nothing."""
    assert _added(text) == terms(added)


def test_without_definitions_nothing_is_added() -> None:
    """Documents without acronyms leave all terms as they are."""
    assert Acronyms([]).added_to(["mwu", "mill"]) == ["mwu", "mill"]


@pytest.mark.parametrize(
    "question", ["Who led the MWU in 1950?", "Who led the Mill Workers Union in 1950?"]
)
def test_either_finds_the_other(question: str) -> None:
    """A question with the one is answered by a sentence with the other."""
    long = "The Mill Workers Union (MWU) is for all who work in mills. It has an old house in Ulm."
    short = "In 1950 the MWU was led by Anna Berg. The mill workers had a union in Bern too."
    text = f"# Unions\n\n## One\n\n{long}\n\n## Two\n\n{short}"
    answer = answerer_over(document(text, "a.md")).answer(question)
    assert answer.citations[0].marked == "In 1950 the MWU was led by Anna Berg."
