"""Small real corpora: texts that are read, divided and indexed as a person's own would be."""

import json
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge.chunking import passages_of
from knowledge.documents import Document, Passage
from knowledge.errors import ReadError
from knowledge.loading import MATERIAL, files_at, read_file, read_text
from knowledge.source import SourceFile
from retrieval.answer.answering import Answerer
from retrieval.opening import collection_of

NO_WORDS = "—"
"""A title that adds no words to those of a text."""


def document(text: str, name: str = "notes.txt") -> Document:
    """The document that a file with this text and name is read as."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(text.encode())
        (read,) = documents_at(path)
    return read


def records(texts: Iterable[str], title: str = NO_WORDS) -> list[Document]:
    """A document for each text, with the ids 0, 1 and so on."""
    lines = [
        json.dumps({"_id": str(number), "title": title, "text": text})
        for number, text in enumerate(texts)
    ]
    return list(read_text("records.jsonl", "\n".join(lines))) if lines else []


def material() -> Document:
    """The packaged article."""
    (article,) = documents_at(MATERIAL)
    return article


def passages_from(*documents: Document) -> list[Passage]:
    """The passages of the documents, in order."""
    return [passage for document in documents for passage in passages_of(document)]


def documents_at(path: Path) -> list[Document]:
    """The documents of a file, or of every file of a folder that can be read."""
    files, _ = files_at(path)
    if not path.is_dir():
        return list(read_file(files[0]))
    return [document for file in files for document in _readable(file)]


def _readable(file: SourceFile) -> list[Document]:
    try:
        return list(read_file(file))
    except ReadError:
        return []


def answerer_over(*documents: Document) -> Answerer:
    """An Answerer over the documents, with the default engine."""
    return collection_of(documents, "rank-bm25").answerer
