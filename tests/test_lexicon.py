"""The lexicon: what is related, what is a verb, and what is an English word."""

import pytest

from retrieval.text.lexicon import is_english, part_of_speech, related
from retrieval.text.similarity import similarity
from retrieval.text.tokens import terms


def _term(word: str) -> str:
    (term,) = terms(word)
    return term


@pytest.mark.parametrize(
    ("one", "two"),
    [("bought", "buy"), ("invade", "invasion"), ("begin", "start"), ("city", "urban")],
)
def test_related_words(one: str, two: str) -> None:
    """Synonyms, derivations and irregular forms are related, in both directions."""
    assert _term(two) in related(_term(one))
    assert _term(one) in related(_term(two))


def test_unknown_words() -> None:
    """A word that WordNet has not is related to none, and is no English word."""
    assert related("qwxyz") == frozenset()
    assert part_of_speech("qwxyz") == ""
    assert not is_english("qwxyz")
    assert not is_english("")
    assert is_english(_term("river"))


@pytest.mark.parametrize(
    ("word", "part"), [("river", "n"), ("invade", "v"), ("large", "a"), ("quickly", "r")]
)
def test_parts_of_speech(word: str, part: str) -> None:
    """A word is what it mostly is."""
    assert part_of_speech(_term(word)) == part


@pytest.mark.parametrize(
    ("one", "two", "alike"),
    [
        ("invad", "invas", True),
        ("palestin", "palestinian", True),
        ("mill", "mine", False),
        ("grave", "brave", False),
        ("oil", "oils", False),
        ("river", "bridge", False),
    ],
)
def test_words_of_one_root_are_alike(one: str, two: str, alike: bool) -> None:
    """Terms with one beginning that share most of their letters are alike; short ones never."""
    assert (similarity(one, two) > 0) is alike
    assert similarity(one, two) == similarity(two, one)
    assert 0 <= similarity(one, two) <= 1
