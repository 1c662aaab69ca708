"""The index, opened to be read: its documents and passages, each loaded when it is asked for."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from knowledge.documents import Document, Passage, lines_before
from retrieval.index.entries import Stored, document_of, key_of
from retrieval.index.entry_store import EntryStore
from retrieval.index.layout import ACRONYMS, CARRIER, DOCUMENT, FILE, KEY, LANGUAGE
from retrieval.index.manifest import Manifest, Summary
from retrieval.questions.acronyms import Acronyms
from retrieval.questions.repair import Vocabulary
from retrieval.search.engine import SearchEngine
from retrieval.search.store import Place, place_in
from retrieval.text.tokens import located_terms, unpacked

_KEPT = 64
"""Documents that are kept after they were loaded."""


class Index:
    """What was committed last when it was opened; later commits do not change it.

    `knowledge` is the path that the files are of; without it, the index is that of documents in
    memory, and each names its own source.
    """

    def __init__(
        self, entries: EntryStore, knowledge: Path | None = None, base_url: str | None = None
    ) -> None:
        self.entries = entries
        self.knowledge = knowledge
        self._base_url = base_url
        self._loaded: OrderedDict[str, Document] = OrderedDict()

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents by their ids, each put together from its passages when it is asked for."""
        # Made anew, since two that hold each other would stay until garbage is collected.
        return _Documents(self, self._loaded)

    @property
    def manifest(self) -> Manifest:
        """What it was made from."""
        return self.entries.manifest

    @property
    def summary(self) -> Summary:
        """How much there is."""
        return self.entries.summary

    @property
    def engine(self) -> SearchEngine:
        """The engine that searches it where it is."""
        return self.entries.engine

    def passages(self) -> Iterator[Passage]:
        """All passages, in their order."""
        return (entry.passage for entry in self.entries.all())

    def passages_of(self, document_id: str) -> list[Passage]:
        """The passages of a document, in order; none where there is no such document."""
        return [entry.passage for entry in self.of_document(document_id)]

    def files(self) -> list[str]:
        """The files that gave documents, in their order."""
        return self.manifest.files_read

    def of_file(self, path: str) -> Iterator[Stored]:
        """The entries of a file, in order, each read when it is come to."""
        return self.entries.matching(FILE, path)

    def of_document(self, document_id: str) -> Iterator[Stored]:
        """The entries of a document, likewise."""
        return self.entries.matching(DOCUMENT, document_id)

    def with_key(self, key: str) -> Stored | None:
        """The entry with a key; None where there is none any more."""
        return None if key == CARRIER else next(self.entries.matching(KEY, key), None)

    def key_of(self, passage: Passage) -> str:
        """The key of a passage: another one as soon as its text changes."""
        return key_of(passage)

    def passage_with(self, key: str) -> Passage | None:
        """The passage with a key; None where there is none any more."""
        entry = self.with_key(key)
        return None if entry is None else entry.passage

    def source_of(self, entry: Stored) -> str:
        """The file that an entry was read from, as the knowledge path was given."""
        if self.knowledge is None:
            return entry.file
        # Whoever only asks need not have the documents.
        is_file = entry.file == self.knowledge.name and not self.knowledge.is_dir()
        return str(self.knowledge if is_file else self.knowledge / entry.file)

    def place_in(self, passage: Passage, offset: int) -> Place:
        """Where the character at `offset` of its document stands, which is one of the passage."""
        entry = self.entries.read_lately(passage) or self.with_key(key_of(passage))
        # Where pages begin is known of the whole document.
        if entry is None or entry.page is not None:
            document = self.documents[passage.document_id]
            return place_in(document, offset)
        line = entry.row + lines_before(passage.text, offset - passage.span.start)
        return Place(
            source=self.source_of(entry),
            line=entry.line or line,
            page=None,
            url=self.url_of(entry),
            encoding=entry.encoding,
        )

    def url_of(self, entry: Stored) -> str | None:
        """Where the document of an entry can be read: as it says, or below the base URL.

        A record of a file is no document there.
        """
        if entry.url or self._base_url is None or entry.line is not None:
            return entry.url
        # Imported here since most documents have no base.
        from knowledge.addresses import base_address

        return base_address(self._base_url, entry.passage.document_id)

    def path_of(self, file: Path) -> str | None:
        """The path by which a file is known here; None where it gave no documents."""
        if self.knowledge is None:
            return None
        knowledge, file = self.knowledge.absolute(), file.absolute()
        if file == knowledge:
            path = file.name
        elif file.is_relative_to(knowledge):
            path = file.relative_to(knowledge).as_posix()
        else:
            return None
        record = self.manifest.files.get(path)
        return path if record is not None and record.documents else None

    def located_terms(self, passage: Passage) -> tuple[list[int], list[str]]:
        """The words of a passage's text: those that were kept, where it has just been met."""
        entry = self.entries.read_lately(passage)
        if entry is None:
            return located_terms(passage.text, passage.language)
        return unpacked(entry.steps, entry.packed)

    def context(self, passage: Passage) -> Sequence[str]:
        """The terms of the passages beside a short one in its section; none of a long one."""
        entry = self.entries.read_lately(passage) or self.with_key(key_of(passage))
        return entry.context if entry is not None else ()

    def expect(self, terms: Iterable[str] = (), documents: Iterable[str] = ()) -> None:
        """Told what will be asked for next, it is read at once if it is elsewhere."""
        self.entries.expect(terms, (id_ for id_ in documents if id_ not in self._loaded))

    def acronyms(self) -> Acronyms:
        """The acronyms that the documents define."""
        parts = (definition.split(" ") for definition in self.entries.values(ACRONYMS))
        return Acronyms((acronym, tuple(expansion)) for acronym, *expansion in parts)

    def languages(self) -> list[str]:
        """Those that the documents are in, the one with the most passages first."""
        counts = self.entries.values(LANGUAGE)
        return sorted(counts, key=lambda language: (-counts[language], language))

    def vocabulary(self) -> Vocabulary:
        """How words are written in the documents, with the number of passages that have each."""
        return Vocabulary(self.entries.spellings)

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that change when a document does."""
        return self.summary.fingerprint

    def before(self, entry: Stored) -> Stored | None:
        """The entry before one in the same document; None before the first."""
        return self.entries.before(entry)

    def after(self, entry: Stored) -> Stored | None:
        """The entry after one in the same document; None after the last."""
        return self.entries.after(entry)

    def document_ids(self) -> Iterator[str]:
        """The ids of all documents, files in their order."""
        entries = self.entries.all()
        return (id_ for id_, _ in groupby(entry.passage.document_id for entry in entries))

    def has_document(self, document_id: str) -> bool:
        """Whether there is such a document."""
        return next(self.of_document(document_id), None) is not None


class _Documents(Mapping[str, Document]):
    """The documents of an index; those that were loaded lately are in `kept`."""

    def __init__(self, index: Index, kept: OrderedDict[str, Document]) -> None:
        self._index = index
        self._kept = kept

    def __getitem__(self, document_id: str) -> Document:
        document = self._kept.get(document_id)
        if document is None:
            entries = list(self._index.of_document(document_id))
            if not entries:
                raise KeyError(document_id)
            document = replace(
                document_of(entries, self._index.source_of(entries[0])),
                url=self._index.url_of(entries[0]),
            )
            self._kept[document_id] = document
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return document

    def __contains__(self, document_id: object) -> bool:
        return isinstance(document_id, str) and self._index.has_document(document_id)

    def __iter__(self) -> Iterator[str]:
        return self._index.document_ids()

    def __len__(self) -> int:
        return self._index.summary.documents
