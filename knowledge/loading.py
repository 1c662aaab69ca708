"""From a path to documents: which files there are, and what was skipped and why."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.documents import Document
from knowledge.errors import Obstacle, ReadError
from knowledge.formats import FORMATS, NO_DOCUMENTS, format_of, reader_of
from knowledge.languages import language_of
from knowledge.source import SourceFile

MATERIAL = Path(__file__).parent / "material" / "mexico-palestine-relations.md"
"""The document that answers come from where no other is named."""


LARGEST, LARGEST_TEXT = 200_000_000, 10_000_000
"""Bytes of the largest file that is read, but for those that are read in parts.

Text is read in this process, which must neither take long nor much memory.
"""

_READ = 1_000

_KNOWN = ", ".join(sorted(FORMATS))


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file in a folder that gave no documents; `name` is its path within the folder."""

    name: str
    reason: str
    obstacle: Obstacle = Obstacle.CONTENT


def files_at(path: Path) -> tuple[list[SourceFile], list[Skipped]]:
    """The file at a path, or those below a folder by their names, and those that have none to read.

    ReadError where the path is not there, or a folder holds no file.
    """
    names, skipped = names_at(path)
    return [file_at(path, name) for name in names], skipped


def names_at(path: Path) -> tuple[list[str], list[Skipped]]:
    """The names of those files: their paths in the folder, parted by slashes."""
    if not _is_unicode(str(path)):
        raise ReadError(_shown(str(path)), _BAD_NAME, Obstacle.NAME)
    if not is_folder(path):
        return [path.name], []
    found = list(_names(path))
    # Nearly always none, which is seen at once.
    bad = [] if _is_unicode("".join(found)) else [name for name in found if not _is_unicode(name)]
    names = [name for name in found if _is_unicode(name)] if bad else found
    skipped = [Skipped(_shown(name), _BAD_NAME, Obstacle.NAME) for name in bad]
    if not names:
        raise nothing_readable(path, skipped)
    return names, skipped


def is_folder(path: Path) -> bool:
    """Whether a path is that of a folder; no path is too long to ask."""
    return os.path.isdir(path)  # noqa: PTH112, Path.is_dir() fails on names that are too long


def real_path(path: Path) -> str:
    """Where a path leads, whole and without links; one that leads to itself stays as it is."""
    return os.path.realpath(path)


def file_at(path: Path, name: str) -> SourceFile:
    """The file of a name at a path."""
    return SourceFile(path / name if is_folder(path) else path, name)


def read_file(file: SourceFile) -> Iterator[Document]:
    """The documents of one file; ReadError where it cannot be read."""
    if not os.path.exists(file.path):  # noqa: PTH110, likewise
        if os.path.islink(file.path):  # noqa: PTH114, likewise
            raise ReadError(file.name, "is a link that leads nowhere; check where it should lead")
        raise ReadError(file.name, "does not exist; check the path")
    if is_folder(file.path):
        reason = "is a folder that cannot be opened; check its rights"
        raise ReadError(file.name, reason, Obstacle.RIGHTS)
    if not file.path.is_file():
        raise ReadError(file.name, "is not a regular file; give a file or a folder")
    format_ = format_of(file.path)
    if format_ is None:
        raise _unreadable(file)
    largest = LARGEST_TEXT if format_.is_trusted else LARGEST
    if not format_.in_parts and file.path.stat().st_size > largest:
        reason = f"is larger than {largest // 10**6} MB; split it"
        raise ReadError(file.name, reason, Obstacle.SIZE)
    if format_.is_trusted:
        yield from map(in_its_language, reader_of(format_)(file))
    else:
        # Imported here since most folders hold nothing but text.
        from knowledge.isolation import isolated

        yield from map(in_its_language, isolated().read(file))


def _unreadable(file: SourceFile) -> ReadError:
    """Why a file of no known format is not read."""
    if file.path.suffix.lower() in NO_DOCUMENTS:
        reason = (
            "is an image, a style, a script or a recording, which are not read; give a document"
        )
        return ReadError(file.name, reason, Obstacle.NO_DOCUMENT)
    reason = f"has an unknown format; convert it to one of {_KNOWN}"
    return ReadError(file.name, reason, Obstacle.FORMAT)


def read_text(name: str, text: str) -> Iterator[Document]:
    """The documents of a text in memory, read as a file of that name would be.

    A name without a known ending is that of plain text; ReadError where its format is none of text.
    """
    format_ = format_of(name) or FORMATS[".txt"]
    if not format_.is_trusted:
        raise ReadError(name, "is not in a plain-text format; write it to a file and open that")
    file = SourceFile(Path(name), name, text.encode(errors="replace"))
    yield from map(in_its_language, reader_of(format_)(file))


def read_content(name: str, content: bytes) -> list[Document]:
    """The documents of content from elsewhere, as a file of that name; ReadError.

    Nobody vouches for it: text, too, is read in a process with limits.
    """
    file = SourceFile(Path(name), name, content)
    if format_of(name) is None:
        raise _unreadable(file)
    # Imported here since most content is that of files.
    from knowledge.isolation import isolated

    return [in_its_language(document) for document in isolated().read(file)]


def in_its_language(document: Document) -> Document:
    """The document with the language that it is in, as the beginning of its blocks tells.

    Halves of characters, which a title may have by an escape, could not be written.
    """
    parts = [document.title]
    for block in document.blocks:
        parts.append(
            document.text[block.span.start : min(block.span.end, block.span.start + _READ)]
        )
        if sum(map(len, parts)) > _READ:
            break
    return replace(document, title=_shown(document.title), language=language_of("\n".join(parts)))


def nothing_readable(folder: Path, skipped: list[Skipped]) -> ReadError:
    """Why a folder gives no documents."""
    return ReadError(str(folder), _nothing_readable(skipped))


def _names(folder: Path) -> Iterator[str]:
    """The files below a folder in the order of their paths; hidden ones are left out.

    Links are followed only to files that lie in the folder too: nothing outside is read.
    """
    root = folder.resolve()
    for name, is_link in _paths_below(folder, ""):
        if is_link:
            path = folder / name
            if not _leads_into(path, root) or path.is_dir():
                continue
        yield name


def _paths_below(folder: Path, above: str) -> Iterator[tuple[str, bool]]:
    """The path of each file, with slashes, and whether it is a link; in the order of their parts.

    A folder that is closed comes like a file, to be named; ReadError where it is the first one.
    """
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        if not above:
            reason = f"cannot be read ({error.strerror}); check that you may open it"
            raise ReadError(str(folder), reason, Obstacle.RIGHTS) from error
        if not isinstance(error, FileNotFoundError):
            yield above.removesuffix("/"), False
        return
    for entry in found:
        name = entry.name
        if name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _paths_below(folder / name, f"{above}{name}/")
        else:
            yield f"{above}{name}", entry.is_symlink()


_BAD_NAME = "has a name that is not UTF-8; rename it"


def _is_unicode(name: str) -> bool:
    """Whether a name can be written in a report; other bytes come in as halves of characters."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(name: str) -> str:
    return name.encode(errors="replace").decode()


def _leads_into(link: Path, root: Path) -> bool:
    try:
        return link.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):  # a link to nothing, or in a circle
        return False


def _nothing_readable(skipped: list[Skipped]) -> str:
    if not skipped:
        return f"contains no files; add some ({_KNOWN})"
    first = skipped[0]
    others = f", and {len(skipped) - 1} more" if len(skipped) > 1 else ""
    known = "" if first.obstacle is Obstacle.FORMAT else f" ({_KNOWN})"
    return f"contains no file that can be read{known}: {first.name} {first.reason}{others}"
