"""What every command, message and button works with: the service, and what moderators decided."""

import asyncio
import logging
from collections.abc import Collection

import discord
from discord.abc import Snowflake

from bot.discord.answered import Answered
from bot.discord.choices import ChosenCollections
from bot.discord.database import Asked, Database, Policy
from bot.discord.departures import Departures
from bot.discord.leases import Shards
from bot.discord.messages import Pages
from bot.discord.store import DatabaseError
from bot.errors import MemberError
from bot.library import Library
from bot.limits import Origin
from bot.service import Service
from footnote import Answer, Verdict

_log = logging.getLogger(__name__)


class ChangedError(MemberError):
    """What a button leads to is in the documents no more."""

    def __init__(self) -> None:
        super().__init__("The documents have changed since this answer; ask again.")


class Desk:
    """The service, the database, and what was read from it once.

    What is kept for a server that the bot has left is deleted `days_after_leaving` days later, of
    which those count on which the bot ran.
    """

    def __init__(self, service: Service, database: Database, days_after_leaving: int) -> None:
        self.service = service
        self.database = database
        self.answered = Answered()
        self._choices = ChosenCollections(database)
        self._departures = Departures(database, days_after_leaving)
        self._policies: dict[int, Policy] = {}
        self._recorded: set[int] = set()
        # Held wherever both the database and what was read from it change.
        self._changing = asyncio.Lock()

    async def open(self, application: int) -> None:
        """Work for an application: read what moderators decided."""
        self.database.application = application
        async with self._changing:
            await self._read()

    async def _read(self) -> None:
        self._policies = await asyncio.to_thread(self.database.policies)
        self._recorded = await asyncio.to_thread(self.database.recorded_servers)
        self.service.libraries.choices = await asyncio.to_thread(self._choices.all)

    def pages_of(self, library: Library) -> Pages:
        """The messages over a library."""
        return Pages(library)

    def policy(self, channel: int) -> Policy:
        """The policy of a channel, or the default."""
        return self._policies.get(channel, Policy())

    async def decide(self, server: int, channel: int, policy: Policy) -> None:
        """Keep and apply a policy."""
        async with self._changing:
            await asyncio.to_thread(self.database.set_policy, server, channel, policy)
            self._policies[channel] = policy

    async def choose(self, server: int, channel: int, name: str | None) -> None:
        """Answer a channel, or with 0 a server, from a collection; with None from no own one."""
        async with self._changing:
            await asyncio.to_thread(self._choices.choose, server, channel, name)
            self.service.libraries.choices = await asyncio.to_thread(self._choices.all)

    def records(self, server: int | None) -> bool:
        """Whether the questions of a server are recorded."""
        return server in self._recorded

    async def set_recorded(self, server: int, *, is_recorded: bool) -> None:
        """Record the questions of a server from now on, or no more."""
        async with self._changing:
            await asyncio.to_thread(self.database.set_recorded, server, is_recorded=is_recorded)
            (self._recorded.add if is_recorded else self._recorded.discard)(server)

    async def review(self, servers: Collection[int], shards: Shards) -> None:
        """Note which servers of some shards were left, by those that the bot is in.

        In one that was left no rule holds and nothing is recorded, until the bot is back.
        """
        async with self._changing:
            await asyncio.to_thread(self._departures.review, servers, shards)
            await self._read()

    async def record(self, answer: Answer, message: int, origin: Origin) -> None:
        """Keep a question that was answered in public, where moderators switched that on."""
        if origin.server is None or not self.records(origin.server):
            return
        asked = Asked(
            message=message,
            server=origin.server,
            channel=origin.channel,
            user=origin.user,
            question=answer.question,
            is_answered=answer.verdict is Verdict.ANSWERED,
            confidence=answer.confidence,
        )
        try:
            await asyncio.to_thread(self.database.record, asked)
        except DatabaseError as error:
            # The answer stands already; that it is not in a report must not take it away.
            _log.warning("a question could not be recorded: %s", error)


def origin_of(user: Snowflake, channel: Snowflake | None, server: Snowflake | None) -> Origin:
    """Who asks where; a thread counts as the channel that it belongs to."""
    return Origin(user.id, home_of(channel), None if server is None else server.id)


def home_of(channel: Snowflake | None) -> int:
    """The id of a channel, or of the channel that a thread belongs to; 0 where there is none."""
    if isinstance(channel, discord.Thread):
        return channel.parent_id
    return 0 if channel is None else channel.id


def conversation_in(channel: Snowflake | None) -> int | None:
    """What a conversation goes on in: a thread or direct messages."""
    return channel.id if isinstance(channel, discord.Thread | discord.DMChannel) else None
