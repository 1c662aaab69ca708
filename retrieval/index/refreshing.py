"""The index brought up to date: only what has changed is read, and written in one commit.

Whoever reads meanwhile sees what was committed before; whoever is killed leaves that behind too.
"""

import shutil
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import tantivy

from knowledge.errors import FootnoteError, ReadError
from knowledge.loading import Skipped, file_at, nothing_readable
from knowledge.readers.source import SourceFile
from retrieval.index.changes import Changes, changes_at
from retrieval.index.entries import Entry, again, renamed
from retrieval.index.layout import CARRIER, FILE, KEY, MANIFEST, schema
from retrieval.index.manifest import REPEATED, FileRecord, Manifest, joined
from retrieval.index.reading import Index, open_index

if TYPE_CHECKING:
    from retrieval.index.preparing import Prepared

_LONGEST_ID = 10_000
"""Bytes; what is longer than some 65,000 could not be looked up."""

PATIENCE = 5.0
"""Seconds that another process may take that writes the index."""

_HEAP = 64_000_000
"""Bytes that are gathered before they are written."""

Progress = Callable[[int, int], None]
"""Told the bytes of the files that were read, and those of all to read."""


class IndexBusyError(FootnoteError):
    """Another process is writing the index."""


class IndexWriteError(FootnoteError):
    """The index cannot be written."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was done: files by their paths, and why others were skipped."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    skipped: tuple[Skipped, ...] = ()
    is_new: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether all was as it is."""
        return not (self.is_new or self.added or self.changed or self.removed or self.renamed)


def refresh(
    knowledge: Path, folder: Path, progress: Progress | None = None, *, is_anew: bool = False
) -> Report:
    """Make the index of a path, or bring it up to date; read every file where it is made anew.

    ReadError where there is nothing to read: an index that is there stays. IndexBusyError where
    another process writes it, IndexWriteError where it cannot be written, IndexUseError where it is
    that of another path.
    """
    index = open_index(folder, knowledge)
    # Before a folder is made for it, since there may be nothing to read.
    changes = changes_at(knowledge, index.manifest.files if index else {})
    if index is not None and changes.are_none and not is_anew:
        return Report(skipped=_skipped(index.manifest, changes))
    try:
        return _written(knowledge, folder, progress, None if is_anew else (index, changes))
    except BrokenExecutor as error:
        raise IndexWriteError(
            f"{knowledge}: a process that read it was ended from outside, perhaps for want of"
            " memory; try again"
        ) from error
    except (OSError, ValueError) as error:
        raise IndexWriteError(
            f"{folder}: cannot be written ({_reason(error)}); make room there, or set"
            " FOOTNOTE_CACHE to a folder of yours"
        ) from error


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error).splitlines()[0][:200]


def _written(
    knowledge: Path,
    folder: Path,
    progress: Progress | None,
    seen: tuple[Index | None, Changes] | None,
) -> Report:
    """Write what has changed; `seen` is what was seen before, None to make it anew."""
    writer = _locked(_store(folder), folder)
    try:
        # What a killed process had begun to write lies in the way of what has the same names now.
        writer.garbage_collect_files()
        # Only now nobody else changes it.
        index, changes = _as_locked(knowledge, folder, seen)
        if seen is not None and index is not None and changes.are_none:
            writer.rollback()
            writer.wait_merging_threads()
            return Report(skipped=_skipped(index.manifest, changes))
        report = _Writing(knowledge, index, changes, writer, progress).done()
        writer.commit()
    except BaseException:
        with suppress(ValueError):
            writer.rollback()
        # While the lock is held, nobody else has begun to make one here.
        if open_index(folder, knowledge) is None:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    writer.wait_merging_threads()
    return report


def _store(folder: Path) -> tantivy.Index:
    """The store in a folder; a new one where there is none that can be opened."""
    folder.mkdir(parents=True, exist_ok=True)
    for _ in range(2):
        with suppress(ValueError):
            return tantivy.Index(schema(), str(folder))
        # Another process may be making it just now.
        time.sleep(0.5)
    shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return tantivy.Index(schema(), str(folder))


def _as_locked(
    knowledge: Path, folder: Path, seen: tuple[Index | None, Changes] | None
) -> tuple[Index | None, Changes]:
    """The index and the changes, looked for again where somebody wrote since they were seen."""
    if seen is None:
        return None, changes_at(knowledge, {})
    index = open_index(folder, knowledge)
    before, changes = seen
    if (index and index.manifest) == (before and before.manifest):
        return index, changes
    return index, changes_at(knowledge, index.manifest.files if index else {})


def _locked(store: tantivy.Index, folder: Path) -> tantivy.IndexWriter:
    """The writer, once another process that writes a small change is done with it."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return store.writer(_HEAP, 1)
        except ValueError as error:
            if "lock" not in str(error).lower():
                raise
            if time.monotonic() > end:
                raise IndexBusyError(
                    f"{folder}: another process is writing the index; try again when it is done"
                ) from error
        time.sleep(0.05)


@dataclass(slots=True)
class _Writing:
    """What is deleted and added until the commit."""

    knowledge: Path
    index: Index | None
    changes: Changes
    writer: tantivy.IndexWriter
    progress: Progress | None
    _files: dict[str, FileRecord] = field(default_factory=dict)
    _owners: dict[str, str] = field(default_factory=dict)
    _met: set[str] = field(default_factory=set)
    # Added last, since it carries the manifest.
    _carrier: Entry | None = None

    def done(self) -> Report:
        """Delete and add what the changes take, and the manifest; what was done."""
        known = self.index.manifest.files if self.index else {}
        changes = self.changes
        if self.index is None:
            self.writer.delete_all_documents()
        self._files = {path: known[path] for path in changes.present if path in known}
        self._take_carrier()
        for path in [*changes.gone, *changes.renamed, *(p for p in changes.read if p in known)]:
            self.writer.delete_documents_by_term(FILE, path)
        moved = {old: new for old, new in changes.renamed.items() if self._is_moved(old, new)}
        anew = {new for old, new in changes.renamed.items() if old not in moved}
        self._read([*changes.read.values(), *(file_at(self.knowledge, name) for name in anew)])
        manifest = Manifest(str(self.knowledge.resolve()), self._files)
        skipped = _skipped(manifest, changes)
        if not manifest.documents:
            if self.knowledge.is_dir():
                raise nothing_readable(self.knowledge, list(skipped))
            raise ReadError(str(self.knowledge), skipped[0].reason)
        self._add_carrier(manifest)
        read = [path for path in changes.read if self._files[path].reason is None]
        gone = changes.gone | (changes.renamed.keys() - moved.keys())
        return Report(
            added=tuple(sorted([*(path for path in read if path not in known), *anew])),
            changed=tuple(path for path in changes.read if path in known),
            removed=tuple(sorted(gone)),
            renamed=tuple(moved.items()),
            skipped=skipped,
            is_new=self.index is None,
        )

    def _take_carrier(self) -> None:
        """Let the entry that carries the manifest carry the new one, if its file stays as it is."""
        if self.index is None:
            return
        carrier = self.index.carrier
        stay = [path for path in self._files if path not in self.changes.read]
        if carrier.file not in stay:
            path = next((path for path in stay if self._files[path].passages), None)
            if path is None:
                return
            carrier = next(self.index.of_file(path))
        document = self.index.documents[carrier.passage.document_id]
        self._carrier = again(carrier, document)
        self.writer.delete_documents_by_term(KEY, self._carrier.key)

    def _add_carrier(self, manifest: Manifest) -> None:
        if self._carrier is None:
            raise ValueError("no passage to carry the manifest")
        carrier = _as_document(self._carrier)
        carrier.add_text(KEY, CARRIER)
        carrier.add_bytes(MANIFEST, manifest.to_json())
        self.writer.add_document(carrier)

    def _is_moved(self, old: str, new: str) -> bool:
        """Give the entries of a file its new name, unless it has to be read under it."""
        assert self.index is not None  # noqa: S101 (a file that was renamed is in it)
        if self.index.has_document(new):
            return False
        entries = list(self.index.of_file(old))
        # A title may be the name of the file.
        if any(entry.passage.title == Path(old).stem for entry in entries):
            return False
        for entry in renamed(entries, old, new):
            self._add(entry)
        record, now = self.index.manifest.files[old], self.changes.present[new]
        self._files[new] = replace(record, size=now.size, modified=now.modified, number=now.number)
        return True

    def _read(self, files: list[SourceFile]) -> None:
        # Imported here since most commands find nothing to read.
        from retrieval.index.preparing import prepared

        present = self.changes.present
        total = sum(max(present[file.id].size, 0) for file in files)
        done = 0
        for result in prepared(files):
            path = result.file.id
            if path not in self._met:
                self._met.add(path)
                self._files[path] = replace(present[path], read=int(time.time()))
            self._take(path, result)
            done += result.size
            if self.progress is not None:
                self.progress(min(done, total), total)

    def _take(self, path: str, result: "Prepared") -> None:
        record = self._files[path]
        if record.reason is not None:
            return  # an earlier part could not be read
        error = result.error or self._repeated(path, result)
        if error is None and not result.entries and result.is_whole:
            error = "has no sentence or item to quote; add some text"
        if error is not None:
            self.writer.delete_documents_by_term(FILE, path)
            if self._carrier is not None and self._carrier.file == path:
                self._carrier = None
            self._owners = {id_: owner for id_, owner in self._owners.items() if owner != path}
            self._files[path] = replace(record, documents=0, passages=0, reason=error)
            return
        for entry in result.entries:
            self._add(entry)
        checksums = [record.checksum, *(checksum for _, checksum, _ in result.documents)]
        self._files[path] = replace(
            record,
            checksum=joined([checksum for checksum in checksums if checksum]),
            documents=record.documents + len({entry.document for entry in result.entries}),
            passages=record.passages + len(result.entries),
        )

    def _repeated(self, path: str, result: "Prepared") -> str | None:
        """Why a file is skipped that has the id of another document."""
        for id_, _, line in result.documents:
            if len(id_.encode()) > _LONGEST_ID:
                return f"has a document id of {len(id_):,} characters; shorten it"
            if self._owners.get(id_) == path:
                return f"line {line} has the _id {id_!r} a second time"
            if id_ in self._owners or self._is_elsewhere(id_, path):
                return f"{REPEATED} {id_!r}, which another file has too"
            self._owners[id_] = path
        return None

    def _is_elsewhere(self, document_id: str, path: str) -> bool:
        """Whether a file that stays as it is has a document with an id."""
        if self.index is None:
            return False
        entry = next(self.index.of_document(document_id), None)
        return entry is not None and entry.file != path and entry.file in self._files

    def _add(self, entry: Entry) -> None:
        if self._carrier is None:
            self._carrier = entry
        else:
            self.writer.add_document(_as_document(entry))


def _as_document(entry: Entry) -> tantivy.Document:
    return tantivy.Document(
        terms=entry.terms,
        words=entry.words,
        acronyms=list(entry.acronyms),
        document=entry.document,
        file=entry.file,
        key=entry.key,
        place=entry.place,
        language=entry.language,
        body=entry.body,
    )


def _skipped(manifest: Manifest, changes: Changes) -> tuple[Skipped, ...]:
    named = (Skipped(path, reason) for path, reason in manifest.skipped.items())
    return (*named, *changes.unnamed)
