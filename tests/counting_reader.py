"""A reader that stands in for a model: its vectors cost nothing, and are counted."""

import hashlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

WIDTH = 8
MODEL = "a model"

Array = NDArray[np.float32]


def unit(values: object) -> Array:
    """A vector of length 1."""
    vector = np.asarray(values, np.float64)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


class CountingReader:
    """Gives each text a vector that hangs on nothing else; `at` is called before each, with the
    number of those before it."""

    identity = MODEL
    name = "counting"
    has_vectors = True

    def __init__(self, at: Callable[[int], object] = lambda _: None) -> None:
        self.read: list[str] = []
        self.at = at

    def reads(self, language: str) -> bool:
        """Whether it reads a language."""
        return True

    def prepare(self) -> None:
        """Nothing to load."""

    def vector(self, text: str) -> Array:
        """The vector of a text."""
        self.at(len(self.read))
        self.read.append(text)
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "little")
        return unit(np.random.default_rng(seed).normal(size=WIDTH))
