"""Words as the index knows them: from text to terms, each with the place it came from.

A term is a word without case, accents and endings, so that "Echeverría's" and "echeverria" meet.
Both sides of every comparison, documents and questions, pass through here; what is an ending, and
which words say little by themselves, depends on the language.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from knowledge.languages import ENGLISH, UNSPACED, is_unspaced
from retrieval.text import english
from retrieval.text.english_words import TENS
from retrieval.text.stemming import analysis, without_accents

# Marks that belong to the letter before them and are no letters to `re`: accents, the points of
# Hebrew, the vowel signs of Arabic, of the scripts of India (with their letters) and of Thai, the
# voicing marks of kana; and what joins letters or keeps them apart, which has no width.
_MARKS = (
    r"\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f"
    r"\u0670\u06d6-\u06ed\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e\u00ad\u200b-\u200d\u3099\u309a"
)


# "CONN_MAX_AGE", "request.FILES", "std::string", "AllowOverride".
_IDENTIFIER = (
    r"\b(?:[A-Za-z][A-Za-z0-9]*+(?:(?:_+|\.|::)[A-Za-z0-9]+){1,20}"
    r"|[A-Z]?[a-z]++[A-Z][A-Za-z0-9]*)\b"
)
# "-vf", "--max-time", "\\override": other words than what is behind the mark.
_MARKED = (
    r"(?<![\w\\\u0300-\u036f-])(?:--?|\\)[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*"
    r"(?![\w\u0300-\u036f])"
)
_PART = re.compile(r"[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|\d+")
_BETWEEN_PARTS = re.compile(r"[_.:]+")


def _pattern(letter: str) -> re.Pattern[str]:
    """The pattern of words, of which `letter` is the class of a letter or digit.

    A number keeps its separators ("50,000"), an abbreviation its dots ("U.S."), a word its
    apostrophe ("Mexico's"), an identifier what joins its parts.
    """
    letters = rf"{letter}++(?:[{_MARKS}]++{letter}*+)*+"
    # Most words are of small letters before a blank or a comma, and nothing else need be tried.
    plain = rf"(?!(?:{'|'.join(TENS)})[- ])\b[a-z]++(?=[ ,;)\n])"
    return re.compile(
        rf"{plain}|{english.NUMBERS_OF_TWO_WORDS}"
        rf"|\d+(?:[.,]\d+)+|(?:{letter[:-1]}\d][{_MARKS}]*\.){{2,}}"
        rf"|(?P<marked>{_MARKED})"
        rf"|(?P<identifier>{_IDENTIFIER})(?:['’]{letters})*|{letters}(?:['’]{letters})*"
    )


_WORD = _pattern(r"[^\W_]")
_JOINED = re.compile(_IDENTIFIER)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d]")


STOP = "~"
"""What stands before the term of a stop word where words are kept; no term begins with it."""


class Token(NamedTuple):
    """A word of a text: where it stands, its term, and whether it says little by itself."""

    start: int
    end: int
    term: str
    is_stop_word: bool


def tokens(text: str, language: str = ENGLISH) -> list[Token]:
    """Every word of `text`, in order; of scripts without blanks, every pair of letters.

    An identifier is followed by its parts, which stand within it.
    """
    marked_of = _marked_of(language)
    found = [(start, word, marked_of(word)) for start, word in _cut(text)]
    return [
        Token(start, start + len(word), bare(marked), marked[0] == STOP)
        for start, word, marked in found
    ]


def without_parts(words: Iterable[Token]) -> Iterator[Token]:
    """The words without the parts of identifiers."""
    end = 0
    for word in words:
        if word.start >= end:
            yield word
            end = word.end


def is_identifier(word: str) -> bool:
    """Whether a word is a name in code: made of parts, marked, or all of capitals."""
    if not word.isascii():
        return False
    return word[0] in "-\\" or bool(_JOINED.fullmatch(word)) or (len(word) > 3 and word.isupper())


def located_terms(text: str, language: str = ENGLISH) -> tuple[list[int], list[str]]:
    """Where every word of `text` begins, and its term, that of a stop word behind STOP."""
    marked_of = _marked_of(language)
    found = list(_words_in(text))
    return [start for start, _ in found], [marked_of(word) for _, word in found]


def bare(marked: str) -> str:
    """The term of a word as it is kept."""
    return marked[1:] if marked[0] == STOP else marked


def content_of(words: Iterable[str]) -> list[str]:
    """The terms of the words that are no stop words, in order, repeated as they are."""
    return [word for word in words if word[0] != STOP]


@lru_cache(maxsize=1)
def _cut(text: str) -> list[tuple[int, str]]:
    """The words of a text that is read in one language after the other, as a question is."""
    return list(_words_in(text))


def _words_in(text: str) -> Iterable[tuple[int, str]]:
    """Where each word begins, and the word as it is written."""
    if not is_unspaced(text):
        return _words_and_parts(text)
    return _words_and_pairs(text)


def _words_and_parts(text: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for match in _WORD.finditer(text):
        found.append((match.start(), match[0]))
        if match.lastindex is not None:
            found.extend(_parts_of(match))
    return found


def _parts_of(match: re.Match[str]) -> Iterator[tuple[int, str]]:
    """The parts of an identifier, where it has several, or what stands behind a mark."""
    parts = list(_PART.finditer(match["identifier"] or match["marked"]))
    if len(parts) > 1 or match["marked"]:
        yield from ((match.start() + part.start(), part[0]) for part in parts)


@cache
def _run_or_word() -> re.Pattern[str]:
    """The pattern of words, and of runs of letters of scripts without blanks between words."""
    spaced = rf"[^\W_{UNSPACED}]"
    return re.compile(rf"(?P<run>[{UNSPACED}]+)|{_pattern(spaced).pattern}")


@cache
def _letter_of_run() -> re.Pattern[str]:
    """The pattern of a letter of such a run with its marks."""
    return re.compile(
        r"[\s\S][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece"
        r"\u102b-\u103e\u1056-\u1059\u1160-\u11ff\u17b4-\u17d3\u3099\u309a\uff9e\uff9f]*"
    )


def _words_and_pairs(text: str) -> Iterator[tuple[int, str]]:
    for match in _run_or_word().finditer(text):
        if match["run"] is None:
            yield match.start(), match[0]
            if match["identifier"] or match["marked"]:
                yield from _parts_of(match)
            continue
        letters = list(_letter_of_run().finditer(text, *match.span()))
        if len(letters) == 1:
            yield letters[0].start(), letters[0][0]
        for one, two in pairwise(letters):
            yield one.start(), one[0] + two[0]


class Analysis(NamedTuple):
    """The words of a text: where each begins, its term as `located_terms` has it, and how it is
    written.

    Runs of scripts without blanks are pairs of letters among the terms, and not among `written`.
    """

    starts: list[int]
    terms: list[str]
    written: list[str]

    def packed(self) -> tuple[list[int], str]:
        """Starts and terms, to be kept: each start less the one before, and the terms."""
        steps = [start - before for before, start in pairwise([0, *self.starts])]
        return steps, " ".join(self.terms)


def analysed(text: str, language: str = ENGLISH) -> Analysis:
    """The words of `text`, cut once for all that is kept of them."""
    marked_of = _marked_of(language)
    found = list(_words_in(text))
    has_runs = is_unspaced(text)
    return Analysis(
        [start for start, _ in found],
        [marked_of(word) for _, word in found],
        [word for _, word in found if not (has_runs and is_unspaced(word))],
    )


def unpacked(steps: Iterable[int], packed: str) -> tuple[list[int], list[str]]:
    """The starts and the terms that were packed."""
    return list(accumulate(steps)), packed.split()


def written_words(text: str) -> list[str]:
    """Every word of `text` as it is written, in order; runs of scripts without blanks left out."""
    if not is_unspaced(text):
        return [match[0] for match in _WORD.finditer(text)]
    return [match[0] for match in _run_or_word().finditer(text) if match["run"] is None]


def content_terms(words: Iterable[Token]) -> list[str]:
    """The terms of the words that are no stop words, in order, repeated as they are."""
    return [word.term for word in words if not word.is_stop_word]


def terms(text: str, language: str = ENGLISH) -> list[str]:
    """The content terms of `text`: `content_terms(tokens(text))`, without the places."""
    marked_of = _marked_of(language)
    return content_of(marked_of(word) for _, word in _words_in(text))


@cache
def _marked_of(language: str) -> Callable[[str], str]:
    """What gives the term of a word of a language, behind STOP where it is a stop word."""

    def of_english(word: str) -> tuple[str, bool]:
        if is_unspaced(word):
            return analysis(ENGLISH).term(word)
        # What joins letters, or says where a word may be divided, is no part of it.
        bare_ = word if word.isascii() else _INVISIBLE.sub("", word)
        return english.term(without_accents(bare_.casefold()))

    term_of = of_english if language == ENGLISH else analysis(language).term

    def marked(word: str) -> str:
        if word[0] in "-\\":
            return word.casefold()
        # So that "max_size", "maxSize" and "MaxSize" meet.
        is_joined = word[0].isalpha() and _JOINED.fullmatch(word)
        term, is_stop_word = term_of(_BETWEEN_PARTS.sub("", word) if is_joined else word)
        return f"{STOP}{term}" if is_stop_word else term

    return lru_cache(maxsize=1 << 15)(marked)
