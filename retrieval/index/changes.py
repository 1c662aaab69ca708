"""What has changed since the index was made: by size, time and number of each file."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.loading import Skipped, file_at, names_at
from knowledge.readers.extras import MISSING, is_installed
from knowledge.readers.source import UNREADABLE, SourceFile
from retrieval.index.manifest import REPEATED, FileRecord


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


def changes_at(knowledge: Path, known: Mapping[str, FileRecord]) -> Changes:
    """How the files at a path differ from those known; ReadError where there are none.

    A file with the size, the time and the number of one that is gone is that one renamed.
    """
    names, unnamed = names_at(knowledge)
    is_folder = knowledge.is_dir()
    paths = {name: f"{knowledge}/{name}" if is_folder else str(knowledge) for name in names}
    present = {name: record_of(path) for name, path in paths.items()}
    gone = known.keys() - present.keys()
    by_state = {_state(known[path]): path for path in sorted(gone) if known[path].documents}
    read, renamed = {}, {}
    for name in names:
        record, earlier = present[name], known.get(name)
        if (
            earlier is not None
            and earlier.is_like(record)
            and not _is_mended(paths[name], earlier.reason or "")
        ):
            continue
        old = by_state.pop(_state(record), None) if earlier is None else None
        if old is not None and _can_be_kept(old, name):
            renamed[old] = name
        else:
            read[name] = file_at(knowledge, name)
    if read or gone:
        # What had the same id as another may be the only one now.
        read.update(
            (name, file_at(knowledge, name))
            for name in names
            if name in known and (known[name].reason or "").startswith(REPEATED)
        )
    return Changes(present, read, frozenset(gone - renamed.keys()), renamed, tuple(unnamed))


def _is_mended(path: str, reason: str) -> bool:
    """Whether a file that was skipped for what is not in it could be read now."""
    if reason.startswith(UNREADABLE):
        return os.access(path, os.R_OK)
    return reason.startswith(MISSING) and is_installed(path)


def record_of(path: str) -> FileRecord:
    """Size, time and number of a file; those of nothing where it is gone meanwhile."""
    try:
        # Without a Path for each, which takes longer than to look; there may be many.
        stat = os.stat(path)  # noqa: PTH116
    except OSError:
        return FileRecord(-1, -1, -1)
    return FileRecord(stat.st_size, stat.st_mtime_ns, stat.st_ino)


def _state(record: FileRecord) -> tuple[int, int, int]:
    return record.size, record.modified, record.number


def _can_be_kept(old: str, new: str) -> bool:
    """Whether a file would be read the same way under its new name."""
    return Path(old).suffix.lower() == Path(new).suffix.lower()
