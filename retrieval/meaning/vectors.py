"""The vectors of an index's passages, in a file among its own.

A vector of length 1 is kept as whole numbers up to 127. A question's vector is scaled to whole
numbers too, so that every sum of products is one below 2 ** 24, which float32 holds exactly: the
cosines are the same in whichever order, with whichever threads and instructions they are summed.
"""

import hashlib
import struct
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.index.checksums import SEAL, SealError, check_seal, sealed
from retrieval.index.entries import KEY_LENGTH
from retrieval.meaning.files import VECTORS_FILE

FORM = 1
"""Raised whenever the file, or the text that a vector is made of, changes."""

TEXT_LENGTH = 16
"""Bytes that tell the text of a vector from all others."""

INCOMPLETE = bytes(32)
"""The state of vectors that some passages may lack."""

DECIMALS = 3
"""Of a cosine, so that what a vector lost when it was rounded decides nothing."""

_SCALE = 127
_QUESTION_SCALE = 1 << 16
_BLOCK = 1024
"""Rows that are widened at a time, to 1.5 MB."""

# Width and number of the vectors, the model and the form, and the state of the index.
_HEAD = struct.Struct("<II32s32s")


def has_damaged_vectors(folder: Path) -> bool:
    """Whether the vectors in the folder of an index, if any, are not what was written."""
    try:
        check_seal((folder / VECTORS_FILE).read_bytes())
    except FileNotFoundError:
        return False
    except (OSError, SealError):
        return True
    return False


class Kept(NamedTuple):
    """What is kept of a passage: what tells its text from others, and its vector in bytes."""

    text: bytes
    vector: bytes


def whole(vector: NDArray[np.float32]) -> bytes:
    """A vector of length 1 in whole numbers, a byte each."""
    return np.rint(vector * _SCALE).clip(-_SCALE, _SCALE).astype(np.int8).tobytes()


class Vectors:
    """Vectors of passages, in the order of their keys, as `keep_vectors` wrote them.

    `state` is that of the index in which each passage has one, or INCOMPLETE.
    """

    def __init__(self, content: bytes) -> None:
        width, count, self._maker, self.state = _HEAD.unpack_from(content, SEAL)
        begin = SEAL + _HEAD.size
        self._keys = np.frombuffer(content, f"S{KEY_LENGTH}", count, begin)
        begin += count * KEY_LENGTH
        self._texts = content[begin : begin + count * TEXT_LENGTH]
        begin += count * TEXT_LENGTH
        self._rows = np.frombuffer(content, np.int8, offset=begin).reshape(count, width)

    @classmethod
    def open(cls, folder: Path, model: str) -> "Vectors | None":
        """Those in the folder of an index that a model made; None where there are none.

        What is damaged, of another model or of another form is none.
        """
        with suppress(OSError, SealError, struct.error, ValueError):
            content = (folder / VECTORS_FILE).read_bytes()
            # Without a copy of it, which would take as long as all the rest.
            check_seal(content)
            found = cls(content)
            if found._maker == _maker(model):
                return found
        return None

    def __len__(self) -> int:
        return len(self._keys)

    def by_text(self) -> dict[bytes, bytes]:
        """The vectors by what tells their texts from others."""
        texts = (
            self._texts[begin : begin + TEXT_LENGTH]
            for begin in range(0, len(self._texts), TEXT_LENGTH)
        )
        return {text: row.tobytes() for text, row in zip(texts, self._rows, strict=True)}

    def cosines(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """How near each passage is to a vector of length 1, in the order of the keys."""
        asked = np.rint(vector * _QUESTION_SCALE)
        sums = np.empty(len(self._rows), np.float64)
        for begin in range(0, len(self._rows), _BLOCK):
            block = self._rows[begin : begin + _BLOCK]
            sums[begin : begin + _BLOCK] = block.astype(np.float32) @ asked
        return np.round(sums / (_SCALE * _QUESTION_SCALE), DECIMALS).astype(np.float32)

    def best(self, cosines: NDArray[np.float32], count: int) -> list[tuple[str, float]]:
        """The keys of the nearest passages, at most so many, each with its cosine; those that are
        equally near in the order of their keys."""
        rows = np.argsort(-cosines, kind="stable")[:count]
        return [(self._keys[row].decode(), float(cosines[row])) for row in rows]

    def of(self, key: str, cosines: NDArray[np.float32]) -> float | None:
        """The cosine of a passage; None where it has no vector."""
        wanted = key.encode()
        row = int(np.searchsorted(self._keys, wanted))
        is_there = row < len(self._keys) and self._keys[row] == wanted
        return float(cosines[row]) if is_there else None


def keep_vectors(
    folder: Path, model: str, passages: Mapping[str, Kept], state: bytes = INCOMPLETE
) -> None:
    """Write the vectors of some passages, by their keys, in the place of those that are there.

    `state` is that of the index if each of its passages has one.
    """
    ordered = sorted((key.encode(), kept) for key, kept in passages.items())
    width = len(ordered[0][1].vector)
    parts = [
        _HEAD.pack(width, len(ordered), _maker(model), state),
        *(key for key, _ in ordered),
        *(kept.text for _, kept in ordered),
        *(kept.vector for _, kept in ordered),
    ]
    # Only one process at a time makes vectors, so that whatever is left there is a killed one's.
    aside = folder / f"{VECTORS_FILE}.new"
    aside.write_bytes(sealed(b"".join(parts)))
    aside.replace(folder / VECTORS_FILE)


def _maker(model: str) -> bytes:
    """What made the vectors: a model, in our form."""
    return hashlib.sha256(f"{FORM} {model}".encode()).digest()
