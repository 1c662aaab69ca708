"""A terminal with somebody at it: the real command, typed at and read from."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType

import click

COMMAND = str(Path(sys.executable).with_name("footnote"))
CTRL_C, CTRL_D, UP, ENTER = "\x03", "\x04", "\x1b[A", "\r"

LONGEST = 120.0
"""Seconds without a letter after which a test waits in vain, however busy the machine is."""


def _take_terminal() -> None:
    # A new session has no terminal until it takes one, and without it Ctrl-C is no signal. It is
    # none either where this process was started to ignore it, as shells do behind `&`.
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)


class Typist:
    """Types at a process in a terminal of 80 columns, and waits for what it shows."""

    def __init__(
        self, arguments: Sequence[str], environment: Mapping[str, str], folder: Path | None = None
    ) -> None:
        self._controller, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 80, 0, 0))
        self._process = subprocess.Popen(
            arguments,
            cwd=folder,
            env={**os.environ, "TERM": "dumb", "NO_COLOR": "1", **environment},
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(terminal)

    def __enter__(self) -> "Typist":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._controller)

    def type(self, keys: str) -> None:
        """Press some keys, once the process waits for them.

        Between its prompt and its reading, Ctrl-C is heard only when something is read.
        """
        state = Path(f"/proc/{self._process.pid}/stat")
        end = monotonic() + LONGEST
        while state.exists() and state.read_text().rpartition(")")[2].split()[0] == "R":
            assert monotonic() < end, "the process never waits"
            sleep(0.001)
        os.write(self._controller, keys.encode())

    def until(self, expected: str) -> str:
        """What is shown up to what is expected; AssertionError where it does not come."""
        shown = b""
        while not _lines(shown).endswith(expected):
            ready, _, _ = select.select([self._controller], [], [], LONGEST)
            assert ready, f"waited in vain for {expected!r} after {shown!r}"
            shown += os.read(self._controller, 1)
        return click.unstyle(_lines(shown))

    def ask(self, line: str, expected: str = "\n? ") -> str:
        """Type a line, and what is shown up to the next prompt."""
        self.type(line)
        self.until(line[-20:])
        self.type(ENTER)
        return self.until(expected)

    def code(self) -> int:
        """The exit code, once the process has ended."""
        return self.ends()[0]

    def ends(self) -> tuple[int, str]:
        """The exit code, once the process has ended, and what it showed until then."""
        shown = b""
        try:
            while read := os.read(self._controller, 10_000):
                shown += read
        except OSError:  # what a terminal says when nobody is left on its other side
            pass
        return self._process.wait(), _lines(shown)


def _lines(shown: bytes) -> str:
    """What a terminal got, with the line ends that the program wrote."""
    return shown.decode(errors="replace").replace("\r\n", "\n")
