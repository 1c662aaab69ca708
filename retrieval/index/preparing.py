"""From files to entries, in as many processes as there are processors."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from itertools import chain
from typing import TYPE_CHECKING, Any

from knowledge.documents import Document
from knowledge.errors import ReadError
from knowledge.formats import format_of
from knowledge.loading import in_its_language, read_file
from knowledge.source import SourceFile
from retrieval.index.entries import Entry, entries_of

if TYPE_CHECKING:
    from collections.abc import Callable

_ALONE = 1 << 20
"""Bytes up to which other processes would take longer to start than this one to read them."""

_BATCH = 1 << 18
"""Bytes of small files that are read by one process at a time."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What came of a file or a part of one: documents, or what keeps it from being read.

    `documents` are ids, each with the checksum of what was read and the line that it is on; `size`
    are the bytes that were read.
    """

    file: SourceFile
    documents: tuple[tuple[str, str, int | None], ...] = ()
    entries: tuple[Entry, ...] = ()
    error: ReadError | None = None
    is_whole: bool = True
    size: int = 0


def prepared(files: Iterable[SourceFile]) -> Iterator[Prepared]:
    """The entries of files, in their order; parts of a file follow each other."""
    files = list(files)
    sizes = [_size(file) for file in files]
    if sum(sizes) <= _ALONE:
        yield from map(_prepared_file, files)
        return
    # Imported here since most readings are small.
    from knowledge.workers import in_processes

    processes = os.cpu_count() or 1
    # Not further ahead than what is written can follow.
    for batch in in_processes(_tasks(files, sizes), processes, ahead=4 * processes):
        yield from batch


def _tasks(files: list[SourceFile], sizes: list[int]) -> "Iterator[Callable[[], list[Prepared]]]":
    batch: list[SourceFile] = []
    total = 0
    for file, size in zip(files, sizes, strict=True):
        format_ = format_of(file.path)
        if format_ is not None and format_.in_parts and size > _BATCH:
            if batch:
                yield partial(_prepared_files, batch)
                batch, total = [], 0
            yield from _parts(file)
            continue
        batch.append(file)
        total += size
        if total > _BATCH:
            yield partial(_prepared_files, batch)
            batch, total = [], 0
    if batch:
        yield partial(_prepared_files, batch)


def _parts(file: SourceFile) -> "Iterator[Callable[[], list[Prepared]]]":
    try:
        for part in _reader(file).parts(file):
            yield partial(_prepared_part, file, part)
    except ReadError as error:
        yield partial(_failed, file, error)


def _failed(file: SourceFile, error: ReadError) -> list[Prepared]:
    return [Prepared(file, error=error)]


def _reader(file: SourceFile) -> Any:
    format_ = format_of(file.path)
    assert format_ is not None  # noqa: S101 (only known ones have parts)
    return import_module(f"knowledge.readers.{format_.reader}")


def _prepared_files(files: list[SourceFile]) -> list[Prepared]:
    return [_prepared_file(file) for file in files]


def _prepared_file(file: SourceFile) -> Prepared:
    size = _size(file)
    try:
        return prepared_documents(file, list(read_file(file)), size)
    except ReadError as error:
        return Prepared(file, error=error, size=size)


def _prepared_part(file: SourceFile, part: Any) -> list[Prepared]:
    size = part.end - part.start
    try:
        documents = map(in_its_language, _reader(file).read_part(file, part))
        return [prepared_documents(file, list(documents), size, is_whole=False)]
    except ReadError as error:
        return [Prepared(file, error=error, is_whole=False, size=size)]


def prepared_documents(
    file: SourceFile, documents: list[Document], size: int = 0, *, is_whole: bool = True
) -> Prepared:
    """The entries of documents that were read from a file."""
    found: list[list[Entry]] = []
    place = 0
    for document in documents:
        # Parts of a file do not know of each other, but of their lines.
        first = place if document.line is None else document.line << 20
        found.append(list(entries_of(document, file.id, first)))
        place += len(found[-1])
    return Prepared(
        file,
        tuple((d.id, d.checksum, d.line) for d in documents),
        tuple(chain.from_iterable(found)),
        is_whole=is_whole,
        size=size,
    )


def _size(file: SourceFile) -> int:
    try:
        return file.path.stat().st_size
    except OSError:
        return 0
