"""Repairs: misspelt words read as words of the documents, and never as unrelated ones."""

import pytest
from corpora import answerer_over, document
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.memory import index_of
from retrieval.questions.repair import Repair, Vocabulary, repaired
from retrieval.text.tokens import terms, tokens

TEXT = (
    "Mexico pledged money for the reconstruction of Gaza. Luis Echeverría met the delegation in "
    "Alexandria. The water of Australia is a treaty of the parliament, and parliament is old."
)
READ = document(TEXT)
_TERMS = frozenset(terms(TEXT))


def _known(word: str) -> str | None:
    """The term by which the text has a word."""
    found = [one.term for one in tokens(word) if one.is_stop_word or one.term in _TERMS]
    return found[0] if found else None


WORDS = index_of([READ]).vocabulary()


def TOGETHER(term: str, others: list[str]) -> bool:  # noqa: N802 (a constant of these tests)
    """All words of the text stand together."""
    return bool(others)


def _repairs(text: str) -> list[tuple[str, str]]:
    found = repaired(text, _known, lambda: WORDS, TOGETHER)[1]
    return [(repair.asked, repair.read_as) for repair in found]


@pytest.mark.parametrize(
    ("asked", "read_as"),
    [
        ("reconstrction", "reconstruction"),  # a letter dropped
        ("reconsrtuction", "reconstruction"),  # two swapped
        ("parlaiment", "parliament"),
        ("parlamment", "parliament"),  # two edits
        ("Echeveria", "Echeverría"),
        ("awter", "water"),  # the first two swapped
        ("trraty", "treaty"),
        ("qarliament", "parliament"),  # another first letter
    ],
)
def test_a_misspelt_word_is_read_as_the_one_that_is_meant(asked: str, read_as: str) -> None:
    """One edit, or two in a longer word, is mended."""
    assert _repairs(f"What of the {asked}?") == [(asked, read_as)]


@pytest.mark.parametrize(
    "text",
    [
        "What of the treaty?",  # nothing to mend
        "Who rules Austria?",  # another country than Australia
        "Where is Gaze?",  # an English word
        "Is it a zebra?",  # nothing like it
        "Who is Lexandria?",  # a name with another first letter
        "Is it an iwater?",  # a letter more at the beginning
        "Who is Gada?",  # a short name alone
        "gzaz" * 2,  # too many edits
        "What of 2O14 or C3PO?",  # no word of letters
        "",
    ],
)
def test_other_words_stay(text: str) -> None:
    """No word is mended to one that it is not."""
    assert repaired(text, _known, lambda: WORDS, TOGETHER) == (text, ())


def test_a_short_name_with_a_changed_letter_needs_company() -> None:
    """ "Gada" is "Gaza" beside words that stand in a passage with it, and somebody else alone."""
    assert _repairs("What was pledged for Gada?") == [("Gada", "Gaza")]
    alone = repaired(
        "What was pledged for Gada?", _known, lambda: WORDS, lambda term, others: False
    )
    assert alone == ("What was pledged for Gada?", ())


def test_without_a_misspelt_word_no_vocabulary_is_made() -> None:
    """The words of all documents are counted only where a word is unknown."""

    def fail() -> Vocabulary:
        raise AssertionError("not needed")

    assert repaired("What of the treaty?", _known, fail, TOGETHER) == ("What of the treaty?", ())


@given(st.text(max_size=60))
def test_only_words_change(text: str) -> None:
    """Any text can be read; every repair is of a word in it, to a word of the documents."""
    mended, repairs = repaired(text, _known, lambda: WORDS, TOGETHER)
    assert all(repair.asked in text and repair.read_as in mended for repair in repairs)
    assert bool(repairs) == (mended != text)
    assert all(term in _TERMS for repair in repairs for term in terms(repair.read_as))


def test_an_answer_tells_its_repairs() -> None:
    """The answer has the question as it was asked, and what was read as what."""
    answer = answerer_over(READ).answer("For whose reconstrction did Mexico pledge money?")
    assert answer.question == "For whose reconstrction did Mexico pledge money?"
    assert answer.repairs == (Repair("reconstrction", "reconstruction"),)
    assert answer.citations[0].marked == "Mexico pledged money for the reconstruction of Gaza."


def test_an_identifier_is_known_or_missing() -> None:
    """A word with a capital letter after a small one is no misspelt word."""
    porch = answerer_over(document("The porch of the mill is of oak."))
    assert porch.answer("How do I install PyTorch?").repairs == ()
    assert [one.read_as for one in porch.answer("Is the portch of oak?").repairs] == ["porch"]
