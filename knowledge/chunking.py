"""From a document to passages, by its structure: never cut by characters.

A paragraph is a passage. A short one joins its neighbours in the section; a long one is split at
sentence ends, with an overlap. A list is one passage with the line that introduces it.
"""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from knowledge.documents import (
    Block,
    BlockKind,
    Document,
    Introduction,
    Passage,
    Span,
    Unit,
    line_spans,
)
from knowledge.languages import UNSPACED
from knowledge.sentences import sentence_spans

# In words. The sizes come from a comparison on long scientific papers: near 200 words with 40 of
# overlap finds as well as whole paragraphs, and smaller pieces find worse.
LONG = 200
OVERLAP = 40
SHORT = 20
LONG_LIST = 400
LONG_ITEM = 40

# Where there are no blanks, two letters count as a word; what is far too long to be one is several.
_WORD = re.compile(rf"[{UNSPACED}]{{1,2}}[^\s{UNSPACED}]{{,30}}|[^\s{UNSPACED}]{{1,30}}")

# A sentence's end may stand before closing marks and notes, a colon before those of emphasis.
_SENTENCE_END = re.compile(r"""[.!?…。！？؟।]["'”’»)\]*_]*(?:\[\^?\w+\])*$""")
_COLON_END = re.compile(r"[:：][*_]*$")
_TABLE = (BlockKind.HEADER, BlockKind.ROW)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A passage before it has a number: its units, and the lines above them that are none."""

    units: tuple[Unit, ...]
    is_prose: bool
    words: int = 0  # of prose
    introductions: tuple[Unit, ...] = ()


def passages_of(document: Document) -> Iterator[Passage]:
    """The passages of a document in the order of its text."""
    number = 0
    for (_, heading), blocks in groupby(document.blocks, key=lambda b: (b.section, b.heading)):
        of_section = list(blocks)
        for draft in _joined(document.text, list(_drafts(document, of_section))):
            number += 1
            span = Span(draft.units[0].span.start, draft.units[-1].span.end)
            yield Passage(
                id=f"{document.id}#{number}",
                document_id=document.id,
                title=document.title,
                heading=heading,
                span=span,
                text=span.of(document.text),
                units=draft.units,
                introductions=tuple(
                    Introduction(unit, unit.span.of(document.text)) for unit in draft.introductions
                ),
                language=document.language,
                anchor=of_section[0].anchor,
            )


def _drafts(document: Document, blocks: Sequence[Block]) -> Iterator[_Draft]:
    """The prose and the lists of one section; the line above a list goes with the list."""
    runs = [list(run) for _, run in groupby(blocks, key=_is_listed)]
    lead: Span | None = None
    for run, following in zip(runs, [*runs[1:], None], strict=True):
        if _is_listed(run[0]):
            yield from _lists(document, run, lead)
            lead = None
            continue
        lead = _lead_in(document, run[-1], following[0]) if following else None
        for block in run:
            if block.span != lead:
                yield from _prose(document, block)


def _is_listed(block: Block) -> bool:
    return block.kind is not BlockKind.PARAGRAPH


def _lead_in(document: Document, paragraph: Block, first: Block) -> Span | None:
    """The sentence of `paragraph` that introduces what follows it; None where none does.

    It ends in a colon, or stands right above without a blank line, or is a line that is no
    sentence.
    """
    text = document.text
    last = list(sentence_spans(text, paragraph.span, document.language))[-1]
    if _COLON_END.search(last.of(text)):
        return last
    if first.kind is not BlockKind.ITEM:
        return None
    stands_right_above = len(list(line_spans(text[last.end : first.span.start]))) == 2
    return last if stands_right_above or not _SENTENCE_END.search(last.of(text)) else None


def _prose(document: Document, paragraph: Block) -> Iterator[_Draft]:
    for window in _windows(document.text, list(_sentences(document, paragraph.span))):
        count = sum([_words(document.text, span) for span in window])
        yield _Draft(tuple(Unit(span) for span in window), is_prose=True, words=count)


def _windows(text: str, spans: Sequence[Span]) -> Iterator[Sequence[Span]]:
    """Runs of up to LONG words, each beginning with about OVERLAP words of the one before."""
    counts = [_words(text, span) for span in spans]
    first = 0
    while True:
        end, total = first + 1, counts[first]
        while end < len(spans) and total + counts[end] <= LONG:
            total += counts[end]
            end += 1
        yield spans[first:end]
        if end == len(spans):
            return
        first = _next_start(counts, first, end)


def _next_start(counts: Sequence[int], first: int, end: int) -> int:
    """Where the window after `first` to `end` starts: near OVERLAP words back, if more fits in."""
    starts = [start for start in range(first + 1, end) if sum(counts[start : end + 1]) <= LONG]
    starts.append(end)
    return min(starts, key=lambda start: abs(sum(counts[start:end]) - OVERLAP))


def _sentences(document: Document, span: Span) -> Iterator[Span]:
    for sentence in sentence_spans(document.text, span, document.language):
        yield from _pieces(document.text, sentence)


def _pieces(text: str, sentence: Span) -> Iterator[Span]:
    """The sentence, or its parts of LONG words where it is longer than that."""
    words = list(_WORD.finditer(text, sentence.start, sentence.end))
    for first in range(0, len(words), LONG):
        yield Span(words[first].start(), words[min(first + LONG, len(words)) - 1].end())


def _words(text: str, span: Span) -> int:
    return len(_WORD.findall(text, span.start, span.end))


def _lists(document: Document, blocks: Sequence[Block], lead: Span | None) -> Iterator[_Draft]:
    """The lists, tables and code blocks that follow each other without prose between them."""
    groups: list[list[Block]] = []
    for block in blocks:
        if not groups or _begins_group(groups[-1][-1], block):
            groups.append([])
        groups[-1].append(block)
    for group in groups:
        items = {block.span for block in group if block.kind is BlockKind.ITEM}
        yield from _packed(document, _list_lines(group, lead), items)
        lead = None


def _begins_group(before: Block, block: Block) -> bool:
    """Whether a list, a table or a code block ends before `block`."""
    if block.level > 0:
        return False
    is_in_table = block.kind in _TABLE
    return (
        block.kind in (BlockKind.HEADER, BlockKind.CODE)
        or (before.kind is BlockKind.CODE and before.level == 0)
        or is_in_table != (before.kind in _TABLE)
    )


def _list_lines(blocks: Sequence[Block], lead: Span | None) -> list[Unit]:
    """The lead-in and the blocks of one list or table, each with the line right above it."""
    lines = [] if lead is None else [Unit(lead)]
    above: list[tuple[int, Span]] = []  # level and span of the items that an item is nested in
    header: Span | None = None
    for block in blocks:
        while above and above[-1][0] >= block.level:
            above.pop()
        line_above = above[-1][1] if above else header or lead
        is_code = block.kind is BlockKind.CODE
        lines.append(Unit(block.span, lead=line_above, is_code=is_code))
        above.append((block.level, block.span))
        if block.kind is BlockKind.HEADER:
            header = block.span
    return lines


def _packed(document: Document, lines: Sequence[Unit], items: Container[Span]) -> Iterator[_Draft]:
    """The list whole, or in parts of up to LONG words where it is longer than LONG_LIST.

    A long item is divided into its sentences; rows and code stay whole.
    """
    units = [
        unit
        for line in lines
        for unit in (_quotable(document, line) if line.span in items else [line])
    ]
    counts = [_words(document.text, unit.span) for unit in units]
    most = LONG if sum(counts) > LONG_LIST else LONG_LIST
    by_span = {line.span: line for line in lines}
    part: list[Unit] = []
    total = 0
    for unit, count in zip(units, counts, strict=True):
        if part and total + count > most:
            yield _list_draft(part, by_span)
            part, total = [], 0
        part.append(unit)
        total += count
    yield _list_draft(part, by_span)


def _quotable(document: Document, line: Unit) -> Iterator[Unit]:
    """The line, or its sentences where it is long."""
    if _words(document.text, line.span) <= LONG_ITEM:
        yield line
    else:
        yield from (Unit(span, line.lead) for span in _sentences(document, line.span))


def _list_draft(units: Sequence[Unit], by_span: Mapping[Span, Unit]) -> _Draft:
    """A part of a list with the lines above its units, outermost first, that are not in it."""
    inside = {unit.span for unit in units}
    needed: dict[Span, Unit] = {}
    for unit in units:
        lead = unit.lead
        while lead is not None and lead not in needed:
            if lead not in inside:
                needed[lead] = by_span[lead]
            lead = by_span[lead].lead
    introductions = tuple(sorted(needed.values(), key=lambda unit: unit.span))
    return _Draft(tuple(units), is_prose=False, introductions=introductions)


def _joined(text: str, drafts: Sequence[_Draft]) -> Iterator[_Draft]:
    """Short prose goes with the prose beside it."""
    pending: _Draft | None = None
    for draft in drafts:
        if pending is not None and _belong_together(text, pending, draft):
            units, count = pending.units + draft.units, pending.words + draft.words
            pending = _Draft(units, is_prose=True, words=count)
        else:
            if pending is not None:
                yield pending
            pending = draft
    if pending is not None:
        yield pending


def _belong_together(text: str, first: _Draft, second: _Draft) -> bool:
    if not (first.is_prose and second.is_prose):
        return False
    sizes = first.words, second.words
    between = text[first.units[-1].span.end : second.units[0].span.start]
    overlap = second.units[0].span.start < first.units[-1].span.end
    # A comment or the like between them would become part of the passage.
    adjoin = not overlap and not between.strip(" \t\r\n>")
    return adjoin and min(sizes) < SHORT and sum(sizes) <= LONG
