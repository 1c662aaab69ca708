"""Small real corpora: texts that are read, divided and indexed as a person's own would be."""

import json
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge.chunking import passages_of
from knowledge.documents import Document, Passage
from knowledge.loading import MATERIAL, load
from retrieval.answer.answering import Answerer
from retrieval.search.engine import build_engine

NO_WORDS = "—"
"""A title that adds no words to those of a text."""


def document(text: str, name: str = "notes.txt") -> Document:
    """The document that a file with this text and name is read as."""
    (read,) = _read(text, name)
    return read


def records(texts: Iterable[str], title: str = NO_WORDS) -> list[Document]:
    """A document for each text, with the ids 0, 1 and so on."""
    lines = [
        json.dumps({"_id": str(number), "title": title, "text": text})
        for number, text in enumerate(texts)
    ]
    return list(_read("\n".join(lines), "records.jsonl")) if lines else []


def material() -> Document:
    """The packaged article."""
    (article,) = load(MATERIAL).documents
    return article


def passages_from(*documents: Document) -> list[Passage]:
    """The passages of the documents, in order."""
    return [passage for document in documents for passage in passages_of(document)]


def answerer_over(*documents: Document) -> Answerer:
    """An Answerer over the documents, with the default engine."""
    engine = build_engine("rank-bm25", passages_from(*documents))
    return Answerer({document.id: document for document in documents}, engine)


def _read(text: str, name: str) -> tuple[Document, ...]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(text.encode())
        return load(path).documents
