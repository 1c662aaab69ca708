"""Entries that are dropped and added, with the manifest that goes with them, until the commit."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from knowledge.errors import Obstacle, ReadError
from knowledge.loading import Skipped, file_at, is_folder, nothing_readable, real_path
from retrieval.index.changes import Changes
from retrieval.index.entries import renamed
from retrieval.index.entry_store import EntryWriter
from retrieval.index.manifest import FileRecord, Manifest, joined
from retrieval.index.preparing import Prepared, prepared
from retrieval.index.progress import Meter, Progress
from retrieval.index.reading import Index
from retrieval.index.report import Report, report_of, skipped_of

_LONGEST_ID = 10_000
"""Bytes; what is longer than some 65,000 could not be looked up."""


class Writing:
    """What is written over an index, or to a new one where there is none.

    `stay` are the files of the index that keep their entries. `files` is what is known of each file
    so far.
    """

    def __init__(
        self, writer: EntryWriter, index: Index | None = None, stay: Iterable[str] = ()
    ) -> None:
        self._writer = writer
        self._index = index
        self.files = {path: index.manifest.files[path] for path in stay} if index else {}
        self._stay = frozenset(self.files)
        self._owners: dict[str, str] = {}
        for path in (index.manifest.files.keys() if index else set()) - self._stay:
            writer.drop(path)

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
            self._writer.add(entry)
        record = self._index.manifest.files[old]
        self.files[new] = record._replace(size=now.size, modified=now.modified, number=now.number)
        return True

    def take(self, path: str, now: FileRecord, result: Prepared) -> None:
        """Add what came of a file, or of another part of it; of `now` its state is kept."""
        record = self.files.get(path) or now._replace(read=int(time.time()))
        self.files[path] = record
        if record.reason is not None:
            return  # an earlier part could not be read
        error = result.error or self._refused(path, result)
        if error is not None:
            self._skip(path, error)
            return
        for entry in result.entries:
            self._writer.add(entry)
        checksums = [record.checksum, *(checksum for _, checksum, _ in result.documents)]
        self.files[path] = record._replace(
            checksum=joined([checksum for checksum in checksums if checksum]),
            documents=record.documents + len({entry.document for entry in result.entries}),
            passages=record.passages + len(result.entries),
        )

    def _skip(self, path: str, error: ReadError) -> None:
        """Take back what was added of a file, and keep why."""
        self._writer.drop(path)
        self._owners = {id_: owner for id_, owner in self._owners.items() if owner != path}
        self.files[path] = self.files[path]._replace(
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


def write_changes(
    writer: EntryWriter,
    knowledge: Path,
    index: Index | None,
    changes: Changes,
    progress: Progress | None,
) -> Report:
    """Drop and add what the changes take, and the manifest; what was done.

    ReadError where nothing is left that can be read.
    """
    known = index.manifest.files if index else {}
    writing = Writing(writer, index, changes.staying(known))
    present = changes.present
    moved = {
        old: new for old, new in changes.renamed.items() if writing.move(old, new, present[new])
    }
    anew = [new for old, new in changes.renamed.items() if old not in moved]
    files = [*changes.read.values(), *(file_at(knowledge, name) for name in anew)]
    meter = Meter(progress, files, sum(max(present[file.id].size, 0) for file in files))
    for result in prepared(files):
        writing.take(result.file.id, present[result.file.id], result)
        meter.advance(result)
    manifest = Manifest(real_path(knowledge), writing.files)
    if not manifest.documents:
        raise _nothing_read(knowledge, skipped_of(manifest, changes))
    writer.finish(manifest)
    return replace(report_of(changes, known, manifest, moved), is_new=index is None)


def _nothing_read(knowledge: Path, skipped: Sequence[Skipped]) -> ReadError:
    """Why a file, or a folder, gives no documents."""
    if is_folder(knowledge):
        return nothing_readable(knowledge, list(skipped))
    return ReadError(str(knowledge), skipped[0].reason, skipped[0].obstacle)
