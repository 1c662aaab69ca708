"""Tantivy's searcher, whose failures mean that the index is damaged."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import tantivy

from retrieval.index.checksums import IndexDamagedError, SealError, damaged_files, unsealed

T = TypeVar("T")


def is_failure(error: BaseException) -> bool:
    """Whether Tantivy gave up over what it read."""
    return isinstance(error, ValueError | OSError) or _is_panic(error)


def _is_panic(error: BaseException) -> bool:
    # A panic of Rust is no Exception, and its class cannot be imported.
    return type(error).__name__ == "PanicException"


class Searcher:
    """What is read of an index: in the folder where it lies, or in memory.

    IndexDamagedError where Tantivy fails over what lies in the folder.
    """

    def __init__(self, searcher: tantivy.Searcher, folder: Path | None) -> None:
        self._searcher = searcher
        self._folder = folder

    @property
    def passages(self) -> int:
        """How many entries there are."""
        return self._searcher.num_docs

    def search(self, query: tantivy.Query, limit: int, **options: Any) -> list[Any]:
        """The best `limit` entries: score, or value of the field that orders them, and address."""
        return self._tried(lambda: self._searcher.search(query, limit, count=False, **options).hits)

    def content(self, address: tantivy.DocAddress, field: str) -> bytes:
        """What is stored of an entry in a field, as it was before it was sealed."""
        return self._tried(lambda: self._unsealed(address, field))

    def doc_freq(self, field: str, value: str) -> int:
        """How many entries have a value in a field, deleted ones included."""
        return self._tried(lambda: self._searcher.doc_freq(field, value))

    def terms_with_prefix(self, field: str, prefix: str) -> list[tuple[str, int]]:
        """The values of a field that begin so, with the number of entries that have each."""
        return self._tried(lambda: self._searcher.terms_with_prefix(field, prefix))

    def _unsealed(self, address: tantivy.DocAddress, field: str) -> bytes:
        content = self._searcher.doc(address).get_first(field)
        if not isinstance(content, bytes):
            raise ValueError(f"an entry without {field}")
        return unsealed(content)

    def _tried(self, read: Callable[[], T]) -> T:
        try:
            return read()
        except BaseException as error:
            if self._folder is None or not is_failure(error):
                raise
            damaged = damaged_files(self._folder, whole=True)
            if damaged or _is_panic(error) or isinstance(error, SealError):
                raise IndexDamagedError(self._folder, damaged) from error
            raise
