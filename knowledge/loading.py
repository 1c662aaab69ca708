"""From a path to documents: which files there are, and what was skipped and why."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.documents import Document
from knowledge.errors import ReadError
from knowledge.readers import READERS, reader_for
from knowledge.readers.source import SourceFile

MATERIAL = Path(__file__).parent / "material" / "mexico-palestine-relations.md"
"""The document that answers come from where no other is named."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file in a folder that gave no documents; `name` is its path within the folder."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What was read from a path: the documents in a stable order, and what was skipped."""

    documents: tuple[Document, ...]
    skipped: tuple[Skipped, ...]


def load(path: Path) -> Knowledge:
    """Read a file, or every readable file below a folder.

    ReadError where the path is not there, a file given by name cannot be read, or a folder holds
    nothing that can be.
    """
    if not _is_unicode(str(path)):
        raise ReadError(_shown(str(path)), _BAD_NAME)
    if os.path.isdir(path):  # noqa: PTH112, Path.is_dir() fails on names that are too long
        return _load_folder(path)
    return Knowledge(tuple(read_file(SourceFile(path, path.name))), ())


def read_file(file: SourceFile) -> Iterator[Document]:
    """The documents of one file; ReadError where it cannot be read."""
    if not os.path.exists(file.path):  # noqa: PTH110, likewise
        raise ReadError(file.name, "does not exist; check the path")
    if not file.path.is_file():
        raise ReadError(file.name, "is no ordinary file; give a file or a folder")
    reader = reader_for(file.path.suffix)
    if reader is None:
        known = ", ".join(sorted(READERS))
        raise ReadError(file.name, f"has a format that is not known; convert it to one of {known}")
    yield from reader(file)


def _load_folder(folder: Path) -> Knowledge:
    documents: dict[str, Document] = {}
    skipped: list[Skipped] = []
    for file in _files(folder):
        if not _is_unicode(file.id):
            skipped.append(Skipped(_shown(file.id), _BAD_NAME))
            continue
        try:
            found = list(read_file(file))
            for document in found:
                if document.id in documents:
                    first = documents[document.id].source
                    raise ReadError(
                        file.name, f"has the document id {document.id!r}, which {first} has too"
                    )
        except ReadError as error:
            skipped.append(Skipped(file.id, error.reason))
        else:
            documents.update((document.id, document) for document in found)
    if not documents:
        raise ReadError(str(folder), _nothing_readable(skipped))
    return Knowledge(tuple(documents.values()), tuple(skipped))


def _files(folder: Path) -> Iterator[SourceFile]:
    """The files below a folder in the order of their names; hidden ones are left out.

    Links are followed only to files that lie in the folder too: nothing outside is read.
    """
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if any(part.startswith(".") for part in inside.parts) or path.is_dir():
            continue
        if path.is_symlink() and not _leads_into(path, root):
            continue
        yield SourceFile(path, inside.as_posix())


_BAD_NAME = "has a name that is not UTF-8; rename it"


def _is_unicode(name: str) -> bool:
    """Whether a name can be written in a report; other bytes come in as halves of characters."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _shown(name: str) -> str:
    return name.encode(errors="replace").decode()


def _leads_into(link: Path, root: Path) -> bool:
    try:
        return link.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):  # a link to nothing, or in a circle
        return False


def _nothing_readable(skipped: list[Skipped]) -> str:
    known = ", ".join(sorted(READERS))
    if not skipped:
        return f"holds no files; add some ({known})"
    first = skipped[0]
    others = f", and {len(skipped) - 1} more like it" if len(skipped) > 1 else ""
    return f"holds no file that can be read ({known}): {first.name} {first.reason}{others}"
