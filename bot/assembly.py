"""From settings to an Answerer: the only module that knows every part."""

from dataclasses import dataclass
from pathlib import Path

from knowledge.chunking import passages_of
from knowledge.documents import Document, Passage
from knowledge.loading import Skipped, load
from retrieval.answering import Answerer
from retrieval.engine import build_engine


@dataclass(frozen=True, slots=True)
class Assembled:
    """What was read, and the Answerer over it."""

    documents: dict[str, Document]
    passages: tuple[Passage, ...]
    skipped: tuple[Skipped, ...]
    engine: str
    answerer: Answerer


def assemble(knowledge: Path, engine: str) -> Assembled:
    """Read the documents and build the engine; FootnoteError where either cannot be done."""
    loaded = load(knowledge)
    documents = {document.id: document for document in loaded.documents}
    passages = tuple(p for document in loaded.documents for p in passages_of(document))
    answerer = Answerer(documents, build_engine(engine, passages))
    return Assembled(documents, passages, loaded.skipped, engine, answerer)
