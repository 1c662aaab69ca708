"""Repairs of misspelt words: a word that the documents do not have, read as one that they have."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from retrieval.text.lexicon import is_english
from retrieval.text.tokens import tokens, without_parts

_SHORTEST = 4
_IDENTIFIER = re.compile(r"[a-z][A-Z]")
# Latin with its accents, Greek, Cyrillic.
_LETTERS = [chr(n) for r in ((97, 123), (223, 256), (945, 970), (1072, 1120)) for n in range(*r)]
_LONG, _LONG_NAME = 6, 8
_ENDING = 3


@dataclass(frozen=True, slots=True)
class Repair:
    """A word of a question and what it was read as."""

    asked: str
    read_as: str


class Spellings(Protocol):
    """The words of some documents, in small letters, with the number of passages that have each."""

    def counts(self, words: list[str]) -> Mapping[str, int]:
        """Those of some words that passages have, with the number of passages."""

    def near(self, word: str, edits: int) -> Mapping[str, int]:
        """Words that begin with the same letter: at least those within so many edits of a word."""


class Vocabulary:
    """What misspelt words may have been."""

    def __init__(self, spellings: Spellings) -> None:
        self._spellings = spellings

    def nearest(self, word: str, edits: int, is_name: bool) -> str | None:
        """The word within so many edits of another; None where there is none.

        An edit adds, drops, changes or swaps letters (optimal string alignment). Another first
        letter counts half an edit more, and is found in longer words that are no names only. Of
        several words the most frequent is taken.
        """
        # Imported here since most questions are spelt right.
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        swapped = word[1] + word[0] + word[2:]
        if self._spellings.counts([swapped]):
            return swapped
        among = self._spellings.near(word, edits)
        found = process.extract_iter(word, list(among), scorer=OSA.distance, score_cutoff=edits)
        ranked = [(float(distance), -among[other], other) for other, distance, _ in found]
        if not is_name and len(word) >= _LONG and min(ranked, default=(2.0,))[0] > 1:
            ranked += self._beginning_otherwise(word)
        return min(ranked)[2] if ranked else None

    def _beginning_otherwise(self, word: str) -> Iterator[tuple[float, int, str]]:
        """The words one edit away whose first letter is another one: only that can be the edit."""
        others = [letter + word[1:] for letter in _LETTERS if letter != word[0]]
        # "iPhone" is no misspelt "phone".
        if len(word) >= _LONG_NAME:
            others += [word[1:], *(letter + word for letter in _LETTERS if letter != word[0])]
        for other, count in self._spellings.counts(others).items():
            if other[0] != word[0]:
                yield 1.5, -count, other


def _changes_a_letter(one: str, other: str) -> bool:
    """Whether shorter words of one length differ in more than the order of their letters."""
    return len(one) == len(other) < _LONG_NAME and sorted(one) != sorted(other)


def repaired(
    text: str,
    known_term: Callable[[str], str | None],
    vocabulary: Callable[[], Vocabulary],
    stand_together: Callable[[str, list[str]], bool],
    *,
    has_english: bool = True,
) -> tuple[str, tuple[Repair, ...]]:
    """The text with its misspelt words repaired, and the repairs.

    A word is misspelt if the documents do not have it (`known_term` is the term by which they have
    a word), if it is no English word, and if they have one so like it that it is hardly another
    word. A short name of which a letter is changed may be somebody else's ("Amanda", "Aranda"): it
    must `stand_together` with another word of the question in some passage. Without English
    documents, and for words of other alphabets, less is repaired: nobody knows which words exist.
    """
    asked = [word for word in without_parts(tokens(text)) if not word.is_stop_word]
    repairs: dict[str, Repair] = {}
    end, parts = 0, []
    for word in asked:
        written = text[word.start : word.end]
        if not _may_be_misspelt(written, word.term) or known_term(written):
            continue
        is_name = word.start > 0 and written.istitle()
        read_as = _read_as(written, vocabulary(), is_name=is_name, has_english=has_english)
        if read_as is None:
            continue
        if is_name and _changes_a_letter(written.casefold(), read_as):
            known = _known_terms([text[other.start : other.end] for other in asked], known_term)
            read = known_term(read_as)
            if read is None or not known or not stand_together(read, known):
                continue
        if written[0].isupper():
            read_as = read_as.capitalize()
        repairs[written] = Repair(written, read_as)
        parts += [text[end : word.start], read_as]
        end = word.end
    return "".join([*parts, text[end:]]), tuple(repairs.values())


def _known_terms(written: Iterable[str], known_term: Callable[[str], str | None]) -> list[str]:
    """The terms of those words that the documents have."""
    return [term for term in map(known_term, written) if term is not None]


def _may_be_misspelt(written: str, term: str) -> bool:
    """Whether a word is long enough to be recognized, no English one, and no identifier.

    An identifier has a capital letter after a small one ("PyTorch"): it is known, or it is missing.
    """
    is_plain = written.isalpha() and not _IDENTIFIER.search(written)
    return len(written) >= _SHORTEST and is_plain and not is_english(term)


def _read_as(
    written: str, vocabulary: Vocabulary, *, is_name: bool, has_english: bool
) -> str | None:
    """The word of the documents that a misspelt one is; None where it is like none of them."""
    if not (has_english and written.isascii()):
        return _read_with_its_ending(written, vocabulary)
    word = written.casefold()
    edits = 2 if len(word) >= (_LONG_NAME if is_name else _LONG) else 1
    return vocabulary.nearest(word, edits, is_name)


def _read_with_its_ending(written: str, vocabulary: Vocabulary) -> str | None:
    """The word that a misspelt one is in a language of which only the documents' words are known.

    One edit in a long word, and not in its ending: that makes another form of it.
    """
    word = written.casefold()
    read_as = vocabulary.nearest(word, 1, is_name=True) if len(word) >= _LONG_NAME else None
    return read_as if read_as and read_as[-_ENDING:] == word[-_ENDING:] else None
