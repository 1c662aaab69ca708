"""What the scorers know of a passage's words, worked out once and kept for the next question."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from functools import cached_property, lru_cache
from itertools import pairwise

from knowledge.documents import BlockKind, Passage, Span
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
# What says where to read on, and what says what something is.
_POINTS = re.compile(
    r"\b(?:see|see also|refer to|described in|documented (?:in|at)|for more)\b", re.I
)
_DEFINES = re.compile(
    r"\b(?:is|are|means|refers to|stands for|denotes|represents|defines|specifies|describes)\b"
    r" (?:an?|the|used|what|how|whether|to)\b",
    re.I,
)
# "A layer mask lets you ...", "Dithering is a technique ...", "filtergraph: ...".
_SUBJECT = re.compile(
    r"^\W{0,3}(?:(?:an?|the|each|every)\s+)?((?:[\w.\-/]+[ \"”’)(“‘]{1,3}){0,5}?[\w.\-/]+)"
    r"[\"”’*`)]{0,3}"
    r"(?:\s+(?:is|are|means?|refers?|represents?|lets?|allows?|provides?|stands?|denotes?|describes?"
    r"|implements?|operates?|defines?|specifies|contains?|consists?)\b|\s*[:–—]\s|\s+[–—]\s)",
    re.I,
)
_SUBJECT_WITHIN = 200
_OF_PROSE = (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.DEFINITION)
ASKS = re.compile(r"""[?？؟]["'”’»)\]*_]{0,9}$""")
"""What ends a question."""

_INSTRUCTS = re.compile(
    r"^(?:to|use|run|type|press|click|choose|select|set|add|open|call|create|enter|install|make|you"
    r"|if you|first|then|in order)\b|\byou (?:can|may|must|should|need|have to)\b",
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
        "points": _POINTS.search(quote) is not None,
        "defines": _DEFINES.search(quote) is not None,
        "instructs": _INSTRUCTS.search(quote) is not None,
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
        context: Sequence[str] = (),
    ) -> None:
        self._passage = passage
        self.context = frozenset(context)
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
    def heading(self) -> frozenset[str]:
        """The terms of the innermost heading above it."""
        headings = self._passage.heading
        return _title_terms(headings[-1], self._passage.language) if headings else frozenset()

    @cached_property
    def headings(self) -> frozenset[str]:
        """The terms of all headings above it."""
        return _title_terms(" ".join(self._passage.heading), self._passage.language)

    @cached_property
    def term(self) -> frozenset[str]:
        """The terms of the outermost term that it says the meaning of."""
        term = self._passage.explained
        return _title_terms(term, self._passage.language) if term else frozenset()

    @property
    def opens_section(self) -> bool:
        """Whether it stands right below its heading."""
        return self._passage.opens_section

    @cached_property
    def subjects(self) -> list[frozenset[str]]:
        """For each unit the terms of what it says that it is, does or means; empty for most."""
        language = self._passage.language
        return [
            frozenset(terms(found[1], language))
            if unit.kind in _OF_PROSE
            and (found := _SUBJECT.match(self._passage.quote(unit.span)[:_SUBJECT_WITHIN]))
            else frozenset()
            for unit in self._passage.units
        ]

    @property
    def is_first(self) -> bool:
        """Whether it is the first of its document."""
        return self._passage.id == f"{self._passage.document_id}#1"

    @cached_property
    def kind_shares(self) -> dict[BlockKind, float]:
        """The share of its units that are of each kind that it has."""
        units = self._passage.units
        return {kind: count / len(units) for kind, count in Counter(u.kind for u in units).items()}

    @cached_property
    def unquotable_share(self) -> float:
        """The share of its units that are not quotable."""
        units = self._passage.units
        return sum(not unit.is_quotable for unit in units) / len(units)

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

    @property
    def kinds(self) -> list[BlockKind]:
        """The kind of each unit."""
        return [unit.kind for unit in self._passage.units]

    def introduces(self, position: int) -> bool:
        """Whether the unit is the line that introduces others."""
        return self._passage.units[position].span in self._leads

    def can_answer(self, position: int) -> bool:
        """Whether the unit is quotable, more than the line above what is not, and more than a
        question that nothing behind it answers."""
        units = self._passage.units
        unit = units[position]
        led = [other.is_quotable for other in units if other.lead == unit.span]
        if not unit.is_quotable or (led and not any(led)):
            return False
        is_left_open = position + 1 == len(units) or self._asks(position + 1)
        return not (is_left_open and self._asks(position))

    def _asks(self, position: int) -> bool:
        unit = self._passage.units[position]
        return unit.kind in _OF_PROSE and ASKS.search(self._passage.quote(unit.span)) is not None

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
        context: Callable[[Passage], Sequence[str]] | None = None,
    ) -> None:
        self._acronyms = acronyms
        self._words_in = located_terms
        self._context_of = context
        self._words: dict[str, PassageTerms] = {}

    def of(self, passage: Passage) -> PassageTerms:
        """The words of `passage`."""
        words = self._words.get(passage.id)
        if words is None:
            if len(self._words) == self._KEPT:
                del self._words[next(iter(self._words))]
            known = self._words_in(passage) if self._words_in else None
            beside = self._context_of(passage) if self._context_of else ()
            words = PassageTerms(passage, self._acronyms, known, beside)
            self._words[passage.id] = words
        return words
