"""Reading files that may be broken or hostile: in a process with limits of time and memory.

A parser that hangs, crashes or eats memory takes that process with it, and nothing else. One that
is taken over is confined to the process, and what it tells is read as what a stranger sends.
"""

import json
import logging
from atexit import register
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, partial
from threading import Event, Lock, Timer
from typing import TYPE_CHECKING, Any

from knowledge.confinement import confine
from knowledge.documents import Document
from knowledge.errors import Obstacle, ReadError, WorkerEndedError
from knowledge.formats import format_of, reader_of
from knowledge.source import SourceFile
from knowledge.workers import Worker

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_log = logging.getLogger(__name__)

SECONDS = 10.0
"""How long a file may take."""

MEMORY = 2**30
"""Bytes of memory that the process may have."""

LARGEST_TOLD = 64_000_000
"""Bytes that it may tell of an upload; a file of one's own may be an archive of many documents."""

_SLOW = "took too long to read; split it or save it again"
_BROKEN = "crashes its reader, since it is damaged or too large; split it or save it again"
_STRANGE = "cannot be read: its reader failed; save it again"


@dataclass(frozen=True, slots=True)
class _Told:
    """What the process tells of a file: its documents, or why it has none."""

    documents: tuple[Document, ...] = ()
    reason: str | None = None
    obstacle: Obstacle = Obstacle.CONTENT


class IsolatedReader:
    """A process that reads one file after another; a new one is started when one has ended.

    What is in memory was sent by somebody: each has a process of its own, so that who takes that
    over sees nothing of another's, and changes nothing of it.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._worker = self._new_worker()
        self._lock = Lock()

    @staticmethod
    def _new_worker() -> Worker:
        return Worker(_begin, is_trusted=False)

    def read(self, file: SourceFile) -> list[Document]:
        """The documents of a file; ReadError where it cannot be read within the limits."""
        # The process that reads may open no file.
        given = replace(file, content=file.read_bytes())
        is_sent = file.content is not None
        with self._lock:
            if is_sent:
                self._renew()
            # To start takes longer than most files, and is not the file's fault.
            self._worker.begun()
            _tell_what_is_lacking(self._worker.began_with)
            is_late = Event()

            def stop() -> None:
                is_late.set()
                self._worker.kill()

            timer = Timer(self._seconds, stop)
            timer.start()
            try:
                largest = LARGEST_TOLD if is_sent else MEMORY
                told = self._worker.told(partial(_read, given), largest)
            except WorkerEndedError as error:
                raise ReadError(file.name, _SLOW if is_late.is_set() else _BROKEN) from error
            finally:
                timer.cancel()
                timer.join()
                # What is killed just now must not be asked for the next.
                if is_sent or is_late.is_set():
                    self._renew()
        return _documents(told, file)

    def _renew(self) -> None:
        self._worker.close()
        self._worker = self._new_worker()

    def close(self) -> None:
        """End the process."""
        self._worker.close()


@cache
def isolated() -> IsolatedReader:
    """The reader of this process."""
    reader = IsolatedReader()
    register(reader.close)
    return reader


@cache
def _tell_what_is_lacking(lacking: tuple[str, ...]) -> None:
    if lacking:
        what = " and ".join(lacking)
        _log.info("files are read by a process that could not be kept from %s", what)


def _documents(told: bytes, file: SourceFile) -> list[Document]:
    """The documents that the process told, which must be those of the file; ReadError."""
    try:
        found = _form().validate_json(told)
    except ValueError as error:
        raise ReadError(file.name, _STRANGE) from error
    if found.reason is not None:
        raise ReadError(file.name, found.reason, found.obstacle)
    if any(document.source != file.name for document in found.documents):
        raise ReadError(file.name, _STRANGE)
    return list(found.documents)


@cache
def _form() -> "TypeAdapter[_Told]":
    # Imported here, since most files are read without.
    from pydantic import TypeAdapter

    return TypeAdapter(_Told)


def _read(file: SourceFile) -> bytes:
    """The documents of a file, or why there are none, in JSON."""
    _limit_time(SECONDS)
    format_ = format_of(file.path)
    assert format_ is not None  # noqa: S101 (only known ones are sent)
    try:
        return _in_json(_Told(tuple(reader_of(format_)(file))))
    except ReadError as error:
        told = _Told((), error.reason, error.obstacle)
    except MemoryError:
        told = _Told((), "needs too much memory; split it")
    except Exception:
        told = _Told((), "is damaged, or is not in the format that its name suggests")
    return _in_json(told)


def _in_json(told: _Told) -> bytes:
    # Halves of characters are no characters in JSON.
    return json.dumps(told, default=_plain, ensure_ascii=False).encode(errors="replace")


def _plain(value: Any) -> object:
    if isinstance(value, Enum):
        return value.value
    return {name: getattr(value, name) for name in value.__slots__}


def _begin() -> tuple[str, ...]:
    limit_memory()
    return confine()


def limit_memory() -> None:
    """Give this process no more than MEMORY, where the system can."""
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
