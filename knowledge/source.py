"""The file that a reader is given."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import Obstacle, ReadError

_ADDRESS = re.compile(r"https?://[^\s<>\"\\^`{|}\x00-\x1f\x7f-\x9f]+", re.I)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file with the id that its document gets and the name that people know it by.

    `content` is set where it is in memory, and no file.
    """

    path: Path
    id: str
    content: bytes | None = None

    @property
    def name(self) -> str:
        """The path as it was given."""
        return str(self.path)

    def read_bytes(self, *, is_text: bool = True) -> bytes:
        """The content; ReadError where the file cannot be read, is empty, or is no text."""
        try:
            content = self.path.read_bytes() if self.content is None else self.content
        except OSError as error:
            raise unreadable(self.name, error) from error
        if is_text:
            refuse_binary(content, self.name)
        if not content.removeprefix(b"\xef\xbb\xbf").strip():
            raise ReadError(self.name, "is empty; give a file with text")
        return content


def unreadable(name: str, error: OSError) -> ReadError:
    """Why the system does not let a file be read."""
    reason = f"cannot be read ({error.strerror}); check that it exists and that you may read it"
    return ReadError(name, reason, Obstacle.RIGHTS)


def refuse_binary(content: bytes, name: str) -> None:
    """ReadError where some content is not the text that it should be."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ReadError(name, "is UTF-16 or UTF-32; save it as UTF-8")
    if b"\0" in content:
        raise ReadError(name, "is a binary file, not text; give a text file")


def decoded(content: bytes, name: str) -> str:
    """The content as text, every character kept (line ends and byte order mark too)."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ReadError(
            name,
            f"is not UTF-8 (byte {content[error.start]:#04x} at position {error.start}); "
            "save it as UTF-8",
        ) from error


def address(text: object) -> str | None:
    """The text as the address of a web page; None where it is none."""
    found = text.strip() if isinstance(text, str) else ""
    return found if _ADDRESS.fullmatch(found) else None


def checksum(content: bytes) -> str:
    """The SHA-256 of the content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
