"""How long questions and ratings are kept; what is older is deleted."""

import logging
from datetime import UTC, datetime, timedelta

from bot.discord.database import Database
from bot.discord.store import Transaction
from bot.presentation import counted

_log = logging.getLogger(__name__)

_SET_DAYS = (
    "insert into record_days (application, server, days) values (?, ?, ?)"
    " on conflict (application, server) do update set days = excluded.days"
)
_AGED = (("questions", "asked_at"), ("feedback", "given_at"), ("handed_on", "handed_at"))
"""The tables with records, and when each was made."""

_NOT_CHOSEN = "server not in (select server from record_days where application = ?)"


class Retention:
    """For how many days the records of a server are kept: as its moderators say, else `days`.

    0 days: for good. Every method blocks.
    """

    def __init__(self, database: Database, days: int) -> None:
        self._database = database
        self._days = days

    def days_of(self, server: int) -> int:
        """The days for a server."""
        return self._chosen().get(server, self._days)

    def set_days(self, server: int, days: int) -> None:
        """Keep what moderators chose."""
        values = (self._database.application, server, days)
        self._database.store.write(lambda transaction: transaction.execute(_SET_DAYS, values))

    def review(self) -> None:
        """Delete the records that are older than they may be."""
        application = self._database.application
        # Each number of days with the servers that it is for.
        kept = [
            (self._days, _NOT_CHOSEN, application),
            *((days, "server = ?", server) for server, days in self._chosen().items()),
        ]

        def done(transaction: Transaction) -> int:
            # Times are texts of one form and zone, in which later ones are greater.
            now = datetime.fromtimestamp(transaction.now(), UTC)
            count = 0
            for days, which, value in kept:
                oldest = (now - timedelta(days=days)).isoformat(timespec="seconds")
                for table, at in _AGED if days else ():
                    # The names of tables and columns are those above.
                    delete = f"delete from {table} where application = ? and {at} < ? and {which}"  # noqa: S608 (names of our own)
                    count += transaction.execute(delete, (application, oldest, value)).rowcount
            return count

        count = self._database.store.write(done)
        if count:
            _log.info("%s older than they may be have been deleted", counted(count, "record"))
            self._database.store.erase()

    def _chosen(self) -> dict[int, int]:
        rows = self._database.store.read(
            "select server, days from record_days where application = ?",
            (self._database.application,),
        )
        return dict(rows)
