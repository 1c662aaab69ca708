"""Tables as text (CSV, TSV): the first row names the columns, each other row is an item."""

import csv
from collections.abc import Iterator

from knowledge.cells import separator_of
from knowledge.documents import Block, BlockKind, Document, line_spans
from knowledge.errors import ReadError
from knowledge.sentences import trimmed
from knowledge.source import SourceFile, checksum, decoded


def read(file: SourceFile) -> Iterator[Document]:
    """The file as one document; a row keeps the marks that the file has."""
    content = file.read_bytes()
    text, encoding = decoded(content, file.name)
    lines = list(line_spans(text))
    csv.field_size_limit(max(len(content), csv.field_size_limit()))
    try:
        blocks = tuple(_rows(text, lines))
    except csv.Error as error:
        raise ReadError(file.name, f"is not a valid table ({error})") from error
    yield Document(
        id=file.id,
        title=file.path.stem,
        source=file.name,
        text=text,
        checksum=checksum(content),
        blocks=blocks,
        encoding=encoding,
    )


def _rows(text: str, lines: list[tuple[int, int]]) -> Iterator[Block]:
    # Each line with an end, so that lines are counted as they are here.
    rows = csv.reader(
        (f"{text[start:end]}\n" for start, end in lines),
        delimiter=separator_of([text[start:end] for start, end in lines]),
    )
    first = 0
    kind = BlockKind.HEADER
    for cells in rows:
        span = trimmed(text, lines[first][0], lines[rows.line_num - 1][1])
        first = rows.line_num
        if span is not None and any(cell.strip() for cell in cells):
            yield Block(kind, span)
            kind = BlockKind.ROW
