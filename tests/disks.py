"""A disk of its own that can be full, or read-only, for the tests that root runs on Linux."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SIZE = 32 << 20
PAGE = 4096
"""Bytes that a file on it takes at least, unless it is empty."""


class Disk:
    """A file system in memory, at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._filling = path / ".filling"

    def leave(self, pages: int) -> None:
        """Fill it but for so many pages."""
        self.clear()
        room = os.statvfs(self.path)
        with self._filling.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, room.f_bavail - pages) * PAGE)

    def clear(self) -> None:
        """Give back what was filled."""
        self._filling.unlink(missing_ok=True)

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """Nothing can be written to it."""
        _mount("-o", "remount,ro", str(self.path))
        try:
            yield
        finally:
            _mount("-o", "remount,rw", str(self.path))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A disk; skips where none can be mounted."""
    path = tmp_path / "disk"
    path.mkdir()
    try:
        _mount("-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(path))
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no file system can be mounted here; root can")
    yield Disk(path)
    subprocess.run(["umount", "--lazy", str(path)], check=True)


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)
