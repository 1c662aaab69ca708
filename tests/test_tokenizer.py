"""A tokenizer.json as a reader uses it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from onnx_files import WORD_PIECES

pytest.importorskip("kitoken", reason="the extra for reading by meaning is not installed")

from retrieval.meaning.files import ReaderError
from retrieval.meaning.pairs import Marks
from retrieval.meaning.tokenizer import tokenizer_of

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = WORD_PIECES["post_processor"]
BYTES = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}


def _written(folder: Path, changes: dict[str, Any]) -> Path:
    file = folder / "tokenizer.json"
    file.write_text(json.dumps(WORD_PIECES | changes), encoding="utf-8")
    return file


def test_a_text_is_neither_filled_up_nor_cut(tmp_path: Path) -> None:
    """What the file says of padding and of the longest text holds for no part of a pair."""
    encode, _ = tokenizer_of(_written(tmp_path, {}))
    assert encode("plant") == [4]
    assert encode("Plant the seeds early.") == [4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize(
    ("processor", "marks"),
    [
        (TEMPLATE, Marks((2,), (3,), (3,), 0, 1)),
        ({"type": "BertProcessing", "cls": ["[CLS]", 2], "sep": ["[SEP]", 3]},
         Marks((2,), (3,), (3,), 0, 1)),
        ({"type": "RobertaProcessing", "cls": ["[CLS]", 2], "sep": ["[SEP]", 3],
          "trim_offsets": True, "add_prefix_space": False},
         Marks((2,), (3, 3), (3,), 0, 0)),
        ({"type": "Sequence", "processors": [BYTES, TEMPLATE]}, Marks((2,), (3,), (3,), 0, 1)),
    ],
    ids=["template", "bert", "roberta", "sequence"],
)  # fmt: skip
def test_the_tokens_around_two_texts(
    tmp_path: Path, processor: dict[str, Any], marks: Marks
) -> None:
    """They are those of the post-processor, of each kind that there is."""
    assert tokenizer_of(_written(tmp_path, {"post_processor": processor}))[1] == marks


@pytest.mark.parametrize(
    "changes",
    [
        {"post_processor": None},
        {"post_processor": BYTES},
        {"post_processor": {"type": "Sequence", "processors": []}},
        {"post_processor": TEMPLATE | {"pair": TEMPLATE["single"]}},
        {"post_processor": TEMPLATE | {"special_tokens": {}}},
        {"post_processor": []},
        {"model": {"type": "Telepathy"}},
    ],
    ids=["none", "bytes", "empty", "single", "unnumbered", "list", "model"],
)
def test_what_joins_no_texts_is_named(tmp_path: Path, changes: dict[str, Any]) -> None:
    """A file that is no tokenizer, or does not say how two texts are joined, gets one sentence."""
    with pytest.raises(ReaderError, match=r"tokenizer\.json: is no tokenizer that joins two texts"):
        tokenizer_of(_written(tmp_path, changes))


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"{}", b"null", b'{"a": '])
def test_what_is_no_tokenizer_is_named(tmp_path: Path, content: bytes) -> None:
    """So does a file of something else."""
    file = tmp_path / "tokenizer.json"
    file.write_bytes(content)
    with pytest.raises(ReaderError, match="is no tokenizer"):
        tokenizer_of(file)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """As is one that is not there, or no file."""
    with pytest.raises(ReaderError, match="cannot be read"):
        tokenizer_of(tmp_path)


@pytest.mark.parametrize("text", ["[SEP]", "[CLS] plant [SEP]", "[PAD][UNK]"])
def test_what_is_written_is_text(tmp_path: Path, text: str) -> None:
    """A question cannot hold a special token: it could end itself and begin the passage."""
    encode, marks = tokenizer_of(_written(tmp_path, {}))
    assert not {*marks.before, *marks.between, *marks.after} & set(encode(text))


@pytest.mark.parametrize("text", ["", " ", "\0", "\ud800", "plant \udfff", "😀", "中" * 100_000])
def test_any_text_has_tokens(tmp_path: Path, text: str) -> None:
    """Nothing that somebody can type fails, or takes long."""
    encode, _ = tokenizer_of(_written(tmp_path, {}))
    assert len(encode(text)) <= len(text)


@pytest.mark.parametrize("end", ["join", "leave"])
def test_threads_may_come_and_go(tmp_path: Path, end: str) -> None:
    """Also while one is at work: the library fails where a thread that has used it ends."""
    code = f"""
import threading, time
from pathlib import Path
from retrieval.meaning.tokenizer import tokenizer_of

encode, _ = tokenizer_of(Path({str(_written(tmp_path, {}))!r}))

def run(times):
    for _ in range(times):
        assert encode("the quick brown fox jumps over the lazy dog. " * 20)

for _ in range(10):
    thread = threading.Thread(target=run, args=(50,), daemon=True)
    thread.start()
    thread.join()
if {end!r} == "leave":
    threading.Thread(target=run, args=(10**9,), daemon=True).start()
    time.sleep(0.2)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_a_forked_process_cuts_texts(tmp_path: Path) -> None:
    """It has none of its parent's threads: a server that forks its workers would wait for ever."""
    code = f"""
import os, signal
from pathlib import Path
from retrieval.meaning.tokenizer import tokenizer_of

encode, _ = tokenizer_of(Path({str(_written(tmp_path, {}))!r}))
assert encode("plant") == [4]
if child := os.fork():
    raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
signal.alarm(20)
assert encode("plant") == [4]
os._exit(0)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
