"""How far a reading, or the making of vectors, has come, in one line on a terminal."""

import shutil
from time import monotonic

import click

_MOMENT, _PAUSE = 2.0, 0.5
"""Seconds that a reading takes before it is shown, and between two states of it."""

_ENOUGH = 0.05
"""The share from which on the time that is left can be told: the first files say little of it."""


class Progress:
    """Shows how much is done, and the time that is left.

    `can_draw` is whether standard error is a terminal that can draw a line over another.
    """

    def __init__(self, *, can_draw: bool) -> None:
        self._can_draw = can_draw
        self._begun = monotonic()
        self._shown = 0.0

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            click.echo("\r\x1b[K", err=True, nl=False, color=True)

    def advance(self, done: int, total: int, file: str) -> None:
        """So many bytes of all are read, and `file` is next."""
        took = self._took()
        if took is None or not done:
            return
        parts = [f"reading: {done / total:.0%}", f"{done / took / 1e6:.1f} MB/s"]
        self._draw([*parts, *_left(done, total, took)], file)

    def make(self, done: int, total: int) -> None:
        """So many vectors of all that were lacking are made."""
        took = self._took()
        if took is not None:
            part = f"making vectors: {done:,} of {total:,} passages"
            self._draw([part, *_left(done, total, took)])

    def _took(self) -> float | None:
        """How long it has taken; None as long as nothing is to be shown."""
        now = monotonic()
        took = now - self._begun
        is_due = took > _MOMENT and now - self._shown > _PAUSE
        return took if is_due and self._can_draw else None

    def _draw(self, parts: list[str], file: str = "") -> None:
        self._shown = monotonic()
        line = _with_file(", ".join(parts), file, shutil.get_terminal_size().columns - 1)
        click.echo(f"\r\x1b[K{line}", err=True, nl=False, color=True)


def _left(done: int, total: int, took: float) -> list[str]:
    """The time that is left, once that can be told."""
    if done / total < _ENOUGH:
        return []
    return [f"about {_duration((total - done) * took / done)} left"]


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6_000 else f"{seconds / 3_600:.0f} h"


def _with_file(line: str, file: str, columns: int) -> str:
    """The line with as much of the end of the file's name as there are columns for."""
    from bot.presentation import harmless

    name, room = harmless(file), columns - len(line) - len(", ")
    if room < len(name):
        name = f"…{name[len(name) - room + 1 :]}" if room > 1 else ""
    return f"{line}, {name}" if name else line[:columns]
