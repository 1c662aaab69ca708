"""Reading files that may be broken or hostile: in a process with limits of time and memory.

A parser that hangs, crashes or eats memory takes that process with it, and nothing else.
"""

import os
from atexit import register
from contextlib import suppress
from functools import cache, partial
from threading import Event, Lock, Timer

from knowledge.documents import Document
from knowledge.errors import ReadError, WorkerEndedError
from knowledge.formats import format_of, reader_of
from knowledge.source import SourceFile
from knowledge.workers import Worker

SECONDS = 10.0
"""How long a file may take."""

MEMORY = 2**30
"""Bytes of memory that the process may have."""

_SLOW = "took too long to read; split it or save it again"
_BROKEN = "crashes its reader, since it is damaged or too large; split it or save it again"


class IsolatedReader:
    """A process that reads one file after another; a new one is started when one has ended."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._worker = Worker(_limit_memory)
        self._lock = Lock()

    def read(self, file: SourceFile) -> list[Document]:
        """The documents of a file; ReadError where it cannot be read within the limits."""
        with self._lock:
            # To start takes longer than most files, and is not the file's fault.
            self._worker.begun()
            is_late = Event()

            def stop() -> None:
                is_late.set()
                self._worker.kill()

            timer = Timer(self._seconds, stop)
            timer.start()
            try:
                return self._worker.run(partial(_read, file, _folder()))
            except (WorkerEndedError, MemoryError) as error:
                raise ReadError(file.name, _SLOW if is_late.is_set() else _BROKEN) from error
            finally:
                timer.cancel()
                timer.join()
                # What is killed just now must not be asked for the next.
                if is_late.is_set():
                    self._worker.close()
                    self._worker = Worker(_limit_memory)

    def close(self) -> None:
        """End the process."""
        self._worker.close()


@cache
def isolated() -> IsolatedReader:
    """The reader of this process."""
    reader = IsolatedReader()
    register(reader.close)
    return reader


def _folder() -> str | None:
    """The folder that relative paths are in; None where it was deleted."""
    with suppress(OSError):
        return os.getcwd()  # noqa: PTH109 (no more than a name for another process)
    return None


def _read(file: SourceFile, folder: str | None) -> list[Document]:
    """The documents of a file, whatever its parser raises put as a ReadError.

    Its path may be relative to a `folder`, which may be another one than when this process began.
    """
    _limit_time(SECONDS)
    if folder is not None:
        os.chdir(folder)
    format_ = format_of(file.path)
    assert format_ is not None  # noqa: S101 (only known ones are sent)
    try:
        return list(reader_of(format_)(file))
    except ReadError:
        raise
    except MemoryError as error:
        raise ReadError(file.name, "needs too much memory; split it") from error
    except Exception as error:
        raise ReadError(
            file.name, "is damaged, or is not in the format that its name suggests"
        ) from error


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
