"""The documents as a running bot holds them: found by short keys, suggested, fingerprinted."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from pathlib import Path

from bot.assembly import Assembled, assemble
from bot.settings import Settings
from knowledge.documents import Document
from knowledge.loading import MATERIAL
from retrieval.answers import Citation
from retrieval.index.entries import Stored
from retrieval.tokens import words

_ILL_WRITTEN = {"typo", "chat"}
"""Tags of questions that test reading, and are not for others to read."""

_SUGGESTED_FROM = 5_000
"""Passages whose headings and titles are suggested; whoever has more knows what to ask for."""


@dataclass(frozen=True, slots=True)
class Around:
    """A passage, its line, and those before and after it in its document, if there are any."""

    before: Stored | None
    entry: Stored
    after: Stored | None
    line: int


class Library:
    """An index as it was when it was opened; a new reading makes a new library."""

    def __init__(self, assembled: Assembled, questions: Iterable[str] = ()) -> None:
        self.index = assembled.index
        self.documents = assembled.index.documents
        self.engine = assembled.engine
        self.answerer = assembled.answerer
        self.skipped = assembled.report.skipped
        self._questions = tuple(questions)

    @property
    def passages(self) -> int:
        """How many passages there are."""
        return self.index.manifest.passages

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that change when a document does."""
        return self.index.fingerprint

    def prepare(self) -> "Library":
        """Work out now what is looked up later, so that nobody waits for it."""
        _ = self.fingerprint, self._suggested, self._names
        return self

    def around(self, entry: Stored) -> Around:
        """A passage with those beside it; it reads the whole document, so not on an event loop."""
        document = self.documents[entry.passage.document_id]
        return Around(
            self.index.beside(entry, -1),
            entry,
            self.index.beside(entry, +1),
            document.line_at(entry.passage.span.start),
        )

    def quoted_from(self, citation: Citation) -> Stored:
        """The passage that a quote stands in, or the first one behind it."""
        entries = self.index.of_document(citation.document_id)
        return next(e for e in entries if e.passage.span.end >= citation.span.end)

    def suggestions(self, typed: str, limit: int) -> list[str]:
        """Questions and headings whose words begin with those typed, questions first."""
        return _matching(typed, self._suggested, limit)

    @cached_property
    def _suggested(self) -> dict[str, list[str]]:
        paths = (" › ".join(entry.passage.heading) for entry in self._first)
        headings = (path for path in paths if path)
        return {text: _folded(text) for text in (*self._questions, *headings)}

    def named(self, typed: str, limit: int) -> list[Document]:
        """Documents whose title or id has words that begin with those typed."""
        return [self.documents[name] for name in _matching(typed, self._names, limit)]

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        titles = {entry.passage.document_id: entry.passage.title for entry in self._first}
        return {id_: _folded(f"{id_} {title}") for id_, title in titles.items()}

    @cached_property
    def _first(self) -> Sequence[Stored]:
        entries = chain.from_iterable(map(self.index.of_file, self.index.files()))
        return list(islice(entries, _SUGGESTED_FROM))


def read_library(settings: Settings) -> Library:
    """The library over the documents of the settings; FootnoteError where it cannot be built."""
    assembled = assemble(settings.knowledge, settings.engine, settings.data, settings.cache)
    return Library(assembled, _questions(settings)).prepare()


def _questions(settings: Settings) -> Iterator[str]:
    """The questions of the question set that the documents answer, and that are written well."""
    from retrieval.evaluation.question_sets import PACKAGED, read_question_set

    is_packaged = settings.questions is None and settings.knowledge == MATERIAL
    path: Path | None = PACKAGED if is_packaged else settings.questions
    if path is not None:
        questions = read_question_set(path).questions
        well = (q for q in questions if not (q.must_be_declined or _ILL_WRITTEN & set(q.tags)))
        yield from dict.fromkeys(question.question for question in well)


def _folded(text: str) -> list[str]:
    return words(text.casefold())


def _matching(typed: str, texts: dict[str, list[str]], limit: int) -> list[str]:
    """The first `limit` names of texts that have, for each word typed, a word it begins."""
    beginnings = _folded(typed)
    matches = (
        name
        for name, held in texts.items()
        if all(any(word.startswith(start) for word in held) for start in beginnings)
    )
    return list(islice(matches, limit))
