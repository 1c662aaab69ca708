"""What is found by meaning: passages near a question, and what a reader makes of the best."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from knowledge.documents import Passage
from retrieval.meaning.pairs import names_of
from retrieval.search.store import Store

if TYPE_CHECKING:
    # It brings numpy.
    from numpy import float32
    from numpy.typing import NDArray

NEAREST = 20
"""Passages that are looked at since they are near, whatever words they have."""

LIMIT = 3.0
"""Seconds of a processor that reading may take; where it takes longer, words decide.

A clock on the wall would let the answer hang on what else the machine does.
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a model makes of a passage: how well it answers, a logit, and for each unit how much it
    is the part that does; no parts where the model tells none."""

    relevance: float
    parts: tuple[float, ...] = ()


class Reads(Protocol):
    """A model that reads."""

    name: str

    def reads(self, language: str) -> bool:
        """Whether it helps with documents in a language."""

    def prepare(self) -> None:
        """Load now what is else loaded when it first reads."""

    def read(self, question: str, names: str, units: Sequence[str]) -> Reading:
        """How well a passage answers a question; `names` are those above it."""

    def vector(self, text: str) -> "NDArray[float32]":
        """The vector of a text, of length 1: (width,)."""


class Nearness(Protocol):
    """The vectors of the passages, by the keys of these."""

    def cosines(self, vector: "NDArray[float32]") -> "NDArray[float32]":
        """The cosine of each passage's vector with another one."""

    def best(self, cosines: "NDArray[float32]", count: int) -> list[tuple[str, float]]:
        """The keys of the highest cosines, highest first, each with it."""

    def of(self, key: str, cosines: "NDArray[float32]") -> float | None:
        """The cosine of a passage; None where it has no vector."""


@dataclass(frozen=True, slots=True)
class Near:
    """How near passages are to one question, and those that are nearest."""

    of: Callable[[Passage], float | None]
    nearest: Sequence[Passage]

    def covers(self, passages: Sequence[Passage]) -> bool:
        """Whether at least half of some passages have a vector: fewer would mislead."""
        known = sum(self.of(passage) is not None for passage in passages)
        return 2 * known >= len(passages)

    def to(self, passages: Sequence[Passage]) -> list[float]:
        """How near some passages are; one without a vector, which is new, is as near as most."""
        cosines = [self.of(passage) for passage in passages]
        known = [cosine for cosine in cosines if cosine is not None]
        mean = sum(known) / (len(known) or 1)
        return [mean if cosine is None else cosine for cosine in cosines]


class OutOfTimeError(Exception):
    """Reading takes too long."""


class Meaning:
    """A reader, and what opens the vectors of the passages, where there are any."""

    def __init__(self, reader: Reads, opened: Callable[[], Nearness | None] = lambda: None) -> None:
        self.reader = reader
        self._opened = opened

    @cached_property
    def vectors(self) -> Nearness | None:
        """The vectors of the passages, opened when they are first asked for."""
        return self._opened()

    def near(self, question: str, store: Store) -> Near | None:
        """How near the passages of a store are to a question; None where they have no vectors."""
        vectors = self.vectors
        if vectors is None:
            return None
        cosines = vectors.cosines(self.reader.vector(question))
        best = (store.passage_with(key) for key, _ in vectors.best(cosines, NEAREST))
        return Near(
            of=lambda passage: vectors.of(store.key_of(passage), cosines),
            nearest=[one for one in best if one is not None and self.reader.reads(one.language)],
        )

    def reading(self, question: str) -> "Asked":
        """What reads passages for a question, for some seconds."""
        # Loading takes no part of them, or the first question might be answered otherwise.
        self.reader.prepare()
        return Asked(self.reader, question, time.thread_time() + LIMIT)


@dataclass(frozen=True, slots=True)
class Asked:
    """A reader with a question, until a time."""

    reader: Reads
    question: str
    until: float

    def of(self, passage: Passage, texts: Sequence[str] = ()) -> Reading:
        """What the reader makes of a passage, or of some texts of it; OutOfTimeError."""
        if time.thread_time() > self.until:
            raise OutOfTimeError
        units = texts or [passage.quote(unit.span) for unit in passage.units]
        return self.reader.read(self.question, names_of(passage.title, passage.heading), units)
