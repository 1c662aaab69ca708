"""What an index reads and writes of where its entries are kept, whatever keeps them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from knowledge.documents import Passage
from retrieval.index.entries import Entry, Stored
from retrieval.index.manifest import Manifest, Summary
from retrieval.questions.repair import Spellings
from retrieval.search.engine import SearchEngine


class EntryStore(Protocol):
    """The entries of an index as they were committed last when it was opened.

    Fields and their names are those of layout.py.
    """

    @property
    def manifest(self) -> Manifest:
        """What the entries were made from."""

    @property
    def summary(self) -> Summary:
        """How much there is, without a look at each file."""

    @property
    def engine(self) -> SearchEngine:
        """The engine that searches the entries where they are."""

    @property
    def spellings(self) -> Spellings:
        """How words are written in the passages."""

    def matching(self, field: str, value: str) -> Iterator[Stored]:
        """The entries with a value in a field, by their places, each read when it is come to."""

    def all(self) -> Iterator[Stored]:
        """All entries: files in their order, each from top to bottom."""

    def before(self, entry: Stored) -> Stored | None:
        """The entry before one in the same document; None before the first."""

    def after(self, entry: Stored) -> Stored | None:
        """The entry after one in the same document; None after the last."""

    def values(self, field: str) -> Mapping[str, int]:
        """The values of a field, with the number of entries that have each."""

    def expect(self, terms: Iterable[str], documents: Iterable[str]) -> None:
        """Told which terms and documents will be asked for next, read them at once, if need be."""

    def read_lately(self, passage: Passage) -> Stored | None:
        """The entry of a passage, where it is still kept since it was read."""


class EntryWriter(Protocol):
    """Takes the entries of an index; nobody sees any of it before it is committed."""

    def add(self, entry: Entry) -> None:
        """Add an entry."""

    def drop(self, file: str) -> None:
        """Delete the entries of a file, also those that were just added."""

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest, with which all is complete."""
