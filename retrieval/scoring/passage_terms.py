"""What the scorers know of a passage's words, worked out once and kept for the next question."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Set
from functools import cached_property, lru_cache
from itertools import pairwise

from knowledge.documents import Passage, Span
from retrieval.questions.acronyms import Acronyms
from retrieval.questions.question import directions_in
from retrieval.search.engine import terms_above
from retrieval.text.english import MONTH_TERMS
from retrieval.text.english_words import COUNTS, REFERRING, YEAR
from retrieval.text.tokens import Term, Token, content_terms, located_terms, terms, tokens

_YEAR = re.compile(YEAR)
_CALLED = re.compile(r"\b(?:called|known as|named|termed|referred to as|titled|dubbed)\b|[\"“]")
_REASON = re.compile(
    r"\b(?:because|due to|since|so that|in order to|led to|caused?|results?|resulted|therefore"
    r"|thus|owing to|allow(?:s|ed|ing)?|reasons?|as a result|prevent(?:s|ed)?|to avoid)\b",
    re.I,
)
_PLACE = re.compile(r"\b(?:in|at|near|from|to|of|into|through|across|on) (?:the )?[A-Z]")


class UnitTerms:
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

    def __init__(self, quote: str, lead: str, acronyms: Acronyms, language: str) -> None:
        own = tokens(quote, language)
        words = tokens(lead, language) + own if lead else own
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


class PassageTerms:
    """The words of a passage: of the headings above it, of its text and of each of its units.

    The text is cut into words once; what only the best passages are asked for waits until then.
    """

    def __init__(
        self,
        passage: Passage,
        acronyms: Acronyms,
        words: tuple[list[int], list[Term]] | None = None,
    ) -> None:
        self._passage = passage
        self._acronyms = acronyms
        self.title = _title_terms(passage.title, passage.language)
        self._above = terms_above(passage)
        self._starts, self._words = words or located_terms(passage.text, passage.language)
        self._text = acronyms.added_to([term for term, is_stop in self._words if not is_stop])
        self.counts = Counter(self._above)
        self.counts.update(self._text)
        self.length = len(self._above) + len(self._text)

    @cached_property
    def above(self) -> frozenset[str]:
        """The terms of the headings above it and of the lines that introduce it."""
        return frozenset(self._above)

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """The terms that follow each other in the text, stop words passed over."""
        return frozenset(pairwise(self._text)) | frozenset(pairwise(self._above))

    @cached_property
    def _by_unit(self) -> list[list[Term]]:
        """The words of each unit, an item's with those of the line that introduces it."""
        return [
            [*(self._within(unit.lead) if unit.lead else ()), *self._within(unit.span)]
            for unit in self._passage.units
        ]

    def _within(self, span: Span) -> list[Term]:
        passage = self._passage.span
        if not passage.holds(span):
            return located_terms(self._passage.quote(span), self._passage.language)[1]
        first = bisect_left(self._starts, span.start - passage.start)
        return self._words[first : bisect_left(self._starts, span.end - passage.start)]

    def raw_pairs_among(self, asked: Set[tuple[str, str]]) -> int:
        """How many of some pairs of words follow each other in a unit, stop words counted."""
        held = {term for unit in self._by_unit for term, _ in unit}
        left = {pair for pair in asked if pair[0] in held and pair[1] in held}
        if not left:
            return 0
        return len(
            left.intersection(
                (one[0], two[0]) for unit in self._by_unit for one, two in pairwise(unit)
            )
        )

    def unit_shares(self, weights: Mapping[str, float], total: float) -> list[float]:
        """The share of some terms' weight that each unit holds."""
        shares = []
        for unit in self._by_unit:
            terms_ = self._acronyms.added_to([term for term, is_stop in unit if not is_stop])
            held = frozenset(terms_)
            shares.append(sum([weight / total for term, weight in weights.items() if term in held]))
        return shares or [0.0]

    @cached_property
    def signs(self) -> frozenset[str]:
        """Those of a date or a number in its units."""
        text, offset = self._passage.text, self._passage.span.start
        numbers = set()
        for unit in self._passage.units:
            first = bisect_left(self._starts, unit.span.start - offset)
            for place in range(first, bisect_left(self._starts, unit.span.end - offset)):
                if text[self._starts[place]].isdigit():
                    numbers.add(self._words[place][0])
        held = {term for unit in self._by_unit for term, is_stop in unit if not is_stop}
        found = {
            "year": any(_YEAR.fullmatch(number) for number in numbers),
            "month": not MONTH_TERMS.isdisjoint(held),
            "number": any(not _YEAR.fullmatch(n) for n in numbers) or not COUNTS.isdisjoint(held),
        }
        return frozenset(sign for sign, is_there in found.items() if is_there)

    @cached_property
    def units(self) -> list[UnitTerms]:
        """The words of each unit, in order."""
        quote, language = self._passage.quote, self._passage.language
        return [
            UnitTerms(
                quote(unit.span),
                lead=quote(unit.lead) if unit.lead else "",
                acronyms=self._acronyms,
                language=language,
            )
            for unit in self._passage.units
        ]

    @cached_property
    def _leads(self) -> frozenset[object]:
        """The spans of the lines that introduce units."""
        return frozenset(unit.lead for unit in self._passage.units)

    def is_listed(self, position: int) -> bool:
        """Whether the unit is an item or the line that introduces some."""
        unit = self._passage.units[position]
        return unit.lead is not None or unit.span in self._leads


@lru_cache(maxsize=4096)
def _title_terms(title: str, language: str) -> frozenset[str]:
    return frozenset(terms(title, language))


class PassageTermsCache:
    """The words of the passages met last, so that they are not read again for each question."""

    _KEPT = 1024

    def __init__(
        self,
        acronyms: Acronyms,
        located_terms: Callable[[Passage], tuple[list[int], list[Term]]] | None = None,
    ) -> None:
        self._acronyms = acronyms
        self._words_in = located_terms
        self._words: dict[str, PassageTerms] = {}

    def of(self, passage: Passage) -> PassageTerms:
        """The words of `passage`."""
        words = self._words.get(passage.id)
        if words is None:
            if len(self._words) == self._KEPT:
                del self._words[next(iter(self._words))]
            known = self._words_in(passage) if self._words_in else None
            words = self._words[passage.id] = PassageTerms(passage, self._acronyms, known)
        return words
