"""An index in memory, over documents that are there already."""

from collections.abc import Iterable
from pathlib import Path

import tantivy

from knowledge.documents import Document
from knowledge.errors import ReadError
from knowledge.source import SourceFile
from retrieval.index.layout import schema
from retrieval.index.manifest import FileRecord, Manifest
from retrieval.index.preparing import prepared_documents
from retrieval.index.reading import Index
from retrieval.index.refreshing import HEAP
from retrieval.index.tantivy_entries import TantivyEntries
from retrieval.index.tantivy_writer import TantivyWriter
from retrieval.index.writing import Writing


def index_of(documents: Iterable[Document]) -> Index:
    """The index of some documents; those of one source count as a file.

    ReadError where two have one id, or one has nothing to quote.
    """
    by_source: dict[str, list[Document]] = {}
    for document in documents:
        by_source.setdefault(document.source, []).append(document)
    store = tantivy.Index(schema())
    writer = store.writer(HEAP, 1)
    taking = TantivyWriter(writer)
    writing = Writing(taking)
    for source, group in by_source.items():
        result = prepared_documents(SourceFile(Path(source), source), group)
        writing.take(source, FileRecord(), result)
    if not writing.files:
        raise ReadError("the collection", "has no documents; add some")
    for source, record in writing.files.items():
        if record.reason is not None:
            raise ReadError(source, record.reason)
    taking.finish(Manifest("", writing.files))
    writer.commit()
    writer.wait_merging_threads()
    return Index(TantivyEntries(store))
