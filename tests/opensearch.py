"""A real search cluster for tests: the one that is running, or one started for them."""

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from knowledge.documents import Document
from knowledge.loading import MATERIAL
from knowledge.source import SourceFile
from retrieval.cluster.address import Cluster
from retrieval.cluster.building import Building, refresh
from retrieval.cluster.bulk import Bulk
from retrieval.cluster.connection import Connection
from retrieval.cluster.entries import ClusterEntries
from retrieval.cluster.layout import writing_alias
from retrieval.cluster.writer import ClusterWriter
from retrieval.collection import Collection
from retrieval.index.manifest import FileRecord, Manifest
from retrieval.index.preparing import prepared_documents
from retrieval.index.reading import Index
from retrieval.index.refreshing import IndexBusyError
from retrieval.index.writing import Writing
from retrieval.opening import open_collection

SCRIPT = Path(__file__).resolve().parents[2] / "shared" / "opensearch" / "cluster.py"

Ask = Callable[..., Any]
Opened = Callable[..., Collection]

LONG = 100.0
"""Seconds that a node may take."""

START = 600
"""Seconds until three nodes run, the first time."""


class Nodes:
    """Three nodes that tests may end, and have started again; `urls` are their addresses."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self.urls: list[str] = []

    def start(self) -> None:
        """Start the nodes that do not run, and wait until all have joined."""
        self.urls = self._do("start", "--life", "3000", "--wait", str(START)).split()

    def kill(self, name: str) -> None:
        """End a node at once."""
        self._do("kill", name)

    def pid(self, name: str) -> int:
        """The process of a node."""
        line = next(line for line in self._do("status").splitlines() if line.startswith(name))
        return int(line.split()[-1])

    def stop(self) -> None:
        """End all nodes."""
        self._do("stop", "--wipe")

    def _do(self, verb: str, *arguments: str) -> str:
        command = [sys.executable, str(SCRIPT), verb, self._folder, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=2 * START)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster that may take its time, on a busy machine; skips where none can be had."""
    if urls := os.environ.get("OPENSEARCH_URLS"):
        yield with_the_article(Cluster(tuple(urls.split()), seconds=LONG))
        return
    nodes = Nodes(startable(tmp_path_factory))
    nodes.start()
    yield with_the_article(Cluster(tuple(nodes.urls), seconds=LONG))
    nodes.stop()


def with_the_article(cluster: Cluster) -> Cluster:
    """The cluster, once it has the packaged article, which each process of the tests may write."""
    while True:
        try:
            open_collection(MATERIAL, engine="opensearch", reader="words", cluster=cluster)
        except IndexBusyError:
            continue
        return cluster


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """The nodes of a cluster of its own, which may be ended."""
    found = Nodes(startable(tmp_path_factory))
    found.start()
    yield found
    found.stop()


def startable(factory: pytest.TempPathFactory) -> Path:
    """A folder in which a cluster can be started; skips where it cannot."""
    if not SCRIPT.is_file():
        pytest.skip("no cluster: OPENSEARCH_URLS is not set, and none can be started here")
    if not (shutil.which("java") and shutil.which("mvn")):
        pytest.skip("no cluster: OPENSEARCH_URLS is not set, and there is no Java or no Maven")
    return factory.mktemp("opensearch")


@contextmanager
def indexes_in(cluster: Cluster) -> Iterator[Callable[[Iterable[Document]], Index]]:
    """Makes indexes in a cluster of documents that are in no file, as `index_of` does in memory."""
    connection = Connection(cluster)
    names: list[str] = []

    def index_of(documents: Iterable[Document]) -> Index:
        building = Building(connection, f"footnote-test-{uuid.uuid4().hex}")
        name = building.create()
        names.append(name)
        by_source: dict[str, list[Document]] = {}
        for document in documents:
            by_source.setdefault(document.source, []).append(document)
        with Bulk(connection, writing_alias(name), lambda: None) as bulk:
            writer = ClusterWriter(bulk)
            writing = Writing(writer)
            for source, group in by_source.items():
                result = prepared_documents(SourceFile(Path(source), source), group)
                writing.take(source, FileRecord(), result)
            writer.finish(Manifest("", writing.files))
        building.tune(name, writer.state)
        refresh(connection, name)
        return Index(ClusterEntries(connection, name, writer.state))

    yield index_of
    for name in names:
        connection.ask("DELETE", f"/{name}", seconds=60.0)


def asked(cluster: Cluster, method: str, path: str, body: Any = None, **parameters: object) -> Any:
    """What the cluster answers, asked past the engine."""
    return Connection(cluster).ask(method, path, body, seconds=60.0, **parameters)


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A folder of three files."""
    folder = tmp_path / "notes"
    write(folder / "a.md", "# Lease\n\nThe lease ends in May.\n")
    write(folder / "house/b.md", "# House\n\nThe door is made of oak.\n")
    write(folder / "c.txt", "Cats sleep in the barn.\n")
    return folder


@pytest.fixture
def opened(cluster: Cluster) -> Opened:
    """Opens what is in the cluster, brought up to date."""
    return lambda path, **more: open_collection(
        path, engine="opensearch", reader="words", cluster=cluster, **more
    )


@pytest.fixture
def ask(cluster: Cluster) -> Ask:
    """Asks the cluster itself."""
    return lambda method, path, body=None, **more: asked(cluster, method, path, body, **more)


def write(path: Path, text: str) -> None:
    """A file that is another one than before, for whoever looks at its time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
