"""An index in a cluster brought up to date, by one process at a time.

Little that has changed is added to the index that is there, and becomes visible with its state.
Much becomes a new index, which takes the place of the other at the end. Whoever is interrupted
leaves what was there before.
"""

from contextlib import suppress
from pathlib import Path

from knowledge.errors import UnavailableError, WorkerEndedError
from retrieval.cluster.building import Building, claimed, refresh
from retrieval.cluster.bulk import Bulk
from retrieval.cluster.connection import Connection, RefusedError
from retrieval.cluster.entries import ClusterEntries
from retrieval.cluster.layout import GENERATION, PARTS, alias_of, writing_alias
from retrieval.cluster.lock import Lock
from retrieval.cluster.opening import open_index
from retrieval.cluster.writer import ClusterWriter
from retrieval.index.changes import Changes, changes_at
from retrieval.index.manifest import IndexGoneError
from retrieval.index.progress import Progress
from retrieval.index.reading import Index
from retrieval.index.refreshing import IndexWriteError
from retrieval.index.report import Report, report_of, skipped_of
from retrieval.index.writing import write_changes

MOST_DROPPED = 300
"""Versions of files that may be hidden in an index: every search names them."""

LARGEST_SHARE = 0.1
"""Of the passages may be hidden in an index, or rather MANY."""

MANY = 1_000


def refreshed(
    connection: Connection,
    knowledge: Path,
    progress: Progress | None = None,
    *,
    base_url: str | None = None,
    rebuild: bool = False,
) -> tuple[Index, Report]:
    """The index of a path, made or brought up to date; with `rebuild` every file is read.

    ReadError where there is nothing to read: an index that is there stays. IndexBusyError where
    another process writes it, IndexWriteError where the cluster does not take it, and the errors of
    `Connection`.
    """
    index = open_index(connection, knowledge, base_url)
    changes = changes_at(knowledge, index.manifest.files if index else {})
    if index is not None and changes.are_none and not rebuild:
        return index, Report(skipped=skipped_of(index.manifest, changes))
    try:
        report = _written(connection, knowledge, progress, rebuild=rebuild)
    except WorkerEndedError as error:
        raise IndexWriteError(
            f"{knowledge}: a process that was reading it was killed, perhaps because memory ran"
            " out; try again"
        ) from error
    except RefusedError as error:
        raise IndexWriteError(
            f"{knowledge}: the search cluster refuses to write its index ({error})"
        ) from error
    index = open_index(connection, knowledge, base_url)
    if index is None:
        raise IndexGoneError(alias_of(knowledge))
    return index, report


def _written(
    connection: Connection, knowledge: Path, progress: Progress | None, *, rebuild: bool
) -> Report:
    alias = alias_of(knowledge)
    with Lock(connection, alias) as lock:
        # Only now nobody else changes it.
        entries = ClusterEntries.at(connection, alias)
        index = None if entries is None else Index(entries, knowledge)
        changes = changes_at(knowledge, index.manifest.files if index else {})
        if index is None or entries is None or rebuild:
            return _made_anew(connection, knowledge, None, changes, progress, lock)
        if changes.are_none:
            return Report(skipped=skipped_of(index.manifest, changes))
        if _are_many(entries, index, changes):
            return _made_anew(connection, knowledge, index, changes, progress, lock)
        return _added(entries, knowledge, index, changes, progress, lock)


def _are_many(entries: ClusterEntries, index: Index, changes: Changes) -> bool:
    """Whether so much is dropped that the rest is better written anew."""
    known = index.manifest.files
    leaving = known.keys() - set(changes.staying(known))
    hidden = entries.hidden_passages() + sum(known[path].passages for path in leaving)
    most = max(MANY, LARGEST_SHARE * index.summary.passages)
    return hidden > most or len(leaving) + len(entries.state.dropped) > MOST_DROPPED


def _made_anew(
    connection: Connection,
    knowledge: Path,
    index: Index | None,
    changes: Changes,
    progress: Progress | None,
    lock: Lock,
) -> Report:
    """All files read and written to a new index, which takes the place of the one that is there."""
    building = Building(connection, alias_of(knowledge))
    name = building.create()
    try:
        with Bulk(connection, writing_alias(name), lock.check) as bulk:
            writer = ClusterWriter(bulk)
            everything = changes_at(knowledge, {})
            report = write_changes(writer, knowledge, None, everything, progress)
        building.complete(name, writer.state)
        lock.check()
    except BaseException:
        with suppress(RefusedError, UnavailableError):  # or whoever writes next does it
            building.delete([name])
        raise
    # Behind that, since nobody knows what came of a request without an answer.
    building.swap(name)
    if index is None:
        return report
    known = index.manifest.files
    return report_of(changes, known, writer.manifest, changes.renamed)


def _added(
    entries: ClusterEntries,
    knowledge: Path,
    index: Index,
    changes: Changes,
    progress: Progress | None,
    lock: Lock,
) -> Report:
    """What has changed, written behind what is there, and then made visible."""
    alias = claimed(entries.connection, entries.name)
    _remove(entries, {"range": {GENERATION: {"gt": entries.state.generation}}})
    with Bulk(entries.connection, alias, lock.check) as bulk:
        writer = ClusterWriter(bulk, entries)
        report = write_changes(writer, knowledge, index, changes, progress)
    refresh(entries.connection, entries.name)
    lock.check()
    entries.commit(writer.state)
    earlier = {"range": {GENERATION: {"lt": entries.state.generation}}}
    _remove(entries, {"bool": {"filter": [{"term": {"key": PARTS}}, earlier]}})
    return report


def _remove(entries: ClusterEntries, query: dict[str, object]) -> None:
    """Delete what matches and is of no use to anybody: what an interrupted writer left, say."""
    refresh(entries.connection, entries.name)
    entries.ask(
        "POST",
        "_delete_by_query",
        {"query": query},
        seconds=600.0,
        conflicts="proceed",
        refresh=True,
    )
