"""The languages that moderators chose for what everybody in their server sees."""

from bot.discord.database import PRESENT, Database
from bot.discord.store import Transaction

_SET = (
    "insert into server_languages (application, server, language) values (?, ?, ?)"
    " on conflict (application, server) do update set language = excluded.language"
)
_DELETE = "delete from server_languages where application = ? and server = ?"


class Languages:
    """The choices in a database; every method blocks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[int, str]:
        """The language of each server that has chosen one, and was not left."""
        application = self._database.application
        rows = self._database.store.read(
            f"select server, language from server_languages where application = ? and {PRESENT}",  # noqa: S608 (names of our own)
            (application, application),
        )
        return dict(rows)

    def choose(self, server: int, language: str | None) -> None:
        """Keep a choice, or with None that there is none."""
        place = (self._database.application, server)

        def done(transaction: Transaction) -> None:
            if language is None:
                transaction.execute(_DELETE, place)
            else:
                transaction.execute(_SET, (*place, language))

        self._database.store.write(done)
