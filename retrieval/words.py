"""What the scorers know of a passage's words, worked out once and kept for the next question."""

import re
from collections import Counter
from functools import cached_property
from itertools import pairwise

from knowledge.documents import Passage
from retrieval.acronyms import Acronyms
from retrieval.tokens import Token, content_terms, terms, tokens
from retrieval.word_classes import COUNTS, MONTH_TERMS, REFERRING

_YEAR = re.compile(r"1\d\d\d|20\d\d")
_CALLED = re.compile(r"\b(?:called|known as|named|termed|referred to as|titled|dubbed)\b|[\"“]")
_REASON = re.compile(
    r"\b(?:because|due to|since|so that|in order to|led to|caused?|results?|resulted|therefore"
    r"|thus|owing to|allow(?:s|ed|ing)?|reasons?|as a result|prevent(?:s|ed)?|to avoid)\b",
    re.I,
)
_PLACE = re.compile(r"\b(?:in|at|near|from|to|of|into|through|across|on) (?:the )?[A-Z]")


class UnitWords:
    """The words of a unit, an item's with those of the line that introduces it."""

    __slots__ = (
        "content",
        "directions",
        "is_referring",
        "length",
        "names",
        "numbers",
        "pairs",
        "positions",
        "raw_pairs",
        "set",
        "signs",
    )

    def __init__(self, quote: str, lead: str, acronyms: Acronyms) -> None:
        own = tokens(quote)
        words = tokens(lead) + own if lead else own
        self.content = acronyms.added_to(content_terms(words))
        self.set = frozenset(self.content)
        self.pairs = frozenset(pairwise(self.content))
        self.raw_pairs = frozenset((one.term, two.term) for one, two in pairwise(words))
        self.length = len(own)
        self.is_referring = any(word.term in REFERRING for word in own[:2])
        self.names = frozenset(_names(quote, own))
        self.numbers = frozenset(word.term for word in own if quote[word.start].isdigit())
        self.directions = directions_in(words)
        self.signs = frozenset(_signs(quote, self.set, self.numbers))
        positions: dict[str, list[int]] = {}
        for place, term in enumerate(self.content):
            positions.setdefault(term, []).append(place)
        self.positions = positions


def _names(quote: str, words: list[Token]) -> list[str]:
    """The terms of capitalised words; the first counts only where it is the whole or no word."""
    first_counts = len(words) <= 3
    return [
        word.term
        for place, word in enumerate(words)
        if quote[word.start].isupper()
        and not word.is_stop_word
        and (place or first_counts or (len(words) > 1 and quote[words[1].start].isupper()))
    ]


def _signs(quote: str, terms_: frozenset[str], numbers: frozenset[str]) -> list[str]:
    found = {
        "year": any(_YEAR.fullmatch(number) for number in numbers),
        "month": not MONTH_TERMS.isdisjoint(terms_),
        "number": any(not _YEAR.fullmatch(n) for n in numbers) or not COUNTS.isdisjoint(terms_),
        "called": _CALLED.search(quote) is not None,
        "reason": _REASON.search(quote) is not None,
        "place": _PLACE.search(quote) is not None,
    }
    return [sign for sign, is_there in found.items() if is_there]


def directions_in(words: list[Token]) -> frozenset[tuple[str, str]]:
    """The pairs of "from" or "to" and the term behind it."""
    return frozenset(
        (word.term, after.term) for word, after in pairwise(words) if word.term in ("from", "to")
    )


class PassageWords:
    """The words of a passage: of the headings above it, of its text and of each of its units."""

    def __init__(self, passage: Passage, acronyms: Acronyms) -> None:
        self._passage = passage
        self._acronyms = acronyms
        self.title = frozenset(terms(passage.title))
        self._above = terms(" ".join((passage.title, *passage.heading, passage.lead_in)))
        self.above = frozenset(self._above)
        self._text = acronyms.added_to(terms(passage.text))
        self.counts = Counter(self._above + self._text)
        self.length = len(self._above) + len(self._text)

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """The terms that follow each other in the text, stop words passed over."""
        return frozenset(pairwise(self._text)) | frozenset(pairwise(self._above))

    @cached_property
    def raw_pairs(self) -> frozenset[tuple[str, str]]:
        """The words that follow each other in a unit."""
        return frozenset().union(*(unit.raw_pairs for unit in self.units))

    @cached_property
    def signs(self) -> frozenset[str]:
        """The signs of all its units."""
        return frozenset().union(*(unit.signs for unit in self.units))

    @cached_property
    def units(self) -> list[UnitWords]:
        """The words of each unit, in order."""
        quote = self._passage.quote
        return [
            UnitWords(quote(unit.span), quote(unit.lead) if unit.lead else "", self._acronyms)
            for unit in self._passage.units
        ]

    @cached_property
    def units_with(self) -> dict[str, list[int]]:
        """The numbers of the units that hold a term."""
        found: dict[str, list[int]] = {}
        for number, unit in enumerate(self.units):
            for term in unit.set:
                found.setdefault(term, []).append(number)
        return found

    @cached_property
    def _leads(self) -> frozenset[object]:
        """The spans of the lines that introduce units."""
        return frozenset(unit.lead for unit in self._passage.units)

    def is_listed(self, position: int) -> bool:
        """Whether the unit is an item or the line that introduces some."""
        unit = self._passage.units[position]
        return unit.lead is not None or unit.span in self._leads


class WordCache:
    """The words of the passages met last, so that they are not read again for each question."""

    _KEPT = 4096

    def __init__(self, acronyms: Acronyms) -> None:
        self._acronyms = acronyms
        self._words: dict[str, PassageWords] = {}

    def of(self, passage: Passage) -> PassageWords:
        """The words of `passage`."""
        words = self._words.get(passage.id)
        if words is None:
            if len(self._words) == self._KEPT:
                self._words.clear()
            words = self._words[passage.id] = PassageWords(passage, self._acronyms)
        return words
