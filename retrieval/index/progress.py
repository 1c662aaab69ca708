"""How far a reading has come, as whoever waits for it is told."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from knowledge.source import SourceFile

if TYPE_CHECKING:
    from retrieval.index.preparing import Prepared

Progress = Callable[[int, int, str], None]
"""Told the bytes of the files that were read, those of all to read, and the file that is next."""


class Meter:
    """Tells how far a reading has come."""

    def __init__(self, progress: Progress | None, files: Sequence[SourceFile], total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0
        self._next = dict(pairwise(file.id for file in files))

    def advance(self, result: "Prepared") -> None:
        """A file was read, or a part of one."""
        self._done += result.size
        if self._progress is not None:
            file = result.file.id
            following = self._next.get(file, file) if result.is_whole else file
            self._progress(min(self._done, self._total), self._total, following)
