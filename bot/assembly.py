"""From settings to an Answerer: the only module that knows every part."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.calibrations import data_folder, stored_threshold
from knowledge.chunking import passages_of
from knowledge.documents import Document, Passage
from knowledge.loading import Skipped, load
from retrieval.answering import Answerer
from retrieval.confidence import THRESHOLD
from retrieval.engine import build_engine

if TYPE_CHECKING:
    from retrieval.evaluation.judging import Judge


@dataclass(frozen=True, slots=True)
class Assembled:
    """What was read, and the Answerer over it."""

    documents: dict[str, Document]
    passages: tuple[Passage, ...]
    skipped: tuple[Skipped, ...]
    engine: str
    answerer: Answerer


def threshold_for(knowledge: Path, data: Path | None) -> float:
    """The threshold that was fitted for these documents, or the default."""
    stored = stored_threshold(data_folder(data), knowledge)
    return THRESHOLD if stored is None else stored


def judge_over(documents: dict[str, Document], engine: str, threshold: float) -> "Judge":
    """A judge that asks over these documents; a process of its own can make one too."""
    from retrieval.evaluation.judging import Judge

    passages = (p for document in documents.values() for p in passages_of(document))
    return Judge(documents, Answerer(documents, build_engine(engine, passages), threshold))


def assemble(knowledge: Path, engine: str, data: Path | None) -> Assembled:
    """Read the documents and build the engine; FootnoteError where either cannot be done."""
    loaded = load(knowledge)
    documents = {document.id: document for document in loaded.documents}
    passages = tuple(p for document in loaded.documents for p in passages_of(document))
    threshold = threshold_for(knowledge, data)
    answerer = Answerer(documents, build_engine(engine, passages), threshold)
    return Assembled(documents, passages, loaded.skipped, engine, answerer)
