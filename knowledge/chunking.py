"""From a document to passages, by its structure: never cut by characters.

A paragraph is a passage. A short one joins its neighbours in the section; a long one is split at
sentence ends, with an overlap. A list is one passage with the line that introduces it, and so is a
term with what it means.
"""

import re
from bisect import bisect_right
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

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
from knowledge.pieces import LONG, sentences, stretches, windows, word_count
from knowledge.sentences import sentence_spans

# In words.
SHORT = 20
LONG_LIST = 400
LONG_ITEM = 40
DEEPEST = 12
"""Items and terms that are nested deeper stand as if they were nested so deep."""

SHORT_ENTRY = 40
"""Terms with what they mean stay together up to so many words."""

# A sentence's end may stand before closing marks and notes, a colon before those of emphasis.
_SENTENCE_END = re.compile(r"""[.!?…。！？؟।]["'”’»)\]*_]*(?:\[\^?\w+\])*$""")
_COLON_END = re.compile(r"[:：][*_]*$")
_TABLE = (BlockKind.HEADER, BlockKind.ROW)
_DIVISIBLE = (BlockKind.ITEM, BlockKind.DEFINITION)


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
        unquotable = [block.span for block in of_section if not block.is_quotable]
        terms = {block.span: block.anchor for block in of_section if block.kind is BlockKind.TERM}
        own_anchor = next((b.anchor for b in of_section if b.kind is not BlockKind.TERM), None)
        first = number + 1
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
                units=tuple(_marked(unit, unquotable) for unit in draft.units),
                introductions=tuple(
                    Introduction(unit, unit.span.of(document.text)) for unit in draft.introductions
                ),
                language=document.language,
                anchor=terms.get(draft.units[0].span) or own_anchor,
                opens_section=number == first,
            )


def _marked(unit: Unit, unquotable: Sequence[Span]) -> Unit:
    """The unit, not quotable if the block is not that it is all or a part of."""
    place = bisect_right(unquotable, unit.span.start, key=lambda span: span.start) - 1
    is_within = place >= 0 and unquotable[place].holds(unit.span)
    return replace(unit, is_quotable=False) if is_within else unit


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
    sentence. Code is introduced by what is no whole sentence, too, and by a short one that is all
    of the paragraph.
    """
    text = document.text
    last = list(sentence_spans(text, paragraph.span, document.language))[-1]
    if _COLON_END.search(last.of(text)):
        return last
    if first.kind is BlockKind.CODE:
        is_short = last == paragraph.span and word_count(text, last) <= SHORT
        return last if is_short or not _SENTENCE_END.search(last.of(text)) else None
    if first.kind not in (BlockKind.ITEM, BlockKind.TERM):
        return None
    stands_right_above = len(list(line_spans(text[last.end : first.span.start]))) == 2
    return last if stands_right_above or not _SENTENCE_END.search(last.of(text)) else None


def _prose(document: Document, paragraph: Block) -> Iterator[_Draft]:
    for window, count in windows(document.text, list(sentences(document, paragraph.span))):
        yield _Draft(tuple(Unit(span) for span in window), is_prose=True, words=count)


def _lists(document: Document, blocks: Sequence[Block], lead: Span | None) -> Iterator[_Draft]:
    """The lists, tables and code blocks that follow each other without prose between them."""
    groups: list[list[Block]] = []
    for block in blocks:
        if not groups or _begins_group(document.text, groups[-1][-1], block):
            groups.append([])
        groups[-1].append(block)
    for group in groups:
        lines = _list_lines(document.text, group, lead)
        levels = {block.span: block.level for block in group if block.kind is BlockKind.TERM}
        by_span = {line.span: line for line in lines}
        for entry in _entries(document.text, lines, levels):
            yield from _packed(document, entry, by_span)
        lead = None


def _entries(
    text: str, lines: Sequence[Unit], levels: Mapping[Span, int], depth: int = 0
) -> Iterator[Sequence[Unit]]:
    """The lines cut into the terms with what they mean; those of a long one are cut likewise."""
    has_terms = any(line.span in levels for line in lines)
    if not has_terms or depth == DEEPEST or _total(text, lines) <= SHORT_ENTRY:
        yield lines
        return
    outermost = min(levels[line.span] for line in lines if line.span in levels)
    nested = {span: level for span, level in levels.items() if level > outermost}
    for entry in _cut(lines, {span for span in levels if levels[span] == outermost}, levels):
        if _total(text, entry) <= LONG:
            yield entry
        else:
            yield from _entries(text, entry, nested, depth + 1)


def _cut(
    lines: Sequence[Unit], terms: Container[Span], all_terms: Container[Span]
) -> Iterator[Sequence[Unit]]:
    """The lines cut before each run of terms but one that has a single line above it."""
    starts = [
        n
        for n, line in enumerate(lines)
        if line.span in terms and n > 1 and lines[n - 1].span not in all_terms
    ]
    for start, end in pairwise(dict.fromkeys([0, *starts, len(lines)])):
        yield lines[start:end]


def _total(text: str, lines: Sequence[Unit]) -> int:
    return sum([word_count(text, line.span) for line in lines])


def _begins_group(text: str, before: Block, block: Block) -> bool:
    """Whether a list, a table or a code block ends before `block`."""
    if block.level > 0 or (block.kind is BlockKind.CODE and _introduces_code(text, before)):
        return False
    is_in_table = block.kind in _TABLE
    return (
        block.kind in (BlockKind.HEADER, BlockKind.CODE)
        or (before.kind is BlockKind.CODE and before.level == 0)
        or is_in_table != (before.kind in _TABLE)
    )


def _list_lines(text: str, blocks: Sequence[Block], lead: Span | None) -> list[Unit]:
    """The lead-in and the blocks of one list or table, each with the line right above it.

    That of code is the block before it, if it ends in a colon.
    """
    lines = [] if lead is None else [Unit(lead)]
    above: list[tuple[int, Span]] = []  # level and span of the items that an item is nested in
    header: Span | None = None
    for block in blocks:
        level = min(block.level, DEEPEST)
        while above and above[-1][0] >= level:
            above.pop()
        line_above = above[-1][1] if above else header or lead
        before = lines[-1] if lines else None
        if before and block.kind is BlockKind.CODE and _introduces_code(text, before):
            line_above = before.span
        lines.append(Unit(block.span, line_above, block.kind, number=block.number))
        above.append((level, block.span))
        if block.kind is BlockKind.HEADER:
            header = block.span
    return lines


def _introduces_code(text: str, above: Block | Unit) -> bool:
    is_text = above.kind in (*_DIVISIBLE, BlockKind.PARAGRAPH)
    return is_text and _COLON_END.search(above.span.of(text)) is not None


def _packed(
    document: Document, lines: Sequence[Unit], by_span: Mapping[Span, Unit]
) -> Iterator[_Draft]:
    """The list whole, or in parts of up to LONG words where it is longer than LONG_LIST.

    A long item is divided into its sentences, code that is longer than LONG_LIST at its empty
    lines; rows stay whole.
    """
    units = [unit for line in lines for unit in _divided(document, line)]
    counts = [word_count(document.text, unit.span) for unit in units]
    most = LONG if sum(counts) > LONG_LIST else LONG_LIST
    part: list[Unit] = []
    total = 0
    for unit, count in zip(units, counts, strict=True):
        if part and total + count > most:
            yield _list_draft(part, by_span)
            part, total = [], 0
        part.append(unit)
        total += count
    yield _list_draft(part, by_span)


def _divided(document: Document, line: Unit) -> Iterator[Unit]:
    """The line, or its parts where it is long."""
    count = word_count(document.text, line.span)
    if line.kind in _DIVISIBLE and count > LONG_ITEM:
        first, *others = sentences(document, line.span)
        yield replace(line, span=first)
        rest = None if line.number is None else ""
        yield from (replace(line, span=span, number=rest) for span in others)
    elif line.kind is BlockKind.CODE and count > LONG_LIST:
        yield from (replace(line, span=span) for span in stretches(document.text, line.span))
    else:
        yield line


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
