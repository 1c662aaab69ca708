"""From a document to passages, by its structure: never cut by characters.

A paragraph is a passage. A short one joins its neighbours in the section; a long one is split at
sentence ends, with an overlap. A list is one passage with the line that introduces it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from knowledge.documents import Block, BlockKind, Document, Passage, Span, Unit
from knowledge.sentences import sentence_spans

# In words. The sizes come from a comparison on long scientific papers: near 200 words with 40 of
# overlap finds as well as whole paragraphs, and smaller pieces find worse.
LONG = 200
OVERLAP = 40
SHORT = 20
LONG_LIST = 400
LONG_ITEM = 40

_WORD = re.compile(r"\S+")

_SENTENCE_ENDS = (".", "!", "?", "。", "！", "？", "؟", "।", "…")
_COLONS = (":", "：")


@dataclass(frozen=True, slots=True)
class _Draft:
    """A passage before it has a number: its units, and its lead-in where that stands before."""

    units: tuple[Unit, ...]
    is_prose: bool
    lead_in: Span | None = None


def passages_of(document: Document) -> Iterator[Passage]:
    """The passages of a document in the order of its text."""
    number = 0
    for heading, blocks in groupby(document.blocks, key=lambda block: block.heading):
        for draft in _joined(document.text, list(_drafts(document.text, list(blocks)))):
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
                lead_in=draft.lead_in.of(document.text) if draft.lead_in else "",
            )


def _drafts(text: str, blocks: Sequence[Block]) -> Iterator[_Draft]:
    """The prose and the lists of one section; the line above a list goes with the list."""
    runs = [list(run) for _, run in groupby(blocks, key=_is_listed)]
    lead: Span | None = None
    for run, following in zip(runs, [*runs[1:], None], strict=True):
        if _is_listed(run[0]):
            yield from _lists(text, run, lead)
            lead = None
            continue
        lead = _lead_in(text, run[-1], following[0]) if following else None
        for block in run:
            if block.span != lead:
                yield from _prose(text, block)


def _is_listed(block: Block) -> bool:
    return block.kind is not BlockKind.PARAGRAPH


def _lead_in(text: str, paragraph: Block, first: Block) -> Span | None:
    """The sentence of `paragraph` that introduces what follows it; None where none does.

    It ends in a colon, or stands right above without a blank line, or is a line that is no
    sentence.
    """
    last = list(sentence_spans(text, paragraph.span))[-1]
    introduces = last.of(text).endswith(_COLONS) or (
        first.kind is BlockKind.ITEM
        and (
            not last.of(text).endswith(_SENTENCE_ENDS)
            or text[last.end : first.span.start].count("\n") == 1
        )
    )
    return last if introduces else None


def _prose(text: str, paragraph: Block) -> Iterator[_Draft]:
    sentences = [
        piece
        for sentence in sentence_spans(text, paragraph.span)
        for piece in _pieces(text, sentence)
    ]
    for window in _windows(text, sentences):
        yield _Draft(tuple(Unit(span) for span in window), is_prose=True)


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
        following, shared = end, 0
        while following > first + 1 and shared + counts[following - 1] <= OVERLAP * 1.5:
            following -= 1
            shared += counts[following]
        first = following


def _pieces(text: str, sentence: Span) -> Iterator[Span]:
    """The sentence, or its parts of LONG words where it is longer than that."""
    words = list(_WORD.finditer(text, sentence.start, sentence.end))
    for first in range(0, len(words), LONG):
        yield Span(words[first].start(), words[min(first + LONG, len(words)) - 1].end())


def _words(text: str, span: Span) -> int:
    return sum(1 for _ in _WORD.finditer(text, span.start, span.end))


def _lists(text: str, blocks: Sequence[Block], lead: Span | None) -> Iterator[_Draft]:
    """The lists, tables and code blocks that follow each other without prose between them."""
    groups: list[list[Block]] = []
    for block in blocks:
        is_first = block.kind is not BlockKind.ITEM and block.level == 0
        if is_first or not groups or groups[-1][0].kind is BlockKind.CODE:
            groups.append([])
        groups[-1].append(block)
    for group in groups:
        yield from _packed(text, list(_list_units(text, group, lead)), lead)
        lead = None


def _list_units(text: str, blocks: Sequence[Block], lead: Span | None) -> Iterator[Unit]:
    above: list[tuple[int, Span]] = []  # level and span of the items that an item is nested in
    header: Span | None = None
    if lead is not None:
        yield Unit(lead)
    for block in blocks:
        while above and above[-1][0] >= block.level:
            above.pop()
        introduced_by = above[-1][1] if above else header or lead
        above.append((block.level, block.span))
        if block.kind is BlockKind.HEADER:
            header = block.span
        is_long = block.kind is BlockKind.ITEM and _words(text, block.span) > LONG_ITEM
        spans = sentence_spans(text, block.span) if is_long else [block.span]
        for span in spans:
            yield Unit(span, introduced_by)


def _packed(text: str, units: Sequence[Unit], lead: Span | None) -> Iterator[_Draft]:
    """The list whole, or in parts of up to LONG words where it is longer than LONG_LIST."""
    counts = [_words(text, unit.span) for unit in units]
    most = LONG if sum(counts) > LONG_LIST else LONG_LIST
    part: list[Unit] = []
    total = 0
    for unit, count in zip(units, counts, strict=True):
        if part and total + count > most:
            yield _list_draft(part, lead)
            part, total = [], 0
        part.append(unit)
        total += count
    yield _list_draft(part, lead)


def _list_draft(units: Sequence[Unit], lead: Span | None) -> _Draft:
    introduced_by = units[0].lead or lead
    stands_before = introduced_by is not None and introduced_by.end <= units[0].span.start
    return _Draft(tuple(units), is_prose=False, lead_in=introduced_by if stands_before else None)


def _joined(text: str, drafts: Sequence[_Draft]) -> Iterator[_Draft]:
    """Short prose goes with the prose beside it."""
    pending: _Draft | None = None
    for draft in drafts:
        if pending is not None and _belong_together(text, pending, draft):
            pending = _Draft(pending.units + draft.units, is_prose=True)
        else:
            if pending is not None:
                yield pending
            pending = draft
    if pending is not None:
        yield pending


def _belong_together(text: str, first: _Draft, second: _Draft) -> bool:
    if not (first.is_prose and second.is_prose):
        return False
    sizes = [sum(_words(text, unit.span) for unit in draft.units) for draft in (first, second)]
    overlap = second.units[0].span.start < first.units[-1].span.end
    return min(sizes) < SHORT and sum(sizes) <= LONG and not overlap
