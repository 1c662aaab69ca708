"""Materials whose questions a reader understands, which did not learn from them."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.answer.answering import Answerer
from retrieval.meaning.loading import SMALL
from retrieval.meaning.meaning import Meaning, Nearness, Reading
from retrieval.meaning.model import Reader
from retrieval.meaning.vectors import Vectors
from retrieval.opening import open_collection
from retrieval.scoring.weights import Weights
from retrieval.search.engine import SearchEngine
from training.documentation import asked_elsewhere, read_documentation
from training.examples import Material, packaged, read_material
from training.split import KEPT_ARTICLES, KEPT_MANUALS, is_kept_faq
from training.train import BLIND, ENCYCLOPEDIA, MAIN, MANUALS, PACKAGED

WRITTEN = 3
"""Of the questions written from passages one in so many is asked."""

ARTICLES = 6
"""Likewise of the questions over articles, each of which counts for as many."""

FAQ = 2
"""Likewise of the questions of a FAQ."""


class Remembered:
    """A reader that keeps what it read in a file, which several processes may share."""

    name = SMALL

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = sqlite3.connect(folder.with_suffix(".read"), timeout=600)
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.execute("CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, value TEXT)")

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self._folder, SMALL)

    def reads(self, language: str) -> bool:
        """Whether it helps with documents in a language."""
        return self._reader.reads(language)

    def prepare(self) -> None:
        """Nothing: most of what is asked was read before."""

    def read(self, question: str, names: str, units: Sequence[str]) -> Reading:
        """How well a passage answers a question."""
        relevance, *parts = self._kept(
            [question, names, *units], lambda: _values(self._reader.read(question, names, units))
        )
        return Reading(relevance, tuple(parts))

    def vector(self, text: str) -> NDArray[np.float32]:
        """The vector of a text."""
        kept = self._kept([text], lambda: self._reader.vector(text).tolist())
        return np.array(kept, np.float32)

    def _kept(self, texts: Sequence[str], made: Callable[[], list[float]]) -> list[float]:
        key = hashlib.sha256(json.dumps([self._reader.identity, *texts]).encode()).digest()
        row = self._file.execute("SELECT value FROM kept WHERE key = ?", (key,)).fetchone()
        if row is not None:
            value: list[float] = json.loads(row[0])
            return value
        value = made()
        with self._file:
            self._file.execute("INSERT OR IGNORE INTO kept VALUES (?, ?)", (key, json.dumps(value)))
        return value


def _values(reading: Reading) -> list[float]:
    return [reading.relevance, *reading.parts]


@dataclass(frozen=True)
class Understood(Material):
    """A material whose questions a reader understands; `is_near` is whether it has vectors.

    `is_blind` is whether its questions were written without a look at the passages.
    """

    reader: Path = Path()
    is_near: bool = False
    is_blind: bool = False

    def __reduce__(self) -> tuple[type["Understood"], tuple[object, ...]]:
        """How another process gets it."""
        return Understood, tuple(getattr(self, one.name) for one in fields(self))

    @cached_property
    def _remembered(self) -> Remembered:
        return Remembered(self.reader)

    @cached_property
    def vectors(self) -> Nearness | None:
        """The vectors of its passages, where it is asked with them and there are any."""
        if not self.is_near:
            return None
        folder = open_collection(self.knowledge).folder
        return None if folder is None else Vectors.open(folder, Reader(self.reader, SMALL).identity)

    def answerer(self, weights: Weights, engine: SearchEngine | None = None) -> Answerer:
        """An Answerer that understands; where documents are left out it has no vectors."""
        meaning = None
        if weights.read is not None:
            meaning = Meaning(self._remembered, lambda: None if engine else self.vectors)
        return Answerer(self.index, engine or self.engine, weights=weights, meaning=meaning)


def materials_of(data: Path, manuals: Path, pages: Path, reader: Path) -> list[Understood]:
    """What the reader did not learn from; half of the questions with vectors, half without."""
    written, blind, nine = (
        read_documentation(data / name, manuals if name.startswith("docs-train") else pages, count)
        for name, count in zip(MANUALS, (1.0, BLIND, BLIND), strict=True)
    )
    kept = [
        replace(one, questions=one.questions[::WRITTEN])
        for one in written
        if one.name in KEPT_MANUALS
    ]
    main = read_material(data, MAIN)
    articles = tuple(q for q in main.questions if main.groups[q.id] in KEPT_ARTICLES)[::ARTICLES]
    faq = read_material(data, "stackfaq")
    others = [
        *kept,
        *asked_elsewhere(kept),
        replace(main, questions=articles, count=ARTICLES * ENCYCLOPEDIA),
        replace(faq, questions=tuple(q for q in faq.questions if is_kept_faq(q.id))[::FAQ]),
        replace(packaged("tuning"), count=PACKAGED),
    ]
    both = [(one, False) for one in others]
    both += [(one, True) for one in (*blind, *nine) if one.name in KEPT_MANUALS or one in nine]
    return [
        Understood(
            one.name,
            one.knowledge,
            some,
            one.count,
            one.is_prose,
            reader=reader,
            is_near=is_near,
            is_blind=is_blind,
        )
        for one, is_blind in both
        for some, is_near in ((one.questions[::2], True), (one.questions[1::2], False))
    ]
