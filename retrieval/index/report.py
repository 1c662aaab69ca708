"""What was done to an index: files by their paths, and why others were skipped."""

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.errors import Obstacle
from knowledge.loading import Skipped
from retrieval.index.changes import Changes
from retrieval.index.manifest import FileRecord, Manifest


@dataclass(frozen=True, slots=True)
class Report:
    """What was done: files by their paths, and why others were skipped.

    `skips_more` is whether some are skipped that were not before, or for another reason. `damaged`
    names what was damaged of an index that was made anew for that.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    skipped: tuple[Skipped, ...] = ()
    is_new: bool = False
    skips_more: bool = False
    damaged: str = ""

    @property
    def is_nothing(self) -> bool:
        """Whether all was as it is."""
        return not (self.is_new or self.added or self.changed or self.removed or self.renamed)


def report_of(
    changes: Changes,
    known: Mapping[str, FileRecord],
    manifest: Manifest,
    moved: Mapping[str, str],
) -> Report:
    """What was done; of the renamed files those that were not moved were read anew."""
    read = changes.read.keys() | (set(changes.renamed.values()) - set(moved.values()))
    added = (path for path in read if path not in known and manifest.files[path].reason is None)
    return Report(
        added=tuple(sorted(added)),
        changed=tuple(path for path in changes.read if path in known),
        removed=tuple(sorted(changes.gone | (changes.renamed.keys() - moved.keys()))),
        renamed=tuple(moved.items()),
        skipped=skipped_of(manifest, changes),
        skips_more=any(
            record.reason is not None and (path not in known or known[path].reason != record.reason)
            for path, record in manifest.files.items()
        )
        or (not known and bool(changes.unnamed)),
    )


def skipped_of(manifest: Manifest, changes: Changes) -> tuple[Skipped, ...]:
    """The files that were skipped, and why."""
    named = (
        Skipped(path, record.reason, record.obstacle or Obstacle.CONTENT)
        for path, record in manifest.files.items()
        if record.reason is not None
    )
    return (*named, *changes.unnamed)
