"""What the index was made from: it is written with the entries, so that the two cannot disagree."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from knowledge.errors import FootnoteError, Obstacle
from retrieval.index.layout import FORMAT


class IndexUseError(FootnoteError):
    """An index that cannot be used as it is."""


class IndexGoneError(IndexUseError):
    """An index that was deleted since it was opened, another one having taken its place."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: was replaced while it was being read; try again")


class FileRecord(NamedTuple):
    """A file as it was when it was read; of a hundred thousand, tuples are made in a fifth of the
    time of dataclasses.

    Size, time and number (inode) tell whether it has to be read again. `reason` says why it was
    skipped, and `obstacle` what has to change before it is tried again; then it gave no documents.
    `read` is when it was read, in seconds since 1970.
    """

    size: int = -1
    modified: int = -1
    number: int = -1
    checksum: str = ""
    documents: int = 0
    passages: int = 0
    reason: str | None = None
    obstacle: Obstacle | None = None
    read: int = 0

    @property
    def state(self) -> tuple[int, int, int]:
        """What tells one content from another."""
        return self.size, self.modified, self.number


@dataclass(frozen=True, slots=True)
class Summary:
    """How much an index has, and twelve hex digits that change when a document does."""

    passages: int
    documents: int
    files: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of a knowledge path, by their paths in it."""

    knowledge: str
    files: dict[str, FileRecord] = field(default_factory=dict)

    @property
    def documents(self) -> int:
        """How many there are."""
        return sum(record.documents for record in self.files.values())

    @property
    def passages(self) -> int:
        """How many there are."""
        return sum(record.passages for record in self.files.values())

    @property
    def files_read(self) -> list[str]:
        """The files that gave documents, in their order."""
        read = (path for path, record in self.files.items() if record.documents)
        return sorted(read, key=lambda path: path.split("/"))

    @property
    def summary(self) -> Summary:
        """How much there is."""
        digest = hashlib.sha256()
        for path in self.files_read:
            line = f"\0{path}\0{self.files[path].checksum}"
            digest.update(line.encode(errors="surrogateescape"))
        fingerprint = digest.hexdigest()[:12]
        return Summary(self.passages, self.documents, len(self.files), fingerprint)

    def to_json(self) -> bytes:
        """The manifest as it is written: the columns are named once, since there are many files."""
        data = {
            "format": FORMAT,
            "knowledge": self.knowledge,
            "columns": FileRecord._fields,
            "files": self.files,
        }
        return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, content: bytes) -> "Manifest":
        """The manifest of what `to_json` gave; ValueError where it is none of this format."""
        try:
            data: dict[str, Any] = json.loads(content)
            if data.get("format") != FORMAT:
                raise ValueError(f"format {data.get('format')!r} instead of {FORMAT}")
            if data["columns"] != list(FileRecord._fields):
                raise ValueError("other columns")
            rows: dict[str, list[Any]] = data["files"]
            files = dict(zip(rows, map(FileRecord._make, rows.values()), strict=True))
            for path, record in files.items():
                if record.obstacle is not None:
                    files[path] = record._replace(obstacle=Obstacle(record.obstacle))
            return cls(data["knowledge"], files)
        except (AttributeError, KeyError, TypeError, RecursionError) as error:
            raise ValueError("not a manifest") from error


def joined(checksums: list[str]) -> str:
    """One checksum for those of several documents, in their order; the same for a single one.

    One after the other, so that more can be joined to what is joined already.
    """
    whole, *others = checksums or [""]
    for checksum in others:
        whole = hashlib.sha256(f"{whole}\n{checksum}".encode()).hexdigest()
    return whole
