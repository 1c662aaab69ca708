"""Text files: plain text, Wikipedia's extracts (`= Title =`, `== Section ==`), and AsciiDoc.

Plain text has headings where they are underlined, or capitals at the margin as in manual pages.
"""

import re
from collections.abc import Iterator, Sequence

from knowledge.documents import Block, Document
from knowledge.readers.layout import Part, parts_of
from knowledge.readers.lines import Heading, HeadingPath, no_heading, text_blocks
from knowledge.source import SourceFile, checksum, decoded

_HEADING = re.compile(r"[\ufeff \t]*(={1,6})(?!=)[ \t]*([^=\s](?:.*[^=\s])?)[ \t]*\1[ \t]*")
_FEWEST_HEADINGS = 2
_MAY_BE_ASCIIDOC = re.compile(r"(?m)::|^\+\r?$|^= \S|^\.{4}\r?$|^\[\[?\w")
_FIRST_LINE = re.compile(r"[\ufeff\s]*([^\r\n]+)")


def read(file: SourceFile) -> Iterator[Document]:
    """The file as one document."""
    content = file.read_bytes()
    text, encoding = decoded(content, file.name)
    extract_title = _title_of(text)
    if extract_title is None and _MAY_BE_ASCIIDOC.search(text):
        # Imported here since most text is none.
        from knowledge.readers.asciidoc import asciidoc_of

        if (document := asciidoc_of(file, content, text, encoding)) is not None:
            yield document
            return
    parts = [] if extract_title else _laid_out(text)
    title = extract_title or _heading_of_all(text, parts) or file.path.stem
    blocks = (
        _blocks(text, parts, HeadingPath(title))
        if parts
        else text_blocks(text, title, extract_heading if extract_title else no_heading)
    )
    yield Document(
        id=file.id,
        title=title,
        source=file.name,
        text=text,
        checksum=checksum(content),
        blocks=tuple(blocks),
        encoding=encoding,
    )


def _laid_out(text: str) -> list[Part]:
    """The parts of a text that has sections; none of any other."""
    parts = parts_of(text)
    headings = sum(part.kind is None for part in parts)
    return parts if headings >= _FEWEST_HEADINGS else []


def _heading_of_all(text: str, parts: Sequence[Part]) -> str | None:
    """The heading that a text begins with, if no other is of its level."""
    levels = [part.level for part in parts if part.kind is None]
    begins = bool(parts) and parts[0].kind is None and levels.count(parts[0].level) == 1
    return parts[0].span.of(text) if begins and levels[0] == min(levels) else None


def _blocks(text: str, parts: Sequence[Part], path: HeadingPath) -> Iterator[Block]:
    for part in parts:
        if part.kind is None:
            path.enter(part.level, part.span.of(text))
        else:
            yield path.block(part.kind, part.span, part.level, part.number)


def extract_heading(line: str) -> Heading | None:
    """Level and text of a line like `== Section ==`; None for any other line."""
    match = _HEADING.fullmatch(line)
    return (len(match[1]), match[2]) if match else None


def _title_of(text: str) -> str | None:
    """The title on the first line with text; None where the text is no extract."""
    first = _FIRST_LINE.match(text)
    heading = extract_heading(first[1]) if first else None
    return heading[1] if heading is not None and heading[0] == 1 else None
