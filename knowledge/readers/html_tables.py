"""Tables of web pages: which have rows, and which only lay out the page; cells that span rows."""

from itertools import islice

from selectolax.lexbor import LexborNode

# What, within a cell, makes of a table a way to lay out a page, not one of rows.
_LAYOUT = "table, ul, ol, dl, h1, h2, h3, h4, p + p, pre, div + div, div + p, p + div"
_CELLS_LOOKED_AT = 50
_MOST_ROWS = 1_000


def lays_out(table: LexborNode) -> bool:
    """Whether a table lays out a page: whether a cell of it holds blocks."""
    rows = (row for part in table.iter() for row in (part.iter() if part.tag != "tr" else [part]))
    cells = (cell for row in rows for cell in row.iter() if cell.tag in ("td", "th"))
    looked_at = islice(cells, _CELLS_LOOKED_AT)
    return any(cell.css_first(_LAYOUT) is not None for cell in looked_at)


class Row:
    """The cells of a row, those from above that reach into it among them."""

    def __init__(self, above: dict[int, tuple[str, int]]) -> None:
        self._above = above
        self._cells: list[str] = []
        self.is_header = True
        self.below: dict[int, tuple[str, int]] = {}

    def add(self, text: str, rows: int, is_header: bool) -> None:
        """Add a cell, which reaches over so many rows."""
        self._take_above()
        self.is_header = self.is_header and is_header
        text = " ".join(text.split())
        if 1 < rows <= _MOST_ROWS:
            self.below[len(self._cells)] = text, rows - 1
        self._cells.append(text)

    def all_cells(self) -> list[str]:
        """The texts of all cells."""
        self._take_above()
        return self._cells

    def _take_above(self) -> None:
        while (place := len(self._cells)) in self._above:
            text, rows = self._above.pop(place)
            if rows > 1:
                self.below[place] = text, rows - 1
            self._cells.append(text)
