"""Reading files that may be broken or hostile: in a process with limits of time and memory.

A parser that hangs, crashes or eats memory takes that process with it, and nothing else.
"""

import os
import pickle
import subprocess
import sys
from atexit import register
from contextlib import suppress
from functools import cache
from threading import Event, Lock, Timer
from typing import IO

from knowledge.documents import Document
from knowledge.errors import ReadError
from knowledge.readers.source import SourceFile

SECONDS = 10.0
"""How long a file may take."""

MEMORY = 2**30
"""Bytes of memory that the process may have."""

_START = "import sys; sys.path = sys.argv[1:]; from knowledge.isolation import main; main()"
_SLOW = "took too long to read; split it, or save it anew"
_BROKEN = "brings its reader to a stop; it is broken, or too large: split it, or save it anew"


class IsolatedReader:
    """A process that reads one file after another; a new one is started when one has ended."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = Lock()

    def read(self, file: SourceFile) -> list[Document]:
        """The documents of a file; ReadError where it cannot be read within the limits."""
        with self._lock:
            result = self._asked(file)
        if isinstance(result, str):
            raise ReadError(file.name, result)
        return result

    def _asked(self, file: SourceFile) -> list[Document] | str:
        """The documents, or why there are none."""
        process = self._running()
        is_late = Event()

        def stop() -> None:
            is_late.set()
            process.kill()

        timer = Timer(self._seconds, stop)
        timer.start()
        is_heard = False
        try:
            result = _answer(process, file)
            is_heard = True
        except (EOFError, OSError, pickle.UnpicklingError):
            result = _SLOW if is_late.is_set() else _BROKEN
        finally:
            timer.cancel()
            timer.join()
            # What was not heard to the end, or is killed just now, must not answer the next.
            if is_late.is_set() or not is_heard:
                self.close()
        return result

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            # Modules come from where they come from here.
            self._process = subprocess.Popen(  # noqa: S603 (our own module)
                [sys.executable, "-P", "-c", _START, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process


@cache
def isolated() -> IsolatedReader:
    """The reader of this process."""
    reader = IsolatedReader()
    register(reader.close)
    return reader


def _answer(process: subprocess.Popen[bytes], file: SourceFile) -> list[Document] | str:
    assert process.stdin is not None and process.stdout is not None  # noqa: S101
    pickle.dump(file, process.stdin)
    process.stdin.flush()
    # It runs as the same user, and the limits are against accidents and traps, not against code.
    found: list[Document] | str = pickle.load(process.stdout)  # noqa: S301
    return found


def _serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Read the files that are named, until there are no more."""
    from knowledge.readers import format_of, reader_of

    while True:
        try:
            file = pickle.load(requests)  # noqa: S301 (from the process that started this one)
        except EOFError:
            return
        _limit_time(SECONDS)
        format_ = format_of(file.path)
        assert format_ is not None  # noqa: S101 (only known ones are sent)
        result: list[Document] | str
        try:
            result = list(reader_of(format_)(file))
        except ReadError as error:
            result = error.reason
        except MemoryError:
            result = "needs more memory than a file may; split it"
        except Exception:  # whatever a parser raises
            result = "is broken, or not what its name says"
        pickle.dump(result, answers)
        answers.flush()


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):  # not on every platform
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _limit_time(seconds: float) -> None:
    """End this process some time after that, should the one that waits be gone."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(used.ru_utime + used.ru_stime + seconds + 2)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def main() -> None:
    """Serve the process that started this one."""
    # What a library prints must not come between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    _limit_memory()
    _serve(sys.stdin.buffer, answers)
