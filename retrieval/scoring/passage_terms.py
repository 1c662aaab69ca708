"""What the scorers know of a passage's words, worked out once and kept for the next question."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Container, Mapping, Sequence, Set
from functools import cached_property, lru_cache
from itertools import chain, pairwise
from typing import TypeAlias

from knowledge.documents import BlockKind, Passage, Span
from retrieval.questions.acronyms import Acronyms
from retrieval.scoring.subjects import may_be_asked_for, subject_of
from retrieval.scoring.unit_terms import UnitTerms, has_sign, held_among
from retrieval.scoring.weighted_question import Mask, mask_of
from retrieval.search.engine import terms_above
from retrieval.text.tokens import STOP, bare, content_of, located_terms, terms

_OF_PROSE = (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.DEFINITION)
_NOTHING = frozenset[str]()

Pair: TypeAlias = tuple[str, str]
"""Two words that follow each other."""

ASKS = re.compile(r"""[?？؟]["'”’»)\]*_]{0,9}$""")
"""What ends a question."""


class PassageTerms:
    """The words of a passage: of the headings above it, of its text and of each of its units.

    The text is cut into words once; what only the best passages are asked for waits until then.
    `words` are those of the text with where each begins, as `located_terms` has them. `held` are
    these, the stop words behind STOP, the terms of the headings above and of the lines that
    introduce it, and what acronyms stand for; `length` is how many terms there are, stop words left
    out and repetitions counted.
    """

    def __init__(
        self,
        passage: Passage,
        acronyms: Acronyms,
        words: tuple[list[int], list[str]] | None = None,
        context: Sequence[str] = (),
    ) -> None:
        self._passage = passage
        self.context = frozenset(context)
        self._acronyms = acronyms
        self.title = _title_terms(passage.title, passage.language)
        self._above = terms_above(passage)
        self._starts, self._words = words or located_terms(passage.text, passage.language)
        self.held = frozenset(chain(self._above, self._words))
        self._joined = f" {' '.join(self._words)} "
        count = len(self._words) - self._joined.count(STOP)
        self._has_acronyms = False
        if acronyms.may_stand_in(self.held):
            self._has_acronyms = len(self._text) > count
            self.held = self.held.union(self._text)
            count = len(self._text)
        self.length = len(self._above) + count
        self._subjects: dict[int, frozenset[str]] = {}
        self._masks: tuple[Mapping[str, Mask], list[Mask]] = ({}, [])

    def count(self, term: str) -> int:
        """How often a term stands in the headings above it and in its text."""
        text = self._text if self._has_acronyms else self._words
        return self._above.count(term) + text.count(term)

    @cached_property
    def _text(self) -> Sequence[str]:
        """The terms of the text that are no stop words, with those that acronyms stand for."""
        return self._acronyms.added_to(content_of(self._words))

    @cached_property
    def above(self) -> frozenset[str]:
        """The terms of the headings above it and of the lines that introduce it."""
        return frozenset(self._above)

    @property
    def heading(self) -> frozenset[str]:
        """The terms of the innermost heading above it."""
        headings = self._passage.heading
        return _title_terms(headings[-1], self._passage.language) if headings else frozenset()

    @property
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

    def subjects(self, asked: Container[str]) -> list[frozenset[str]]:
        """For each unit, the terms of what it says that it is, does or means; none of most.

        A unit is read only where its first telling word may be `asked` for, since a subject counts
        only if all of its terms are.
        """
        language = self._passage.language
        return [
            self._subject(position)
            if may_be_asked_for(self._words[first:last], asked, language)
            else _NOTHING
            for position, (first, last, _) in enumerate(self._stretches)
        ]

    def _subject(self, position: int) -> frozenset[str]:
        found = self._subjects.get(position)
        if found is None:
            unit, passage = self._passage.units[position], self._passage
            is_prose = unit.kind in _OF_PROSE
            found = subject_of(passage.quote(unit.span), passage.language) if is_prose else _NOTHING
            self._subjects[position] = found
        return found

    @property
    def is_first(self) -> bool:
        """Whether it is the first of its document."""
        return self._passage.id == f"{self._passage.document_id}#1"

    @cached_property
    def kind_shares(self) -> dict[BlockKind, float]:
        """The share of its units that are of each kind that it has."""
        kinds = [unit.kind for unit in self._passage.units]
        return {kind: kinds.count(kind) / len(kinds) for kind in dict.fromkeys(kinds)}

    @cached_property
    def unquotable_share(self) -> float:
        """The share of its units that are not quotable."""
        units = self._passage.units
        return sum(not unit.is_quotable for unit in units) / len(units)

    def pairs_among(self, asked: Set[tuple[str, str]]) -> Set[tuple[str, str]]:
        """Those of some pairs of terms that follow each other in the text, or in the headings, stop
        words passed over."""
        return held_among(
            asked, self.held, lambda: chain(pairwise(self._text), pairwise(self._above))
        )

    @cached_property
    def _leads_read(self) -> dict[Span, list[str]]:
        """The words of each line that introduces units, whichever passage it stands in."""
        leads = dict.fromkeys(unit.lead for unit in self._passage.units if unit.lead)
        return {lead: self._located_within(lead)[1] for lead in leads}

    def _located_within(self, span: Span) -> tuple[list[int], list[str]]:
        """The words of a span, and where in it each begins."""
        passage = self._passage.span
        if not passage.holds(span):
            return located_terms(self._passage.quote(span), self._passage.language)
        offset = span.start - passage.start
        first = bisect_left(self._starts, offset)
        last = bisect_left(self._starts, span.end - passage.start)
        return [start - offset for start in self._starts[first:last]], self._words[first:last]

    def raw_pairs_among(self, asked: frozenset[Pair]) -> Set[Pair]:
        """Those of some pairs of words that follow each other in a unit, stop words counted."""
        # Most passages do not hold the words of a pair, and most others do not hold them together.
        there = {
            pair
            for one, two, joined, pair in _written(asked)
            if one in self.held and two in self.held and joined in self._joined
        }
        if there:
            words = pairwise(map(bare, self._words))
            places = [(n, pair) for n, pair in enumerate(words) if pair in there]
            there = {pair for n, pair in places if self._is_within_unit(n, n + 1)}
        return there | (asked & self._pairs_at_leads) if self._leads_read else there

    def _is_within_unit(self, first: int, last: int) -> bool:
        return any(begin <= first and last < end for begin, end, _ in self._stretches)

    @cached_property
    def _pairs_at_leads(self) -> frozenset[tuple[str, str]]:
        """The pairs of words in the lines that introduce units, each with the word behind it."""
        led = [
            map(bare, (*self._leads_read[unit.lead], *self._words[first:last][:1]))
            for unit, (first, last, _) in zip(self._passage.units, self._stretches, strict=True)
            if unit.lead
        ]
        return frozenset(chain.from_iterable(map(pairwise, led)))

    def unit_masks(self, bits: Mapping[str, Mask]) -> list[Mask]:
        """For each unit the bits of those of some terms that it has, an item's with those of the
        line that introduces it."""
        # Asked for with the features of the passage, and again with those of its units.
        known, masks = self._masks
        if known is not bits:
            masks = self._unit_masks(bits)
            self._masks = bits, masks
        return masks

    def _unit_masks(self, bits: Mapping[str, Mask]) -> list[Mask]:
        if self._has_acronyms:
            return [mask_of(bits, unit.set) for unit in self.units]
        units, offset = self._passage.units, self._passage.span.start
        begins = [unit.span.start for unit in units]
        leads = {lead: mask_of(bits, words) for lead, words in self._leads_read.items()}
        masks = [leads[unit.lead] if unit.lead else 0 for unit in units]
        for place in [n for n, word in enumerate(self._words) if word in bits]:
            start = self._starts[place] + offset
            position = bisect_right(begins, start) - 1
            if position >= 0 and start < units[position].span.end:
                masks[position] |= bits[self._words[place]]
        return masks

    @cached_property
    def _stretches(self) -> list[tuple[int, int, frozenset[str]]]:
        """For each unit its first word and that behind its last one, and the terms of the line that
        introduces it."""
        leads: dict[Span | None, frozenset[str]] = {None: _NOTHING}
        for lead, words in self._leads_read.items():
            leads[lead] = frozenset(content_of(words)) or _NOTHING
        found = []
        offset = self._passage.span.start
        for unit in self._passage.units:
            first = bisect_left(self._starts, unit.span.start - offset)
            last = bisect_left(self._starts, unit.span.end - offset)
            found.append((first, last, leads[unit.lead]))
        return found

    def has(self, sign: str) -> bool:
        """Whether its units have the sign of a date or a number, as those of UnitTerms."""
        return has_sign(*self._signs_in, sign)

    @cached_property
    def _signs_in(self) -> tuple[Set[str], Set[str]]:
        """The numbers in the units, and the terms."""
        text = self._passage.text
        numbers: set[str] = set()
        held: set[str] = set()
        for first, last, lead in self._stretches:
            held.update(lead, content_of(self._words[first:last]))
            own = zip(self._starts[first:last], self._words[first:last], strict=True)
            numbers.update(bare(word) for start, word in own if text[start].isdigit())
        return numbers, held

    @cached_property
    def units(self) -> list[UnitTerms]:
        """The words of each unit, in order."""
        return [
            UnitTerms(
                self._passage.quote(unit.span),
                *self._located_within(unit.span),
                # Without a line above, a unit has none that its passage does not have.
                acronyms=self._acronyms if self._has_acronyms or unit.lead else None,
                lead=self._leads_read[unit.lead] if unit.lead else (),
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


@lru_cache(maxsize=64)
def _written(pairs: frozenset[Pair]) -> list[tuple[str, str, str, Pair]]:
    """Some pairs of words in each way that they may stand in a text: the words, both joined, and
    the pair."""
    return [
        (f"{one}{first}", f"{two}{second}", f" {one}{first} {two}{second} ", (first, second))
        for first, second in pairs
        for one in ("", STOP)
        for two in ("", STOP)
    ]


@lru_cache(maxsize=4096)
def _title_terms(title: str, language: str) -> frozenset[str]:
    return frozenset(terms(title, language))


class PassageTermsCache:
    """The words of the passages met last, so that they are not read again for each question."""

    _KEPT = 1024

    def __init__(
        self,
        acronyms: Acronyms,
        located_terms: Callable[[Passage], tuple[list[int], list[str]]] | None = None,
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
