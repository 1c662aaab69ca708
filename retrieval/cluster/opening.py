"""The index of a path in a cluster, opened."""

from pathlib import Path

from retrieval.cluster.connection import Connection
from retrieval.cluster.entries import ClusterEntries
from retrieval.cluster.layout import alias_of
from retrieval.index.reading import Index


def open_index(
    connection: Connection, knowledge: Path, base_url: str | None = None
) -> Index | None:
    """The index of a path as it is now; None where there is none."""
    entries = ClusterEntries.at(connection, alias_of(knowledge))
    return None if entries is None else Index(entries, knowledge, base_url)
