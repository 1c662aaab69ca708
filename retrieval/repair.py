"""Repairs of misspelt words: a word that the documents do not have, read as one that they have."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from knowledge.documents import Document
from retrieval.lexicon import is_english
from retrieval.tokens import terms, tokens, words

_SHORTEST = 4
_LONG, _LONG_NAME = 6, 8


@dataclass(frozen=True, slots=True)
class Repair:
    """A word of a question and what it was read as."""

    asked: str
    read_as: str


WordsWith = Callable[[str], Mapping[str, int]]
"""The words that begin with some letters, all of them for "", with how often each occurs."""


class Vocabulary:
    """The words of some documents, in small letters."""

    def __init__(self, words_with: WordsWith) -> None:
        self._words_with = words_with

    @classmethod
    def of(cls, documents: Iterable[Document]) -> "Vocabulary":
        """Those of documents in memory."""
        counts = Counter(word for document in documents for word in words(document.text))
        by_letter: dict[str, Counter[str]] = {"": Counter()}
        for word, count in counts.items():
            if word[0].isalpha():
                small = word.casefold()
                by_letter.setdefault(small[0], Counter())[small] += count
                by_letter[""][small] += count
        return cls(lambda start: by_letter.get(start[:1], {}))

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
        if swapped in self._words_with(swapped):
            return swapped
        best: tuple[float, int, str] | None = None
        groups = [(word[0], edits)]
        if not is_name and len(word) >= _LONG:
            groups.append(("", 1))
        for start, limit in groups:
            among = self._words_with(start)
            for other, distance, _ in process.extract_iter(
                word, list(among), scorer=OSA.distance, score_cutoff=limit
            ):
                begins_otherwise = other[0] != word[0]
                # "iPhone" is no misspelt "phone".
                if begins_otherwise and len(other) != len(word) < _LONG_NAME:
                    continue
                rank = (distance + begins_otherwise / 2, -among[other], other)
                best = rank if best is None else min(best, rank)
            if best is not None and best[0] <= 1:
                break
        return best[2] if best else None


def _changes_a_letter(one: str, other: str) -> bool:
    """Whether shorter words of one length differ in more than the order of their letters."""
    return len(one) == len(other) < _LONG_NAME and sorted(one) != sorted(other)


def repaired(
    text: str,
    is_known: Callable[[str], bool],
    vocabulary: Callable[[], Vocabulary],
    stand_together: Callable[[str, list[str]], bool],
) -> tuple[str, tuple[Repair, ...]]:
    """The text with its misspelt words repaired, and the repairs.

    A word is misspelt if the documents do not have it, if it is no English word, and if they have
    one so like it that it is hardly another word. A short name of which a letter is changed may
    be somebody else's ("Amanda", "Aranda"): it must `stand_together` with another word of the
    question in some passage.
    """
    asked = tokens(text)
    repairs: dict[str, Repair] = {}
    end, parts = 0, []
    for word in asked:
        written = text[word.start : word.end]
        if word.is_stop_word or len(written) < _SHORTEST or not written.isalpha():
            continue
        if is_known(word.term) or is_english(word.term):
            continue
        is_name = word.start > 0 and written.istitle()
        read_as = _read_as(written, is_name, vocabulary())
        if read_as is None:
            continue
        if is_name and _changes_a_letter(written.casefold(), read_as):
            others = [w.term for w in asked if not w.is_stop_word and is_known(w.term)]
            read = terms(read_as)
            if not read or not others or not stand_together(read[0], others):
                continue
        if written[0].isupper():
            read_as = read_as.capitalize()
        repairs[written] = Repair(written, read_as)
        parts += [text[end : word.start], read_as]
        end = word.end
    return "".join([*parts, text[end:]]), tuple(repairs.values())


def _read_as(written: str, is_name: bool, words: Vocabulary) -> str | None:
    """The word of the documents that a misspelt one is."""
    word = written.casefold()
    edits = 2 if len(word) >= (_LONG_NAME if is_name else _LONG) else 1
    return words.nearest(word, edits, is_name)
