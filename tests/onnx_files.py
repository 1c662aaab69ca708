"""Tiny models in ONNX with their tokenizers, written byte by byte, which takes no library."""

import json
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "plant", "the", "seed", "##s", "early", "."]
WORD_PIECES: dict[str, Any] = {
    "version": "1.0",
    "truncation": {"max_length": 4, "strategy": "LongestFirst", "stride": 0},
    "padding": {
        "strategy": {"Fixed": 4}, "direction": "Right", "pad_to_multiple_of": None,
        "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]",
    },
    "added_tokens": [
        {"id": number, "content": WORDS[number], "special": True, "single_word": False,
         "lstrip": False, "rstrip": False, "normalized": False}
        for number in range(4)
    ],
    "normalizer": {
        "type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
        "strip_accents": None, "lowercase": True,
    },
    "pre_tokenizer": {"type": "BertPreTokenizer"},
    "post_processor": {
        "type": "TemplateProcessing",
        "single": [
            {"SpecialToken": {"id": "[CLS]", "type_id": 0}},
            {"Sequence": {"id": "A", "type_id": 0}},
            {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
        ],
        "pair": [
            {"SpecialToken": {"id": "[CLS]", "type_id": 0}},
            {"Sequence": {"id": "A", "type_id": 0}},
            {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
            {"Sequence": {"id": "B", "type_id": 1}},
            {"SpecialToken": {"id": "[SEP]", "type_id": 1}},
        ],
        "special_tokens": {
            name: {"id": name, "ids": [WORDS.index(name)], "tokens": [name]}
            for name in ("[CLS]", "[SEP]")
        },
    },
    "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
    "model": {
        "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
        "max_input_chars_per_word": 100,
        "vocab": {word: number for number, word in enumerate(WORDS)},
    },
}  # fmt: skip

TAKES = ("input_ids", "attention_mask", "token_type_ids")
WIDTH = 8
TEXTS, TOKENS = "texts", "tokens"

_NUMBERS = {"float": 1, "int32": 6, "int64": 7, "float16": 10}


def write_reader(
    folder: Path,
    gives: Mapping[str, Sequence[str | int]] | None = None,
    *,
    takes: Sequence[str] = TAKES,
    integers: str = "int64",
    floats: str = "float",
    positions: int = 512,
    scale: float = 1.0,
) -> Path:
    """A folder with a model whose outputs have the shapes given, by default one score a text.

    It reads at most as many tokens as there are `positions`, and its weights are times `scale`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tokenizer.json").write_text(json.dumps(WORD_PIECES), encoding="utf-8")
    model = _model(gives or {"logits": (TEXTS, 1)}, takes, integers, floats, positions, scale)
    (folder / "model.onnx").write_bytes(model)
    return folder


def _model(
    gives: Mapping[str, Sequence[str | int]],
    takes: Sequence[str],
    integers: str,
    floats: str,
    positions: int,
    scale: float,
) -> bytes:
    """The vectors of the tokens, their places and their kinds, summed; what is given of them."""
    draw = np.random.default_rng(7)

    def drawn(*shape: int) -> NDArray[np.float32]:
        return (draw.normal(size=shape) * scale).astype(np.float32)

    nodes = [
        _node("Gather", ["words", takes[0]], "of_words"),
        _node("Shape", [takes[0]], "shape"),
        _node("Gather", ["shape", "one"], "count"),
        _node("Range", ["nil", "count", "one"], "numbers"),
        _node("Gather", ["places", "numbers"], "of_places"),
        _node("Add", ["of_words", "of_places"], "summed"),
    ]
    vectors = "summed"
    if "token_type_ids" in takes:
        nodes += [
            _node("Gather", ["kinds", "token_type_ids"], "of_kinds"),
            _node("Add", ["summed", "of_kinds"], "all"),
        ]
        vectors = "all"
    tensors = [
        _tensor("words", drawn(len(WORDS), WIDTH)),
        _tensor("places", drawn(positions, WIDTH)),
        _tensor("kinds", drawn(2, WIDTH)),
        _tensor("one", np.array(1, np.int64)),
        _tensor("nil", np.array(0, np.int64)),
        _tensor("middle", np.array([1], np.int64)),
        _tensor("last", np.array([2], np.int64)),
    ]
    nodes.append(_node("ReduceMean", [vectors], "mean", axes=[1]))
    nodes.append(_node("Squeeze", ["mean", "middle"], "one_each"))
    for name, shape in gives.items():
        of_tokens = TOKENS in shape
        width = shape[-1] if isinstance(shape[-1], int) else 1
        tensors.append(_tensor(f"{name}_weights", drawn(WIDTH, width)))
        nodes.append(
            _node("MatMul", [vectors if of_tokens else "one_each", f"{name}_weights"], f"{name}_1")
        )
        is_flat = not isinstance(shape[-1], int)
        last = ["last" if of_tokens else "middle"] if is_flat else []
        nodes.append(_node("Squeeze" if is_flat else "Identity", [f"{name}_1", *last], f"{name}_2"))
        nodes.append(_node("Cast", [f"{name}_2"], name, to=_NUMBERS[floats]))
    graph = b"".join(
        [
            *(_bytes(1, node) for node in nodes),
            _bytes(2, b"tiny"),
            *(_bytes(5, tensor) for tensor in tensors),
            *(_bytes(11, _value(name, integers, (TEXTS, TOKENS))) for name in takes),
            *(_bytes(12, _value(name, floats, shape)) for name, shape in gives.items()),
        ]
    )
    return _number(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, b"") + _number(2, 17))


def _node(kind: str, takes: Sequence[str], gives: str, **attributes: int | Sequence[int]) -> bytes:
    parts = [_bytes(1, name.encode()) for name in takes]
    parts += [_bytes(2, gives.encode()), _bytes(4, kind.encode())]
    for name, value in attributes.items():
        is_one = isinstance(value, int)
        values = [value] if isinstance(value, int) else value
        numbers = b"".join(_number(3 if is_one else 8, one) for one in values)
        parts.append(
            _bytes(5, _bytes(1, name.encode()) + numbers + _number(20, 2 if is_one else 7))
        )
    return b"".join(parts)


def _tensor(name: str, values: NDArray[Any]) -> bytes:
    kind = "float" if values.dtype == np.float32 else "int64"
    sizes = b"".join(_number(1, size) for size in values.shape)
    whole = np.ascontiguousarray(values).tobytes()
    return sizes + _number(2, _NUMBERS[kind]) + _bytes(8, name.encode()) + _bytes(9, whole)


def _value(name: str, kind: str, shape: Sequence[str | int]) -> bytes:
    sizes = b"".join(
        _bytes(1, _number(1, size) if isinstance(size, int) else _bytes(2, size.encode()))
        for size in shape
    )
    tensor = _number(1, _NUMBERS[kind]) + _bytes(2, sizes)
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, tensor))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    found = b""
    while value > 0x7F:
        found += struct.pack("B", value & 0x7F | 0x80)
        value >>= 7
    return found + struct.pack("B", value)
