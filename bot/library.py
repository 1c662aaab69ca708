"""The documents as a running bot holds them: found by short keys, suggested, fingerprinted."""

import logging
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import groupby, islice
from pathlib import Path
from time import sleep, time
from typing import NamedTuple, TypeVar

from bot.assembly import opened
from bot.presentation import counted, vectors_text
from bot.settings import Settings
from footnote import MATERIAL, Citation, Collection, Document
from footnote.index import Index, Stored
from footnote.text import written_words

T = TypeVar("T")

_log = logging.getLogger(__name__)

_PATIENCE = 10
"""Seconds between two looks at whether another process has made vectors."""

_ILL_WRITTEN = {"typo", "chat"}
"""Tags of questions that test reading, and are not for others to read."""

_SUGGESTED_FROM = 5_000
"""Passages whose headings and titles are suggested; whoever has more knows what to ask for."""


class Named(NamedTuple):
    """A document, by its id, its title and where it can be read."""

    id: str
    title: str
    url: str | None = None


class Listing(NamedTuple):
    """One page of the list of documents, and which of how many it is, counted from 0.

    `total` are all documents, `skipped` the files that are not among them.
    """

    documents: list[Named]
    page: int
    pages: int
    total: int
    skipped: int


class Surroundings(NamedTuple):
    """A passage with those beside it in its document."""

    entry: Stored
    before: Stored | None
    after: Stored | None


class Library:
    """A collection as it was when it was opened; a new reading makes a new library.

    `read_at` is when that was, in seconds since 1970.
    """

    def __init__(self, collection: Collection, questions: Iterable[str] = ()) -> None:
        self.collection = collection
        self.read_at = time()
        self._questions = tuple(questions)

    @property
    def index(self) -> Index:
        """Where the passages are read; another one once a damaged one was made anew."""
        return self.collection.index

    @property
    def summary(self) -> str:
        """How much there is, and how many files were skipped."""
        collection = self.collection
        return (
            f"{counted(len(collection.documents), 'document')} with"
            f" {counted(collection.passages, 'passage')},"
            f" {counted(len(collection.report.skipped), 'file')} skipped"
        )

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that change when a document does."""
        return self.index.fingerprint

    @cached_property
    def passages(self) -> int:
        """How many passages are searched."""
        return self.collection.passages

    def prepare(self) -> "Library":
        """Work out now what is looked up later, so that nobody waits for it."""
        _ = self.fingerprint, self.passages, self._suggested
        self.collection.prepare()
        return self

    def quoted_from(self, citation: Citation) -> Stored:
        """The passage that a quote stands in, or the first one behind it."""
        entries = self.index.of_document(citation.document_id)
        return next(e for e in entries if e.passage.span.end >= citation.span.end)

    def passage(self, key: str) -> Stored | None:
        """The passage with a key; None where there is none any more."""
        return self.index.with_key(key)

    def surroundings(self, entry: Stored) -> Surroundings:
        """A passage with those beside it."""
        return Surroundings(entry, self.index.before(entry), self.index.after(entry))

    def surroundings_with(self, key: str) -> Surroundings | None:
        """The passage with a key, likewise."""
        entry = self.passage(key)
        return None if entry is None else self.surroundings(entry)

    def mended(self, work: "Callable[[Library], T]") -> T:
        """What some work reads in the index, which may be replaced or found damaged meanwhile."""
        return self.collection.mended(lambda: work(self))

    def some_documents(self, start: int, count: int) -> list[Named]:
        """So many documents from one on, files in their order."""
        return list(islice(self._documents_from(start), count))

    def _documents_from(self, start: int) -> Iterator[Named]:
        """The documents from one on; of a file before it, and of what follows, nothing is read."""
        records = self.index.manifest.files
        for path in self.index.files():
            count = records[path].documents
            if start < count:
                entries = groupby(self.index.of_file(path), lambda e: e.passage.document_id)
                firsts = (next(group) for _, group in entries)
                yield from map(self._named, islice(firsts, start, count))
            start = max(0, start - count)

    def _named(self, entry: Stored) -> Named:
        passage = entry.passage
        return Named(passage.document_id, passage.title, self.index.url_of(entry))

    def suggestions(self, typed: str, limit: int) -> list[str]:
        """Questions and headings whose words begin with those typed, questions first."""
        return _matching(typed, self._suggested[0], limit)

    def examples(self, limit: int, longest: int) -> list[str]:
        """The first questions that are known to be answered, of at most `longest` characters."""
        return list(islice((q for q in self._questions if len(q) <= longest), limit))

    def named(self, typed: str, limit: int) -> list[Named]:
        """Documents whose title or id has words that begin with those typed."""
        return _matching(typed, self._suggested[1], limit)

    @cached_property
    def _suggested(self) -> tuple[dict[str, list[str]], dict[Named, list[str]]]:
        """Questions and headings, and the documents, each with its words."""
        texts = {question: _folded(question) for question in self._questions}
        documents: dict[Named, list[str]] = {}
        for entry in islice(self.index.entries.all(), _SUGGESTED_FROM):
            passage = entry.passage
            if passage.heading:
                heading = " › ".join(passage.heading)
                texts.setdefault(heading, _folded(heading))
            document = self._named(entry)
            if document not in documents:
                documents[document] = _folded(f"{document.id} {document.title}")
        return texts, documents


def read_library(settings: Settings) -> Library:
    """The library over the documents of the settings; FootnoteError where it cannot be built."""
    return Library(opened(settings), _questions(settings)).prepare()


def library_of(documents: Iterable[Document], reader: str = "auto") -> Library:
    """The library over documents in memory; ReadError where two have one id, or there are none."""
    # Imported here since most servers keep none.
    from footnote.documents import collection_of

    return Library(collection_of(documents, reader=reader)).prepare()


def complete_vectors(settings: Settings, go_on: Callable[[], None]) -> bool:
    """Make the vectors that passages lack; whether there are more than there were.

    `go_on` is called often, and may raise what ends it. FootnoteError where they cannot be made.
    """
    # Its own, since that of the library is asked meanwhile by another thread.
    collection = opened(settings, refresh=False)
    has_waited = False
    while made := collection.make_vectors(lambda *_: go_on(), settings.vectors):
        if not made.is_elsewhere:
            _log.info("%s", vectors_text(made))
            return has_waited or made.made > 0
        has_waited = True
        for _ in range(_PATIENCE):
            go_on()
            sleep(1)
    return False


def question_set_of(settings: Settings, knowledge: Path) -> Path | None:
    """The question set that belongs to some documents; None where none does."""
    from footnote.evaluation import PACKAGED

    return settings.questions or (PACKAGED if knowledge == MATERIAL else None)


def _questions(settings: Settings) -> Iterator[str]:
    """The questions of the question set that the documents answer, and that are written well."""
    from footnote.evaluation import read_question_set

    path = question_set_of(settings, settings.knowledge)
    if path is not None:
        questions = read_question_set(path).questions
        well = (q for q in questions if not (q.must_be_declined or _ILL_WRITTEN & set(q.tags)))
        yield from dict.fromkeys(question.question for question in well)


def _folded(text: str) -> list[str]:
    return written_words(text.casefold())


def _matching(typed: str, texts: dict[T, list[str]], limit: int) -> list[T]:
    """The first `limit` of those that have, for each word typed, a word it begins."""
    beginnings = _folded(typed)
    matches = (
        name
        for name, held in texts.items()
        if all(any(word.startswith(start) for word in held) for start in beginnings)
    )
    return list(islice(matches, limit))
