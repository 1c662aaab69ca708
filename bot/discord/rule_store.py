"""The rules that moderators made: of channels, and of all other channels of a server."""

from bot.discord.database import Database, Mode, Policy, Reply
from bot.discord.store import Transaction

_SET_DEFAULT = (
    "insert into server_policies (application, server, mode, reply) values (?, ?, ?, ?)"
    " on conflict (application, server) do update set"
    " mode = excluded.mode, reply = excluded.reply"
)


class Rules:
    """The rules in a database; every method blocks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def defaults(self) -> dict[int, Policy]:
        """The policy of each server that has one, and that was not left."""
        application = self._database.application
        rows = self._database.store.read(
            "select server, mode, reply from server_policies where application = ?"
            " and server not in (select server from left_servers where application = ?)",
            (application, application),
        )
        return {server: Policy(Mode(mode), Reply(reply)) for server, mode, reply in rows}

    def of(self, server: int) -> dict[int, Policy]:
        """The policies of a server's channels."""
        rows = self._database.store.read(
            "select channel, mode, reply from policies where application = ? and server = ?",
            (self._database.application, server),
        )
        return {channel: Policy(Mode(mode), Reply(reply)) for channel, mode, reply in rows}

    def decide(self, server: int, channel: int | None, policy: Policy | None) -> None:
        """Keep the policy of a channel, or of a server where it is None; None removes it."""
        if policy is not None and channel is not None:
            self._database.set_policy(server, channel, policy)
            return
        application = self._database.application

        def done(transaction: Transaction) -> None:
            if policy is not None:
                values = (application, server, policy.mode, policy.reply)
                transaction.execute(_SET_DEFAULT, values)
            elif channel is None:
                transaction.execute(
                    "delete from server_policies where application = ? and server = ?",
                    (application, server),
                )
            else:
                transaction.execute(
                    "delete from policies where application = ? and server = ? and channel = ?",
                    (application, server, channel),
                )

        self._database.store.write(done)
