"""Entries on their way into an index that Tantivy keeps."""

from collections.abc import Collection

import tantivy

from retrieval.index.checksums import sealed
from retrieval.index.entries import Entry, again
from retrieval.index.layout import CARRIER, FILE, KEY, MANIFEST
from retrieval.index.manifest import Manifest
from retrieval.index.reading import Index
from retrieval.search.engine import FIELDS


class TantivyWriter:
    """Writes over an index, of which some files stay as they are, or anew where there is none."""

    def __init__(
        self, writer: tantivy.IndexWriter, index: Index | None = None, stay: Collection[str] = ()
    ) -> None:
        self._writer = writer
        # Added last, since it carries the manifest.
        self._carrier: Entry | None = None
        if index is None:
            writer.delete_all_documents()
        else:
            self._take_carrier(index, stay)

    def _take_carrier(self, index: Index, stay: Collection[str]) -> None:
        """Let the entry that carries the manifest carry the new one, if its file stays as it is."""
        carrier = next(index.entries.matching(KEY, CARRIER))
        if carrier.file not in stay:
            files = index.manifest.files
            path = next((path for path in stay if files[path].passages), None)
            if path is None:
                return
            carrier = next(index.of_file(path))
        self._carrier = again(carrier, index.documents[carrier.passage.document_id])
        self._writer.delete_documents_by_term(KEY, self._carrier.key)

    def add(self, entry: Entry) -> None:
        """Add an entry."""
        if self._carrier is None:
            self._carrier = entry
        else:
            self._writer.add_document(as_document(entry))

    def drop(self, file: str) -> None:
        """Delete the entries of a file, also those that were just added."""
        self._writer.delete_documents_by_term(FILE, file)
        if self._carrier is not None and self._carrier.file == file:
            self._carrier = None

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest, with the entry that carries it."""
        if self._carrier is None:
            raise ValueError("no passage to carry the manifest")
        carrier = as_document(self._carrier)
        carrier.add_text(KEY, CARRIER)
        carrier.add_bytes(MANIFEST, sealed(manifest.to_json()))
        self._writer.add_document(carrier)


def as_document(entry: Entry) -> tantivy.Document:
    """An entry as Tantivy takes it."""
    return tantivy.Document(
        **{name: " ".join(getattr(entry.fields, name)) for name in FIELDS},
        spellings=entry.spellings,
        acronyms=list(entry.acronyms),
        document=entry.document,
        file=entry.file,
        key=entry.key,
        place=entry.place,
        language=entry.language,
        body=sealed(entry.body),
    )
