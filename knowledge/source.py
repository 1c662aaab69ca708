"""The file that a reader is given."""

import hashlib
import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, NamedTuple

from knowledge.errors import Obstacle, ReadError

_ADDRESS = re.compile(r"https?://[^\s<>\"\\^`{|}\x00-\x1f\x7f-\x9f]+", re.I)


_UTF_8_MARK = b"\xef\xbb\xbf"
# The longest first.
_MARKS = {
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_EMPTY = "is empty; give a file with text"


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

    def opened(self) -> IO[bytes]:
        """The content to be read in parts; OSError where the file cannot be opened."""
        return self.path.open("rb") if self.content is None else BytesIO(self.content)

    def read_bytes(self) -> bytes:
        """The content; ReadError where the file cannot be read, or is empty."""
        try:
            content = self.path.read_bytes() if self.content is None else self.content
        except OSError as error:
            raise unreadable(self.name, error) from error
        if not content.removeprefix(_UTF_8_MARK).strip():
            raise ReadError(self.name, _EMPTY, Obstacle.NO_TEXT)
        return content


def unreadable(name: str, error: OSError) -> ReadError:
    """Why the system does not let a file be read."""
    reason = f"cannot be read ({error.strerror}); check that it exists and that you may read it"
    return ReadError(name, reason, Obstacle.RIGHTS)


def refuse_binary(content: bytes, name: str) -> None:
    """ReadError where some content is no text, or none of UTF-8's kind."""
    marked = marked_encoding(content)
    if marked is not None:
        raise ReadError(name, f"is {marked.upper()}; save it as UTF-8", Obstacle.ENCODING)
    if b"\0" in content:
        raise ReadError(name, "is a binary file, not text; give a text file")


class Decoded(NamedTuple):
    """The text of a file, and its encoding as Python names it: None for UTF-8."""

    text: str
    encoding: str | None = None


def decoded(content: bytes, name: str) -> Decoded:
    """The content as text, as its encoding reads it; every line end is kept, and UTF-8's mark.

    ReadError where it is no text, or in an encoding that is unsure.
    """
    marked = marked_encoding(content)
    if marked is not None:
        return _decoded_by_mark(content, marked, name)
    refuse_binary(content, name)
    try:
        return Decoded(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        # Imported here since nearly all text is UTF-8.
        from knowledge.encodings import encoding_of

        encoding = encoding_of(content)
        if encoding is None:
            place = f"byte {content[error.start]:#04x} at position {error.start}"
            reason = f"is not UTF-8 ({place}); save it as UTF-8"
            raise ReadError(name, reason, Obstacle.ENCODING) from error
    return Decoded(content.decode(encoding), encoding)


def marked_encoding(content: bytes) -> str | None:
    """The encoding that the first bytes of some content say, if it is not UTF-8."""
    return next((name for mark, name in _MARKS.items() if content.startswith(mark)), None)


def _decoded_by_mark(content: bytes, encoding: str, name: str) -> Decoded:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(name, f"is not valid {encoding.upper()}; save it as UTF-8") from error
    if not text.strip():
        raise ReadError(name, _EMPTY, Obstacle.NO_TEXT)
    return Decoded(text, encoding)


def address(text: object) -> str | None:
    """The text as the address of a web page; None where it is none."""
    found = text.strip() if isinstance(text, str) else ""
    return found if _ADDRESS.fullmatch(found) else None


def checksum(content: bytes) -> str:
    """The SHA-256 of the content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
