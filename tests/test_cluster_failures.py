"""Nodes that die or stand still while somebody asks."""

import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from opensearch import Nodes, asked

from knowledge.errors import UnavailableError
from knowledge.loading import MATERIAL
from retrieval.cluster.address import cluster_at
from retrieval.collection import Collection
from retrieval.evaluation.question_sets import PACKAGED, read_question_set
from retrieval.opening import open_collection

pytestmark = [pytest.mark.cluster, pytest.mark.slow]

_log = logging.getLogger(__name__)

QUESTIONS = [one.question for one in read_question_set(PACKAGED).questions[::8]]


class Asker(threading.Thread):
    """Asks one question after the other, and compares the answers with the right ones."""

    def __init__(self, collection: Collection, expected: dict[str, str | None]) -> None:
        super().__init__()
        self._collection = collection
        self._expected = expected
        self.is_over = threading.Event()
        self.answers = 0
        self.wrong: list[str] = []
        self.slowest = 0.0

    def run(self) -> None:
        """Ask until it is over; nothing may be raised."""
        while not self.is_over.is_set():
            question = QUESTIONS[self.answers % len(QUESTIONS)]
            start = time.monotonic()
            try:
                text = self._collection.ask(question).text
            except Exception as error:
                self.wrong.append(f"{question}: {error!r}")
            else:
                if text != self._expected[question]:
                    self.wrong.append(f"{question}: {text}")
            self.slowest = max(self.slowest, time.monotonic() - start)
            self.answers += 1

    def wait_for(self, more: int, what: str = "all is well") -> None:
        """Wait until so many more questions were asked; the log says how long the slowest took."""
        self.slowest = 0.0
        wanted = self.answers + more
        while self.answers < wanted:
            time.sleep(0.05)
        _log.info("%s: the slowest of %s took %.2f s", what, more, self.slowest)


@pytest.fixture
def asker(nodes: Nodes, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asker]:
    """Somebody who asks all the time."""
    # However busy the machine is.
    monkeypatch.setattr("retrieval.cluster.connection.PATIENCE", 60.0)
    local = open_collection(MATERIAL, engine="tantivy", reader="words")
    expected = {question: local.ask(question).text for question in QUESTIONS}
    address = ",".join(nodes.urls)
    collection = open_collection(MATERIAL, engine="opensearch", reader="words", cluster=address)
    found = Asker(collection, expected)
    found.start()
    yield found
    found.is_over.set()
    found.join()


def manager(nodes: Nodes, address: str) -> str:
    """The name of the node that manages the cluster."""
    (found,) = asked(cluster_at(address), "GET", "/_cat/cluster_manager", format="json")
    return str(found["node"])


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """A process that stands still meanwhile."""
    os.kill(pid, signal.SIGSTOP)
    yield
    os.kill(pid, signal.SIGCONT)


def test_no_answer_is_wrong_or_lost_while_nodes_fail(nodes: Nodes, asker: Asker) -> None:
    """A node is killed, then the one that manages the cluster, then one stands still."""
    address = ",".join(nodes.urls)
    asker.wait_for(20)
    first = manager(nodes, address)
    nodes.kill(next(name for name in ("n1", "n2") if name != first))
    asker.wait_for(40, "a node was killed")
    nodes.start()
    nodes.kill(manager(nodes, address))
    asker.wait_for(40, "the manager was killed")
    nodes.start()
    with stopped(nodes.pid("n2")):
        asker.wait_for(40, "a node stands still")
    asker.wait_for(20)
    assert asker.wrong == []


def test_a_collection_answers_again_once_the_cluster_does(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without being opened again; meanwhile it says that nothing can be searched."""
    address = ",".join(nodes.urls)
    collection = open_collection(MATERIAL, engine="opensearch", reader="words", cluster=address)
    expected = collection.ask(QUESTIONS[0])
    for name in ("n1", "n2"):
        nodes.kill(name)
    # A third of the passages is on none of the nodes that are left: no answer comes of the rest.
    with pytest.raises(UnavailableError):
        collection.ask(QUESTIONS[1])
    nodes.kill("n3")
    with pytest.raises(UnavailableError):
        collection.ask(QUESTIONS[1])
    nodes.start()
    monkeypatch.setattr("retrieval.cluster.connection.REST", 0.0)
    while True:
        try:
            assert collection.ask(QUESTIONS[0]) == expected
        except UnavailableError:
            continue
        break
