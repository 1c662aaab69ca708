"""The errors of the project: one base, facts as attributes, told to people only at the edge."""

from enum import StrEnum


class FootnoteError(Exception):
    """Something the person can mend; its text is one sentence with the thing and the remedy."""


class Obstacle(StrEnum):
    """What keeps a file from being read, and so what has to change before it is tried again.

    Those after CONTENT are looked for again though the file is as it was. NO_DOCUMENT is what is
    never read: images, styles and the like.
    """

    NO_DOCUMENT = "no document"
    FORMAT = "format"
    SIZE = "size"
    LOCKED = "locked"
    NO_TEXT = "no text"
    ENCODING = "encoding"
    NAME = "name"
    CONTENT = "content"
    RIGHTS = "rights"
    LIBRARY = "library"
    REPEATED_ID = "repeated id"


class ReadError(FootnoteError):
    """A file or folder that cannot be read as documents.

    `name` is the file as the person knows it, `reason` what is wrong with it and what to do, and
    `obstacle` what has to change.
    """

    def __init__(self, name: str, reason: str, obstacle: Obstacle = Obstacle.CONTENT) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason
        self.obstacle = obstacle

    def __reduce__(self) -> tuple[type["ReadError"], tuple[str, str, Obstacle]]:
        """So that it comes whole from the process that read."""
        return ReadError, (self.name, self.reason, self.obstacle)


class WorkerEndedError(Exception):
    """A process of this program's own that ended before its task did."""


class UnavailableError(FootnoteError):
    """What is needed cannot be had now; the same may work later."""
