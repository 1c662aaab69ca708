"""What the command has to have before it can do anything: streams and memory."""

import errno
import os
import sys
from io import TextIOWrapper

_LEAST_MEMORY = 300_000_000
"""Bytes of address space without which the libraries cannot be loaded."""

_UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}


def prepare_streams() -> None:
    """Let the streams take every character, and no file of ours the number of one that is closed.

    Answers quote documents, whatever characters the console's own encoding lacks.
    """
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)


def obstacle() -> str | None:
    """What stands in the way of every command, and what to do; None where nothing does."""
    from footnote.memory import memory_limit

    if sys.stdout is None:
        return "standard output is closed; open it, or send it to /dev/null"
    limit = memory_limit()
    if limit is not None and limit < _LEAST_MEMORY:
        return (
            f"the memory limit of {limit // 10**6:,} MB (ulimit -v) is too low;"
            f" allow at least {_LEAST_MEMORY // 10**6:,} MB"
        )
    return None


def refused(error: Exception) -> str | None:
    """What the system refused, where an error is that and no bug, and what to do."""
    if isinstance(error, MemoryError):
        return "not enough memory; close other programs, or raise the limit"
    # Whoever opens a file says which; what has no name is where we print.
    if isinstance(error, OSError) and error.filename is None and error.errno in _UNWRITABLE:
        return f"the output cannot be written ({error.strerror}); send it elsewhere"
    return None
