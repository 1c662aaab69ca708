"""What the scorers know of a passage's words, worked out once and kept for the next question."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import cached_property, lru_cache
from itertools import chain, pairwise

from knowledge.documents import BlockKind, Passage, Span
from retrieval.questions.acronyms import Acronyms
from retrieval.scoring.unit_terms import UnitTerms, has_sign, held_among
from retrieval.search.engine import terms_above
from retrieval.text.tokens import Term, located_terms, terms

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

    def pairs_among(self, asked: Set[tuple[str, str]]) -> Set[tuple[str, str]]:
        """Those of some pairs of terms that follow each other in the text, or in the headings, stop
        words passed over."""
        return held_among(
            asked, self.counts.keys(), lambda: chain(pairwise(self._text), pairwise(self._above))
        )

    @cached_property
    def _by_unit(self) -> list[list[Term]]:
        """The words of each unit, an item's with those of the line that introduces it."""
        return [
            [*(self._within(unit.lead) if unit.lead else ()), *self._within(unit.span)]
            for unit in self._passage.units
        ]

    def _within(self, span: Span) -> list[Term]:
        return self._located_within(span)[1]

    def _located_within(self, span: Span) -> tuple[list[int], list[Term]]:
        """The words of a span, and where in it each begins."""
        passage = self._passage.span
        if not passage.holds(span):
            return located_terms(self._passage.quote(span), self._passage.language)
        offset = span.start - passage.start
        first = bisect_left(self._starts, offset)
        last = bisect_left(self._starts, span.end - passage.start)
        return [start - offset for start in self._starts[first:last]], self._words[first:last]

    def raw_pairs_among(self, asked: Set[tuple[str, str]]) -> Set[tuple[str, str]]:
        """Those of some pairs of words that follow each other in a unit, stop words counted."""
        held = {term for unit in self._by_unit for term, _ in unit}
        return held_among(asked, held, lambda: chain.from_iterable(map(_pairs_in, self._by_unit)))

    @cached_property
    def _unit_sets(self) -> list[frozenset[str]]:
        """The terms of each unit, likewise."""
        added = self._acronyms.added_to
        return [
            frozenset(added([term for term, is_stop in unit if not is_stop]))
            for unit in self._by_unit
        ]

    def best_unit_share(self, weights: Mapping[str, float], total: float) -> float:
        """The largest share of some terms' weight that a unit holds."""
        shares = [
            sum([weight / total for term, weight in weights.items() if term in held])
            for held in self._unit_sets
        ]
        return max(shares, default=0.0)

    def has(self, sign: str) -> bool:
        """Whether its units have the sign of a date or a number, as those of UnitTerms."""
        return has_sign(*self._signs_in, sign)

    @cached_property
    def _signs_in(self) -> tuple[Set[str], Set[str]]:
        """The numbers in the units, and the terms."""
        text, offset = self._passage.text, self._passage.span.start
        numbers = set()
        for unit in self._passage.units:
            first = bisect_left(self._starts, unit.span.start - offset)
            for place in range(first, bisect_left(self._starts, unit.span.end - offset)):
                if text[self._starts[place]].isdigit():
                    numbers.add(self._words[place][0])
        held = {term for unit in self._by_unit for term, is_stop in unit if not is_stop}
        return numbers, held

    @cached_property
    def units(self) -> list[UnitTerms]:
        """The words of each unit, in order."""
        return [
            UnitTerms(
                self._passage.quote(unit.span),
                *self._located_within(unit.span),
                acronyms=self._acronyms,
                lead=self._within(unit.lead) if unit.lead else (),
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


def _pairs_in(words: Sequence[Term]) -> Iterable[tuple[str, str]]:
    return ((one[0], two[0]) for one, two in pairwise(words))


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
