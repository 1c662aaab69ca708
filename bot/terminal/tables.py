"""Tables for a terminal: names and words to the left, numbers to the right."""

from collections.abc import Sequence

import click

from bot.terminal.wrapping import INDENT

Rows = Sequence[tuple[str, ...]]


def table(rows: Rows, *, ends_in_words: bool = False) -> str:
    """The rows under a dim header."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [INDENT + _line(row, widths, ends_in_words) for row in rows]
    return "\n".join([click.style(lines[0], dim=True), *lines[1:]])


def table_with_meanings(rows: Rows, width: int) -> str:
    """The rows with their last column, words, only where there is room for it."""
    whole = table(rows, ends_in_words=True)
    return whole if _fits(whole, width) else table([row[:-1] for row in rows])


def table_over_meanings(rows: Rows, width: int) -> str:
    """The rows with their last column, words, below each where there is no room beside them."""
    whole = table(rows, ends_in_words=True)
    if _fits(whole, width):
        return whole
    header, *lines = table([row[:-1] for row in rows]).split("\n")
    below = [f"{2 * INDENT}{row[-1]}" for row in rows[1:]]
    return "\n".join([header, *(part for pair in zip(lines, below, strict=True) for part in pair)])


def _fits(text: str, width: int) -> bool:
    return all(len(click.unstyle(line)) <= width for line in text.split("\n"))


def _line(row: Sequence[str], widths: Sequence[int], ends_in_words: bool) -> str:
    words = {0, len(row) - 1} if ends_in_words else {0}
    cells = (
        cell.ljust(size) if column in words else cell.rjust(size)
        for column, (cell, size) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join(cells).rstrip()
