"""A collection whose index is in a cluster."""

from dataclasses import dataclass
from pathlib import Path

from retrieval.cluster.address import Cluster
from retrieval.cluster.connection import Connection
from retrieval.cluster.layout import alias_of
from retrieval.cluster.opening import open_index
from retrieval.index.manifest import IndexUseError
from retrieval.index.progress import Progress
from retrieval.index.reading import Index
from retrieval.index.report import Report


@dataclass(frozen=True, slots=True)
class InCluster:
    """A file or a folder of documents, whose index is in a cluster.

    Whoever only asks needs no documents, but has to name them by the path by which they were read.
    """

    knowledge: Path
    cluster: Cluster
    base_url: str | None = None
    folder: None = None

    @property
    def place(self) -> str:
        """Where the index is."""
        return f"{self.cluster.nodes[0]}/{alias_of(self.knowledge)}"

    def opened(self) -> Index:
        """The index as it is; IndexUseError where there is none."""
        index = open_index(Connection(self.cluster), self.knowledge, self.base_url)
        if index is None:
            raise IndexUseError(
                f"{self.knowledge}: has no index in the search cluster yet; build it with: footnote"
                " index --engine opensearch"
            )
        return index

    def refreshed(self, progress: Progress | None, *, rebuild: bool) -> tuple[Index, Report]:
        """The index made or brought up to date."""
        # Imported here since whoever asks writes nothing.
        from retrieval.cluster.refreshing import refreshed

        connection = Connection(self.cluster)
        return refreshed(
            connection, self.knowledge, progress, base_url=self.base_url, rebuild=rebuild
        )
