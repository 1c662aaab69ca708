"""The structure of text without markup: paragraphs between blank lines, and marked list lines."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from knowledge.documents import Block, BlockKind, Span, line_spans
from knowledge.numbering import number_in
from knowledge.sentences import trimmed

_ITEM = re.compile(r"[\ufeff \t]*(?:[-*+•‣–]|\d{1,3}[.)])[ \t]+(?=\S)")
_DIVIDER = re.compile(r"([=~_.*#-])\1{3,}")

Heading = tuple[int, str]
"""Level (from 1) and text of a heading."""


def no_heading(line: str) -> Heading | None:
    """Plain text marks no headings."""
    return None


def text_blocks(
    text: str, title: str, heading_of: Callable[[str], Heading | None] = no_heading
) -> Iterator[Block]:
    """The paragraphs and list items of `text`, under the headings that `heading_of` sees in it.

    `heading_of` gets a line without its end and says whether it is a heading.
    """
    path = HeadingPath(title)
    pending: Block | None = None
    last_line = 0  # where the last line of a pending paragraph starts
    for start, end in line_spans(text):
        line = text[start:end]
        span = trimmed(text, start, end)
        heading = heading_of(line)
        if span is None or heading is not None or _DIVIDER.fullmatch(text, span.start, span.end):
            if pending is not None:
                yield pending
            pending = None
            if heading is not None:
                path.enter(*heading)
        elif (marker := _marker(line, span.end - start)) is not None:
            if pending is not None:
                yield from _before_item(text, pending, last_line)
            item = Span(start + len(marker), span.end)
            pending = path.block(BlockKind.ITEM, item, number=number_in(marker))
        elif pending is not None:
            pending = replace(pending, span=Span(pending.span.start, span.end))
            last_line = span.start
        else:
            pending = path.block(BlockKind.PARAGRAPH, span)
            last_line = span.start
    if pending is not None:
        yield pending


def _marker(line: str, end: int) -> str | None:
    """The marker of an item whose text goes up to `end`; None where no item begins."""
    marker = _ITEM.match(line)
    # Behind a marker there may be nothing but a byte order mark.
    return marker[0] if marker is not None and marker.end() < end else None


def _before_item(text: str, block: Block, last_line: int) -> Iterator[Block]:
    """The block above an item; the last line of a paragraph introduces it, so it stands alone."""
    if block.kind is not BlockKind.PARAGRAPH:
        yield block
        return
    before = trimmed(text, block.span.start, last_line)
    if before is not None:
        yield replace(block, span=before)
    yield replace(block, span=Span(last_line, block.span.end))


class _Section(NamedTuple):
    level: int
    heading: str
    anchor: str | None


class HeadingPath:
    """The headings above the place that a reader has come to; the document's title is not one."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._path: list[_Section] = []
        self._number = 0

    def enter(self, level: int, text: str, anchor: str | None = None) -> None:
        """Pass a heading: it ends every section of its level and below."""
        while self._path and self._path[-1].level >= level:
            self._path.pop()
        self._number += 1
        self._path.append(_Section(level, text, anchor))

    def block(
        self, kind: BlockKind, span: Span, level: int = 0, number: str | None = None
    ) -> Block:
        """A block that stands here."""
        return Block(
            kind,
            span,
            heading=self.headings,
            level=level,
            section=self._number,
            anchor=self.anchor,
            number=number,
        )

    @property
    def anchor(self) -> str | None:
        """What leads to the innermost section that has such a thing."""
        found = (section.anchor for section in reversed(self._path) if section.anchor)
        return next(found, None)

    @property
    def headings(self) -> tuple[str, ...]:
        """The texts of the headings, outermost first."""
        return tuple(
            section.heading
            for section in self._path
            if section.level != 1 or section.heading != self._title
        )
