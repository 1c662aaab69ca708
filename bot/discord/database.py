"""What moderators set and what may be recorded, in an SQLite database.

Every method blocks for as long as the disk takes, so an event loop calls them in a thread.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from footnote import FootnoteError

FILE = "discord.sqlite3"

MIGRATIONS = (
    """
    create table policies (
        channel integer primary key, server integer not null, mode text not null,
        reply text not null
    );
    create table recorded_servers (server integer primary key);
    create table questions (
        message integer primary key, server integer not null, channel integer not null,
        user integer not null, asked_at text not null, question text not null,
        verdict text not null, confidence real not null
    );
    create index questions_by_server on questions (server, user);
    create table feedback (
        message integer not null, user integer not null, server integer not null,
        channel integer not null, is_helpful integer not null, comment text not null,
        given_at text not null,
        primary key (message, user)
    );
    create index feedback_by_server on feedback (server, user);
    create table synced (application integer primary key, payload_hash text not null);
    """,
)
"""The steps from an empty database to the present one; a step that was shipped never changes."""

MOST_REPORTED = 2_000
"""Rows of a report, the latest."""

_PER_SERVER = ("policies", "recorded_servers", "questions", "feedback")


class DatabaseError(FootnoteError):
    """A database that cannot be opened, read or written."""


class Mode(StrEnum):
    """Which messages of a channel are questions."""

    OFF = "off"
    MENTIONS = "mentions"
    EVERY = "every"
    FORUM = "forum"


class Reply(StrEnum):
    """Where messages are answered."""

    INLINE = "inline"
    THREAD = "thread"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Policy:
    """What moderators decided for a channel."""

    mode: Mode = Mode.MENTIONS
    reply: Reply = Reply.INLINE


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was recorded; `message` is the id of its answer."""

    message: int
    server: int
    channel: int
    user: int
    question: str
    is_answered: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class Rating:
    """What a member thinks of an answer; `message` is the id of the answer."""

    message: int
    server: int
    channel: int
    user: int
    is_helpful: bool
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a member thought of an answer; `question` is None where it was not recorded."""

    message: int
    channel: int
    is_helpful: bool
    comment: str
    given_at: str
    question: str | None


class Database:
    """The database in a file; it is made, or brought up to date, when it is opened.

    DatabaseError where it cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
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
            self._migrate()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def _migrate(self) -> None:
        with self._transaction():
            (version,) = self._connection.execute("pragma user_version").fetchone()
            if version > len(MIGRATIONS):
                raise DatabaseError(
                    f"{self._path}: was written by a newer version of Footnote; install that one"
                )
            for step in MIGRATIONS[version:]:
                for statement in step.split(";"):
                    self._connection.execute(statement)
            self._connection.execute(f"pragma user_version = {len(MIGRATIONS)}")

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            raise DatabaseError(
                f"{self._path}: cannot be used as the database ({error})"
            ) from error

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All that is done within, or nothing; other processes wait."""
        with self._lock, self._failing():
            self._connection.execute("begin immediate")
            try:
                yield
            except BaseException:
                self._connection.execute("rollback")
                raise
            self._connection.execute("commit")

    def _write(self, *statements: tuple[str, tuple[object, ...]]) -> int:
        """Rows that were changed."""
        with self._transaction():
            return sum(self._connection.execute(*statement).rowcount for statement in statements)

    def _read(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, self._failing():
            return self._connection.execute(statement, values).fetchall()

    def policies(self) -> dict[int, Policy]:
        """The policy of each channel that has one."""
        rows = self._read("select channel, mode, reply from policies")
        return {channel: Policy(Mode(mode), Reply(reply)) for channel, mode, reply in rows}

    def set_policy(self, server: int, channel: int, policy: Policy) -> None:
        """Keep the policy of a channel."""
        values = (channel, server, policy.mode, policy.reply)
        self._write(("insert or replace into policies values (?, ?, ?, ?)", values))

    def recorded_servers(self) -> set[int]:
        """The servers whose moderators let questions be recorded."""
        return {server for (server,) in self._read("select server from recorded_servers")}

    def set_recorded(self, server: int, *, is_recorded: bool) -> None:
        """Record the questions of a server from now on, or no more."""
        statement = (
            "insert or ignore into recorded_servers values (?)"
            if is_recorded
            else "delete from recorded_servers where server = ?"
        )
        self._write((statement, (server,)))

    def record(self, asked: Asked) -> None:
        """Keep a question."""
        verdict = "answered" if asked.is_answered else "declined"
        values = (
            asked.message, asked.server, asked.channel, asked.user, _now(), asked.question,
            verdict, asked.confidence,
        )  # fmt: skip
        self._write(("insert or replace into questions values (?, ?, ?, ?, ?, ?, ?, ?)", values))

    def declined(self, server: int) -> list[tuple[str, str]]:
        """The last questions of a server that were declined, with their times, oldest first."""
        latest = self._read(
            "select question, asked_at from questions where server = ? and verdict = 'declined'"
            " order by asked_at desc, message desc limit ?",
            server,
            MOST_REPORTED,
        )
        return latest[::-1]

    def rate(self, rating: Rating) -> None:
        """Keep what a member thinks of an answer, instead of what they thought before."""
        values = (
            rating.message, rating.user, rating.server, rating.channel, rating.is_helpful,
            rating.comment, _now(),
        )  # fmt: skip
        self._write(("insert or replace into feedback values (?, ?, ?, ?, ?, ?, ?)", values))

    def feedback(self, server: int) -> list[Feedback]:
        """What members of a server thought of answers, latest first."""
        rows = self._read(
            "select f.message, f.channel, f.is_helpful, f.comment, f.given_at, q.question"
            " from feedback f left join questions q on q.message = f.message where f.server = ?"
            " order by f.given_at desc, f.message desc limit ?",
            server,
            MOST_REPORTED,
        )
        return [Feedback(m, c, bool(helpful), text, at, q) for m, c, helpful, text, at, q in rows]

    def forget_user(self, server: int, user: int) -> int:
        """Delete what a member asked and thought; how many records there were."""
        count = self._write(
            ("delete from questions where server = ? and user = ?", (server, user)),
            ("delete from feedback where server = ? and user = ?", (server, user)),
        )
        self._erase()
        return count

    def forget_server(self, server: int) -> None:
        """Delete all that was kept for a server."""
        # The names of tables are those above.
        self._write(*((f"delete from {t} where server = ?", (server,)) for t in _PER_SERVER))  # noqa: S608
        self._erase()

    def servers(self) -> set[int]:
        """The servers that something is kept for."""
        return {s for t in _PER_SERVER for (s,) in self._read(f"select server from {t}")}  # noqa: S608

    def _erase(self) -> None:
        """Let nothing that was deleted stay in the log of the database."""
        self._read("pragma wal_checkpoint(truncate)")

    def synced(self, application: int) -> str | None:
        """The hash of the commands that were last sent to Discord."""
        rows = self._read("select payload_hash from synced where application = ?", application)
        return rows[0][0] if rows else None

    def set_synced(self, application: int, payload_hash: str) -> None:
        """Keep the hash of the commands that were sent to Discord."""
        values = (application, payload_hash)
        self._write(("insert or replace into synced values (?, ?)", values))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
