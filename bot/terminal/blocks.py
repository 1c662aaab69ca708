"""A block as it reads in its document: a term with what it means, a list, code, a table."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby

from bot.presentation import Line, Part, Weight, harmless, harmless_code
from bot.terminal.wrapping import (
    BOLD,
    DIM,
    INDENT,
    PLAIN,
    WIDEST,
    columns,
    filled,
    isolated,
    styled,
    wrapped,
)
from footnote import BlockKind
from footnote.text import is_unspaced

_SIGNS = {Weight.WORDS: BOLD, Weight.AROUND: DIM}
_TABLE = (BlockKind.HEADER, BlockKind.ROW)
_BETWEEN_COLUMNS = "  "
_NARROWEST = 24
"""Columns that the last cells of a table need, if they are long."""


def block_text(lines: Sequence[Line], width: int, margin: str = INDENT) -> str:
    """The lines of a block, what stands below a term indented, and paragraphs apart."""
    shown: list[str] = []
    before, indent = None, margin
    for is_table, run in groupby(lines, key=lambda line: line.kind in _TABLE):
        if is_table:
            shown += _table(list(run), width, indent)
            before = BlockKind.ROW
            continue
        for line in run:
            if line.kind is BlockKind.TERM:
                indent = margin
            if line.kind is before is BlockKind.PARAGRAPH:
                shown.append("")
            shown += _line(line, width, indent)
            if line.kind is BlockKind.TERM:
                indent = margin + INDENT
            before = line.kind
    return "\n".join(shown)


def _line(line: Line, width: int, indent: str) -> Iterator[str]:
    """One line of a block: code as it stands, and all else wrapped."""
    if line.kind is BlockKind.CODE:
        yield from (f"{indent}{INDENT}{code}".rstrip() for code in harmless_code(line.text))
        return
    sign = INDENT if line.sign == "" else harmless(line.sign or "")
    yield wrapped(isolated(_signed(line.parts)), width, sign, indent + line.depth * INDENT)


def _signed(parts: Iterable[Part]) -> str:
    """The parts, harmless, between the signs for their styles."""
    text = "".join(
        f"{_SIGNS[part.weight]}{shown}{PLAIN}" if part.weight in _SIGNS else shown
        for part in parts
        if (shown := harmless(part.text))
    )
    return text.strip()


def _table(rows: Sequence[Line], width: int, indent: str) -> Iterable[str]:
    """Rows in columns, the last one wrapped; where that is too narrow, a line for each cell."""
    cells = [[_signed(cell) for cell in row.cells()] for row in rows]
    is_even = len(rows) > 1 and len({len(row) for row in cells}) == 1
    # Letters of two columns would stand askew.
    if is_even and not any(is_unspaced(row.text) for row in rows):
        sizes = [max(map(columns, column)) for column in zip(*cells, strict=True)]
        before_last = len(indent) + sum(sizes[:-1]) + len(_BETWEEN_COLUMNS) * len(sizes[:-1])
        if min(width, WIDEST) - before_last >= min(sizes[-1], _NARROWEST):
            return [_row(row, sizes, width, indent) for row in cells]
    if is_even and rows[0].kind is BlockKind.HEADER:
        named = (_named_cells(cells[0], row, width, indent) for row in cells[1:])
    else:
        named = (_line(row, width, indent) for row in rows)
    return chain.from_iterable(named)


def _row(cells: Sequence[str], sizes: Sequence[int], width: int, indent: str) -> str:
    """A row whose cells stand in columns of some sizes."""
    padded = [
        f"{cell}{' ' * (size - columns(cell))}{_BETWEEN_COLUMNS}"
        for cell, size in zip(cells[:-1], sizes, strict=False)
    ]
    first = f"{indent}{''.join(padded)}"
    if not cells[-1]:
        return styled(first.rstrip())
    return styled(filled(cells[-1], width, first, " " * columns(first)))


def _named_cells(
    header: Sequence[str], row: Sequence[str], width: int, indent: str
) -> Iterator[str]:
    """The cells of a row that hold something, each behind what its column is called."""
    mark = "•"
    for name, cell in zip(header, row, strict=True):
        if cell:
            yield wrapped(f"{name}: {cell}" if name else cell, width, mark, indent)
            mark = " "
