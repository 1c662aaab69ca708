"""Questions that members handed on to people, and which people these are, in the database.

Every method blocks, as those of the database.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.discord.database import PRESENT, Database, now, storable
from bot.discord.store import Transaction

_LATE = timedelta(minutes=1)
"""After this, a question that was claimed and never posted may be handed on again."""

_COLUMNS = (
    'message, server, channel, "user", reply_to, question, press, post_channel, post,'
    " closing, closed_by, closed_name, answer"
)
_ONE = f"select {_COLUMNS} from handed_on where application = ? and server = ?"  # noqa: S608 (names of our own)
_CLAIM = (
    'insert into handed_on (application, message, server, channel, "user", reply_to, question,'
    " press, post_channel, handed_at, post, closing, closed_by, closed_name)"
    " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, '') on conflict (application, message)"
    " do update set press = excluded.press, handed_at = excluded.handed_at,"
    " post_channel = excluded.post_channel"
    " where handed_on.post = 0 and handed_on.closing = 0 and handed_on.handed_at < ?"
)
_CLOSE = (
    "update handed_on set closing = ?, closed_by = ?, closed_name = ?, answer = ?"
    " where application = ? and server = ? and message = ? and closing in (0, ?)"
)
_SET_HELPERS = (
    "insert into helpers (application, server, channel, role) values (?, ?, ?, ?)"
    " on conflict (application, server) do update set"
    " channel = excluded.channel, role = excluded.role"
)


@dataclass(frozen=True, slots=True)
class Helpers:
    """Where a server's questions are handed on to; `role` is who is mentioned, 0 for nobody."""

    channel: int
    role: int = 0


@dataclass(frozen=True, slots=True)
class HandedOn:
    """A question that was handed on: `message` is the id of the decline, `post` that of the
    message to the helpers, and `reply_to` what the answer is to reply to.

    `press` is the interaction that handed it on, and `closing` the interaction or message that
    answered or dismissed it; 0 while it is open. `answer` is what whoever asked is to be told, and
    empty once they were.
    """

    message: int
    server: int
    channel: int
    user: int
    reply_to: int
    question: str
    press: int
    post_channel: int
    post: int = 0
    closing: int = 0
    closed_by: int = 0
    closed_name: str = ""
    answer: str = ""


class HandedOnStore:
    """What was handed on in each server, and to whom."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def helpers(self) -> dict[int, Helpers]:
        """The helpers of each server that has some, and was not left."""
        application = self._database.application
        rows = self._database.store.read(
            f"select server, channel, role from helpers where application = ? and {PRESENT}",  # noqa: S608 (names of our own)
            (application, application),
        )
        return {server: Helpers(channel, role) for server, channel, role in rows}

    def set_helpers(self, server: int, helpers: Helpers | None) -> None:
        """Keep the helpers of a server, or that it has none."""
        place = (self._database.application, server)
        if helpers is None:
            self._write("delete from helpers where application = ? and server = ?", *place)
        else:
            self._write(_SET_HELPERS, *place, helpers.channel, helpers.role)

    def claim(self, asked: HandedOn) -> bool:
        """Keep a question that is about to be handed on; whether it is its first time."""
        late = (datetime.now(UTC) - _LATE).isoformat(timespec="seconds")
        self._write(
            _CLAIM, self._database.application, asked.message, asked.server, asked.channel,
            asked.user, asked.reply_to, storable(asked.question), asked.press, asked.post_channel,
            now(), late,
        )  # fmt: skip
        kept = self.of_message(asked.server, asked.message)
        return kept is not None and kept.press == asked.press

    def posted(self, asked: HandedOn, post: int) -> None:
        """Keep which message the helpers were sent."""
        statement = "update handed_on set post = ? where application = ? and message = ?"
        self._write(statement, post, self._database.application, asked.message)

    def withdraw(self, asked: HandedOn) -> None:
        """Forget a question that could not be handed on."""
        statement = "delete from handed_on where application = ? and message = ? and press = ?"
        self._write(statement, self._database.application, asked.message, asked.press)

    def of_message(self, server: int, message: int) -> HandedOn | None:
        """The question of a decline, where it was handed on."""
        return self._one("message", server, message)

    def of_post(self, server: int, post: int) -> HandedOn | None:
        """The question of a message to the helpers."""
        return self._one("post", server, post)

    def _one(self, column: str, server: int, id_: int) -> HandedOn | None:
        values = (self._database.application, server, id_)
        rows = self._database.store.read(f"{_ONE} and {column} = ?", values)
        return HandedOn(*rows[0]) if rows else None

    def close(
        self, asked: HandedOn, closing: int, user: int, name: str, answer: str
    ) -> HandedOn | None:
        """The question as it was closed: by `closing`, if nothing else was earlier; None where it
        was forgotten meanwhile. `answer` is to be told, or empty where nothing is."""
        place = (self._database.application, asked.server, asked.message)
        values = (closing, user, storable(name), storable(answer))
        self._write(_CLOSE, *values, *place, closing)
        return self.of_message(asked.server, asked.message)

    def told(self, asked: HandedOn) -> None:
        """Note that an answer was passed on, or can be to nobody."""
        statement = "update handed_on set answer = '' where application = ? and message = ?"
        self._write(statement, self._database.application, asked.message)

    def untold(self) -> list[HandedOn]:
        """The questions whose answers were not passed on yet."""
        application = self._database.application
        rows = self._database.store.read(
            f"select {_COLUMNS} from handed_on where application = ? and answer <> ''",  # noqa: S608 (names of our own)
            (application,),
        )
        return [HandedOn(*row) for row in rows]

    def reopen(self, asked: HandedOn, closing: int) -> None:
        """Let a question be answered again, whose answer could not be sent."""
        statement = (
            "update handed_on set closing = 0, closed_by = 0, closed_name = '', answer = ''"
            " where application = ? and message = ? and closing = ?"
        )
        self._write(statement, self._database.application, asked.message, closing)

    def forget(self, server: int, user: int) -> None:
        """Name a member no more in what they closed."""
        statement = (
            "update handed_on set closed_by = 0, closed_name = ''"
            " where application = ? and server = ? and closed_by = ?"
        )
        self._write(statement, self._database.application, server, user)

    def _write(self, statement: str, *values: Any) -> None:
        def written(transaction: Transaction) -> None:
            transaction.execute(statement, values)

        self._database.store.write(written)
