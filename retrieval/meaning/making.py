"""Vectors made for the passages of an index that have none, by one process at a time."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.documents import Passage
from retrieval.index.entries import key_of
from retrieval.index.reading import Index
from retrieval.index.refreshing import IndexWriteError
from retrieval.meaning.files import VECTORS_FILE
from retrieval.meaning.pairs import names_of, text_of
from retrieval.meaning.vectors import (
    INCOMPLETE,
    TEXT_LENGTH,
    Kept,
    Vectors,
    keep_vectors,
    whole,
)

OFTEN = 500
"""Vectors after which those that were made are kept: all that a process loses that is killed."""

Progress = Callable[[int, int], object]
"""Told how many vectors are made, and how many were lacking."""

_LOCK = "vectors.lock"


class VectorReader(Protocol):
    """A reader that gives the vector of a text's meaning."""

    @property
    def identity(self) -> str:
        """What names its model and no other."""

    def vector(self, text: str) -> NDArray[np.float32]:
        """The vector of a text, of length 1."""


@dataclass(frozen=True, slots=True)
class Made:
    """How many of an index's passages have a vector now, and how many of them lacked one.

    None has one where there are more than `most`. `is_elsewhere` is whether another process is
    making the others.
    """

    passages: int
    most: int
    vectors: int = 0
    made: int = 0
    is_elsewhere: bool = False


def make_vectors(
    index: Index,
    folder: Path,
    reader: VectorReader,
    most: int,
    progress: Progress | None = None,
) -> Made:
    """Make the vectors that passages of the index in a folder lack; none where there are more
    passages than `most`.

    What interrupts it loses nothing, and what kills it little. IndexWriteError where they cannot
    be kept.
    """
    passages = index.summary.passages
    state = hashlib.sha256(index.manifest.to_json()).digest()
    try:
        earlier = Vectors.open(folder, reader.identity)
        if passages <= most and earlier is not None and earlier.state == state:
            return Made(passages, most, len(earlier))
        with _alone(folder) as is_alone:
            if passages > most:
                if is_alone:
                    (folder / VECTORS_FILE).unlink(missing_ok=True)
                return Made(passages, most)
            # Whoever was making some may have been done just now.
            earlier = Vectors.open(folder, reader.identity)
            if not is_alone:
                vectors = min(len(earlier or ()), passages)
                return Made(passages, most, vectors, is_elsewhere=True)
            making = _Making(index, folder, reader, earlier)
            return Made(passages, most, passages, making.finish(state, progress))
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise IndexWriteError(
            f"{folder}: vectors cannot be written ({reason}); free some space, or set"
            " FOOTNOTE_CACHE to a folder that you can write to"
        ) from error


class _Making:
    """The vectors of an index's passages, of which some are there already."""

    def __init__(
        self, index: Index, folder: Path, reader: VectorReader, earlier: Vectors | None
    ) -> None:
        self._index = index
        self._folder = folder
        self._reader = reader
        # By its text, and not by the passage's key: a heading may change without the key, and the
        # key with the name of the file.
        self._texts = {key_of(passage): _told(_text(passage)) for passage in index.passages()}
        there = {} if earlier is None else earlier.by_text()
        self._vectors = {text: there[text] for text in self._texts.values() if text in there}

    def finish(self, state: bytes, progress: Progress | None) -> int:
        """Make those that are lacking; how many passages lacked one."""
        lacking: dict[bytes, str] = {}
        passages = 0
        for key, text in self._texts.items():
            if text not in self._vectors:
                lacking.setdefault(text, key)
                passages += 1
        try:
            for number, (text, key) in enumerate(lacking.items(), start=1):
                self._vectors[text] = self._made(key)
                if number % OFTEN == 0:
                    self._keep(INCOMPLETE)
                if progress is not None:
                    progress(number, len(lacking))
        except BaseException:
            self._keep(INCOMPLETE)
            raise
        self._keep(state)
        return passages

    def _made(self, key: str) -> bytes:
        entry = self._index.with_key(key)
        assert entry is not None  # noqa: S101 (the index stays as it was opened)
        return whole(self._reader.vector(_text(entry.passage)))

    def _keep(self, state: bytes) -> None:
        kept = {
            key: Kept(text, self._vectors[text])
            for key, text in self._texts.items()
            if text in self._vectors
        }
        if kept:
            keep_vectors(self._folder, self._reader.identity, kept, state)


def _text(passage: Passage) -> str:
    units = (passage.quote(unit.span) for unit in passage.units)
    return text_of(names_of(passage.title, passage.heading), units)


def _told(text: str) -> bytes:
    """What tells a text from others."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()[:TEXT_LENGTH]


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether no other process makes vectors here, nor will until this is left."""
    # A lock of SQLite's is the system's, and ends with the process that holds it.
    with closing(sqlite3.connect(folder / _LOCK, timeout=0)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            yield False
        else:
            yield True
