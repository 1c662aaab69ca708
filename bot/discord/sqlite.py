"""The database in a file of its own, which is made where there is none."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from bot.discord.store import DatabaseError, Transaction, UnreachableDatabaseError

T = TypeVar("T")


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
    """A Store in a file; DatabaseError where it cannot be used."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._lock = threading.Lock()
        with self._failing():
            path.parent.mkdir(parents=True, exist_ok=True)
            # Nobody else on the machine may read what members asked.
            path.touch(mode=0o600)
            # Transactions are begun here, not by the module; threads take turns by the lock.
            self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._connection.execute("pragma journal_mode = wal")
            self._connection.execute("pragma synchronous = normal")
            self._connection.execute("pragma secure_delete = on")

    def read(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows that a statement finds."""
        with self._lock, self._failing():
            return self._connection.execute(statement, values).fetchall()

    def write(self, work: Callable[[Transaction], T], *, is_alone: bool = False) -> T:
        """What `work` gives; other processes wait, so that all of it is alone."""
        with self._lock, self._failing():
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
