"""The index, opened to be read: its documents and passages, each loaded when it is asked for."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

import tantivy

from knowledge.documents import Document, Passage
from retrieval.index.entries import Stored, document_of, key_of, stored
from retrieval.index.layout import (
    ACRONYMS,
    BODY,
    CARRIER,
    DOCUMENT,
    FILE,
    KEY,
    LANGUAGE,
    MANIFEST,
    PLACE,
    SPELLINGS,
    matching,
    schema,
)
from retrieval.index.manifest import Manifest
from retrieval.index.searcher import Searcher
from retrieval.index.tantivy import Order, TantivyEngine
from retrieval.questions.acronyms import Acronyms
from retrieval.questions.repair import Vocabulary
from retrieval.text.tokens import Term, located_terms, unpacked

_KEPT = 64
"""Documents that are kept after they were loaded."""

_KEPT_ENTRIES = 2_000
"""Entries that are kept after they were read: those of a small index are read once."""

_BATCH = 100_000


class Index:
    """What was committed last when it was opened; later commits do not change it.

    `knowledge` is the path that the files are of, and `folder` that of the index; without them, the
    index is that of documents in memory, and each names its own source.
    """

    def __init__(
        self,
        index: tantivy.Index,
        knowledge: Path | None = None,
        base_url: str | None = None,
        folder: Path | None = None,
    ) -> None:
        index.reload()
        self._searcher = Searcher(index.searcher(), folder)
        self.knowledge = knowledge
        self._base_url = base_url
        self._entries: dict[tuple[int, int], Stored] = {}
        self._by_passage: dict[str, Stored] = {}
        self.manifest = self._read_manifest()
        # One entry tells whether they are all of this layout.
        _ = self.carrier
        self.documents: Mapping[str, Document] = _Documents(self)

    def _read_manifest(self) -> Manifest:
        hits = self._searcher.search(matching(KEY, CARRIER), 1)
        if not hits:
            raise ValueError("no manifest")
        manifest = Manifest.from_json(self._searcher.content(hits[0][1], MANIFEST))
        if manifest.passages != self._searcher.passages:
            raise ValueError("not the entries that the manifest counts")
        return manifest

    @property
    def carrier(self) -> Stored:
        """The entry that carries the manifest."""
        return next(self._matching(matching(KEY, CARRIER)))

    @property
    def engine(self) -> TantivyEngine:
        """The engine that searches it where it is."""

        def read(address: tantivy.DocAddress) -> tuple[Passage, Order]:
            entry = self._entry_at(address)
            return entry.passage, entry.order

        return TantivyEngine(self._searcher, read, self.manifest.passages)

    def passages(self) -> Iterator[Passage]:
        """All passages, in their order."""
        entries = (entry for path in self.files() for entry in self.of_file(path))
        return (entry.passage for entry in entries)

    def passages_of(self, document_id: str) -> list[Passage]:
        """The passages of a document, in order; none where there is no such document."""
        return [entry.passage for entry in self.of_document(document_id)]

    def files(self) -> list[str]:
        """The files that gave documents, in their order."""
        read = (path for path, record in self.manifest.files.items() if record.documents)
        return sorted(read, key=lambda path: path.split("/"))

    def of_file(self, path: str) -> Iterator[Stored]:
        """The entries of a file, in order, each read when it is come to."""
        return self._matching(matching(FILE, path))

    def of_document(self, document_id: str) -> Iterator[Stored]:
        """The entries of a document, likewise."""
        return self._matching(matching(DOCUMENT, document_id))

    def with_key(self, key: str) -> Stored | None:
        """The entry with a key; None where there is none any more."""
        return None if key == CARRIER else next(self._matching(matching(KEY, key)), None)

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
        return str(self.knowledge / entry.file if self.knowledge.is_dir() else self.knowledge)

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

    def located_terms(self, passage: Passage) -> tuple[list[int], list[Term]]:
        """The words of a passage's text: those that were kept, where it has just been met."""
        entry = self._by_passage.get(passage.id)
        if entry is None:
            return located_terms(passage.text, passage.language)
        return unpacked(list(entry.steps), entry.packed)

    def context(self, passage: Passage) -> Sequence[str]:
        """The terms of the passages beside a short one in its section; none of a long one."""
        entry = self._by_passage.get(passage.id) or self.with_key(key_of(passage))
        return entry.context if entry is not None else ()

    def acronyms(self) -> Acronyms:
        """The acronyms that the documents define."""
        defined = self._searcher.terms_with_prefix(ACRONYMS, "")
        parts = (definition.split(" ") for definition, _ in defined)
        return Acronyms((acronym, tuple(expansion)) for acronym, *expansion in parts)

    def languages(self) -> list[str]:
        """Those that the documents are in, the one with the most passages first."""
        counts = dict(self._searcher.terms_with_prefix(LANGUAGE, ""))
        return sorted(counts, key=lambda language: (-counts[language], language))

    def vocabulary(self) -> Vocabulary:
        """How words are written in the documents, with the number of passages that have each."""
        return Vocabulary(_Spellings(self._searcher))

    @cached_property
    def fingerprint(self) -> str:
        """Twelve hex digits that change when a document does."""
        digest = hashlib.sha256()
        for path in self.files():
            line = f"\0{path}\0{self.manifest.files[path].checksum}"
            digest.update(line.encode(errors="surrogateescape"))
        return digest.hexdigest()[:12]

    def before(self, entry: Stored) -> Stored | None:
        """The entry before one in the same document; None before the first."""
        earlier = _places(upper_bound=entry.place, include_upper=False)
        return next(self._matching(self._beside(entry, earlier), tantivy.Order.Desc), None)

    def after(self, entry: Stored) -> Stored | None:
        """The entry after one in the same document; None after the last."""
        later = _places(lower_bound=entry.place, include_lower=False)
        return next(self._matching(self._beside(entry, later)), None)

    @staticmethod
    def _beside(entry: Stored, places: tantivy.Query) -> tantivy.Query:
        document = matching(DOCUMENT, entry.passage.document_id)
        must = tantivy.Occur.Must
        return tantivy.Query.boolean_query([(must, document), (must, places)])

    def document_ids(self) -> Iterator[str]:
        """The ids of all documents, files in their order."""
        for path in self.files():
            for id_, _ in groupby(entry.passage.document_id for entry in self.of_file(path)):
                yield id_

    def has_document(self, document_id: str) -> bool:
        """Whether there is such a document."""
        return bool(self._searcher.search(matching(DOCUMENT, document_id), 1))

    def _matching(
        self, query: tantivy.Query, order: tantivy.Order = tantivy.Order.Asc
    ) -> Iterator[Stored]:
        """The entries that match, by their places; most callers want the first, some want all."""
        offset, count = 0, 1
        while True:
            hits = self._searcher.search(
                query, count, order_by_field=PLACE, order=order, offset=offset
            )
            for _, address in hits:
                yield self._entry_at(address)
            if len(hits) < count:
                return
            offset += count
            count = min(8 * count, _BATCH)

    def _entry_at(self, address: tantivy.DocAddress) -> Stored:
        place = (address.segment_ord, address.doc)
        entry = self._entries.get(place)
        if entry is None:
            entry = stored(self._searcher.content(address, BODY))
            if len(self._entries) >= _KEPT_ENTRIES:
                self._entries.clear()
                self._by_passage.clear()
            self._entries[place] = self._by_passage[entry.passage.id] = entry
        return entry


def _places(**bounds: Any) -> tantivy.Query:
    return tantivy.Query.range_query(schema(), PLACE, tantivy.FieldType.Integer, **bounds)


class _Spellings:
    """How words are written in an index; a letter's words are read when they are asked for."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._read: dict[str, dict[str, int]] = {}

    def count(self, word: str) -> int:
        """The number of passages that have a word."""
        return self._searcher.doc_freq(SPELLINGS, word)

    def beginning_with(self, letter: str) -> Mapping[str, int]:
        """The words that begin with a letter."""
        if letter not in self._read:
            self._read[letter] = dict(self._searcher.terms_with_prefix(SPELLINGS, letter))
        return self._read[letter]


class _Documents(Mapping[str, Document]):
    """The documents of an index, put together from their passages when they are asked for."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._kept: OrderedDict[str, Document] = OrderedDict()

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
        return self._index.manifest.documents
