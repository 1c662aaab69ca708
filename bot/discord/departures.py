"""Servers that the bot has left: what was kept for them stays for some days, should it come back.

That a server is absent says little: it may be another bot's, or the list may be wrong for a moment.
"""

import logging
from collections.abc import Collection

from bot.discord.database import PER_SERVER, Database
from bot.discord.leases import Shards
from bot.discord.store import Transaction
from bot.presentation import counted

_log = logging.getLogger(__name__)

HOUR = 3_600
"""Seconds; servers are looked at once an hour, so that a day is not missed when that fails."""

_DAY = 86_400

_TABLES = (*PER_SERVER, "left_servers")

# The names of tables are those above.
_KEPT = " union ".join(f"select server from {table} where application = ?" for table in _TABLES)  # noqa: S608 (names of our own)
_LEFT = "select server, days from left_servers where application = ?"
# A clock that jumps adds one day at most.
_COUNT = (
    "insert into left_servers values (?, ?, 0, ?) on conflict (application, server) do update set"
    " days = left_servers.days"
    " + case when excluded.counted_on > left_servers.counted_on then 1 else 0 end,"
    " counted_on = excluded.counted_on"
)
_UNMARK = "delete from left_servers where application = ? and server = ?"


class Departures:
    """Which servers a bot has left; what is kept for one is deleted `days` days later.

    Only days on which the bot looked count (in UTC), not that of its leaving.
    """

    def __init__(self, database: Database, days: int) -> None:
        self._database = database
        self._days = days

    def servers(self) -> set[int]:
        """The servers that something is kept for."""
        applications = [self._database.application] * len(_TABLES)
        return {server for (server,) in self._database.store.read(_KEPT, applications)}

    def review(self, present: Collection[int], shards: Shards) -> list[int]:
        """Note which servers of some shards were left, by those that the bot is in at present.

        One that it has come back to is no longer marked, and what is kept for one that it left too
        long ago is deleted; the servers that this was done for.
        """
        self._database.claim(present)
        own = {server for server in self.servers() if shards.have(server)}
        gone = own.difference(present)
        application = self._database.application

        def noted(transaction: Transaction) -> list[int]:
            today = int(transaction.now() // _DAY)
            for server in gone:
                transaction.execute(_COUNT, (application, server, today))
            left = dict(transaction.execute(_LEFT, (application,)).fetchall())
            for server in left.keys() & (own - gone):
                transaction.execute(_UNMARK, (application, server))
            over = [server for server in gone if left[server] >= self._days]
            for table in _TABLES:
                for server in over:
                    transaction.execute(
                        f"delete from {table} where application = ? and server = ?",  # noqa: S608 (names of our own)
                        (application, server),
                    )
            return over

        over = self._database.store.write(noted)
        days = counted(self._days, "day")
        for server in over:
            _log.info("guild=%d was left %s ago; its records have been deleted", server, days)
        if over:
            self._database.store.erase()
        return over
