"""An index in a cluster: how it follows its documents, and what keeps two writers apart."""

import json
import signal
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
from opensearch import Ask, Opened, write

from retrieval.cluster import lock as locks
from retrieval.cluster.address import Cluster, ClusterError
from retrieval.cluster.building import Building
from retrieval.cluster.bulk import Bulk
from retrieval.cluster.connection import Connection
from retrieval.cluster.layout import STATE, State, alias_of, writing_alias
from retrieval.cluster.lock import Lock
from retrieval.collection import Collection
from retrieval.index.manifest import Manifest
from retrieval.index.refreshing import IndexBusyError, IndexWriteError
from retrieval.opening import open_collection

pytestmark = pytest.mark.cluster


def indexes(ask: Ask, notes: Path) -> dict[str, bool]:
    """The indexes of a folder, oldest first, each with whether the alias leads to it."""
    alias = alias_of(notes)
    found = ask("GET", f"/{alias}-*/_alias")
    return {name: alias in found[name]["aliases"] for name in sorted(found)}


def assert_like_new(collection: Collection, path: Path) -> None:
    """All that is read of it is what a new index on disk gives."""
    expected = open_collection(path, engine="tantivy", reader="words")
    index, other = collection.index, expected.index
    assert list(index.passages()) == list(other.passages())
    assert dict(index.documents) == dict(other.documents)
    assert index.languages() == other.languages()
    assert index.files() == other.files()
    assert index.fingerprint == other.fingerprint
    assert index.summary == other.summary
    for passage in index.passages():
        entry = other.with_key(index.key_of(passage))
        assert entry is not None
        assert index.with_key(index.key_of(passage)) == entry
        assert index.before(entry) == other.before(entry)
        assert index.after(entry) == other.after(entry)


def test_what_has_not_changed_is_not_written(opened: Opened, notes: Path, ask: Ask) -> None:
    """Nor is a lock taken for it."""
    assert opened(notes).report.is_new
    before = ask("GET", f"/{alias_of(notes)}/_doc/{STATE}")
    again = opened(notes)
    assert again.report.is_nothing
    assert ask("GET", f"/{alias_of(notes)}/_doc/{STATE}") == before
    assert_like_new(again, notes)


def test_only_what_has_changed_is_written(opened: Opened, notes: Path, ask: Ask) -> None:
    """To the index that is there; who opened it before sees what it saw."""
    earlier = opened(notes)
    write(notes / "a.md", "# Lease\n\nThe lease ends in June of 2031.\n")
    (notes / "house/b.md").rename(notes / "house/d.md")
    write(notes / "e.md", "# Dogs\n\nDogs guard the yard.\n")
    (notes / "c.txt").unlink()
    now = opened(notes)
    assert (now.report.changed, now.report.added) == (("a.md",), ("e.md",))
    assert now.report.removed == ("c.txt",)
    assert now.report.renamed == (("house/b.md", "house/d.md"),)
    assert list(indexes(ask, notes).values()) == [True]
    assert_like_new(now, notes)
    assert now.ask("When does the lease end?").text == "The lease ends in June of 2031."
    assert not now.knows("barn")
    assert earlier.ask("When does the lease end?").text == "The lease ends in May."
    assert earlier.knows("barn")


def test_a_file_that_cannot_be_read_any_more_leaves_nothing(opened: Opened, notes: Path) -> None:
    """A record without an id makes all of its file unreadable, those before it too."""
    lines = [json.dumps({"_id": str(n), "text": f"Wool number {n} is red."}) for n in range(3)]
    write(notes / "w.jsonl", "\n".join(lines))
    assert opened(notes).knows("wool")
    write(notes / "w.jsonl", "\n".join([*lines, lines[0]]))
    now = opened(notes)
    assert [one.name for one in now.report.skipped] == ["w.jsonl"]
    assert not now.knows("wool")
    assert_like_new(now, notes)


def test_much_that_changes_goes_into_another_index(
    opened: Opened, notes: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one before it is kept, and none older; a collection of one that is gone finds the new."""
    monkeypatch.setattr("retrieval.cluster.refreshing.MOST_DROPPED", 0)
    first = opened(notes)
    for month in ("June", "July"):
        write(notes / "a.md", f"# Lease\n\nThe lease ends in {month} of 2031.\n")
        now = opened(notes)
        assert now.report.changed == ("a.md",)
        assert not now.report.is_new
        assert_like_new(now, notes)
        assert list(indexes(ask, notes).values()) == [False, True]
    assert first.ask("When does the lease end?").text == "The lease ends in July of 2031."


def test_a_rebuilt_index_takes_the_place_of_the_other(
    opened: Opened, notes: Path, ask: Ask
) -> None:
    """With copies of its shards where there are nodes for them."""
    opened(notes)
    assert opened(notes, rebuild=True).report.is_new
    first, second = indexes(ask, notes)
    assert indexes(ask, notes) == {first: False, second: True}
    assert ask("GET", f"/_cluster/health/{second}")["status"] == "green"
    stored = ask("GET", f"/{second}/_settings")[second]["settings"]["index"]
    assert stored["auto_expand_replicas"] == "0-1"


def test_copies_that_cannot_be_made_are_not_waited_for(
    cluster: Cluster, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a node is missing: the cluster says that it took too long, and that is no error."""
    monkeypatch.setattr("retrieval.cluster.building._GLANCE", 1)
    building = Building(Connection(cluster), f"footnote-test-{uuid.uuid4().hex}")
    name = building.create()
    ask("PUT", f"/{name}/_settings", {"index.routing.allocation.enable": "primaries"})
    building.complete(name, State(1, Manifest("").summary, 0))
    assert ask("GET", f"/_cluster/health/{name}")["status"] == "yellow"
    building.delete([name])


class _StoppedError(Exception):
    """What stops a reading."""


@pytest.mark.parametrize("rebuild", [True, False])
def test_an_interrupted_reading_leaves_what_was_there(
    opened: Opened, notes: Path, ask: Ask, rebuild: bool
) -> None:
    """And the next one begins where it did."""
    opened(notes)

    def stop(*_: object) -> None:
        raise _StoppedError

    write(notes / "a.md", "# Lease\n\nThe lease ends in June of 2031.\n")
    with pytest.raises(_StoppedError):
        opened(notes, rebuild=rebuild, progress=stop)
    kept = opened(notes, refresh=False)
    assert kept.ask("When does the lease end?").text == "The lease ends in May."
    assert list(indexes(ask, notes).values()) == [True]
    assert_like_new(opened(notes), notes)


KILLED = """
import os, signal, sys
from pathlib import Path
from retrieval.cluster import bulk
from retrieval.opening import open_collection

left = int(sys.argv[3])
sent = bulk.Bulk._refused

def killing(self, actions):
    global left
    again = sent(self, actions)
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    return again

bulk.Bulk._refused = killing
bulk.CHUNK = 1
open_collection(Path(sys.argv[1]), engine="opensearch", reader="words", cluster=sys.argv[2])
"""


def test_a_killed_writer_leaves_what_was_there(
    opened: Opened, notes: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it had sent is never seen, and its lock ends by itself."""
    monkeypatch.setattr(locks, "LEASE", 3.0)
    opened(notes)
    for count in (1, 2):
        write(
            notes / "a.md",
            f"# Lease\n\nThe lease ends in {count} years.\n\n## Rent\n\nIt is low.\n",
        )
        killed = subprocess.run(
            [sys.executable, "-c", KILLED, str(notes), ",".join(cluster.nodes), str(count)],
            cwd=Path(__file__).parents[1],
            timeout=300,
        )
        assert killed.returncode == -signal.SIGKILL
        kept = opened(notes, refresh=False)
        assert kept.ask("When does the lease end?").text != f"The lease ends in {count} years."
        now = opened(notes)
        assert now.ask("When does the lease end?").text == f"The lease ends in {count} years."
        assert_like_new(now, notes)


def test_what_a_writer_sends_too_late_is_refused(
    opened: Opened, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that was thought dead, and in whose place another one writes by now."""
    opened(notes)
    send = Bulk._refused
    held = []

    def hold(bulk: Bulk, actions: Any) -> None:
        held.append((bulk, actions))
        raise _StoppedError

    write(notes / "a.md", "# Lease\n\nThe lease ends in June of 2031.\n")
    with monkeypatch.context() as patch, pytest.raises(_StoppedError):
        patch.setattr(Bulk, "_refused", hold)
        opened(notes)
    ((bulk, actions),) = held
    refusals = []

    def arrive(*_: object) -> None:
        with pytest.raises(IndexWriteError, match="index_not_found") as refused:
            send(bulk, actions)
        refusals.append(refused)

    # It kept to its lease when it was asked last.
    monkeypatch.setattr(bulk, "_check", lambda: None)
    write(notes / "a.md", "# Lease\n\nThe lease ends in July of 2031.\n")
    assert_like_new(opened(notes, progress=arrive), notes)
    assert refusals


def test_two_writers_are_kept_apart(
    opened: Opened, notes: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second is refused while the first shows signs of life; who only asks is not."""
    monkeypatch.setattr(locks, "BEAT", 0.1)
    monkeypatch.setattr(locks, "PATIENCE", 0.5)
    opened(notes)
    write(notes / "a.md", "# Lease\n\nThe lease ends in June of 2031.\n")
    with Lock(Connection(cluster), alias_of(notes)) as lock:
        with pytest.raises(IndexBusyError, match="another process is writing"):
            opened(notes)
        lock.check()
        kept = opened(notes, refresh=False)
        assert kept.ask("When does the lease end?").text == "The lease ends in May."
    assert opened(notes).report.changed == ("a.md",)


def test_a_lock_whose_holder_is_dead_is_taken_over(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the holder, if it lives after all, writes nothing any more."""
    monkeypatch.setattr(locks, "LEASE", 1.0)
    monkeypatch.setattr(locks, "BEAT", 3600.0)
    connection = Connection(cluster)
    with Lock(connection, "footnote-test") as first:
        with Lock(connection, "footnote-test") as second:
            second._put(**second._if_unchanged())
            with pytest.raises(IndexBusyError, match="has taken over"):
                first.check()
        # It does not delete what is another one's.
        with Lock(connection, "footnote-test"):
            first.__exit__(None, None, None)
            assert first._read() is not None


def test_a_lock_is_kept_while_nobody_may_renew_it(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key may have been taken back; for how long nothing was renewed decides."""
    monkeypatch.setattr(locks, "BEAT", 0.01)
    connection = Connection(cluster)
    tries: list[object] = []

    def refuse(*asked: object, **_: object) -> None:
        tries.append(asked)
        raise ClusterError("the search cluster refuses access")

    with Lock(connection, f"footnote-test-{uuid.uuid4().hex}") as lock:
        monkeypatch.setattr(connection, "ask", refuse)
        while len(tries) < 3:
            time.sleep(0.01)
        lock.check()


def test_who_is_interrupted_does_not_wait_for_a_full_cluster(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is under way is given up."""
    monkeypatch.setattr("retrieval.cluster.bulk._PATIENCE", 1e6)
    is_refused = threading.Event()

    def refuse(_: Bulk, actions: Any) -> Any:
        is_refused.set()
        return actions

    monkeypatch.setattr(Bulk, "_refused", refuse)
    connection = Connection(cluster)
    with pytest.raises(_StoppedError), Bulk(connection, "nowhere", lambda: None) as bulk:
        bulk.add("1", {})
        bulk._send()
        is_refused.wait()
        raise _StoppedError


def test_writing_waits_while_the_cluster_is_full(opened: Opened, notes: Path, ask: Ask) -> None:
    """What is refused with status 429 is sent again."""
    opened(notes)
    (name,) = indexes(ask, notes)
    ask("PUT", f"/{name}/_settings", {"index.blocks.read_only_allow_delete": True})

    def relieve() -> None:
        time.sleep(1)
        ask("PUT", f"/{name}/_settings", {"index.blocks.read_only_allow_delete": None})

    thread = threading.Thread(target=relieve)
    thread.start()
    write(notes / "e.md", "# Dogs\n\nDogs guard the yard.\n")
    assert opened(notes).report.added == ("e.md",)
    thread.join()


def test_nothing_makes_an_index_by_writing_to_it(opened: Opened, notes: Path, ask: Ask) -> None:
    """A writer that was thought dead finds that what it wrote to is gone."""
    opened(notes)
    (name,) = indexes(ask, notes)
    ask("DELETE", f"/{name}")
    line = b'{"index": {"_id": "1"}}\n{"body": ""}\n'
    answer = ask("POST", f"/{writing_alias(name)}/_bulk", line, require_alias=True)
    assert answer["errors"]
    assert indexes(ask, notes) == {}
