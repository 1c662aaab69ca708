"""What moderators set and what may be recorded, in SQLite or PostgreSQL.

Every method blocks for as long as the disk takes, so an event loop calls them in a thread.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from bot.discord.migrations import migrate
from bot.discord.sqlite import Sqlite
from bot.discord.store import Store, Transaction

FILE = "discord.sqlite3"

MOST_REPORTED = 2_000
"""Rows of a report, the latest."""

_SET_POLICY = (
    "insert into policies (application, channel, server, mode, reply) values (?, ?, ?, ?, ?)"
    " on conflict (application, channel) do update set"
    " server = excluded.server, mode = excluded.mode, reply = excluded.reply"
)
_RECORD = (
    'insert into questions (application, message, server, channel, "user", asked_at, question,'
    " verdict, confidence) values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (message) do update set"
    " application = excluded.application, server = excluded.server, channel = excluded.channel,"
    ' "user" = excluded."user", asked_at = excluded.asked_at, question = excluded.question,'
    " verdict = excluded.verdict, confidence = excluded.confidence"
)
_RATE = (
    'insert into feedback (application, message, "user", server, channel, is_helpful, comment,'
    ' given_at) values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (message, "user") do update set'
    " application = excluded.application, server = excluded.server, channel = excluded.channel,"
    " is_helpful = excluded.is_helpful, comment = excluded.comment, given_at = excluded.given_at"
)
_SET_SYNCED = (
    "insert into synced (application, payload_hash) values (?, ?)"
    " on conflict (application) do update set payload_hash = excluded.payload_hash"
)
_DECLINED_ANYWHERE = (
    "select question, asked_at from (select question, asked_at, message, row_number() over"
    " (partition by application, server order by asked_at desc, message desc) as place"
    " from questions where verdict = 'declined' and ? in (server, 0)) as latest"
    " where place <= ? order by asked_at, message"
)

PRESENT = "server not in (select server from left_servers where application = ?)"
"""That a server was not left."""

PER_SERVER = (
    "policies", "server_policies", "recorded_servers", "record_days", "greeted_servers",
    "questions", "feedback", "chosen_collections", "uploads", "taught", "helpers", "handed_on",
    "server_languages",
)  # fmt: skip
"""The tables with what is kept for servers."""

# The names of tables are those above.
_UNCLAIMED = " union ".join(f"select server from {t} where application = 0" for t in PER_SERVER)  # noqa: S608 (names of our own)
# What moderators have decided since holds.
_CLAIM = (
    "delete from policies where channel in (select channel from policies where application = ?)"
    " and application = 0 and server = ?",
    "delete from recorded_servers where server in"
    " (select server from recorded_servers where application = ?)"
    " and application = 0 and server = ?",
    *(f"update {t} set application = ? where application = 0 and server = ?" for t in PER_SERVER),  # noqa: S608 (names of our own)
)


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


def opened(address: str | None, folder: Path) -> "Database":
    """The database at a PostgreSQL address, or, without one, in a file in `folder`.

    DatabaseError where it cannot be used, UnreachableDatabaseError where that may change by itself.
    """
    if address is None:
        return Database(Sqlite(folder / FILE))
    # Imported here since its library is an extra.
    from bot.discord.postgres import Postgres

    return Database(Postgres(address))


def reach(address: str) -> None:
    """Connect to a PostgreSQL address and change nothing; the errors of `opened`."""
    from bot.discord.postgres import Postgres

    Postgres(address).close()


class Database:
    """The database in a store; its tables are made, or brought up to date, when it is opened.

    Several bots may share it: all but `all_declined` and `synced` is about `application`, which is
    0 for what no bot has claimed.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.application = 0
        try:
            migrate(store)
        except BaseException:
            store.close()
            raise

    def claim(self, servers: Collection[int]) -> None:
        """Take over what an older version, which did not tell bots apart, kept for some servers."""
        for server in {server for (server,) in self.store.read(_UNCLAIMED)}.intersection(servers):
            self._write(*((statement, (self.application, server)) for statement in _CLAIM))

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def _write(self, *statements: tuple[str, Sequence[object]]) -> int:
        """Rows that were changed."""

        def written(transaction: Transaction) -> int:
            return sum(transaction.execute(*statement).rowcount for statement in statements)

        return self.store.write(written)

    def policies(self) -> dict[int, Policy]:
        """The policy of each channel that has one, in servers that were not left."""
        rows = self.store.read(
            f"select channel, mode, reply from policies where application = ? and {PRESENT}",  # noqa: S608 (names of our own)
            (self.application, self.application),
        )
        return {channel: Policy(Mode(mode), Reply(reply)) for channel, mode, reply in rows}

    def set_policy(self, server: int, channel: int, policy: Policy) -> None:
        """Keep the policy of a channel."""
        values = (self.application, channel, server, policy.mode, policy.reply)
        self._write((_SET_POLICY, values))

    def recorded_servers(self) -> set[int]:
        """The servers whose moderators let questions be recorded, and that were not left."""
        rows = self.store.read(
            f"select server from recorded_servers where application = ? and {PRESENT}",  # noqa: S608 (names of our own)
            (self.application, self.application),
        )
        return {server for (server,) in rows}

    def set_recorded(self, server: int, *, is_recorded: bool) -> None:
        """Record the questions of a server from now on, or no more."""
        statement = (
            "insert into recorded_servers values (?, ?) on conflict do nothing"
            if is_recorded
            else "delete from recorded_servers where application in (0, ?) and server = ?"
        )
        self._write((statement, (self.application, server)))

    def record(self, asked: Asked) -> None:
        """Keep a question."""
        verdict = "answered" if asked.is_answered else "declined"
        values = (
            self.application, asked.message, asked.server, asked.channel, asked.user, now(),
            storable(asked.question), verdict, asked.confidence,
        )  # fmt: skip
        self._write((_RECORD, values))

    def declined(self, server: int) -> list[tuple[str, str]]:
        """The last questions of a server that were declined, with their times, oldest first."""
        latest = self.store.read(
            "select question, asked_at from questions"
            " where application = ? and server = ? and verdict = 'declined'"
            " order by asked_at desc, message desc limit ?",
            (self.application, server, MOST_REPORTED),
        )
        return latest[::-1]

    def all_declined(self, server: int = 0) -> list[tuple[str, str]]:
        """The last ones of a server, or with 0 of each, whichever bot was asked there, oldest
        first."""
        return self.store.read(_DECLINED_ANYWHERE, (server, MOST_REPORTED))

    def rate(self, rating: Rating) -> None:
        """Keep what a member thinks of an answer, instead of what they thought before."""
        values = (
            self.application, rating.message, rating.user, rating.server, rating.channel,
            int(rating.is_helpful), storable(rating.comment), now(),
        )  # fmt: skip
        self._write((_RATE, values))

    def feedback(self, server: int) -> list[Feedback]:
        """What members of a server thought of answers, latest first."""
        rows = self.store.read(
            "select f.message, f.channel, f.is_helpful, f.comment, f.given_at, q.question"
            " from feedback f left join questions q on q.message = f.message"
            " where f.application = ? and f.server = ?"
            " order by f.given_at desc, f.message desc limit ?",
            (self.application, server, MOST_REPORTED),
        )
        return [Feedback(m, c, bool(helpful), text, at, q) for m, c, helpful, text, at, q in rows]

    def forget_user(self, server: int | None, user: int) -> int:
        """Delete what a member asked, thought and handed on in a server; None: in all of them; how
        many records there were."""
        whose = 'where application in (0, ?) and "user" = ?'
        values = [self.application, user]
        if server is not None:
            whose += " and server = ?"
            values.append(server)
        # The names of tables are these.
        tables = ("questions", "feedback", "handed_on")
        count = self._write(*((f"delete from {table} {whose}", values) for table in tables))  # noqa: S608 (names of our own)
        self.store.erase()
        return count

    def synced(self, application: int) -> str | None:
        """The hash of the commands that were last sent to Discord."""
        rows = self.store.read(
            "select payload_hash from synced where application = ?", (application,)
        )
        return rows[0][0] if rows else None

    def set_synced(self, application: int, payload_hash: str) -> None:
        """Keep the hash of the commands that were sent to Discord."""
        values = (application, payload_hash)
        self._write((_SET_SYNCED, values))


def now() -> str:
    """The time in UTC, as it is kept."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def storable(text: str) -> str:
    """A text without what PostgreSQL or UTF-8 has no place for: NUL, and halves of characters."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
