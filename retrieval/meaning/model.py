"""A model that reads: how well a passage answers a question, and a vector of a text's meaning."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from knowledge.languages import ENGLISH
from retrieval.meaning.files import MODEL, TOKENIZER, ReaderError, checked_folder, identity_of
from retrieval.meaning.loading import SMALL
from retrieval.meaning.meaning import Reading
from retrieval.meaning.pairs import LONGEST, NO_UNIT, SHORTEST, Encode, Marks, pair_of, single_of
from retrieval.meaning.tokenizer import tokenizer_of

if TYPE_CHECKING:
    # It takes as long to import as an answer.
    from numpy import float32
    from numpy.typing import NDArray

    from retrieval.meaning.graph import Graph

FARTHEST = 50.0
"""No relevance is farther from 0, so that a model with other measures makes no number too large."""

DIGITS = 2
"""Decimals that scores are rounded to, so that the last bits of a processor decide nothing."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    graph: "Graph"
    encode: Encode
    marks: Marks
    longest: int = LONGEST


class Reader:
    """A cross-encoder in ONNX, in a folder with its tokenizer, loaded when it first reads.

    ReaderError where it cannot be used. Several threads may read at a time.
    """

    def __init__(self, folder: Path, name: str = SMALL) -> None:
        self.name = name
        self._folder = checked_folder(folder)
        self._lock = Lock()
        self._loaded: _Loaded | None = None

    @cached_property
    def identity(self) -> str:
        """What names this model and no other, whatever folder it is in."""
        return identity_of(self._folder)

    @property
    def has_vectors(self) -> bool:
        """Whether it makes vectors; Footnote's own does, and need not be loaded to know."""
        return self.name == SMALL or self._ready().graph.has_vectors

    def reads(self, language: str) -> bool:
        """Whether it helps with documents in a language; one of a user's own with any."""
        return self.name != SMALL or language == ENGLISH

    def prepare(self) -> None:
        """Load now what is else loaded when it first reads."""
        self._ready()

    def _ready(self) -> _Loaded:
        with self._lock:
            if self._loaded is None:
                # Imported here since it brings numpy, which answers that words are sure of do
                # without.
                from retrieval.meaning.graph import Graph

                encode, marks = tokenizer_of(self._folder / TOKENIZER)
                loaded = _Loaded(Graph(self._folder / MODEL), encode, marks)
                self._loaded = loaded if self.name == SMALL else _tried(loaded)
        return self._loaded

    def read(self, question: str, names: str, units: Sequence[str]) -> Reading:
        """How well a passage answers a question; `names` are those above it."""
        loaded = self._ready()
        pair = pair_of(question, names, units, loaded.encode, loaded.marks, loaded.longest)
        relevance, parts = loaded.graph.scores(pair.tokens, pair.kinds)
        means = _means(parts, pair.units, len(units)) if parts else ()
        return Reading(_rounded(relevance), tuple(map(_rounded, means)))

    def vector(self, text: str) -> "NDArray[float32]":
        """The vector of a text, of length 1: (width,)."""
        loaded = self._ready()
        return loaded.graph.vector(single_of(text, loaded.encode, loaded.marks, loaded.longest))


def _rounded(score: float) -> float:
    return round(min(max(score, -FARTHEST), FARTHEST), DIGITS)


def _tried(loaded: _Loaded) -> _Loaded:
    """A model that has read, with the longest input that it can read, at most LONGEST."""
    for longest in (LONGEST, (LONGEST + SHORTEST) // 2, SHORTEST):
        pair = pair_of(_TRIAL, _TRIAL, [_TRIAL], loaded.encode, loaded.marks, longest)
        try:
            loaded.graph.scores(pair.tokens, pair.kinds)
            if loaded.graph.has_vectors:
                loaded.graph.vector(pair.tokens)
        except ReaderError as error:
            failed = error
        else:
            return replace(loaded, longest=longest)
    raise failed


_TRIAL = "the words of this trial fill all that a model can read at once, " * 20


def _means(parts: Sequence[float], places: Sequence[int], count: int) -> Sequence[float]:
    """The mean of each of `count` units over its tokens.

    What was cut off is of no unit: it is as the least of those that were read.
    """
    of_units: list[list[float]] = [[] for _ in range(count)]
    for place, value in zip(places, parts, strict=True):
        if place != NO_UNIT:
            of_units[place].append(value)
    means = [sum(values) / len(values) for values in of_units if values]
    least = min(means, default=0.0)
    return [sum(values) / len(values) if values else least for values in of_units]
