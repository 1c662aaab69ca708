"""The entries that moderators have taught, in the database; every method blocks, as those there."""

from typing import Any

from bot.discord.database import Database, now, storable
from bot.discord.store import Transaction
from bot.discord.taught import MOST_TAUGHT, Taught, TooMuchTaughtError, documents_of
from footnote import Document

_COLUMNS = "id, server, question, answer, taught_by, name, taught_at, link, edited_at"
_ADD = f"insert into taught (application, {_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 (names of our own)
_OF_SERVER = f"select {_COLUMNS} from taught where application = ? and server = ?"  # noqa: S608 (names of our own)


class TaughtStore:
    """What was taught in each server, oldest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def entries(self, server: int) -> list[Taught]:
        """All entries of a server."""
        return self._found(f"{_OF_SERVER} order by id", server)

    def entry(self, server: int, id_: int) -> Taught | None:
        """One entry of a server; None where it has none of that id."""
        return next(iter(self._found(f"{_OF_SERVER} and id = ?", server, id_)), None)

    def _found(self, statement: str, *values: object) -> list[Taught]:
        application = self._database.application
        rows = self._database.store.read(statement, (application, *values))
        return [Taught(*row) for row in rows]

    def documents(self, server: int) -> list[Document]:
        """The entries of a server as documents."""
        return [document for entry in self.entries(server) for document in documents_of(entry)]

    def add(self, entry: Taught) -> None:
        """Keep an entry, once however often it comes; TooMuchTaughtError where a server is full."""
        application = self._database.application
        values = (
            entry.id, entry.server, storable(entry.question), storable(entry.answer),
            entry.taught_by, storable(entry.name), entry.taught_at, entry.link, entry.edited_at,
        )  # fmt: skip

        def added(transaction: Transaction) -> bool:
            rows: list[tuple[Any, ...]] = transaction.execute(
                "select id from taught where application = ? and server = ?",
                (application, entry.server),
            ).fetchall()
            is_there = (entry.id,) in rows
            if not is_there and len(rows) < MOST_TAUGHT:
                transaction.execute(_ADD, (application, *values))
                is_there = True
            return is_there

        # Alone, so that two at once do not make it one too many.
        if not self._database.store.write(added, is_alone=True):
            raise TooMuchTaughtError

    def edit(self, server: int, id_: int, question: str, answer: str) -> bool:
        """Replace an entry's words; whether there is one."""
        statement = (
            "update taught set question = ?, answer = ?, edited_at = ?"
            " where application = ? and server = ? and id = ?"
        )
        words = (storable(question), storable(answer), now())
        return self._changed(statement, *words, self._database.application, server, id_)

    def remove(self, server: int, id_: int) -> bool:
        """Delete an entry; whether there was one."""
        statement = "delete from taught where application = ? and server = ? and id = ?"
        is_gone = self._changed(statement, self._database.application, server, id_)
        self._database.store.erase()
        return is_gone

    def forget(self, server: int, user: int) -> bool:
        """Name a member no more in what they taught; whether they had taught anything."""
        statement = (
            "update taught set taught_by = 0, name = ''"
            " where application = ? and server = ? and taught_by = ?"
        )
        is_changed = self._changed(statement, self._database.application, server, user)
        self._database.store.erase()
        return is_changed

    def _changed(self, statement: str, *values: object) -> bool:
        return self._database.store.write(lambda t: t.execute(statement, values).rowcount) > 0
