"""What has changed since the index was made: by size, time and number of each file."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.errors import Obstacle
from knowledge.loading import Skipped, file_at, is_folder, names_at
from knowledge.readers.extras import is_installed
from knowledge.source import SourceFile
from retrieval.index.manifest import FileRecord


@dataclass(frozen=True, slots=True)
class Changes:
    """The files to read, those that are gone, and those that have another name now, old to new."""

    present: dict[str, FileRecord]
    read: dict[str, SourceFile] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    renamed: dict[str, str] = field(default_factory=dict)
    unnamed: tuple[Skipped, ...] = ()

    @property
    def are_none(self) -> bool:
        """Whether the index is that of the files as they are."""
        return not (self.read or self.gone or self.renamed)

    def staying(self, known: Iterable[str]) -> list[str]:
        """Those of the known files that are as they were."""
        others = self.gone | self.renamed.keys() | self.read.keys()
        return [path for path in known if path not in others]


def changes_at(knowledge: Path, known: Mapping[str, FileRecord]) -> Changes:
    """How the files at a path differ from those known; ReadError where there are none.

    A file with the size, the time and the number of one that is gone is that one renamed.
    """
    names, unnamed = names_at(knowledge)
    within = f"{knowledge}/" if is_folder(knowledge) else None
    paths = [f"{within}{name}" if within else str(knowledge) for name in names]
    present = dict(zip(names, map(record_of, paths), strict=True))
    gone = known.keys() - present.keys()
    differing = [
        name
        for (name, now), path in zip(present.items(), paths, strict=True)
        if (earlier := known.get(name)) is None
        or earlier.state != now.state
        or (earlier.obstacle and _is_mended(path, earlier.obstacle))
    ]
    renamed = _renamed(differing, present, known, gone)
    again = set(differing) - set(renamed.values())
    if again or gone:
        again |= set(_of_repeated_ids(names, known))
    # In the order of the names, since of two files with one id the first is kept.
    read = {name: file_at(knowledge, name) for name in names if name in again}
    return Changes(present, read, frozenset(gone - renamed.keys()), renamed, tuple(unnamed))


def _is_mended(path: str, obstacle: Obstacle) -> bool:
    """Whether what kept a file from being read is no longer there, the file being as it was."""
    if obstacle is Obstacle.RIGHTS:
        return os.access(path, os.R_OK)
    return obstacle is Obstacle.LIBRARY and is_installed(path)


def _renamed(
    differing: Iterable[str],
    present: Mapping[str, FileRecord],
    known: Mapping[str, FileRecord],
    gone: Iterable[str],
) -> dict[str, str]:
    """The files that are gone and there under another name, old to new."""
    by_state = {known[path].state: path for path in sorted(gone) if known[path].documents}
    found = {}
    for name in differing:
        old = by_state.pop(present[name].state, None) if name not in known else None
        if old is not None and _can_be_kept(old, name):
            found[old] = name
    return found


def _of_repeated_ids(names: Iterable[str], known: Mapping[str, FileRecord]) -> Iterator[str]:
    """The files skipped for an id that another file has: theirs may be the only one now."""
    return (
        name for name in names if name in known and known[name].obstacle is Obstacle.REPEATED_ID
    )


def record_of(path: str) -> FileRecord:
    """Size, time and number of a file; those of nothing where it is gone meanwhile."""
    try:
        # Without a Path for each, which takes longer than to look; there may be many.
        stat = os.stat(path)  # noqa: PTH116
    except OSError:
        return FileRecord()
    return FileRecord(size=stat.st_size, modified=stat.st_mtime_ns, number=stat.st_ino)


def _can_be_kept(old: str, new: str) -> bool:
    """Whether a file would be read the same way under its new name."""
    return Path(old).suffix.lower() == Path(new).suffix.lower()
