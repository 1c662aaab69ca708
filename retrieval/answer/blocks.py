"""What is quoted: the block around what answers, as much of it as a person would copy."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from knowledge.documents import BlockKind, Passage, Span, Unit
from retrieval.answer.answer import QuotedLine
from retrieval.questions.question import Question
from retrieval.scoring.passage_terms import ASKS

MOST_WORDS = 80
MOST_LINES = 8
"""Of a block around what answers; code is quoted whole."""

MOST_WORDS_OF_LIST = 150
MOST_LINES_OF_LIST = 16
"""Where a list is asked for, or steps."""

_FEW_WORDS = 25
"""Below this a paragraph is quoted with the one behind it."""

_LISTED = (BlockKind.ITEM, BlockKind.CODE)
LINE_END = re.compile(r"\r|\n")
BETWEEN_PARAGRAPHS = re.compile(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)")


def block_around(passage: Passage, marked: Sequence[Span], question: Question) -> tuple[Span, ...]:
    """The spans of the block that what is marked stands in, with the lines that introduce it.

    It is the whole passage where that is short, a term with what it means, a list with the line
    above it, a row with its header, a paragraph or as many of its sentences as are not too many.
    Where steps or several things are asked for a list may be longer.
    """
    wants_list = question.purpose in ("list", "instruct")
    block = _Block(passage, wants_list=wants_list)
    first, last = block.positions(marked)
    if not block.fits(first, last):
        return (*block.leads_of(marked), *marked)
    return tuple(block.quoted(*block.grown(first, last)))


def whole_lines(passage: Passage) -> tuple[QuotedLine, ...]:
    """The lines of all that a passage holds, behind those that introduce it."""
    block = _Block(passage)
    above = {one.unit.span: one.unit for one in passage.introductions}
    leads = block.leads_of([unit.span for unit in passage.units])
    return (
        *(_line(passage, above[span], span) for span in leads),
        *(
            _line(passage, one, Span(one.span.start, other.span.end))
            for one, other in block.joined(0, len(passage.units) - 1)
        ),
    )


def lines_of(passage: Passage, quoted: Span) -> tuple[QuotedLine, ...]:
    """The lines of a quote of a passage, or of a line that introduces some of it."""
    above = [one.unit for one in passage.introductions if one.unit.span == quoted]
    if above:
        return (_line(passage, above[0], quoted),)
    block = _Block(passage)
    return tuple(
        _line(
            passage,
            one,
            Span(max(one.span.start, quoted.start), min(other.span.end, quoted.end)),
        )
        for one, other in block.joined(*block.positions([quoted]))
    )


def _line(passage: Passage, unit: Unit, span: Span) -> QuotedLine:
    """The line that a unit begins; running text where the span begins within the unit."""
    if span.start != unit.span.start:
        return QuotedLine(span, BlockKind.PARAGRAPH)
    if unit.kind is not BlockKind.ITEM:
        return QuotedLine(span, unit.kind, unit.number)
    around = map(passage.kind_at, (line.start for line in introductions(passage, unit)))
    return QuotedLine(span, unit.kind, unit.number, sum(kind is BlockKind.ITEM for kind in around))


def introductions(passage: Passage, unit: Unit) -> list[Span]:
    """The lines that introduce a unit, outermost first."""
    above = {introduction.unit.span: introduction.unit for introduction in passage.introductions}
    above |= {other.span: other for other in passage.units}
    lines: list[Span] = []
    lead = unit.lead
    while lead is not None:
        lines.insert(0, lead)
        lead = above[lead].lead
    return lines


class _Block:
    """The units of a passage as neighbours, by their positions."""

    def __init__(self, passage: Passage, *, wants_list: bool = False) -> None:
        self._most = (
            (MOST_WORDS_OF_LIST, MOST_LINES_OF_LIST) if wants_list else (MOST_WORDS, MOST_LINES)
        )
        self._passage = passage
        self._units = passage.units
        self._leads = {unit.lead for unit in passage.units}
        self._counts = [self._count(unit) for unit in self._units]

    def _count(self, unit: Unit) -> int:
        return 0 if unit.is_code else len(self._passage.quote(unit.span).split())

    def positions(self, spans: Sequence[Span]) -> tuple[int, int]:
        """The positions of the first and the last unit that some spans share text with."""
        found = [
            position
            for position, unit in enumerate(self._units)
            if any(span.start < unit.span.end and unit.span.start < span.end for span in spans)
        ]
        return found[0], found[-1]

    def fits(self, first: int, last: int) -> bool:
        """Whether the units from the first to the last are not too much to be quoted."""
        units = self._units[first : last + 1]
        is_list = all(unit.kind in _LISTED or unit.span in self._leads for unit in units)
        words, lines = self._most if is_list else (MOST_WORDS, MOST_LINES)
        return self._words(first, last) <= words and self._lines(first, last) <= lines

    def _words(self, first: int, last: int) -> int:
        return sum(self._counts[first : last + 1])

    def _lines(self, first: int, last: int) -> int:
        """The lines, of code none."""
        units = self._units[first : last + 1]
        return sum(
            not unit.is_code and self._begins_line(first + n) for n, unit in enumerate(units)
        )

    def _begins_line(self, position: int) -> bool:
        return position == 0 or LINE_END.search(self._gap(position)) is not None

    def _gap(self, position: int) -> str:
        """What stands before a unit, behind the one before it."""
        start, end = self._units[position - 1].span.end, self._units[position].span.start
        offset = self._passage.span.start
        return self._passage.text[start - offset : end - offset]

    def grown(self, first: int, last: int) -> tuple[int, int]:
        """The units with their neighbours: what introduces them, then what follows, then before."""
        end = len(self._units) - 1
        if self._units[first].kind is BlockKind.ROW and self._units[first].lead is not None:
            return first, last
        if self.fits(0, end) and not any(
            self._asks(n) for n in range(end + 1) if not first <= n <= last
        ):
            return 0, end
        above = self._position_of_lead(first)
        if above is not None and self.fits(above, last):
            first = above
        while last < end and self._goes_on(last + 1, first, last) and self.fits(first, last + 1):
            last += 1
        while first > 0 and self._goes_on(first, first, last) and self.fits(first - 1, last):
            first -= 1
        return first, last

    def _position_of_lead(self, position: int) -> int | None:
        """The position of the nearest term above, or of the line that introduces the unit."""
        lines = introductions(self._passage, self._units[position])
        inside = {unit.span: n for n, unit in enumerate(self._units)}
        places = [inside[line] for line in lines if line in inside]
        terms = [n for n in places if self._units[n].kind is BlockKind.TERM]
        return next(reversed(terms or places), None)

    def _goes_on(self, position: int, first: int, last: int) -> bool:
        """Whether a unit belongs to what stands before it, where first to last are quoted."""
        unit, before = self._units[position], self._units[position - 1]
        if self._asks(position):
            return False
        if unit.kind is BlockKind.PARAGRAPH and before.kind is BlockKind.PARAGRAPH:
            is_one = BETWEEN_PARAGRAPHS.search(self._gap(position)) is None
            return is_one or self._words(first, last) < _FEW_WORDS
        return (
            unit.kind is not BlockKind.TERM
            or before.kind is BlockKind.TERM
            or (before.span == unit.lead)
        )

    def _asks(self, position: int) -> bool:
        """Whether a unit is a question, which what follows it answers."""
        return ASKS.search(self._passage.quote(self._units[position].span)) is not None

    def quoted(self, first: int, last: int) -> Iterator[Span]:
        """The spans of some units, what is on one line together, behind what introduces them."""
        units = self._units[first : last + 1]
        yield from self.leads_of([unit.span for unit in units])
        for one, other in self.joined(first, last):
            yield Span(one.span.start, other.span.end)

    def joined(self, first: int, last: int) -> Iterator[tuple[Unit, Unit]]:
        """The first and the last unit of each line."""
        units = self._units[first : last + 1]
        begin = units[0]
        for n, (one, other) in enumerate(pairwise(units), start=first + 1):
            if not self._is_joined(n, one, other):
                yield begin, one
                begin = other
        yield begin, units[-1]

    def leads_of(self, spans: Sequence[Span]) -> Iterator[Span]:
        """The lines that introduce the units at some spans and are not among these, in order."""
        units = (unit for unit in self._units if any(span.holds(unit.span) for span in spans))
        leads = (line for unit in units for line in introductions(self._passage, unit))
        yield from dict.fromkeys(
            line for line in leads if not any(span.holds(line) for span in spans)
        )

    def _is_joined(self, position: int, one: Unit, other: Unit) -> bool:
        """Whether two neighbours are sentences of one paragraph or item."""
        if one.kind is not other.kind or one.is_code:
            return False
        if one.kind is BlockKind.PARAGRAPH:
            return BETWEEN_PARAGRAPHS.search(self._gap(position)) is None
        return LINE_END.search(self._gap(position)) is None
