"""What separates the cells of a row, in tables that are text and in the text of other tables."""

import re
from collections.abc import Sequence

BETWEEN_CELLS = " | "
"""Stands between the cells of a row in text that was taken out of a file."""

_SEPARATORS = ",;\t|"
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_READ = 20
"""Lines by which the separator is told."""


def separators_in(row: str) -> list[str]:
    """The marks that may part the cells of a row, where they stand outside of quotation marks."""
    bare = _QUOTED.sub("", row)
    return [mark for mark in _SEPARATORS if mark in bare]


def separator_of(lines: Sequence[str]) -> str:
    """What parts the cells: the mark that stands in every line, most often."""
    shown = [line for line in lines[:_READ] if line]
    counts = {mark: [line.count(mark) for line in shown] for mark in _SEPARATORS}
    return max(_SEPARATORS, key=lambda mark: (min(counts[mark], default=0), sum(counts[mark])))
