"""JSON Lines in the BEIR form: one document a line, and bad lines named."""

import hashlib
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.documents import BlockKind, Document
from knowledge.errors import ReadError
from knowledge.readers import beir
from knowledge.readers.beir import read
from knowledge.source import SourceFile

GOOD = b'{"_id": "1", "title": "One", "text": "The first."}'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place for the files that a property is tried with."""
    return tmp_path_factory.mktemp("beir")


def _read(path: Path, content: bytes) -> list[Document]:
    path.write_bytes(content)
    return list(read(SourceFile(path, path.name)))


def test_each_line_is_a_document(tmp_path: Path) -> None:
    """Id, title and text are those of the record, source and line those of the file."""
    path = tmp_path / "corpus.jsonl"
    second = b'{"_id": "doc:2", "title": "", "text": "Zw\xc3\xb6lf.", "metadata": {"url": "x"}}'
    first_document, second_document = _read(path, GOOD + b"\n" + second)
    assert first_document.id == "1"
    assert first_document.title == "One"
    assert first_document.text == "The first."
    assert (first_document.source, first_document.line) == (str(path), 1)
    assert second_document.id == "doc:2"
    assert second_document.text == "Zwölf."
    assert (second_document.source, second_document.line) == (str(path), 2)


@pytest.mark.parametrize(
    "record", ['{"_id": "7", "text": "x"}', '{"_id":"7","title":"","text":""}']
)
def test_a_missing_title_is_the_id(tmp_path: Path, record: str) -> None:
    """A record without a title is named by its id."""
    (document,) = _read(tmp_path / "a.jsonl", record.encode())
    assert document.title == "7"


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_blank_lines_are_passed_over_but_counted(tmp_path: Path, end: bytes) -> None:
    """A document's line is that of the file, with or without blank lines and a byte order mark."""
    lines = [b"\xef\xbb\xbf" + GOOD, b"", b" \t", GOOD.replace(b'"1"', b'"2"'), b"", b""]
    documents = _read(tmp_path / "a.jsonl", end.join(lines))
    assert [(document.id, document.line) for document in documents] == [("1", 1), ("2", 4)]
    assert documents[1].line_at(5) == 4


def test_a_byte_order_mark_may_stand_alone_on_the_first_line(tmp_path: Path) -> None:
    """The mark and nothing else is a blank line."""
    (document,) = _read(tmp_path / "a.jsonl", b"\xef\xbb\xbf\n" + GOOD)
    assert document.line == 2


def test_the_checksum_is_that_of_the_line(tmp_path: Path) -> None:
    """A document's checksum changes with its own record only."""
    (document, _) = _read(tmp_path / "a.jsonl", GOOD + b"\n" + b'{"_id": "2", "text": "x"}\n')
    assert document.checksum == hashlib.sha256(GOOD).hexdigest()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"no json", "Invalid JSON"),
        (b'{"_id": "3", "text": "x"', "Invalid JSON"),
        (b'{"_id": "3", "text": "caf\xe9"}', "Invalid JSON"),
        (b'{"_id": "3", "text": "\\ud800"}', "Invalid JSON"),
        (b'["3", "x"]', "object"),
        (b'{"text": "x"}', "_id: Field required"),
        (b'{"_id": "", "text": "x"}', "_id: String should have at least 1 character"),
        (b'{"_id": [3], "text": "x"}', "_id: Input should be a valid string"),
        (b'{"_id": "3", "title": "x"}', "text: Field required"),
        (b'{"_id": "3", "text": null}', "text: Input should be a valid string"),
        (b"\xef\xbb\xbf" + GOOD, "Invalid JSON"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: bytes, reason: str) -> None:
    """The error names the file, the number of the line, what is wrong and what is right."""
    path = tmp_path / "corpus.jsonl"
    with pytest.raises(ReadError) as error:
        _read(path, GOOD + b"\n\n" + line + b"\n" + b"bad too\n")
    assert error.value.name == str(path)
    assert error.value.reason.startswith("line 3 is not a document (")
    assert reason in error.value.reason
    assert '{"_id": "1", "title": "...", "text": "..."}' in error.value.reason
    assert "\n" not in str(error.value)


def test_an_id_stands_once(tmp_path: Path) -> None:
    """The second record of an id is an error that names its line and the id."""
    other = b'{"_id": "2", "text": "x"}'
    with pytest.raises(ReadError, match=r"corpus\.jsonl: line 4 repeats the _id '1'"):
        _read(tmp_path / "corpus.jsonl", b"\n".join([GOOD, b"", other, GOOD]))


def test_a_text_has_paragraphs_and_items(tmp_path: Path) -> None:
    """The text of a record is plain text: it has lists, and no headings."""
    text = "= No title =\n\nMembers:\r\n- Mexico\r\n- Palestine"
    (document,) = _read(tmp_path / "a.jsonl", json.dumps({"_id": "1", "text": text}).encode())
    assert [(b.kind, b.heading, b.span.of(text)) for b in document.blocks] == [
        (BlockKind.PARAGRAPH, (), "= No title ="),
        (BlockKind.PARAGRAPH, (), "Members:"),
        (BlockKind.ITEM, (), "Mexico"),
        (BlockKind.ITEM, (), "Palestine"),
    ]


# Without byte order marks, which tests/test_lines.py treats.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff"))


@given(st.lists(TEXT, min_size=1), st.booleans())
def test_texts_are_read_as_they_were_written(
    folder: Path, texts: list[str], ascii_only: bool
) -> None:
    """Any text comes back character for character, escaped or not, and its blocks lie in it."""
    lines = [
        json.dumps({"_id": str(number), "text": text}, ensure_ascii=ascii_only)
        for number, text in enumerate(texts)
    ]
    documents = _read(folder / "a.jsonl", "\n".join(lines).encode())
    assert [document.text for document in documents] == texts
    for document in documents:
        for block in document.blocks:
            assert block.span.end <= len(document.text)
            assert block.span.of(document.text).strip() == block.span.of(document.text)


def test_a_large_file_is_read_in_parts(tmp_path: Path) -> None:
    """Of 100,000 records no more than a part is held at a time, and none is lost."""
    path = tmp_path / "corpus.jsonl"
    with path.open("w", encoding="utf-8") as corpus:
        for number in range(100_000):
            corpus.write(f'{{"_id": "{number}", "title": "T", "text": "Oil came to {number}."}}\n')
    file = SourceFile(path, path.name)
    tracemalloc.start()
    parts = list(beir.parts(file))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 3_000_000 < path.stat().st_size
    assert [part.start for part in parts[1:]] == [part.end for part in parts[:-1]]
    assert parts[-1].end == path.stat().st_size
    last = list(beir.read_part(file, parts[-1]))
    assert (last[-1].id, last[-1].line) == ("99999", 100_000)
    assert last[0].line == parts[-1].line
