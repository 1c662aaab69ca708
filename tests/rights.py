"""Rights as everybody but root has them, also for tests that root runs."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

_VERSION = 0x20080522
_BEYOND_MODES = 1 << 1 | 1 << 2
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: to read and write what the modes of files forbid."""


@contextmanager
def ordinary_rights() -> Iterator[None]:
    """What the modes of files forbid is forbidden to this thread, and to those that it starts."""
    if os.geteuid() != 0:
        yield
        return
    before = _changed(~_BEYOND_MODES)
    try:
        yield
    finally:
        _changed(_BEYOND_MODES & before)


def _changed(rights: int) -> int:
    """The effective capabilities before some were taken away, or given back where positive."""
    system = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_VERSION, 0)
    # Effective, permitted and inheritable ones, the low 32 bits before the high ones.
    sets = (ctypes.c_uint32 * 6)()
    _call(system.capget(header, sets))
    before = sets[0]
    sets[0] = before & rights & 0xFFFFFFFF if rights < 0 else before | rights
    _call(system.capset(header, sets))
    return before


def _call(code: int) -> None:
    if code:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
