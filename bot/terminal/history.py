"""What was typed in earlier sessions, in a file that only its owner can read."""

import os
from contextlib import suppress
from pathlib import Path

MOST_LINES = 1_000
"""Lines that are brought back; the file has at most twice as many."""


class History:
    """Lines in a file, the newest last; where it cannot be read or written there are none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last = ""

    def lines(self) -> list[str]:
        """The newest lines; a file that has grown too long is cut to them."""
        lines: list[str] = []
        with suppress(OSError):
            # Nothing else is read: a pipe would never end.
            if self._path.is_file():
                text = self._path.read_text(encoding="utf-8", errors="replace")
                lines = [line for line in text.splitlines() if line and line.isprintable()]
                if len(lines) > 2 * MOST_LINES:
                    self._rewrite(lines[-MOST_LINES:])
        self._last = lines[-1] if lines else ""
        return lines[-MOST_LINES:]

    def add(self, line: str) -> None:
        """Keep a line at once, so that a killed session has it; not twice in a row."""
        if line in ("", self._last):
            return
        self._last = line
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._write(self._path, line + "\n", os.O_APPEND)

    def _rewrite(self, lines: list[str]) -> None:
        new = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        self._write(new, "".join(f"{line}\n" for line in lines), os.O_TRUNC)
        new.replace(self._path)

    @staticmethod
    def _write(path: Path, text: str, flag: int) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_NONBLOCK | flag
        file = os.open(path, flags, 0o600)
        try:
            os.write(file, text.encode(errors="replace"))
        finally:
            os.close(file)
