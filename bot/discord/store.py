"""What a database is asked to do, so that the same statements run on SQLite and PostgreSQL."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from footnote import FootnoteError, UnavailableError

T = TypeVar("T")


class DatabaseError(FootnoteError):
    """A database that cannot be opened, read or written."""


class UnreachableDatabaseError(DatabaseError, UnavailableError):
    """A database whose server does not answer."""


class ReplacedDatabaseError(DatabaseError, UnavailableError):
    """A database in whose place another one was put while it was open; a new start opens that."""


class Result(Protocol):
    """What a statement gave."""

    @property
    def rowcount(self) -> int:
        """Rows that were changed."""

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Rows that were found."""


class Transaction(Protocol):
    """All that is done within, or nothing."""

    def execute(self, statement: str, values: Sequence[object] = (), /) -> Result:
        """Run a statement, in which a ? stands for each of the values."""

    def define(self, statement: str) -> None:
        """Run a statement of a migration; its types are SQLite's: integer, real, text, blob."""

    def version(self) -> int:
        """How many migrations were done."""

    def set_version(self, version: int) -> None:
        """Keep how many migrations were done."""

    def now(self) -> float:
        """Seconds since 1970, by the one clock of all processes that use the database."""


class Store(Protocol):
    """A database, for many threads; each method raises DatabaseError."""

    name: str
    """As messages call it."""

    def read(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows that a statement finds."""

    def write(self, work: Callable[[Transaction], T], *, is_alone: bool = False) -> T:
        """What `work` gives; `is_alone`: after all other such work, in other processes too.

        Where the connection breaks it is done again, so it must not matter that it is done twice.
        """

    def erase(self) -> None:
        """Let nothing that was deleted stay in the files, as far as that can be asked for."""

    def close(self) -> None:
        """Close the connection."""
