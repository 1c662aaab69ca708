"""The entries of an index that Tantivy keeps, on disk or in memory."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import tantivy

from knowledge.documents import Passage
from retrieval.index.entries import Stored, stored
from retrieval.index.layout import (
    BODY,
    CARRIER,
    DOCUMENT,
    FILE,
    KEY,
    MANIFEST,
    PLACE,
    SPELLINGS,
    matching,
    schema,
)
from retrieval.index.manifest import Manifest, Summary
from retrieval.index.searcher import Searcher
from retrieval.index.tantivy import Order, TantivyEngine

_KEPT = 2_000
"""Entries that are kept after they were read: those of a small index are read once."""

_BATCH = 100_000


class TantivyEntries:
    """The entries of an index in a folder; without one, of an index in memory.

    ValueError where it is no index of ours, KeyError where its entries are of another form.
    """

    def __init__(self, index: tantivy.Index, folder: Path | None = None) -> None:
        index.reload()
        self._searcher = Searcher(index.searcher(), folder)
        self._entries: dict[tuple[int, int], Stored] = {}
        self._by_passage: dict[str, Stored] = {}
        self.manifest = self._read_manifest()
        # One entry tells whether they are all of this layout.
        _ = next(self.matching(KEY, CARRIER))

    def _read_manifest(self) -> Manifest:
        hits = self._searcher.search(matching(KEY, CARRIER), 1)
        if not hits:
            raise ValueError("no manifest")
        manifest = Manifest.from_json(self._searcher.content(hits[0][1], MANIFEST))
        if manifest.passages != self._searcher.passages:
            raise ValueError("not the entries that the manifest counts")
        return manifest

    @cached_property
    def summary(self) -> Summary:
        """How much there is."""
        return self.manifest.summary

    @property
    def engine(self) -> TantivyEngine:
        """The engine that searches the entries where they are."""

        def read(address: tantivy.DocAddress) -> tuple[Passage, Order]:
            entry = self._entry_at(address)
            return entry.passage, entry.order

        return TantivyEngine(self._searcher, read, self.manifest.passages)

    @property
    def spellings(self) -> "_Spellings":
        """How words are written in the passages."""
        return _Spellings(self._searcher)

    def matching(self, field: str, value: str) -> Iterator[Stored]:
        """The entries with a value in a field, by their places, each read when it is come to."""
        return self._ordered(matching(field, value))

    def all(self) -> Iterator[Stored]:
        """All entries: files in their order, each from top to bottom."""
        for path in self.manifest.files_read:
            yield from self.matching(FILE, path)

    def before(self, entry: Stored) -> Stored | None:
        """The entry before one in the same document; None before the first."""
        earlier = _places(upper_bound=entry.place, include_upper=False)
        return next(self._ordered(_beside(entry, earlier), tantivy.Order.Desc), None)

    def after(self, entry: Stored) -> Stored | None:
        """The entry after one in the same document; None after the last."""
        later = _places(lower_bound=entry.place, include_lower=False)
        return next(self._ordered(_beside(entry, later)), None)

    def values(self, field: str) -> Mapping[str, int]:
        """The values of a field, with the number of entries that have each."""
        return dict(self._searcher.terms_with_prefix(field, ""))

    def expect(self, terms: Iterable[str], documents: Iterable[str]) -> None:
        """Nothing is read at once that is here."""

    def read_lately(self, passage: Passage) -> Stored | None:
        """The entry of a passage, where it is still kept since it was read."""
        return self._by_passage.get(passage.id)

    def _ordered(
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
            if len(self._entries) >= _KEPT:
                self._entries.clear()
                self._by_passage.clear()
            self._entries[place] = self._by_passage[entry.passage.id] = entry
        return entry


def _beside(entry: Stored, places: tantivy.Query) -> tantivy.Query:
    document = matching(DOCUMENT, entry.passage.document_id)
    must = tantivy.Occur.Must
    return tantivy.Query.boolean_query([(must, document), (must, places)])


def _places(**bounds: Any) -> tantivy.Query:
    return tantivy.Query.range_query(schema(), PLACE, tantivy.FieldType.Integer, **bounds)


class _Spellings:
    """How words are written in an index; a letter's words are read when they are asked for."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._read: dict[str, dict[str, int]] = {}

    def counts(self, words: list[str]) -> Mapping[str, int]:
        """Those of some words that passages have, with the number of passages."""
        counted = ((word, self._searcher.doc_freq(SPELLINGS, word)) for word in words)
        return {word: count for word, count in counted if count}

    def near(self, word: str, edits: int) -> Mapping[str, int]:
        """The words that begin with the same letter."""
        letter = word[0]
        if letter not in self._read:
            self._read[letter] = dict(self._searcher.terms_with_prefix(SPELLINGS, letter))
        return self._read[letter]
