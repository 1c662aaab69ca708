"""A tokenizer.json, read without its maker's library: token numbers, and the marks around texts."""

import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from retrieval.meaning.files import ReaderError
from retrieval.meaning.pairs import Encode, Marks

_MOST = 2_000
"""Characters of a text that are cut into tokens: those of the longest pair are among them, and some
texts without blanks take a time that grows with the square of their length."""


_MOST_TOKENS = 1 << 31


class _Thread:
    """Where all texts are cut: kitoken 0.11 crashes the process once a thread that has used it
    ends, and where the process ends while one is at it. This one ends last, when it has nothing to
    do. A forked process has none of its parent's threads, and begins one of its own."""

    def __init__(self) -> None:
        self.begin()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.begin)

    def begin(self) -> None:
        self.submit = ThreadPoolExecutor(max_workers=1, thread_name_prefix="tokens").submit


_THREAD = _Thread()


def tokenizer_of(file: Path) -> tuple[Encode, Marks]:
    """What cuts texts into tokens, and the tokens that stand around them.

    ReaderError where the file says none of these.
    """
    # Imported here since it is of an extra.
    from kitoken import Kitoken

    try:
        said = json.loads(file.read_text("utf-8"))
        marks = _checked(_marks(said["post_processor"]))
        # It would fill up, cut and surround each text by itself, where a pair is made of several.
        whole = said | dict.fromkeys(("padding", "truncation", "post_processor"))
        own = _THREAD.submit(Kitoken.from_tokenizers, json.dumps(whole).encode()).result()
    except OSError as error:
        raise ReaderError(f"{file}: cannot be read ({error.strerror}); check it") from error
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ReaderError(
            f"{file}: is no tokenizer that joins two texts; save it again with its model"
        ) from error

    def encode(text: str) -> list[int]:
        # Halves of characters have no bytes.
        whole = text[:_MOST].encode(errors="replace").decode()
        # Without its special tokens: what a user writes is text, also where it looks like one.
        numbers: list[int] = _THREAD.submit(own.encode, whole, False).result()
        return numbers

    return encode, marks


def _marks(processor: Mapping[str, Any]) -> Marks:
    """The tokens around a pair of texts, by the kind of post-processor; ValueError where it is none
    that is known."""
    kind = processor["type"]
    if kind == "TemplateProcessing":
        return _of_template(processor)
    if kind in ("BertProcessing", "RobertaProcessing"):
        before, parts = processor["cls"][1], processor["sep"][1]
        is_bert = kind == "BertProcessing"
        between = (parts,) if is_bert else (parts, parts)
        return Marks((before,), between, (parts,), 0, 1 if is_bert else 0)
    if kind == "Sequence":
        # The others change what is told of a token, and add none.
        (only,) = (one for one in processor["processors"] if one["type"] != "ByteLevel")
        return _marks(only)
    raise ValueError(f"unknown post-processor {kind!r}")


def _checked(marks: Marks) -> Marks:
    """The marks, whose numbers are ones of tokens; ValueError where they are not."""
    numbers = (*marks.before, *marks.between, *marks.after, marks.first, marks.second)
    if not all(isinstance(number, int) and 0 <= number < _MOST_TOKENS for number in numbers):
        raise ValueError("not the number of a token")
    return marks


def _of_template(processor: Mapping[str, Any]) -> Marks:
    numbers = {name: one["ids"] for name, one in processor["special_tokens"].items()}
    found: list[list[int]] = [[]]
    kinds = []
    for piece in processor["pair"]:
        if "Sequence" in piece:
            kinds.append(piece["Sequence"]["type_id"])
            found.append([])
        else:
            found[-1] += numbers[piece["SpecialToken"]["id"]]
    before, between, after = map(tuple, found)
    return Marks(before, between, after, *kinds)
