"""Documents that moderators bring: what they are, and how many and how large they may be."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bot.errors import MemberError

MEGABYTE = 1_000_000

MOST_PASSAGES = 5_000
"""Passages of a server's documents: more take longer than seconds to be searchable."""


class Kind(StrEnum):
    """What a document was brought as."""

    FILE = "file"
    MESSAGE = "message"
    THREAD = "thread"


class UploadError(MemberError):
    """A document that is not taken, or not there."""


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """Megabytes of a file, documents of a server, and megabytes of all of them; 0 is none."""

    file: int = 10
    documents: int = 100
    server: int = 50


UPLOAD_LIMITS = UploadLimits()
"""Those that hold where the settings say nothing else."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A document that a moderator brings.

    `content` is that of a file, or messages as bot/discord/written.py packs them; `link` is the
    address of those.
    """

    name: str
    kind: Kind
    content: bytes
    passages: int
    link: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A document that is kept; `adder` is the name of who brought it, empty once forgotten."""

    id: str
    name: str
    kind: Kind
    passages: int
    link: str
    adder: str
    added_at: float

    @property
    def day(self) -> str:
        """When it was added, in UTC."""
        return datetime.fromtimestamp(self.added_at, UTC).date().isoformat()


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing changed: the names of documents that are gone, and of those that are back."""

    gone: tuple[str, ...]
    back: tuple[str, ...]
