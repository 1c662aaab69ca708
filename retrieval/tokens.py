"""Words as the index knows them: from text to terms, each with the place it came from.

A term is a word without case, accents and endings, so that "Echeverría's" and "echeverria" meet.
Both sides of every comparison, documents and questions, pass through here.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

import Stemmer

# Marks that belong to the letter before them and are no letters to `re`: accents, the vowel signs
# of Arabic, of the scripts of India (with their letters) and of Thai, the voicing marks of kana.
_MARKS = (
    r"\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e\u3099\u309a"
)
_LETTERS = rf"(?:[^\W_][{_MARKS}]*)+"
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
    "eighteen", "nineteen",
)  # fmt: skip
# "one" is more often a pronoun than a number.
_NUMBERS = {
    **{word: str(number) for number, word in enumerate(_ONES, start=1) if number > 1},
    **{word: str(number) for number, word in enumerate(_TEENS, start=10)},
    **{word: str(10 * number) for number, word in enumerate(_TENS, start=2)},
}
_ONES_BY_WORD = {word: number for number, word in enumerate(_ONES, start=1)}
# "Mar" and "May" are left: a month is rarer than what else they are.
_MONTHS = {
    "jan": "januari", "feb": "februari", "apr": "april", "jun": "june", "jul": "juli",
    "aug": "august", "sep": "septemb", "sept": "septemb", "oct": "octob", "nov": "novemb",
    "dec": "decemb",
}  # fmt: skip
# A number keeps its separators ("50,000"), an abbreviation its dots ("U.S."), a word its
# apostrophe ("Mexico's").
_WORD = re.compile(
    rf"(?i:\b(?:{'|'.join(_TENS)})[- ](?:{'|'.join(_ONES)})\b)"
    rf"|\d+(?:[.,]\d+)+|(?:[^\W\d_][{_MARKS}]*\.){{2,}}|{_LETTERS}(?:['’]{_LETTERS})*"
)
_ORDINAL_OR_DECADE = re.compile(r"(\d+)(?:st|nd|rd|th|s)")
_ACCENTS = re.compile(r"[\u0300-\u036f]+")
_APOSTROPHE_ENDING = re.compile(r"['’](?:s|re|ve|ll|d|m|t)?$")
# "Mexican" and "Mexico", "Palestinian" and "Palestine", "Canadian" and "Canada".
_OF_A_COUNTRY = re.compile(r"(?<=\w{4})(?:ean|ian|an|ia|a|o)$")

_STOP_WORDS = """
    a about above after again against all also am among an and any are aren as at be because been
    before being below between both but by can cannot could couldn did didn do does doesn doing don
    done down during each eg either else etc ever every few for from further get got had hadn has
    hasn have haven having he her here hers herself him himself his how i ie if in into is isn it
    its itself just kind let like ll make many may me might more most much must my myself neither no
    nor not now of off on once one only onto or other our ours ourselves out over own per please
    shall she should shouldn since so some such tell than that the their theirs them themselves then
    there these they this those though through thus to too under until up upon very via was wasn we
    were weren what whatever when where whether which while who whom whose why will with within
    without won would wouldn yes yet you your yours yourself
    abt anybody anyone btw hello hey hi idea know knows lol need nah ok okay pls plz rn somebody
    someone thank thanks thx w whats wondering
    uh um erm hmm oops whoops sorry actually rather
    """

_is_stop_word = frozenset(_STOP_WORDS.split()).__contains__
_stem = Stemmer.Stemmer("english").stemWord


Word = tuple[str, bool]
"""A term, and whether it is a stop word."""


class Token(NamedTuple):
    """A word of a text: where it stands, its term, and whether it says little by itself."""

    start: int
    end: int
    term: str
    is_stop_word: bool


def tokens(text: str) -> list[Token]:
    """Every word of `text`, in order."""
    return [Token(match.start(), match.end(), *_term(match[0])) for match in _WORD.finditer(text)]


def words_with_starts(text: str) -> tuple[list[int], list[Word]]:
    """Where every word of `text` begins, and its term with whether it is a stop word."""
    found = [(match.start(), _term(match[0])) for match in _WORD.finditer(text)]
    return [start for start, _ in found], [word for _, word in found]


_STOP = "~"
"""Before a stop word, when words are packed; no word begins with it."""


def packed(text: str) -> tuple[list[int], str]:
    """What `words_with_starts` gives, to be kept: each start less the one before, and the terms."""
    starts, found = words_with_starts(text)
    steps = [start - before for before, start in pairwise([0, *starts])]
    return steps, " ".join(f"{_STOP}{term}" if is_stop else term for term, is_stop in found)


def unpacked(steps: list[int], terms_: str) -> tuple[list[int], list[Word]]:
    """What was packed."""
    found = [(term[1:], True) if term[0] == _STOP else (term, False) for term in terms_.split()]
    return list(accumulate(steps)), found


def words(text: str) -> list[str]:
    """Every word of `text` as it is written, in order."""
    return _WORD.findall(text)


def content_terms(words: Iterable[Token]) -> list[str]:
    """The terms of the words that are no stop words, in order, repeated as they are."""
    return [word.term for word in words if not word.is_stop_word]


def terms(text: str) -> list[str]:
    """The content terms of `text`: `content_terms(tokens(text))`, without the places."""
    return [term for term, is_stop_word in map(_term, _WORD.findall(text)) if not is_stop_word]


@lru_cache(maxsize=1 << 17)
def _term(word: str) -> tuple[str, bool]:
    """The term of a word, and whether it is a stop word."""
    plain = _APOSTROPHE_ENDING.sub("", _without_accents(word.casefold()))
    if _is_stop_word(plain):
        return plain, True
    if plain[0].isdigit():
        ordinal = _ORDINAL_OR_DECADE.fullmatch(plain)
        return (ordinal[1] if ordinal else plain.replace(",", "")), False
    if plain in _NUMBERS:
        return _NUMBERS[plain], False
    if plain in _MONTHS:
        return _MONTHS[plain], False
    if plain.startswith(_TENS) and (number := _compound(plain)):
        return number, False
    return _OF_A_COUNTRY.sub("", _stem(plain.replace(".", ""))), False


def _compound(word: str) -> str | None:
    """The number that "twenty-one" and its like are; None for other words."""
    tens, _, ones = word.replace(" ", "-").partition("-")
    if tens in _TENS and ones in _ONES_BY_WORD:
        return str(int(_NUMBERS[tens]) + _ONES_BY_WORD[ones])
    return None


def _without_accents(word: str) -> str:
    if word.isascii():
        return word
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", word)))
