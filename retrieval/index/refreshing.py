"""The index brought up to date: only what has changed is read, and written in one commit.

Whoever reads meanwhile sees what was committed before; whoever is killed leaves that behind too.
"""

import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import tantivy

from knowledge.errors import FootnoteError, UnavailableError, WorkerEndedError
from knowledge.memory import memory_limit
from retrieval.index.changes import Changes, changes_at
from retrieval.index.checksums import (
    IndexDamagedError,
    damaged_files,
    meta_of,
    record_checksums,
    state_of,
)
from retrieval.index.layout import schema
from retrieval.index.manifest import IndexUseError
from retrieval.index.opening import open_index
from retrieval.index.progress import Progress
from retrieval.index.reading import Index
from retrieval.index.report import Report, skipped_of
from retrieval.index.searcher import is_failure

PATIENCE = 5.0
"""Seconds that another process may take that writes the index."""

HEAP = 64_000_000
"""Bytes that are gathered before they are written."""

LEAST_MEMORY = 1_000_000_000
"""Bytes of address space without which threads and readers fail, and the store ends the process."""


class IndexBusyError(UnavailableError):
    """Another process is writing the index."""


class IndexWriteError(FootnoteError):
    """The index cannot be written."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was found before the lock was taken: the index, how the files differ from it, and the
    commit that it was at, or an earlier one."""

    commit: bytes
    index: Index | None
    changes: Changes


def refreshed(
    knowledge: Path,
    folder: Path,
    progress: Progress | None = None,
    *,
    base_url: str | None = None,
    rebuild: bool = False,
) -> tuple[Index, Report]:
    """The index of a path, made or brought up to date; every file is read where it is made anew,
    as one is that is damaged.

    ReadError where there is nothing to read: an index that is there stays. IndexBusyError where
    another process writes it, IndexWriteError where it cannot be written, IndexUseError where it is
    that of another path.
    """
    damaged = ""
    commit = meta_of(folder)
    try:
        index = open_index(folder, knowledge, base_url)
    except IndexDamagedError as error:
        index, damaged = None, error.named
    # Before a folder is made for it, since there may be nothing to read.
    changes = changes_at(knowledge, index.manifest.files if index else {})
    if index is not None and changes.are_none and not rebuild:
        return index, Report(skipped=skipped_of(index.manifest, changes))
    _check_memory()
    try:
        try:
            report = _written(
                knowledge, folder, progress, None if rebuild else _Seen(commit, index, changes)
            )
        except IndexDamagedError as error:
            # What was not compared at the opening, since no time told of it.
            damaged = error.named
            report = _written(knowledge, folder, progress, None)
    except WorkerEndedError as error:
        raise IndexWriteError(
            f"{knowledge}: a process that was reading it was killed, perhaps because memory ran"
            " out; try again"
        ) from error
    except BaseException as error:
        # Damaged still, after it was to be made anew: what kept it from that is the reason.
        reason = (error.__cause__ if isinstance(error, IndexDamagedError) else None) or error
        if not is_failure(reason):
            raise
        what = f"is damaged ({damaged}) and cannot be made anew" if damaged else "cannot be written"
        raise IndexWriteError(
            f"{folder}: {what} ({_reason(reason)}); free some space, or set FOOTNOTE_CACHE to a"
            " folder that you can write to"
        ) from error
    index = open_index(folder, knowledge, base_url)
    if index is None:
        raise IndexUseError(f"{folder}: was deleted while it was being read; try again")
    return index, replace(report, damaged=damaged)


def _check_memory() -> None:
    limit = memory_limit()
    if limit is not None and limit < LEAST_MEMORY:
        raise IndexWriteError(
            f"the memory limit of {limit // 10**6:,} MB (ulimit -v) is too low to build an index;"
            f" allow at least {LEAST_MEMORY // 10**6:,} MB"
        )


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error).partition("\n")[0][:200]


def _written(
    knowledge: Path,
    folder: Path,
    progress: Progress | None,
    seen: _Seen | None,
) -> Report:
    """Write what has changed; `seen` is what was seen before, None to make it anew.

    IndexDamagedError where it fails over an index that is damaged.
    """
    writer = _locked(_store(folder), folder)
    try:
        # What a killed process had begun to write lies in the way of what has the same names now.
        writer.garbage_collect_files()
        # Only now nobody else changes it.
        index, changes = _as_locked(knowledge, folder, seen)
        if seen is not None and index is not None and changes.are_none:
            writer.rollback()
            writer.wait_merging_threads()
            return Report(skipped=skipped_of(index.manifest, changes))
        # Imported here since most commands find nothing to write.
        from retrieval.index.tantivy_writer import TantivyWriter
        from retrieval.index.writing import write_changes

        stay = changes.staying(index.manifest.files) if index else ()
        taking = TantivyWriter(writer, index, stay)
        report = write_changes(taking, knowledge, index, changes, progress)
        writer.commit()
    except BaseException as error:
        damaged = damaged_files(folder, whole=True) if is_failure(error) else []
        _abandon(writer, folder, knowledge)
        if damaged:
            raise IndexDamagedError(folder, damaged) from error
        raise
    writer.wait_merging_threads()
    record_checksums(folder)
    return report


def _abandon(writer: tantivy.IndexWriter, folder: Path, knowledge: Path) -> None:
    """Leave the index as it was committed last; where there is none that can be used, nothing."""
    _tried(writer.rollback)
    # While the lock is held, nobody else has begun to make one here.
    if _usable(folder, knowledge) is None:
        shutil.rmtree(folder, ignore_errors=True)
    # The lock goes with the writer, which whoever keeps the error keeps: a bot does, for example.
    _tried(writer.wait_merging_threads)


def _tried(work: Callable[[], object]) -> None:
    """Do what may fail over a store that has failed."""
    try:
        work()
    except BaseException as error:
        if not is_failure(error):
            raise


def _usable(folder: Path, knowledge: Path) -> Index | None:
    """The index in a folder; None where there is none, or it is damaged."""
    with suppress(IndexDamagedError):
        return open_index(folder, knowledge)
    return None


def _store(folder: Path) -> tantivy.Index:
    """The store in a folder; a new one where there is none that can be opened."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            # Another process has removed it since it was in the way; a file there stays.
            if folder.exists():
                raise
            continue
        try:
            return tantivy.Index(schema(), str(folder))
        except BaseException as error:
            if not is_failure(error):
                raise
        if damaged_files(folder):
            # Imported here since it is seldom.
            from retrieval.index.discarding import discard_damaged

            discard_damaged(folder)
            continue
        # Another process may be making it just now; not in the future, which a clock leaves behind
        # that was set back. On a full disk, every try of this one leaves its time, too.
        state = state_of(folder)
        is_old = state is not None and abs(time.time() - state[1] / 1e9) > PATIENCE
        if is_old or time.monotonic() > end:
            break
        time.sleep(0.1)
    shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return tantivy.Index(schema(), str(folder))


def _as_locked(knowledge: Path, folder: Path, seen: _Seen | None) -> tuple[Index | None, Changes]:
    """The index and the changes, looked for again where somebody wrote since they were seen."""
    if seen is None:
        return None, changes_at(knowledge, {})
    if seen.index is not None and meta_of(folder) == seen.commit:
        return seen.index, seen.changes
    index = _usable(folder, knowledge)
    if (index and index.manifest) == (seen.index and seen.index.manifest):
        return index, seen.changes
    return index, changes_at(knowledge, index.manifest.files if index else {})


def _locked(store: tantivy.Index, folder: Path) -> tantivy.IndexWriter:
    """The writer, once another process that writes a small change is done with it."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return store.writer(HEAP, 1)
        except ValueError as error:
            if "lock" not in str(error).lower():
                raise
            if time.monotonic() > end:
                raise IndexBusyError(
                    f"{folder}: another process is writing the index; try again when it is done"
                ) from error
        time.sleep(0.05)
