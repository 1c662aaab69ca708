"""Servers that the bot has left: what was kept for them stays for some days, should it come back.

That a server is absent says little: it may be another bot's, or the list may be wrong for a moment.
"""

import logging
from collections.abc import Collection

from bot.discord.database import Database
from bot.discord.leases import Shards
from bot.discord.store import Transaction

_log = logging.getLogger(__name__)

DAY = 86_400
"""Seconds."""

_PER_SERVER = ("policies", "recorded_servers", "questions", "feedback", "left_servers")

_LEFT = "select server, left_at from left_servers where application = ?"
_MARK = "insert into left_servers values (?, ?, ?) on conflict do nothing"
_UNMARK = "delete from left_servers where application = ? and server = ?"


class Departures:
    """Which servers a bot has left; what is kept for one is deleted `days` days later."""

    def __init__(self, database: Database, days: int) -> None:
        self._database = database
        self._days = days

    def servers(self) -> set[int]:
        """The servers that something is kept for."""
        # The names of tables are those above.
        statements = [f"select distinct server from {t} where application = ?" for t in _PER_SERVER]  # noqa: S608
        application = self._database.application
        read = self._database.store.read
        return {server for each in statements for (server,) in read(each, (application,))}

    def review(self, present: Collection[int], shards: Shards) -> None:
        """Note which servers of some shards were left, by those that the bot is in at present.

        One that it has come back to is noted no more, and what is kept for one that it left too
        long ago is deleted.
        """
        own = {server for server in self.servers() if shards.have(server)}
        gone = own.difference(present)
        application = self._database.application

        def noted(transaction: Transaction) -> list[int]:
            now = transaction.now()
            left = dict(transaction.execute(_LEFT, (application,)).fetchall())
            for server in left.keys() & (own - gone):
                transaction.execute(_UNMARK, (application, server))
            for server in gone - left.keys():
                transaction.execute(_MARK, (application, server, now))
            return [s for s in gone if now - left.get(s, now) >= self._days * DAY]

        for server in self._database.store.write(noted):
            self._forget(server)
            _log.info("guild=%d was left, and its time is over: its records are deleted", server)

    def _forget(self, server: int) -> None:
        values = (self._database.application, server)

        def forgotten(transaction: Transaction) -> None:
            for table in _PER_SERVER:
                transaction.execute(
                    f"delete from {table} where application = ? and server = ?",  # noqa: S608
                    values,
                )

        self._database.store.write(forgotten)
        self._database.store.erase()
