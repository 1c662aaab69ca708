"""Whether the files of an index are, byte for byte, those that were written.

Tantivy maps its files into memory and takes for true what it finds there: where one is damaged, it
fails somewhere or finds something else. So a file is compared with its checksum before Tantivy
opens it: whole where it is small, or where its size or times are other ones than when it was
compared last. The checksums stand in a file beside the others. What it does not know yet, because
somebody committed and was killed, is compared with the checksum that Tantivy writes at its end.
"""

import json
import os
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from retrieval.index.manifest import IndexUseError

NAME = "checksums"
"""The file of the checksums, which is sealed itself."""

SMALL = 4 << 20
"""Bytes that are compared at every opening, those of the smallest files; it takes some 4 ms."""

SEAL = 4
"""Bytes of a seal."""

_META = "meta.json"  # which segments there are
_MANAGED = ".managed.json"  # which files are Tantivy's
_FOOTER_END = b"\x39\x05\x00\x00"
_BLOCK = 1 << 20
_MISREAD = (OSError, ValueError, KeyError, TypeError, AttributeError)  # of what is not as written

State = tuple[int, int, int]
"""Size and times of a file; the second cannot be set, so that it tells of every change."""


class IndexDamagedError(IndexUseError):
    """An index that is not what was written; `files` are those that differ, if that is known."""

    def __init__(self, folder: Path, files: Sequence[str] = ()) -> None:
        self.folder = folder
        self.files = tuple(files)
        super().__init__(
            f"{folder}: is damaged ({self.named}); make it anew with: footnote index --rebuild"
        )

    def __reduce__(self) -> tuple[type["IndexDamagedError"], tuple[Path, tuple[str, ...]]]:
        """So that it comes whole from another process."""
        return IndexDamagedError, (self.folder, self.files)

    @property
    def named(self) -> str:
        """The damaged files, or the first of many."""
        if not self.files:
            return "an entry"
        first, *others = self.files
        return f"{first} and {len(others):,} more" if others else first


class SealError(ValueError):
    """What was sealed is something else now."""


@dataclass(frozen=True, slots=True)
class _Sum:
    """What a file was when it was written, and its state when it was compared last, if it was."""

    size: int
    crc: int
    state: State | None = None


@dataclass(frozen=True, slots=True)
class _Record:
    """The checksums of the files that a commit consists of, and that of its `meta.json`."""

    meta: int | None = None
    files: Mapping[str, _Sum] = field(default_factory=dict)


def sealed(content: bytes) -> bytes:
    """Content with its checksum before it."""
    return zlib.crc32(content).to_bytes(SEAL) + content


def unsealed(content: bytes) -> bytes:
    """The content of what `sealed` gave; SealError where it is something else."""
    check_seal(content)
    return content[SEAL:]


def check_seal(sealed_content: bytes) -> None:
    """SealError where something is not what `sealed` gave; nothing of it is copied."""
    content = memoryview(sealed_content)
    if len(content) < SEAL or zlib.crc32(content[SEAL:]).to_bytes(SEAL) != content[:SEAL]:
        raise SealError("not as it was written")


def meta_of(folder: Path) -> bytes:
    """What names the commit that an index is at; nothing where there is no index."""
    with suppress(OSError):
        return (folder / _META).read_bytes()
    return b""


def state_of(file: Path) -> State | None:
    """Size and times of a file; None where it is gone."""
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def damaged_files(folder: Path, *, whole: bool = False) -> list[str]:
    """The files of an index that are not what was written; with `whole`, every byte is compared.

    Those that could be damaged are compared whole the next time, by whoever opens the index.
    """
    while True:
        meta = meta_of(folder)
        damaged = _compared(folder, meta, is_whole=whole)
        # Another process may have committed, and removed what it needs no more.
        if not damaged or meta_of(folder) == meta:
            return damaged


def record_checksums(folder: Path) -> None:
    """Keep the checksums of what was committed, as Tantivy made them while it wrote."""
    meta = meta_of(folder)
    earlier: Mapping[str, _Sum] = {}
    with suppress(ValueError):
        earlier = _read_record(folder).files
    # Whoever writes here at the same time keeps its own.
    with suppress(*_MISREAD):
        names = _names(folder, meta, earlier)
        files = {name: earlier.get(name) or _written(folder / name) for name in names}
        _keep(folder, _Record(zlib.crc32(meta), files))


def _compared(folder: Path, meta: bytes, *, is_whole: bool) -> list[str]:
    try:
        record = _read_record(folder)
    except ValueError:
        return [NAME]
    if not meta:
        is_gone = record.meta is not None and not (folder / _META).exists()
        return [_META] if is_gone else []
    try:
        names = _names(folder, meta, record.files)
    except _MISREAD:
        return [_META]
    # One that names the same files and says other things about them is no later commit.
    is_other = zlib.crc32(meta) != record.meta is not None
    if is_other and names and names == record.files.keys():
        return [_META]
    if not _manages(folder, names):
        return [_MANAGED]
    return _compared_commit(folder, meta, names, record, is_whole=is_whole)


def _compared_commit(
    folder: Path, meta: bytes, names: set[str], record: _Record, *, is_whole: bool
) -> list[str]:
    """The damaged files of a commit; what is known of the others now is kept."""
    now = _compared_files(folder, names, record.files, is_whole=is_whole)
    # Damaged ones are left without a state, and those that were not known stay so.
    known = {name: replace(one, state=None) for name, one in record.files.items()}
    found = {name: now[name] or known.get(name) for name in names}
    after = _Record(zlib.crc32(meta), {name: one for name, one in found.items() if one})
    if after != record:
        with suppress(OSError):
            _keep(folder, after)
    return sorted(name for name in names if now[name] is None)


def _compared_files(
    folder: Path, names: set[str], known: Mapping[str, _Sum], *, is_whole: bool
) -> dict[str, _Sum | None]:
    """The checksum of each file, with its state; None of one that is damaged or gone."""
    states = {name: state_of(folder / name) for name in names}
    found: dict[str, _Sum | None] = {}
    left = SMALL
    for name, state in sorted(states.items(), key=lambda each: each[1] or (0, 0, 0)):
        left -= state[0] if state else 0
        earlier = known.get(name)
        if state and earlier and earlier.state == state and left < 0 and not is_whole:
            found[name] = earlier
            continue
        found[name] = None
        with suppress(*_MISREAD):
            expected = earlier or _promised(folder / name)
            if state and state[0] == expected.size and _crc(folder / name) == expected.crc:
                found[name] = replace(expected, state=state)
    return found


def _names(folder: Path, meta: bytes, known: Mapping[str, _Sum]) -> set[str]:
    """The files that a commit consists of: those of its segments that are there or are known."""
    segments = {
        segment["segment_id"].replace("-", ""): segment["deletes"]
        for segment in json.loads(meta)["segments"]
    }
    deletions = {f"{id_}.{deletes['opstamp']}.del" for id_, deletes in segments.items() if deletes}
    there = [file.name for file in folder.iterdir()]
    # Deletions of earlier commits may lie there for a while.
    held = (name for name in (*there, *known) if not name.endswith(".del"))
    return deletions | {name for name in held if name.partition(".")[0] in segments}


def _manages(folder: Path, names: set[str]) -> bool:
    """Whether Tantivy's list of its own files has those of the commit."""
    try:
        return names | {_META} <= set(json.loads((folder / _MANAGED).read_bytes()))
    except (OSError, ValueError, TypeError):
        return False


def _written(file: Path) -> _Sum:
    """The checksum of a file that has just been written."""
    with suppress(ValueError, KeyError, TypeError):
        return replace(_promised(file), state=state_of(file))
    return _Sum(file.stat().st_size, _crc(file), state_of(file))


def _promised(file: Path) -> _Sum:
    """The checksum of a whole file by the one of its content at its end, which alone is read.

    The end is a JSON object, its length and a constant, of four bytes each.
    """
    with file.open("rb") as content:
        size = content.seek(0, os.SEEK_END)
        content.seek(max(size - 8, 0))
        end = content.read()
        length = int.from_bytes(end[:4], "little")
        if end[4:] != _FOOTER_END or length > size - 8:
            raise ValueError("no checksum at its end")
        content.seek(size - 8 - length)
        footer = content.read()
    return _Sum(size, zlib.crc32(footer, json.loads(footer[:-8])["crc"]))


def _crc(file: Path) -> int:
    crc = 0
    with file.open("rb", buffering=0) as content:
        while block := content.read(_BLOCK):
            crc = zlib.crc32(block, crc)
    return crc


def _read_record(folder: Path) -> _Record:
    """What is known of the files; nothing where nobody wrote it yet, ValueError where damaged."""
    try:
        content = (folder / NAME).read_bytes()
    except OSError:
        return _Record()
    data = json.loads(unsealed(content))
    files = {
        name: _Sum(one["size"], one["crc"], tuple(one["state"]) if one["state"] else None)
        for name, one in data["files"].items()
    }
    return _Record(data["meta"], files)


def _keep(folder: Path, record: _Record) -> None:
    """Write what is known, in the place of what was known."""
    file = folder / f"{NAME}.{os.urandom(8).hex()}"
    try:
        file.write_bytes(sealed(json.dumps(asdict(record)).encode()))
        file.replace(folder / NAME)
    except OSError:
        file.unlink(missing_ok=True)
        raise
