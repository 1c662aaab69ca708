"""A collection: documents ready to be asked in one way, whoever asks and wherever they are."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from knowledge.documents import Document
from knowledge.errors import FootnoteError
from retrieval.answer.answer import Answer
from retrieval.answer.answering import Answerer, Trace
from retrieval.index.checksums import IndexDamagedError, damaged_files
from retrieval.index.engines import AUTO, build_engine, chosen
from retrieval.index.manifest import IndexGoneError
from retrieval.index.origins import Origin
from retrieval.index.progress import Progress
from retrieval.index.reading import Index
from retrieval.index.report import Report
from retrieval.meaning.files import VECTORS_FILE
from retrieval.meaning.loading import AUTO as AUTO_READER
from retrieval.meaning.loading import WORDS, installed_reader, reader_name
from retrieval.meaning.meaning import Meaning
from retrieval.scoring.weights import Weights, shipped
from retrieval.search.engine import Hit

if TYPE_CHECKING:
    from retrieval.answer.conversation import Conversation
    from retrieval.evaluation.evaluation import Evaluation
    from retrieval.evaluation.judging import Judge
    from retrieval.evaluation.question_sets import QuestionSet
    from retrieval.index.checking import Difference
    from retrieval.meaning.making import Made
    from retrieval.meaning.model import Reader
    from retrieval.meaning.vectors import Vectors

T = TypeVar("T")

MOST_VECTORS = 20_000
"""Passages up to which vectors are made, unless another number is given."""

_QUESTIONS_A_PROCESS = 500  # starting a process takes as long as some hundred answers


@dataclass(frozen=True, slots=True)
class Asking:
    """How a collection is asked: by which engine and reader, and from which confidence on it
    answers, that of the weights unless another is given."""

    engine: str = AUTO
    threshold: float | None = None
    weights: Weights | None = None
    reader: str = AUTO_READER


class Collection:
    """Documents ready to be asked, made by what retrieval/opening.py has.

    It may be asked by one thread at a time. Pickled, it is opened again where it is unpickled.
    """

    def __init__(self, origin: Origin, asking: Asking, index: Index, report: Report) -> None:
        self.index = index
        self.report = report
        self._origin = origin
        self._asking = asking

    @classmethod
    def opened(cls, origin: Origin, asking: Asking) -> "Collection":
        """What is at an origin, as it is."""
        return cls(origin, asking, origin.opened(), Report())

    def __reduce__(self) -> "tuple[Callable[[Origin, Asking], Collection], tuple[Origin, Asking]]":
        """How another process opens it."""
        return Collection.opened, (self._origin, self._asking)

    @property
    def knowledge(self) -> Path | None:
        """The path of the documents; None where they are in memory."""
        return self._origin.knowledge

    @property
    def folder(self) -> Path | None:
        """The folder of the index; None where it is in memory."""
        return self._origin.folder

    @property
    def place(self) -> str:
        """Where the index is, for people."""
        return self._origin.place

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents by their ids."""
        return self.index.documents

    @property
    def passages(self) -> int:
        """How many passages there are."""
        return self.index.summary.passages

    @property
    def files(self) -> int:
        """How many files were read, or skipped."""
        return self.index.summary.files

    @property
    def engine(self) -> str:
        """The name of the engine that searches."""
        return chosen(self._asking.engine, self.passages)

    @property
    def is_engine_chosen(self) -> bool:
        """Whether the engine was chosen by the number of passages."""
        return self._asking.engine == AUTO

    @property
    def reader(self) -> str:
        """The name of what reads what is found: a model, or "words" where none does."""
        return reading_with(self._asking.reader, self.weights)

    @property
    def threshold(self) -> float:
        """The confidence from which on a question is answered that the reader has read."""
        return self.threshold_of(self.reader)

    def threshold_of(self, reader: str) -> float:
        """The confidence from which on a question is answered that a reader has read, or words."""
        given = self._asking.threshold
        if given is not None:
            return given
        read = self.weights.read
        return self.weights.threshold if read is None or reader == WORDS else read.threshold

    @property
    def weights(self) -> Weights:
        """The weights by which passages, units and spans are chosen."""
        return self._asking.weights or shipped()

    @cached_property
    def answerer(self) -> Answerer:
        """What answers, made when it is first asked for."""
        engine = build_engine(self.engine, self.index)
        return Answerer(self.index, engine, self._asking.threshold, self.weights, self._meaning())

    def _meaning(self) -> Meaning | None:
        """What understands questions; None where words decide."""
        reader = self._reader()
        if reader is None:
            return None
        return Meaning(reader, partial(_vectors, self.folder, reader))

    def _reader(self) -> "Reader | None":
        """What reads what is found; None where words decide."""
        return None if self.weights.read is None else installed_reader(self._asking.reader)

    def gets_vectors(self, most: int = MOST_VECTORS) -> bool:
        """Whether `make_vectors` makes some where passages lack any, unless a model of a user's own
        gives none."""
        return self.reader != WORDS and self.folder is not None and self.passages <= most

    def make_vectors(
        self, progress: "Callable[[int, int], object] | None" = None, most: int = MOST_VECTORS
    ) -> "Made | None":
        """Make the vectors that passages lack, if there are at most so many passages.

        None where no reader gives any, or the documents are in memory. `progress` is told how many
        are made of those that were lacking. FootnoteError where they cannot be kept.
        """
        reader = self._reader()
        if reader is None or self.folder is None or not reader.has_vectors:
            return None
        # Imported here since it brings numpy.
        from retrieval.meaning.making import make_vectors

        folder = self.folder
        made = self.mended(lambda: make_vectors(self.index, folder, reader, most, progress))
        # Made of the vectors as they were.
        self.__dict__.pop("answerer", None)
        return made

    def prepare(self) -> None:
        """Load now what is else loaded for the first question."""
        _ = self.answerer
        if reader := self._reader():
            reader.prepare()

    def ask(self, question: str, limit: int = 10) -> Answer:
        """The answer to a question, with at most `limit` hits.

        QuestionError where it is empty or longer than LONGEST_QUESTION.
        """
        return self.mended(lambda: self.answerer.answer(question, limit))

    def explain(self, question: str, limit: int = 10) -> Trace:
        """The answer as `ask` gives it, with how it came about."""
        return self.mended(lambda: self.answerer.trace(question, limit))

    def search(self, query: str, limit: int = 10) -> list[Hit]:
        """The best `limit` passages for a query; QuestionError as `ask`."""
        return self.mended(lambda: self.answerer.search(query, limit))

    def knows(self, term: str) -> bool:
        """Whether the documents have a term."""
        return self.mended(lambda: self.answerer.knows(term))

    def conversation(self) -> "Conversation":
        """A conversation, in which a question may leave out what the one before it said."""
        # Imported here since most questions stand alone, and its patterns take time to compile.
        from retrieval.answer.conversation import Conversation

        return Conversation(self.ask)

    def evaluate(
        self,
        questions: "QuestionSet | Path | str",
        *,
        processes: int | None = None,
        on_progress: Callable[[int], object] = lambda _: None,
    ) -> "Evaluation":
        """What comes of judged questions, scored; a question set or the path of one.

        `on_progress` is told how many more questions are done. QuestionSetError where the documents
        do not hold the evidence.
        """
        # Imported here since they bring numpy and pydantic.
        from retrieval.evaluation.evaluation import Evaluation
        from retrieval.evaluation.evidence import located
        from retrieval.evaluation.judging import judge_all
        from retrieval.evaluation.question_sets import read_question_set

        found = (
            read_question_set(Path(questions)) if isinstance(questions, Path | str) else questions
        )
        found = located(found, self.index)
        count = len(found.questions)
        workers = processes or max(1, min(os.cpu_count() or 1, count // _QUESTIONS_A_PROCESS))
        outcomes = judge_all(found.questions, partial(_judge_over, self), workers, on_progress)
        return Evaluation(tuple(outcomes), self.knowledge)

    def differences(self) -> "Iterator[Difference]":
        """The files that are not what was read, each read whole; ReadError where there are none.

        IndexDamagedError where the index itself is not what was written.
        """
        # Imported here since only one command looks for them.
        from retrieval.index.checking import differences
        from retrieval.meaning.vectors import has_damaged_vectors

        if self.knowledge is None:
            return iter(())
        if self.folder is None:
            return differences(self.index, self.knowledge)
        damaged = damaged_files(self.folder, whole=True)
        if not damaged and has_damaged_vectors(self.folder):
            damaged = [VECTORS_FILE]
        if damaged:
            raise IndexDamagedError(self.folder, damaged)
        return differences(self.index, self.knowledge)

    def refresh(self, progress: Progress | None = None) -> Report:
        """Read again what has changed; what was done. The errors are those of `open_collection`."""
        return self._refreshed(progress, rebuild=False)

    def _refreshed(self, progress: Progress | None, *, rebuild: bool) -> Report:
        self.index, self.report = self._origin.refreshed(progress, rebuild=rebuild)
        # Made of the index as it was.
        self.__dict__.pop("answerer", None)
        return self.report

    def mended(self, work: Callable[[], T]) -> T:
        """What some work over the index gives.

        Where it finds that the index was replaced, the other is opened first; where it finds it
        damaged, that is made anew.
        """
        try:
            return work()
        except IndexGoneError:
            self.index = self._origin.opened()
            self.__dict__.pop("answerer", None)
            return work()
        except IndexDamagedError as error:
            damaged = error.named
        except FootnoteError:
            raise
        except Exception:
            # Whatever stumbles: what is looked up over damaged files may just not be found.
            files = damaged_files(self.folder, whole=True) if self.folder else []
            if self.folder is None or not files:
                raise
            damaged = IndexDamagedError(self.folder, files).named
        self.report = replace(self._refreshed(None, rebuild=True), damaged=damaged)
        return work()


def reading_with(reader: str, weights: Weights) -> str:
    """The name of what reads with some weights; ReaderError where there is no such reader."""
    name = reader_name(reader)
    return name if weights.read is not None else WORDS


def _vectors(folder: Path | None, reader: "Reader") -> "Vectors | None":
    """The vectors in the folder of an index that a reader made; None where there are none."""
    if folder is None or not reader.has_vectors or not os.path.exists(folder / VECTORS_FILE):  # noqa: PTH110, one that is closed is an error to Path
        return None
    # Imported here since it brings numpy.
    from retrieval.meaning.vectors import Vectors

    return Vectors.open(folder, reader.identity)


def _judge_over(collection: Collection) -> "Judge":
    from retrieval.evaluation.judging import Judge

    return Judge(collection.index, collection.answerer)
