"""The command at a terminal of its own, with somebody who reads what it shows and presses keys."""

import fcntl
import os
import pty
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_PATIENCE = 20.0


class Terminal:
    """What a command that runs at a terminal has shown, and the keys for it."""

    def __init__(self, process: "subprocess.Popen[bytes]", controller: int) -> None:
        self._process = process
        self._controller = controller
        self._shown = ""

    def reads(self, text: str) -> str:
        """Wait until a text is shown; all up to its end that was not read before."""
        until = time.monotonic() + _PATIENCE
        while text not in self._shown:
            if not self._more() or time.monotonic() > until:
                raise AssertionError(f"{text!r} is not shown, but:\n{self._shown}")
        read, _, self._shown = self._shown.partition(text)
        return read + text

    def presses(self, keys: str) -> None:
        """Press some keys."""
        os.write(self._controller, keys.encode())

    def ends(self) -> tuple[int, str]:
        """Wait until the command ends; its exit code, and the rest of what it has shown."""
        while self._more():
            pass
        return self._process.wait(_PATIENCE), self._shown

    def _more(self) -> bool:
        """Whether there was more to read."""
        ready, _, _ = select.select([self._controller], [], [], _PATIENCE)
        try:
            read = os.read(self._controller, 65536) if ready else b""
        except OSError:  # the other end is closed
            read = b""
        self._shown += read.decode(errors="replace").replace("\r\n", "\n")
        return bool(read)


@contextmanager
def at_terminal(
    *arguments: str, folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Terminal]:
    """A command that runs in a folder, at a terminal of 80 columns without colours."""
    controller, terminal = pty.openpty()
    own = {k: v for k, v in os.environ.items() if not k.startswith("FOOTNOTE_") or "CACHE" in k}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        cwd=folder,
        env={
            **own,
            "COLUMNS": "80",
            "NO_COLOR": "1",
            "TERM": "xterm",
            "PYTHONPATH": str(Path(__file__).parents[1]),
            **(environment or {}),
        },
        start_new_session=True,
        # So that Ctrl-C reaches it.
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(terminal)
    try:
        yield Terminal(process, controller)
    finally:
        process.kill()
        process.wait()
        os.close(controller)
