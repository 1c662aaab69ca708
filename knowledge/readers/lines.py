"""The structure of text without markup: paragraphs between blank lines, and marked list lines."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from knowledge.documents import Block, BlockKind, Span, line_spans
from knowledge.sentences import trimmed

_ITEM = re.compile(r"[\ufeff \t]*(?:[-*+•‣–]|\d{1,3}[.)])[ \t]+(?=\S)")

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
        item = _ITEM.match(line) if span is not None else None
        if item is not None and span is not None and start + item.end() >= span.end:
            item = None  # a marker with nothing but a byte order mark behind it
        if span is None or heading is not None:
            if pending is not None:
                yield pending
            pending = None
            if heading is not None:
                path.enter(*heading)
        elif item is not None:
            if pending is not None and pending.kind is BlockKind.PARAGRAPH:
                yield from _before_list(text, pending, last_line)
            elif pending is not None:
                yield pending
            pending = Block(
                BlockKind.ITEM,
                Span(start + item.end(), span.end),
                path.headings,
                section=path.section,
            )
        elif pending is not None:
            pending = replace(pending, span=Span(pending.span.start, span.end))
            last_line = span.start
        else:
            pending = Block(BlockKind.PARAGRAPH, span, path.headings, section=path.section)
            last_line = span.start
    if pending is not None:
        yield pending


def _before_list(text: str, paragraph: Block, last_line: int) -> Iterator[Block]:
    """The line right above a list introduces it, so it is a paragraph of its own."""
    before = trimmed(text, paragraph.span.start, last_line)
    if before is not None:
        yield replace(paragraph, span=before)
    yield replace(paragraph, span=Span(last_line, paragraph.span.end))


class HeadingPath:
    """The headings above the place that a reader has come to; the document's title is not one."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._path: list[tuple[Heading, str | None]] = []
        self.section = 0

    def enter(self, level: int, text: str, anchor: str | None = None) -> None:
        """Pass a heading: it ends every section of its level and below."""
        while self._path and self._path[-1][0][0] >= level:
            self._path.pop()
        self.section += 1
        self._path.append(((level, text), anchor))

    @property
    def anchor(self) -> str | None:
        """What leads to the innermost section that has such a thing."""
        found = (anchor for _, anchor in reversed(self._path) if anchor)
        return next(found, None)

    @property
    def headings(self) -> tuple[str, ...]:
        """The texts of the headings, outermost first."""
        above = (heading for heading, _ in self._path)
        return tuple(text for level, text in above if (level, text) != (1, self._title))
