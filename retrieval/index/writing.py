"""Entries that are deleted and added, with the manifest that goes with them, until the commit."""

import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import tantivy

from knowledge.errors import Obstacle, ReadError
from retrieval.index.checksums import sealed
from retrieval.index.entries import Entry, again, renamed
from retrieval.index.layout import CARRIER, FILE, KEY, MANIFEST
from retrieval.index.manifest import FileRecord, Manifest, joined
from retrieval.index.preparing import Prepared
from retrieval.index.reading import Index
from retrieval.search.engine import FIELDS

_LONGEST_ID = 10_000
"""Bytes; what is longer than some 65,000 could not be looked up."""


class Writing:
    """What is written over an index, or to a new one where there is none.

    `stay` are the files of the index that keep their entries. `files` is what is known of each file
    so far.
    """

    def __init__(
        self, writer: tantivy.IndexWriter, index: Index | None = None, stay: Iterable[str] = ()
    ) -> None:
        self._writer = writer
        self._index = index
        self.files = {path: index.manifest.files[path] for path in stay} if index else {}
        self._stay = frozenset(self.files)
        self._owners: dict[str, str] = {}
        # Added last, since it carries the manifest.
        self._carrier: Entry | None = None
        if index is None:
            writer.delete_all_documents()
            return
        self._take_carrier(index)
        for path in index.manifest.files.keys() - self._stay:
            writer.delete_documents_by_term(FILE, path)

    def _take_carrier(self, index: Index) -> None:
        """Let the entry that carries the manifest carry the new one, if its file stays as it is."""
        carrier = index.carrier
        if carrier.file not in self._stay:
            path = next((path for path, record in self.files.items() if record.passages), None)
            if path is None:
                return
            carrier = next(index.of_file(path))
        document = index.documents[carrier.passage.document_id]
        self._carrier = again(carrier, document)
        self._writer.delete_documents_by_term(KEY, self._carrier.key)

    def move(self, old: str, new: str, now: FileRecord) -> bool:
        """Give the entries of a file its new name; False where it has to be read under it."""
        assert self._index is not None  # noqa: S101 (a file that was renamed is in it)
        if self._index.has_document(new):
            return False
        entries = list(self._index.of_file(old))
        # A title may be the name of the file.
        if any(entry.passage.title == Path(old).stem for entry in entries):
            return False
        for entry in renamed(entries, old, new):
            self._owners[entry.document] = new
            self._add(entry)
        record = self._index.manifest.files[old]
        self.files[new] = replace(record, size=now.size, modified=now.modified, number=now.number)
        return True

    def take(self, path: str, now: FileRecord, result: Prepared) -> None:
        """Add what came of a file, or of another part of it; of `now` its state is kept."""
        record = self.files.get(path) or replace(now, read=int(time.time()))
        self.files[path] = record
        if record.reason is not None:
            return  # an earlier part could not be read
        error = result.error or self._refused(path, result)
        if error is not None:
            self._skip(path, error)
            return
        for entry in result.entries:
            self._add(entry)
        checksums = [record.checksum, *(checksum for _, checksum, _ in result.documents)]
        self.files[path] = replace(
            record,
            checksum=joined([checksum for checksum in checksums if checksum]),
            documents=record.documents + len({entry.document for entry in result.entries}),
            passages=record.passages + len(result.entries),
        )

    def _skip(self, path: str, error: ReadError) -> None:
        """Take back what was added of a file, and keep why."""
        self._writer.delete_documents_by_term(FILE, path)
        if self._carrier is not None and self._carrier.file == path:
            self._carrier = None
        self._owners = {id_: owner for id_, owner in self._owners.items() if owner != path}
        self.files[path] = replace(
            self.files[path],
            documents=0,
            passages=0,
            reason=error.reason,
            obstacle=error.obstacle,
        )

    def _refused(self, path: str, result: Prepared) -> ReadError | None:
        """Why a file is skipped that could be read."""
        for id_, _, line in result.documents:
            if len(id_.encode()) > _LONGEST_ID:
                return ReadError(path, f"has a document id of {len(id_):,} characters; shorten it")
            if self._owners.get(id_) == path:
                where = "repeats" if line is None else f"line {line} repeats"
                return ReadError(path, f"{where} the _id {id_!r}")
            other = self._owners.get(id_) or self._kept_with(id_, path)
            if other is not None:
                reason = f"has the document id {id_!r}, which {other} has already"
                return ReadError(path, reason, Obstacle.REPEATED_ID)
            self._owners[id_] = path
        if not result.entries and result.is_whole:
            return ReadError(
                path, "contains no sentence or item to quote; add some text", Obstacle.NO_TEXT
            )
        return None

    def _kept_with(self, document_id: str, path: str) -> str | None:
        """The other file that stays as it is and has a document with an id; None where none has."""
        entry = None if self._index is None else next(self._index.of_document(document_id), None)
        return entry.file if entry and entry.file != path and entry.file in self._stay else None

    def _add(self, entry: Entry) -> None:
        if self._carrier is None:
            self._carrier = entry
        else:
            self._writer.add_document(_as_document(entry))

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest, with the entry that carries it."""
        if self._carrier is None:
            raise ValueError("no passage to carry the manifest")
        carrier = _as_document(self._carrier)
        carrier.add_text(KEY, CARRIER)
        carrier.add_bytes(MANIFEST, sealed(manifest.to_json()))
        self._writer.add_document(carrier)


def _as_document(entry: Entry) -> tantivy.Document:
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
