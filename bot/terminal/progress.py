"""How far a reading has come, in one line on a terminal."""

import shutil
from time import monotonic

import click

_MOMENT, _PAUSE = 2.0, 0.5
"""Seconds that a reading takes before it is shown, and between two states of it."""

_ENOUGH = 0.05
"""The share from which on the time that is left can be told: the first files say little of it."""


class Progress:
    """Shows the share that is read, the speed, the time that is left and the file.

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
        now = monotonic()
        took = now - self._begun
        is_due = took > _MOMENT and now - self._shown > _PAUSE
        if not (is_due and done and self._can_draw):
            return
        self._shown = now
        speed = done / took
        parts = [f"reading: {done / total:.0%}", f"{speed / 1e6:.1f} MB/s"]
        if done / total >= _ENOUGH:
            parts.append(f"about {_duration((total - done) / speed)} left")
        line = _with_file(", ".join(parts), file, shutil.get_terminal_size().columns - 1)
        click.echo(f"\r\x1b[K{line}", err=True, nl=False, color=True)


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
