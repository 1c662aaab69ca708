"""How the time that something takes grows with its text: in steps of ten from 1 to 100 KB."""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress

from tests.fuzzing import SlowError, stopped_after

SIZES = (1_000, 10_000, 100_000)
"""Characters of a text."""

_MOST = 40
"""How much longer ten times the text may take: ten times, and a margin for a busy machine. What
grows by the square takes a hundred times as long."""

_FLOOR = 2e-3
"""Seconds that count as the shortest time: some systems count the processor's in such ticks."""

_LONGEST = 5.0
"""Seconds after which nothing is waited for."""

_LONGEST_CUT = 0.1
"""Seconds that a text may take which is cut to a size."""

_TRIES = 6


def superlinear(run: Callable[[str], object], pieces: Iterable[str]) -> str | None:
    """The first piece that `run` takes far more than ten times as long for when it stands ten times
    as often; None where there is none. The largest text is made of the piece that takes longest."""
    slowest, longest = "", 0.0
    for piece in pieces:
        seconds = _seconds(run, text_of(piece, SIZES[1]))
        if seconds > _MOST * _FLOOR and _grows(run, piece, *SIZES[:2]):
            return piece
        if seconds > longest:
            slowest, longest = piece, seconds
    return slowest if slowest and _grows(run, slowest, *SIZES[1:]) else None


def slow_at(run: Callable[[str], object], pieces: Iterable[str], size: int) -> str | None:
    """The first piece of which `run` takes more than _LONGEST_CUT for a text of a size, in each of
    several tries; None where there is none. It is for what never gets a longer text."""
    for piece in pieces:
        text = text_of(piece, size)
        if all(_seconds(run, text) > _LONGEST_CUT for _ in range(_TRIES)):
            return piece
    return None


def text_of(piece: str, size: int) -> str:
    """A text of a size: the piece over and over, but for what stands before and behind two 0s."""
    before, _, rest = piece.rpartition("\0\0")
    repeated, _, behind = rest.partition("\1\1")
    return before + repeated * (size // len(repeated) or 1) + behind


def _grows(run: Callable[[str], object], piece: str, size: int, larger: int) -> bool:
    """Whether the larger text takes far longer, in each of several tries: the machine may be to
    blame for some."""
    text, larger_text = text_of(piece, size), text_of(piece, larger)
    least = most = _LONGEST
    for _ in range(_TRIES):
        least = max(_FLOOR, min(least, _seconds(run, text)))
        most = min(most, _seconds(run, larger_text))
        # What is ended for the smaller text too grows faster than can be measured.
        if most <= _MOST * least and least < _LONGEST / 2:
            return False
    return True


def _seconds(run: Callable[[str], object], text: str) -> float:
    """The processor's time that it takes, up to _LONGEST."""
    began = time.process_time()
    with suppress(SlowError), stopped_after(_LONGEST):
        run(text)
    return time.process_time() - began
