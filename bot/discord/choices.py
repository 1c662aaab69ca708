"""Which collection moderators chose for a server or a channel."""

from bot.discord.database import Database
from bot.libraries import Choices

_KEEP = (
    "insert into chosen_collections (application, server, channel, name) values (?, ?, ?, ?)"
    " on conflict (application, server, channel) do update set name = excluded.name"
)
_DELETE = "delete from chosen_collections where application = ? and server = ? and channel = ?"
_READ = (
    "select server, channel, name from chosen_collections where application = ?"
    " and server not in (select server from left_servers where application = ?)"
)


class ChosenCollections:
    """The choices in a database; every method blocks for as long as the disk takes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> Choices:
        """The choices in servers that were not left."""
        application = self._database.application
        rows = self._database.store.read(_READ, (application, application))
        return {(server, channel): name for server, channel, name in rows}

    def choose(self, server: int, channel: int, name: str | None) -> None:
        """Keep a choice, or with None that there is none; channel 0 is the whole server."""
        place = (self._database.application, server, channel)
        statement, values = (_DELETE, place) if name is None else (_KEEP, (*place, name))
        self._database.store.write(lambda transaction: transaction.execute(statement, values))
