"""Files that are zip archives inside: what is looked at before a library unpacks them."""

from io import BytesIO
from zipfile import BadZipFile, ZipFile

from knowledge.errors import Obstacle, ReadError
from knowledge.source import SourceFile

_LARGEST = 300 * 2**20
"""Bytes that all its parts may have unpacked."""

_MOST = 20_000
_LOCKED = 0x1
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def checked(content: bytes, file: SourceFile) -> ZipFile:
    """The archive; ReadError where it is none, is locked, or unpacks to more than can be read."""
    if content.startswith(_OLE):
        reason = "is encrypted or in an old format; save it as a current, unencrypted file"
        raise ReadError(file.name, reason)
    try:
        archive = ZipFile(BytesIO(content))
        parts = archive.infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise ReadError(file.name, "is damaged or incomplete; get it again") from error
    if sum(part.file_size for part in parts) > _LARGEST or len(parts) > _MOST:
        raise ReadError(
            file.name, f"unpacks to more than {_LARGEST // 2**20} MB; split it or save it again"
        )
    if any(part.flag_bits & _LOCKED for part in parts):
        raise ReadError(
            file.name, "is password-protected; save it without a password", Obstacle.LOCKED
        )
    return archive
