"""What a collection's documents are kept in, to whoever searches and quotes them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from knowledge.documents import Document, Passage
from retrieval.questions.acronyms import Acronyms
from retrieval.questions.repair import Vocabulary


class Place(NamedTuple):
    """Where something stands: in which source, and on which line and page of it, from 1.

    `url` is the address of the document, and `encoding` that of the source where it is not UTF-8.
    """

    source: str
    line: int
    page: int | None
    url: str | None
    encoding: str | None


def place_in(document: Document, offset: int) -> Place:
    """Where the character at `offset` of a document stands."""
    line, page = document.line_at(offset), document.page_at(offset)
    return Place(document.source, line, page, document.url, document.encoding)


class Store(Protocol):
    """Documents, their passages and what is known of their words, in memory, on disk or elsewhere.

    All statistics count passages, so that they are the same wherever the documents are kept.
    """

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents by their ids."""

    def passages(self) -> Iterator[Passage]:
        """All passages, in their order."""

    def passages_of(self, document_id: str) -> Sequence[Passage]:
        """Those of a document, in order."""

    def place_in(self, passage: Passage, offset: int) -> Place:
        """Where the character at `offset` of its document stands, which is one of the passage."""

    def key_of(self, passage: Passage) -> str:
        """The key of a passage: another one as soon as its text changes."""

    def passage_with(self, key: str) -> Passage | None:
        """The passage with a key; None where there is none any more."""

    def located_terms(self, passage: Passage) -> tuple[list[int], list[str]]:
        """Where each word of a passage's text begins, and its term, as `tokens.located_terms`."""

    def context(self, passage: Passage) -> Sequence[str]:
        """The terms of the passages beside a short one in its section; none of a long one."""

    def expect(self, terms: Iterable[str] = (), documents: Iterable[str] = ()) -> None:
        """Told what will be asked for next, a store that is elsewhere reads it at once.

        One that is here does not even look at it.
        """

    def acronyms(self) -> Acronyms:
        """The acronyms that the documents define."""

    def vocabulary(self) -> Vocabulary:
        """How words are written in the documents, with the number of passages that have each."""

    def languages(self) -> Sequence[str]:
        """Those that the documents are in, the one with the most passages first."""
