"""The database in a file of its own, which is made where there is none."""

import logging
import os
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from bot.discord.store import (
    DatabaseError,
    ReplacedDatabaseError,
    Transaction,
    UnreachableDatabaseError,
)

T = TypeVar("T")

_log = logging.getLogger(__name__)

COPY = ".footnote.copy"
"""The end of the name of a file that a database is copied to before it takes its place."""


class _Transaction:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def execute(self, statement: str, values: Sequence[object] = (), /) -> sqlite3.Cursor:
        return self._connection.execute(statement, values)

    def define(self, statement: str) -> None:
        self._connection.execute(statement)

    def version(self) -> int:
        (version,) = self._connection.execute("pragma user_version").fetchone()
        return int(version)

    def set_version(self, version: int) -> None:
        self._connection.execute(f"pragma user_version = {version}")

    def now(self) -> float:
        return time.time()


class Sqlite:
    """A Store in a file; DatabaseError where it cannot be used.

    A file that is deleted while it is open is written again, with everything in it.
    """

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._path = path
        self._lock = threading.Lock()
        with self._failing():
            path.parent.mkdir(parents=True, exist_ok=True)
            # Nobody else on the machine may read what members asked.
            path.touch(mode=0o600)
            self._use(_identity(path), _connected(path))
            # A process was killed while it wrote one. While a restore does, the lines above fail.
            for copy in path.parent.glob(f"{path.name}.????????{COPY}*"):
                copy.unlink(missing_ok=True)

    def read(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows that a statement finds."""
        with self._lock, self._failing():
            self._look_for_file()
            return self._connection.execute(statement, values).fetchall()

    def write(self, work: Callable[[Transaction], T], *, is_alone: bool = False) -> T:
        """What `work` gives; other processes wait, so that all of it is alone."""
        with self._lock, self._failing():
            self._look_for_file()
            self._connection.execute("begin immediate")
            try:
                given = work(_Transaction(self._connection))
            except BaseException:
                self._connection.execute("rollback")
                raise
            self._connection.execute("commit")
            return given

    def erase(self) -> None:
        """Let nothing that was deleted stay in the log of the database."""
        self.read("pragma wal_checkpoint(truncate)")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def _use(self, file: tuple[int, int], connection: sqlite3.Connection) -> None:
        self._file, self._connection = file, connection
        # The first reading makes the files beside it, where the file system allows any.
        connection.execute("select count(*) from sqlite_master")
        beside = (Path(f"{self._path}{kind}") for kind in ("-wal", "-shm"))
        self._beside = {path: _identity(path) for path in beside if path.exists()}

    def _look_for_file(self) -> None:
        """Write it again where it is gone; ReplacedDatabaseError where another is in its place."""
        # SQLite would go on with a file that nobody can find any more.
        try:
            found = _identity(self._path)
        except FileNotFoundError:
            self._write_again()
            return
        if found != self._file:
            self._clear_beside()
            raise self._replaced()

    def _write_again(self) -> None:
        """A kill or an error leaves nothing under its name, or all of it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        copy = self._copied()
        self._clear_beside()
        try:
            # Of several processes one does it; for the others, the file is another one by then.
            os.link(copy, self._path)
        except FileExistsError:
            raise self._replaced() from None
        finally:
            copy.unlink(missing_ok=True)
        before = self._connection
        self._use(_identity(self._path), _connected(self._path))
        before.close()
        _log.error("%s was deleted while it was open; it is written again", self.name)

    def _copied(self) -> Path:
        """A file beside the name of the database with all that is in it."""
        handle, name = tempfile.mkstemp(COPY, f"{self._path.name}.", self._path.parent)
        os.close(handle)
        copy = Path(name)
        try:
            with closing(sqlite3.connect(copy)) as connection:
                self._connection.backup(connection)
        except BaseException:
            copy.unlink(missing_ok=True)
            raise
        return copy

    def _clear_beside(self) -> None:
        """Delete what lies beside the file that is gone: SQLite would read it into the new one."""
        for path, identity in self._beside.items():
            with suppress(FileNotFoundError):
                if _identity(path) == identity:
                    path.unlink()

    def _replaced(self) -> ReplacedDatabaseError:
        return ReplacedDatabaseError(
            f"{self.name}: another file was put in its place while it was open; start the bot again"
            " to go on with that one"
        )

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            # The lowest byte of the code is the kind of error.
            if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
                raise UnreachableDatabaseError(
                    f"{self.name}: another program keeps the database locked; try again when it is"
                    " done"
                ) from error
            raise DatabaseError(f"{self.name}: cannot be used as the database ({error})") from error


def _connected(path: Path) -> sqlite3.Connection:
    # Transactions are begun by whoever writes, not by the module; threads take turns by a lock.
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = normal")
    connection.execute("pragma secure_delete = on")
    return connection


def _identity(path: Path) -> tuple[int, int]:
    """What tells a file from any other that exists at the same time."""
    found = path.stat()
    return found.st_dev, found.st_ino
