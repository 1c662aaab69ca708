"""Where a collection's documents come from, and how its index is had."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from knowledge.documents import Document
from retrieval.index.manifest import IndexUseError
from retrieval.index.opening import open_index
from retrieval.index.progress import Progress
from retrieval.index.reading import Index
from retrieval.index.refreshing import refreshed
from retrieval.index.report import Report


class Origin(Protocol):
    """Where a collection's documents come from; another process opens the same from it."""

    @property
    def knowledge(self) -> Path | None:
        """The path of the documents; None where they have none."""

    @property
    def folder(self) -> Path | None:
        """The folder of the index; None where it has none."""

    @property
    def place(self) -> str:
        """Where the index is, for people."""

    def opened(self) -> Index:
        """The index as it is."""

    def refreshed(self, progress: Progress | None, *, rebuild: bool) -> tuple[Index, Report]:
        """The index brought up to date with the documents, and what was done."""


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A file or a folder of documents, whose index lies in another folder."""

    knowledge: Path
    folder: Path
    base_url: str | None = None

    @property
    def place(self) -> str:
        """Where the index is."""
        return str(self.folder)

    def opened(self) -> Index:
        """The index as it is; IndexUseError where there is none."""
        index = open_index(self.folder, self.knowledge, self.base_url)
        if index is None:
            raise IndexUseError(
                f"{self.knowledge}: has no index yet; build it with: footnote index"
            )
        return index

    def refreshed(self, progress: Progress | None, *, rebuild: bool) -> tuple[Index, Report]:
        """The index made or brought up to date."""
        return refreshed(
            self.knowledge, self.folder, progress, base_url=self.base_url, rebuild=rebuild
        )


@dataclass(frozen=True, slots=True)
class InMemory:
    """Documents that are there already and do not change."""

    documents: tuple[Document, ...]
    knowledge: None = None
    folder: None = None
    place: str = "memory"

    def opened(self) -> Index:
        """An index in memory."""
        # Imported here since most collections are on disk.
        from retrieval.index.memory import index_of

        return index_of(self.documents)

    def refreshed(self, progress: Progress | None, *, rebuild: bool) -> tuple[Index, Report]:
        """The same again: there is nothing to read."""
        return self.opened(), Report()
