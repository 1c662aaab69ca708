"""What the index was made from: it is written with the entries, so that the two cannot disagree."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from knowledge.errors import FootnoteError
from retrieval.index.layout import FORMAT

REPEATED = "has the document id"
"""How the reason begins for a file that is skipped since another one has its id."""


class IndexUseError(FootnoteError):
    """An index that cannot be used as it is."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as it was when it was read.

    Size, time and number (inode) tell whether it has to be read again. `reason` says why it was
    skipped; then it gave no documents. `read` is when it was read, in seconds since 1970.
    """

    size: int
    modified: int
    number: int
    checksum: str = ""
    documents: int = 0
    passages: int = 0
    reason: str | None = None
    read: int = 0

    def is_like(self, other: "FileRecord") -> bool:
        """Whether size, time and number are the same."""
        mine = (self.size, self.modified, self.number)
        return mine == (other.size, other.modified, other.number)


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
    def skipped(self) -> dict[str, str]:
        """Why each file that gave no documents was skipped."""
        return {path: r.reason for path, r in self.files.items() if r.reason is not None}

    def to_json(self) -> bytes:
        """The manifest as it is written."""
        data = {
            "format": FORMAT,
            "knowledge": self.knowledge,
            "files": {path: _row(record) for path, record in self.files.items()},
        }
        return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, content: bytes) -> "Manifest":
        """The manifest of what `to_json` gave; ValueError where it is none of this format."""
        data: dict[str, Any] = json.loads(content)
        if data.get("format") != FORMAT:
            raise ValueError(f"format {data.get('format')!r} instead of {FORMAT}")
        files = {path: FileRecord(*row) for path, row in data["files"].items()}
        return cls(data["knowledge"], files)


def joined(checksums: list[str]) -> str:
    """One checksum for those of several documents, in their order; the same for a single one.

    One after the other, so that more can be joined to what is joined already.
    """
    whole, *others = checksums or [""]
    for checksum in others:
        whole = hashlib.sha256(f"{whole}\n{checksum}".encode()).hexdigest()
    return whole


def _row(record: FileRecord) -> list[object]:
    return [
        record.size, record.modified, record.number, record.checksum, record.documents,
        record.passages, record.reason, record.read,
    ]  # fmt: skip
