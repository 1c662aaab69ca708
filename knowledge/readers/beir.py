"""JSON Lines in the BEIR form: each line a document with `_id`, `title` and `text`."""

from collections.abc import Iterator
from typing import NamedTuple

from pydantic import BaseModel, Field, ValidationError

from knowledge.documents import Document
from knowledge.errors import Obstacle, ReadError
from knowledge.readers.lines import text_blocks
from knowledge.source import SourceFile, address, checksum, refuse_binary, unreadable

_PART = 1 << 19
"""Bytes of a part, and a line more."""

_LONGEST_LINE = 50_000_000


class Record(BaseModel, coerce_numbers_to_str=True):
    """A line of a BEIR corpus; other fields are passed over."""

    id: str = Field(alias="_id", min_length=1)
    title: str | None = None
    text: str
    url: object = None


class Part(NamedTuple):
    """Some whole lines of a file: its bytes from `start` to `end`, the first of them `line`."""

    start: int
    end: int
    line: int


def read(file: SourceFile) -> Iterator[Document]:
    """A document for each line; ReadError names the first line that is none."""
    seen: set[str] = set()
    content = file.read_bytes()
    refuse_binary(content, file.name)
    for document in _documents(content, 1, file):
        if document.id in seen:
            raise second_time(file, document)
        seen.add(document.id)
        yield document


def second_time(file: SourceFile, document: Document) -> ReadError:
    """Why a file is not read that has an id twice."""
    return ReadError(file.name, f"line {document.line} repeats the _id {document.id!r}")


def parts(file: SourceFile) -> Iterator[Part]:
    """The parts of a file, each of which can be read apart; ReadError where there is none.

    No more than a part is held at a time, since a file may be larger than memory.
    """
    start, line = 0, 1
    is_empty = True
    try:
        with file.path.open("rb") as opened:
            while content := opened.read(_PART) + opened.readline(_LONGEST_LINE):
                if len(content) >= _LONGEST_LINE:
                    most = f"{_LONGEST_LINE // 10**6} MB"
                    raise ReadError(file.name, f"has a line longer than {most} after line {line}")
                refuse_binary(content, file.name)
                is_empty = is_empty and not content.removeprefix(b"\xef\xbb\xbf").strip()
                yield Part(start=start, end=start + len(content), line=line)
                line += content.count(b"\n")
                start += len(content)
    except OSError as error:
        raise unreadable(file.name, error) from error
    if is_empty:
        raise ReadError(file.name, "is empty; give a file with text", Obstacle.NO_TEXT)


def read_part(file: SourceFile, part: Part) -> Iterator[Document]:
    """The documents of a part; an id that another part has too is not noticed here."""
    try:
        with file.path.open("rb") as opened:
            opened.seek(part.start)
            content = opened.read(part.end - part.start)
    except OSError as error:
        raise unreadable(file.name, error) from error
    yield from _documents(content, part.line, file)


def _documents(content: bytes, first_line: int, file: SourceFile) -> Iterator[Document]:
    for number, line in enumerate(content.split(b"\n"), start=first_line):
        bare = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if not bare.strip():
            continue
        record = _record(bare, file, number)
        title = record.title or record.id
        blocks = tuple(text_blocks(record.text, title))
        yield Document(
            id=record.id,
            title=title,
            source=file.name,
            text=record.text,
            checksum=checksum(bare),
            blocks=blocks,
            line=number,
            url=address(record.url),
        )


def _record(content: bytes, file: SourceFile, number: int) -> Record:
    try:
        return Record.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        reason = f"{field}: {first['msg']}" if field else first["msg"]
        raise ReadError(
            file.name,
            f"line {number} is not a document ({reason}); "
            'each line must look like {"_id": "1", "title": "...", "text": "..."}',
        ) from error
