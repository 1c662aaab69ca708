"""Vectors of passages in their file: kept and found again exactly, or not at all."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from counting_reader import MODEL, WIDTH, Array, unit
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.entries import KEY_LENGTH
from retrieval.meaning.files import VECTORS_FILE
from retrieval.meaning.vectors import (
    TEXT_LENGTH,
    Kept,
    Vectors,
    has_damaged_vectors,
    keep_vectors,
    whole,
)

ONES = unit(np.ones(WIDTH))

vectors_of_length_1 = st.lists(st.integers(-1000, 1000), min_size=WIDTH, max_size=WIDTH).map(
    lambda values: unit([*values[:-1], values[-1] or 1])
)
keys = st.text("ABCxyz019-_", min_size=KEY_LENGTH, max_size=KEY_LENGTH)
some = st.dictionaries(keys, vectors_of_length_1, min_size=1, max_size=30)


def kept(vectors: Mapping[str, Array]) -> dict[str, Kept]:
    """Vectors as they are kept, the text of each that of its key."""
    return {
        key: Kept(hashlib.sha256(key.encode()).digest()[:TEXT_LENGTH], whole(vector))
        for key, vector in vectors.items()
    }


def opened(vectors: Mapping[str, Array]) -> Vectors:
    """Vectors that were kept and opened again."""
    with TemporaryDirectory() as folder:
        keep_vectors(Path(folder), MODEL, kept(vectors))
        found = Vectors.open(Path(folder), MODEL)
    assert found is not None
    return found


@given(some, vectors_of_length_1)
def test_a_cosine_is_the_exact_sum_of_whole_numbers(
    vectors: dict[str, Array], asked: Array
) -> None:
    """As Python's own numbers, which lose nothing, have it; and near that of the vectors."""
    found = opened(vectors)
    cosines = found.cosines(asked)
    assert cosines.dtype == np.float32
    scaled = [round(float(value) * 65536) for value in asked]
    for key, vector in vectors.items():
        row = np.frombuffer(whole(vector), np.int8).tolist()
        exact = sum(a * b for a, b in zip(row, scaled, strict=True)) / (127 * 65536)
        cosine = found.of(key, cosines)
        assert cosine is not None
        assert cosine == pytest.approx(exact, abs=0.00051)
        assert cosine == pytest.approx(round(cosine, 3), abs=1e-7)
        assert cosine == pytest.approx(float(vector @ asked), abs=0.02)


@given(some, vectors_of_length_1, st.integers(1, 40))
def test_the_best_are_the_nearest_in_a_fixed_order(
    vectors: dict[str, Array], asked: Array, count: int
) -> None:
    """Whatever order they were kept in; those that are equally near by their keys."""
    found = opened(vectors)
    cosines = found.cosines(asked)
    best = found.best(cosines, count)
    ranked = [(key, found.of(key, cosines) or 0.0) for key in sorted(vectors)]
    assert best == sorted(ranked, key=lambda near: -near[1])[:count]
    again = opened(dict(reversed(vectors.items())))
    assert again.best(again.cosines(asked), count) == best


@given(some, st.text(max_size=12))
def test_only_what_has_a_vector_has_a_cosine(vectors: dict[str, Array], key: str) -> None:
    """Any other key has none."""
    found = opened(vectors)
    cosines = found.cosines(ONES)
    assert (found.of(key, cosines) is not None) == (key in vectors)
    assert len(found) == len(vectors)


@given(st.integers(0, 2**32 - 1))
def test_no_sum_is_beyond_what_a_float_holds_exactly(seed: int) -> None:
    """A vector of the width of the real model, against itself: no product is greater."""
    vector = unit(np.random.default_rng(seed).normal(size=384))
    found = opened({"A" * KEY_LENGTH: vector})
    row = np.frombuffer(whole(vector), np.int8).astype(np.int64)
    asked = np.rint(vector * 65536).astype(np.int64)
    sums = np.abs(row * asked).sum()
    assert sums < 2**24
    assert found.cosines(vector)[0] == pytest.approx(int(row @ asked) / (127 * 65536), abs=0.00051)


@pytest.mark.parametrize("count", [1, 1023, 1024, 1025, 2500])
def test_blocks_are_seen_by_nobody(count: int) -> None:
    """As many as fit into a block, one more, one less."""
    random = np.random.default_rng(5)
    vectors = {f"{number:08}": unit(random.normal(size=WIDTH)) for number in range(count)}
    found = opened(vectors)
    asked = unit(random.normal(size=WIDTH))
    cosines = found.cosines(asked)
    for number in (0, count // 2, count - 1):
        alone = opened({f"{number:08}": vectors[f"{number:08}"]})
        assert cosines[number] == alone.cosines(asked)[0]


def test_a_changed_byte_anywhere_is_as_if_there_were_none(tmp_path: Path) -> None:
    """And so is a file that is cut, another file, that of another model, and none."""
    assert Vectors.open(tmp_path, MODEL) is None
    keep_vectors(tmp_path, MODEL, kept({"A" * 8: ONES, "B" * 8: ONES}))
    file = tmp_path / VECTORS_FILE
    content = file.read_bytes()
    assert Vectors.open(tmp_path, "another model") is None
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1 << place % 8
        file.write_bytes(changed)
        assert Vectors.open(tmp_path, MODEL) is None
        file.write_bytes(content[:place])
        assert Vectors.open(tmp_path, MODEL) is None
    file.write_bytes(content)
    assert Vectors.open(tmp_path, MODEL) is not None


def test_damaged_vectors_are_told_from_none(tmp_path: Path) -> None:
    """Whoever compares an index is told of them; a folder without any is as it should be."""
    assert not has_damaged_vectors(tmp_path)
    keep_vectors(tmp_path, MODEL, kept({"a" * KEY_LENGTH: ONES}))
    assert not has_damaged_vectors(tmp_path)
    file = tmp_path / VECTORS_FILE
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert has_damaged_vectors(tmp_path)
    file.write_bytes(b"")
    assert has_damaged_vectors(tmp_path)
