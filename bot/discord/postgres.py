"""The database on a PostgreSQL server, over one connection that is made anew when it breaks."""

import logging
import os
import re
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from bot.discord.store import DatabaseError, Transaction, UnreachableDatabaseError

if TYPE_CHECKING:
    import psycopg

Connection: TypeAlias = "psycopg.Connection[tuple[Any, ...]]"

T = TypeVar("T")

_NAME = "the database of FOOTNOTE_DATABASE"
"""Never more of its address: where a password has signs that are not escaped, any part may be of
it, also in what libpq says."""

_LOCK = 0x466F6F746E6F7465
"""The number of the advisory lock: "Footnote" in ASCII."""

_TYPES = {"integer": "bigint", "real": "double precision", "blob": "bytea"}
"""SQLite's types by their names here, where those mean something smaller or nothing."""

_PATIENCE = 20.0
"""Seconds that a transaction may take: a server that stands still keeps its connections."""

_PORTS = re.compile(r"[\d,]*")

_PARAMETERS = {
    "fallback_application_name": "footnote",
    "connect_timeout": "5",
    # A server that is gone without a word is noticed within half a minute.
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}

_REFUSALS = (
    "password authentication failed",
    "no password supplied",
    "does not exist",
    "no pg_hba.conf entry",
    "permission denied",
    "invalid ",
)
"""Words of the errors that the address is to blame for; any other may go away by itself."""


class _Transaction:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def execute(
        self, statement: str, values: Sequence[object] = (), /
    ) -> "psycopg.Cursor[tuple[Any, ...]]":
        return _executed(self._connection, statement, values)

    def define(self, statement: str) -> None:
        for theirs, ours in _TYPES.items():
            statement = re.sub(rf"\b{theirs}\b", ours, statement)
        self.execute(statement)

    def version(self) -> int:
        self.execute("create table if not exists migrations (count bigint not null)")
        ((version,),) = self.execute("select coalesce(max(count), 0) from migrations").fetchall()
        return int(version)

    def set_version(self, version: int) -> None:
        self.execute("delete from migrations")
        self.execute("insert into migrations values (?)", (version,))

    def now(self) -> float:
        ((now,),) = self.execute("select extract(epoch from clock_timestamp())").fetchall()
        return float(now)


class Postgres:
    """A Store on a server; DatabaseError where it cannot be used."""

    def __init__(self, address: str) -> None:
        self.name = _NAME
        # It would log parts of the address.
        logging.getLogger("psycopg").setLevel(logging.WARNING)
        self._parameters = _parameters(address)
        self._lock = threading.Lock()
        self._connection = _connected(self._parameters)

    def read(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows that a statement finds."""
        return self._done(lambda connection: _executed(connection, statement, values).fetchall())

    def write(self, work: Callable[[Transaction], T], *, is_alone: bool = False) -> T:
        """What `work` gives; done again where the connection breaks."""

        def done(connection: Connection) -> T:
            with connection.transaction():
                if is_alone:
                    _executed(connection, "select pg_advisory_xact_lock(?)", (_LOCK,))
                return work(_Transaction(connection))

        return self._done(done)

    def erase(self) -> None:
        """Nothing: the server overwrites what was deleted when it vacuums."""

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._connection.close()

    def _done(self, work: Callable[[Connection], T]) -> T:
        """What `work` gives, over a new connection where the present one has broken."""
        import psycopg

        with self._lock:
            try:
                with _in_time(self._connection):
                    return work(self._connection)
            except psycopg.Error as error:
                if not self._connection.closed:
                    raise _failure(error) from error
            self._connection = _connected(self._parameters)
            try:
                with _in_time(self._connection):
                    return work(self._connection)
            except psycopg.Error as error:
                raise (_unreachable() if self._connection.closed else _failure(error)) from error


@contextmanager
def _in_time(connection: Connection) -> Iterator[None]:
    """Break the connection where what is done over it takes too long."""

    import psycopg

    def cut() -> None:
        # It may have been closed just now.
        with (
            suppress(OSError, psycopg.Error),
            socket.socket(fileno=os.dup(connection.fileno())) as own,
        ):
            own.shutdown(socket.SHUT_RDWR)

    if connection.closed:
        yield
        return
    timer = threading.Timer(_PATIENCE, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _executed(
    connection: Connection, statement: str, values: Sequence[object]
) -> "psycopg.Cursor[tuple[Any, ...]]":
    return connection.execute(statement.replace("?", "%s").encode(), values)


def _parameters(address: str) -> str:
    """What an address says, with what is the default here."""
    try:
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict, make_conninfo
    except ImportError as error:
        raise DatabaseError(
            "FOOTNOTE_DATABASE needs the extra postgres: run pip install 'footnote-bot[postgres]'"
        ) from error
    try:
        given = conninfo_to_dict(address)
    except ProgrammingError:
        raise _refusal() from None
    # Where a password has an @, a : or a /, the rest of it is taken for the host or the port.
    if "@" in str(given.get("host", "")) or not _PORTS.fullmatch(str(given.get("port", ""))):
        raise _refusal()
    return make_conninfo("", **{**_PARAMETERS, **given})


def _connected(parameters: str) -> Connection:
    import psycopg

    try:
        # Statements that the server has prepared get lost behind a pool such as PgBouncer.
        connection = psycopg.connect(parameters, autocommit=True, prepare_threshold=None)
    except psycopg.Error as error:
        is_refused = any(words in str(error) for words in _REFUSALS)
        raise (_refusal() if is_refused else _unreachable()) from None
    if connection.info.parameter_status("server_encoding") != "UTF8":
        connection.close()
        raise DatabaseError(f"{_NAME} cannot hold every text; create one with the encoding UTF8")
    return connection


def _refusal() -> DatabaseError:
    return DatabaseError(
        "FOOTNOTE_DATABASE is refused: check its user, password, database and options, written as"
        " postgresql://USER:PASSWORD@HOST/DATABASE, with %40 for an @ in the password and so on"
    )


def _unreachable() -> UnreachableDatabaseError:
    return UnreachableDatabaseError(
        f"{_NAME} cannot be reached; check that the server runs, and the host and port"
    )


def _failure(error: "psycopg.Error") -> DatabaseError:
    # Only the first line: further ones may hold what was to be stored.
    said = error.diag.message_primary or type(error).__name__
    return DatabaseError(f"{_NAME} cannot be used ({said})")
