"""How much memory a process keeps that runs for long."""

import ctypes
from contextlib import suppress

_M_ARENA_MAX = -8
"""The number of this option in glibc's malloc.h."""

_ARENAS = 2


def share_memory() -> None:
    """Let all threads take memory from the same places.

    glibc gives new threads a place of their own each, up to eight for a processor, and what is
    freed in one is of no use in another: reading documents again and again would take ever more.
    """
    # Other systems' libraries have no such option.
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)
