"""Text files: plain text, and Wikipedia's extracts (`= Title =`, `== Section ==`)."""

import re
from collections.abc import Iterator

from knowledge.documents import Document
from knowledge.readers.lines import Heading, no_heading, text_blocks
from knowledge.source import SourceFile, checksum, decoded

_HEADING = re.compile(r"[\ufeff \t]*(={1,6})(?!=)[ \t]*([^=\s](?:.*[^=\s])?)[ \t]*\1[ \t]*")
_FIRST_LINE = re.compile(r"[\ufeff\s]*([^\r\n]+)")


def read(file: SourceFile) -> Iterator[Document]:
    """The file as one document; its headings count where it begins with a Wikipedia title."""
    content = file.read_bytes()
    text = decoded(content, file.name)
    extract_title = _title_of(text)
    title = extract_title or file.path.stem
    blocks = text_blocks(text, title, extract_heading if extract_title else no_heading)
    yield Document(
        id=file.id,
        title=title,
        source=file.name,
        text=text,
        checksum=checksum(content),
        blocks=tuple(blocks),
    )


def extract_heading(line: str) -> Heading | None:
    """Level and text of a line like `== Section ==`; None for any other line."""
    match = _HEADING.fullmatch(line)
    return (len(match[1]), match[2]) if match else None


def _title_of(text: str) -> str | None:
    """The title on the first line with text; None where the text is no extract."""
    first = _FIRST_LINE.match(text)
    heading = extract_heading(first[1]) if first else None
    return heading[1] if heading is not None and heading[0] == 1 else None
