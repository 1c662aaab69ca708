"""One module for each file format; each offers `read(file)`, which yields the file's documents."""

from collections.abc import Callable, Iterator
from importlib import import_module

from knowledge.documents import Document
from knowledge.readers.source import SourceFile

Reader = Callable[[SourceFile], Iterator[Document]]

# By name, since a format's library is imported only when a file of that format is read.
READERS = {
    ".jsonl": "beir",
    ".markdown": "markdown",
    ".md": "markdown",
    ".txt": "text",
}

# Formats of many documents a file, whose module also offers `parts(file)`, which cuts a file into
# parts that can be read apart, and `read_part(file, part)`.
IN_PARTS = {".jsonl"}


def reader_for(suffix: str) -> Reader | None:
    """The reader of files whose name ends in `suffix`; None where there is none."""
    name = READERS.get(suffix.lower())
    if name is None:
        return None
    reader: Reader = import_module(f"knowledge.readers.{name}").read
    return reader
