"""Tables of AsciiDoc: cells between bars, as many a row as there are columns."""

import re
from collections.abc import Iterator

from knowledge.documents import BlockKind, Span
from knowledge.sentences import trimmed

_CELL = re.compile(r"(?:(?<=\s)|^)(?:[\d.]+[+*])?[.<^>]*[a-z]?\|", re.M)
_COLUMNS = re.compile(r"""cols\s*=\s*["']?(?:(?P<times>\d{1,3})\*|(?P<widths>[^"'\]]+))""")
_HEADER = re.compile(r"[%\"',=]header\b")


def columns_in(style: str) -> int:
    """How many columns the style of a table names; 0 where it names none."""
    found = _COLUMNS.search(style)
    if found is None:
        return 0
    return int(found["times"]) if found["times"] else found["widths"].count(",") + 1


def names_header(style: str) -> bool:
    """Whether the style of a table says that its first row is a header."""
    return _HEADER.search(style) is not None


def rows(
    text: str, start: int, end: int, columns: int, has_header: bool
) -> Iterator[tuple[BlockKind, Span]]:
    """The rows of a table between two places; an empty line below the first makes it a header.

    Without a number of columns, the first line has all of the first row.
    """
    first, second = ([*text[start:end].split("\n", 2), "", ""])[:2]
    columns = columns or len(_CELL.findall(first)) or 1
    is_header = has_header or bool(first.strip() and not second.strip())
    cells = list(_cells(text, start, end))
    for place in range(0, len(cells), columns):
        row = [cell for cell in cells[place : place + columns] if cell is not None]
        if row:
            kind = BlockKind.HEADER if is_header else BlockKind.ROW
            yield kind, Span(row[0].start, row[-1].end)
        is_header = False


def _cells(text: str, start: int, end: int) -> Iterator[Span | None]:
    """The cells between two places; None for those that are empty."""
    marks = list(_CELL.finditer(text, start, end))
    ends = [*(mark.start() for mark in marks[1:]), end]
    # Without a mark there are no cells, and one end too many.
    for mark, last in zip(marks, ends, strict=False):
        yield trimmed(text, mark.end(), last)
