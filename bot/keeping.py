"""What is kept in memory as long as it is used."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

V = TypeVar("V")
K = TypeVar("K")

UNUSED = 1_800.0
"""Seconds after which something is let go that nobody has used."""

_BUSY = 60.0
"""Seconds between two looks at what is not used, but busy."""


class Kept(Generic[K, V]):
    """Values by their keys, each let go when it has not been looked up for long and is not busy."""

    def __init__(self, is_busy: Callable[[V], bool]) -> None:
        self._is_busy = is_busy
        self._values: dict[K, V] = {}
        self._used: dict[K, float] = {}
        self._looks: dict[K, asyncio.TimerHandle] = {}

    def __contains__(self, key: K) -> bool:
        """Whether there is a value, without using it."""
        return key in self._values

    def get(self, key: K) -> V | None:
        """The value, which is used now."""
        if key in self._values:
            self._used[key] = asyncio.get_running_loop().time()
        return self._values.get(key)

    def put(self, key: K, value: V) -> None:
        """Keep a value, which is used now, instead of the one before."""
        self._values[key] = value
        self._used[key] = asyncio.get_running_loop().time()
        if key not in self._looks:
            self._look_after(key, UNUSED)

    def drop(self, key: K) -> None:
        """Let a value go, if there is one."""
        self._values.pop(key, None)
        self._used.pop(key, None)
        if look := self._looks.pop(key, None):
            look.cancel()

    def values(self) -> Iterable[V]:
        """All values, without using them."""
        return self._values.values()

    def _look_after(self, key: K, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        self._looks[key] = loop.call_later(seconds, self._look, key)

    def _look(self, key: K) -> None:
        left = self._used[key] + UNUSED - asyncio.get_running_loop().time()
        if left > 0:
            self._look_after(key, left)
        elif self._is_busy(self._values[key]):
            self._look_after(key, _BUSY)
        else:
            self.drop(key)
