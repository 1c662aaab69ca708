"""From settings to an Answerer: the only module that knows every part."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.calibrations import data_folder, stored_threshold
from bot.indexes import index_folder
from knowledge.documents import Document
from retrieval.answer.answering import Answerer
from retrieval.answer.confidence import THRESHOLD
from retrieval.index.manifest import IndexUseError
from retrieval.index.reading import Index, open_index
from retrieval.index.refreshing import Progress, Report, refresh
from retrieval.search.engine import AUTO, build_engine, chosen

if TYPE_CHECKING:
    from retrieval.evaluation.judging import Judge


@dataclass(frozen=True, slots=True)
class Assembled:
    """The index, what was done to bring it up to date, and the Answerer over it.

    `is_auto` is whether the engine was chosen by the number of passages.
    """

    index: Index
    report: Report
    folder: Path
    engine: str
    is_auto: bool
    answerer: Answerer


def threshold_for(knowledge: Path, data: Path | None) -> float:
    """The threshold that was fitted for these documents, or the default."""
    stored = stored_threshold(data_folder(data), knowledge)
    return THRESHOLD if stored is None else stored


def judge_over(documents: dict[str, Document], engine: str, threshold: float) -> "Judge":
    """A judge that asks over these documents; a process of its own can make one too."""
    from knowledge.chunking import passages_of
    from retrieval.evaluation.judging import Judge

    passages = [p for document in documents.values() for p in passages_of(document)]
    name = chosen(engine, len(passages))
    return Judge(documents, Answerer(documents, build_engine(name, passages), threshold))


def assemble(
    knowledge: Path,
    engine: str,
    data: Path | None,
    cache: Path | None,
    progress: Progress | None = None,
    *,
    base_url: str | None = None,
    is_anew: bool = False,
) -> Assembled:
    """Bring the index up to date and open it; FootnoteError where either cannot be done."""
    folder = index_folder(cache, knowledge)
    # Before a long reading, since the name may be wrong.
    chosen(engine, 0)
    report = refresh(knowledge, folder, progress, is_anew=is_anew)
    index = open_index(folder, knowledge, base_url)
    if index is None:
        raise IndexUseError(f"{folder}: was deleted while it was read; try again")
    name = chosen(engine, index.manifest.passages)
    built = index.engine if name == "tantivy" else build_engine(name, index.passages())
    answerer = Answerer(index.documents, built, threshold_for(knowledge, data), words=index)
    return Assembled(index, report, folder, name, engine == AUTO, answerer)
