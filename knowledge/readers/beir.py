"""JSON Lines in the BEIR form: each line a document with `_id`, `title` and `text`."""

from collections.abc import Iterator

from pydantic import BaseModel, Field, ValidationError

from knowledge.documents import Document
from knowledge.errors import ReadError
from knowledge.readers.lines import text_blocks
from knowledge.readers.source import SourceFile, checksum


class Record(BaseModel):
    """A line of a BEIR corpus; other fields are passed over."""

    id: str = Field(alias="_id", min_length=1)
    title: str = ""
    text: str


def read(file: SourceFile) -> Iterator[Document]:
    """A document for each line; ReadError names the first line that is none."""
    seen: set[str] = set()
    for number, line in enumerate(file.read_bytes().split(b"\n"), start=1):
        content = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if not content.strip():
            continue
        record = _record(content, file, number)
        if record.id in seen:
            raise ReadError(file.name, f"line {number} has the _id {record.id!r} a second time")
        seen.add(record.id)
        title = record.title or record.id
        blocks = tuple(text_blocks(record.text, title))
        yield Document(
            record.id, title, file.name, record.text, checksum(content), blocks, line=number
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
            f"line {number} is no document ({reason}); "
            'each line must be like {"_id": "1", "title": "...", "text": "..."}',
        ) from error
