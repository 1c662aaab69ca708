"""Models that read: the small one, those of one's own, and what is none."""

import json
import math
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx_files import TAKES, TEXTS, TOKENS, WIDTH, write_reader

pytest.importorskip("onnxruntime", reason="the extra for reading by meaning is not installed")
pytest.importorskip("kitoken", reason="the extra for reading by meaning is not installed")

from retrieval.meaning.files import ReaderError
from retrieval.meaning.model import FARTHEST, Reader
from retrieval.meaning.pairs import (
    LONGEST,
    LONGEST_NAMES,
    LONGEST_QUESTION,
    SHORTEST,
    Encode,
    Marks,
    pair_of,
    single_of,
)
from retrieval.meaning.tokenizer import tokenizer_of

WHOLE: Mapping[str, Sequence[str | int]] = {
    "relevance": (TEXTS,),
    "parts": (TEXTS, TOKENS),
    "vectors": (TEXTS, WIDTH),
}
"""What Footnote's own model gives."""

UNITS = ["Plant the seeds early.", "The seeds.", "Early."]


def _reader(folder: Path, **options: Any) -> Reader:
    return Reader(write_reader(folder / "model", **options), "model")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """A reader that tells all that one can tell."""
    return _reader(tmp_path_factory.mktemp("reader"), gives=WHOLE)


def test_a_passage_is_read(reader: Reader) -> None:
    """It has a relevance and a part for each unit, all with few digits, and a text a vector."""
    reading = reader.read("plant early", "Seeds", UNITS)
    assert len(reading.parts) == len(UNITS)
    for value in (reading.relevance, *reading.parts):
        assert value == round(value, 2)
    assert reader.has_vectors
    assert reader.vector("plant").shape == (WIDTH,)
    assert reader.vector("plant").dtype == np.float32


def test_the_small_one_reads_english(reader: Reader) -> None:
    """Which it was trained on; a model of one's own reads what one asks of it."""
    assert Reader(reader._folder).reads("en")
    assert not Reader(reader._folder).reads("de")
    assert reader.reads("de")


def test_a_part_is_the_mean_of_its_tokens(reader: Reader) -> None:
    """What is cut off, and what has no tokens, is as the least that was read."""
    parts = reader.read("plant", "Seeds", [*UNITS, "", "plant " * LONGEST, "Early."]).parts
    assert parts[3] == parts[5] == min(parts)
    assert len(set(parts[:3])) == 3


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"gives": {"relevance": (TEXTS,)}},
        {"gives": {"anything": (TEXTS, 1)}},
        {"gives": {"logits": (TEXTS, 1), "hidden": (TEXTS, TOKENS, 4)}},
        {"takes": TAKES[:2]},
        {"takes": TAKES[:1]},
        {"integers": "int32"},
        {"floats": "float16"},
    ],
    ids=str,
)
def test_models_of_others_read(tmp_path: Path, options: dict[str, Any]) -> None:
    """Whatever of the inputs they take, and whatever they call the score; they tell no parts."""
    reader = _reader(tmp_path, **options)
    reading = reader.read("plant", "Seeds", UNITS)
    assert math.isfinite(reading.relevance)
    assert reading.parts == ()
    assert not reader.has_vectors


def test_no_relevance_is_too_far(tmp_path: Path) -> None:
    """The score of a model may be any number; its exponential must be one too."""
    reader = _reader(tmp_path, scale=1e6)
    assert abs(reader.read("plant", "Seeds", UNITS).relevance) == FARTHEST


def test_two_scores_are_one(tmp_path: Path) -> None:
    """Where a model says how much yes and how much no, their difference counts."""
    both = _reader(tmp_path, gives={"logits": (TEXTS, 2)})
    (logits,) = both._ready().graph._run(["logits"], [2, 4, 3, 5, 9, 3], [0, 0, 0, 1, 1, 1])
    score, _ = both._ready().graph.scores([2, 4, 3, 5, 9, 3], [0, 0, 0, 1, 1, 1])
    assert score == float(logits[0, 1]) - float(logits[0, 0])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"gives": {"logits": (TEXTS, 3)}}, r"gives \(1, 3\) for a pair of texts"),
        ({"gives": {"hidden": (TEXTS, TOKENS, 4)}}, "for a pair of texts, where one score"),
        ({"gives": {"a": (TEXTS, 1), "b": (TEXTS, 1)}}, "gives a, b, of which none is called"),
        ({"gives": {"logits": (TEXTS, 1), "parts": (TEXTS,)}}, "parts for 96 tokens"),
        ({"gives": {"logits": (TEXTS, 1), "vectors": (TEXTS, TOKENS, 4)}}, "vectors for one text"),
        ({"takes": ("ids", "attention_mask")}, "takes attention_mask, ids, where"),
        ({"takes": (*TAKES, "position_ids")}, "takes attention_mask, input_ids, position_ids"),
        ({"integers": "float"}, "is no ONNX model that can be loaded"),
        ({"scale": math.nan}, "gives scores that are no numbers"),
        ({"positions": SHORTEST - 1}, f"cannot read {SHORTEST} tokens"),
    ],
)
def test_what_is_no_cross_encoder_is_named(
    tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    """One sentence with the file and what it does, when it is loaded."""
    with pytest.raises(ReaderError, match=message) as caught:
        _reader(tmp_path, **options).prepare()
    assert str(tmp_path / "model" / "model.onnx") in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"version https://git-lfs", b"\x08\x08"])
def test_what_is_no_model_is_named(tmp_path: Path, content: bytes) -> None:
    """A file of something else gets one sentence."""
    folder = write_reader(tmp_path / "model")
    (folder / "model.onnx").write_bytes(content)
    with pytest.raises(ReaderError, match=r"model\.onnx: is no ONNX model"):
        Reader(folder, "model").prepare()


@pytest.mark.parametrize(("positions", "longest"), [(512, LONGEST), (159, 128), (96, 96)])
def test_no_more_is_read_than_a_model_can(tmp_path: Path, positions: int, longest: int) -> None:
    """Where it has few positions, pairs and texts are cut earlier."""
    reader = _reader(tmp_path, gives=WHOLE, positions=positions)
    assert reader._ready().longest == longest
    long = "plant the seeds early. " * 100
    assert math.isfinite(reader.read(long, long, [long]).relevance)
    assert np.isfinite(reader.vector(long)).all()


def test_a_score_that_is_no_number_is_said(tmp_path: Path) -> None:
    """It would be worse or better than any other without being either."""
    reader = _reader(tmp_path)
    reader.prepare()

    class Overflowing:
        def run(self, names: list[str], feed: object) -> list[NDArray[np.float32]]:
            return [np.array([[math.inf]], np.float32)]

    reader._ready().graph._session = Overflowing()
    with pytest.raises(ReaderError, match="no numbers"):
        reader.read("plant", "Seeds", UNITS)


@given(st.text(), st.text(), st.lists(st.text(), max_size=5))
def test_any_text_is_read(question: str, names: str, units: list[str]) -> None:
    """Nothing fails, and each unit has its part."""
    reader = _any_reader()
    reading = reader.read(question, names, units)
    assert math.isfinite(reading.relevance)
    assert len(reading.parts) == len(units)
    assert np.isfinite(reader.vector(names)).all()


@pytest.mark.parametrize(
    "text",
    ["", "[SEP]", "[CLS][SEP][PAD]", "😀🏳️‍🌈", "a\0b", "\ud800", "plant" * 20_000, "中" * 30_000],
)
def test_odd_texts_are_read(reader: Reader, text: str) -> None:
    """Half characters, a hundred thousand characters, what looks like a special token."""
    assert math.isfinite(reader.read(text, text, [text, text]).relevance)
    assert np.isfinite(reader.vector(text)).all()


@given(
    st.integers(SHORTEST, LONGEST),
    st.text("plants .", max_size=400),
    st.text("plants .", max_size=400),
    st.lists(st.text("plants .", max_size=300), max_size=8),
)
def test_a_pair_is_never_too_long(
    longest: int, question: str, names: str, units: list[str]
) -> None:
    """The tokens of a pair, their kinds and their units are as many, and no more than allowed."""
    encode, marks = _any_tokenizer()
    pair = pair_of(question, names, units, encode, marks, longest)
    assert len(pair.tokens) == len(pair.kinds) == len(pair.units) <= longest
    assert pair.tokens[0] == marks.before[0]
    assert pair.tokens[-1] == marks.after[0]
    told = [number for number in pair.units if number >= 0]
    assert told == sorted(told)
    whole = sum(len(encode(unit)) for unit in units)
    around = min(len(encode(question)), LONGEST_QUESTION) + min(
        len(encode(f"{names}:")), LONGEST_NAMES
    )
    assert len(told) == min(whole, longest - around - 3)
    assert len(single_of(question * 10, encode, marks, longest)) <= longest


def test_the_same_bytes_whatever_else_is_read(reader: Reader) -> None:
    """Each text by itself gives the same bits, between others and from several threads too."""
    texts = [f"{'plant the ' * (number % 7)}seeds early." for number in range(40)]
    alone = [(reader.read(text, text, UNITS), reader.vector(text).tobytes()) for text in texts]

    def read(text: str) -> tuple[Any, bytes]:
        return reader.read(text, text, UNITS), reader.vector(text).tobytes()

    with ThreadPoolExecutor(8) as pool:
        for again in (list(pool.map(read, texts)) for _ in range(5)):
            assert again == alone
        backwards = list(pool.map(read, texts[::-1]))
    assert backwards[::-1] == alone
    other = Reader(reader._folder, "model")
    assert [(other.read(t, t, UNITS), other.vector(t).tobytes()) for t in texts] == alone


def test_a_reader_is_loaded_once(tmp_path: Path) -> None:
    """However many threads ask first."""
    reader = _reader(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(lambda _: id(reader._ready()), repeat(None, 32)))
    assert len(set(loaded)) == 1


def test_the_identity_is_that_of_both_files(tmp_path: Path) -> None:
    """Vectors depend on the tokenizer too; where the folder is and what it is called is all one."""
    first = Reader(write_reader(tmp_path / "a"), "a").identity
    assert first == Reader(write_reader(tmp_path / "b"), "b").identity
    assert first != Reader(write_reader(tmp_path / "c", scale=2.0), "c").identity
    folder = write_reader(tmp_path / "d")
    said = json.loads((folder / "tokenizer.json").read_text("utf-8"))
    (folder / "tokenizer.json").write_text(json.dumps(said | {"version": "2"}), encoding="utf-8")
    assert first != Reader(folder, "d").identity


@cache
def _any_reader() -> Reader:
    """One for all examples of a property."""
    return _reader(Path(tempfile.mkdtemp()), gives=WHOLE)


def _any_tokenizer() -> tuple[Encode, Marks]:
    return tokenizer_of(_any_reader()._folder / "tokenizer.json")
