"""What every command, message and button works with: the service, and what moderators decided."""

import asyncio
import logging
from collections.abc import Collection

import discord
from discord.abc import Snowflake

from bot.admission import Admission
from bot.discord.answered import Answered
from bot.discord.choices import ChosenCollections
from bot.discord.database import Asked, Database, Policy
from bot.discord.departures import Departures
from bot.discord.handed import HandedOnStore, Helpers
from bot.discord.language_store import Languages
from bot.discord.leases import Shards
from bot.discord.messages import Pages
from bot.discord.retention import Retention
from bot.discord.rule_store import Rules
from bot.discord.shelves import Shelves
from bot.discord.store import DatabaseError
from bot.discord.taught_store import TaughtStore
from bot.discord.translating import locale_of
from bot.discord.upload_store import Uploads
from bot.discord.uploads import UPLOAD_LIMITS, UploadLimits
from bot.errors import MemberError
from bot.library import Library
from bot.limits import Origin
from bot.service import Service
from bot.texts import gettext
from footnote import Answer, Verdict

_log = logging.getLogger(__name__)


class ChangedError(MemberError):
    """What a button leads to is in the documents no more."""

    def __init__(self) -> None:
        super().__init__(gettext("The documents have changed since this answer; ask again."))


class Desk:
    """The service, the database, and what was read from it once.

    What is kept for a server that the bot has left is deleted `days_after_leaving` days later, of
    which those count on which the bot ran.
    """

    def __init__(
        self,
        service: Service,
        database: Database,
        *,
        days_after_leaving: int,
        days_of_records: int,
        admission: Admission,
        upload_limits: UploadLimits = UPLOAD_LIMITS,
    ) -> None:
        self.service = service
        self.database = database
        self.admission = admission
        self.retention = Retention(database, days_of_records)
        self.rules = Rules(database)
        self.uploads = Uploads(database, upload_limits)
        self.shelves = Shelves(self.uploads)
        service.libraries.own.sources.append(self.shelves)
        self.answered = Answered()
        self._choices = ChosenCollections(database)
        self.taught = TaughtStore(database)
        service.libraries.own.sources.append(self.taught)
        self.handed_on = HandedOnStore(database)
        self._departures = Departures(database, days_after_leaving)
        self._policies: dict[int, Policy] = {}
        self._defaults: dict[int, Policy] = {}
        self._recorded: set[int] = set()
        self._helpers: dict[int, Helpers] = {}
        self._languages = Languages(database)
        self._spoken: dict[int, str] = {}
        # Held wherever both the database and what was read from it change.
        self._changing = asyncio.Lock()

    async def open(self, application: int) -> None:
        """Work for an application: read what moderators decided."""
        self.database.application = application
        async with self._changing:
            await self._read()

    async def _read(self) -> None:
        self._policies = await asyncio.to_thread(self.database.policies)
        self._defaults = await asyncio.to_thread(self.rules.defaults)
        self._recorded = await asyncio.to_thread(self.database.recorded_servers)
        self.service.libraries.choices = await asyncio.to_thread(self._choices.all)
        self._helpers = await asyncio.to_thread(self.handed_on.helpers)
        self._spoken = await asyncio.to_thread(self._languages.all)

    def pages_of(self, library: Library) -> Pages:
        """The messages over a library."""
        return Pages(library)

    def policy(self, channel: int, server: int | None) -> Policy:
        """The policy of a channel: its own, or that of its server, or the default."""
        own = self._policies.get(channel)
        return own or self._defaults.get(server or 0, Policy())

    def default(self, server: int) -> Policy | None:
        """What moderators decided for the channels of a server that have no policy."""
        return self._defaults.get(server)

    async def decide(self, server: int, channel: int | None, policy: Policy | None) -> None:
        """Keep and apply the policy of a channel, or of a server's other channels where it is None.

        A policy of None: the channel, or the server, has none any more.
        """
        async with self._changing:
            await asyncio.to_thread(self.rules.decide, server, channel, policy)
            kept, key = (self._defaults, server) if channel is None else (self._policies, channel)
            kept.pop(key, None)
            if policy is not None:
                kept[key] = policy

    async def choose(self, server: int, channel: int, name: str | None) -> None:
        """Answer a channel, or with 0 a server, from a collection; with None from no own one."""
        async with self._changing:
            await asyncio.to_thread(self._choices.choose, server, channel, name)
            self.service.libraries.choices = await asyncio.to_thread(self._choices.all)

    def records(self, server: int | None) -> bool:
        """Whether the questions of a server are recorded."""
        return server in self._recorded

    async def set_recorded(
        self, server: int, *, is_recorded: bool, days: int | None = None
    ) -> None:
        """Record the questions of a server from now on, or no more, and keep them so many days."""
        async with self._changing:
            await asyncio.to_thread(self.database.set_recorded, server, is_recorded=is_recorded)
            if days is not None:
                await asyncio.to_thread(self.retention.set_days, server, days)
            (self._recorded.add if is_recorded else self._recorded.discard)(server)

    def helpers(self, server: int | None) -> Helpers | None:
        """To whom a server's questions are handed on; None where moderators have not said so."""
        return None if server is None else self._helpers.get(server)

    async def set_helpers(self, server: int, helpers: Helpers | None) -> None:
        """Hand the questions of a server on to these from now on, or to nobody."""
        async with self._changing:
            await asyncio.to_thread(self.handed_on.set_helpers, server, helpers)
            if helpers is None:
                self._helpers.pop(server, None)
            else:
                self._helpers[server] = helpers

    def language(self, server: int) -> str | None:
        """The language that moderators chose for what everybody sees; None where they did not."""
        return self._spoken.get(server)

    async def set_language(self, server: int, language: str | None) -> None:
        """Speak a language to all in a server from now on, or with None that which Discord says."""
        async with self._changing:
            await asyncio.to_thread(self._languages.choose, server, language)
            if language is None:
                self._spoken.pop(server, None)
            else:
                self._spoken[server] = language

    def locale_in(self, guild: discord.Guild | None) -> str | None:
        """The locale of what everybody in a server sees; None in direct messages."""
        chosen = None if guild is None else self.language(guild.id)
        return chosen or locale_of(guild)

    def locale_for(self, interaction: discord.Interaction, *, is_private: bool) -> str:
        """The locale of whoever reads a response: the member's, or where it is public, all's."""
        if is_private or interaction.guild_id is None:
            return str(interaction.locale)
        public = self.language(interaction.guild_id) or interaction.guild_locale
        return str(public or interaction.locale)

    async def review(self, servers: Collection[int], shards: Shards) -> None:
        """Note which servers of some shards were left, by those that the bot is in, and delete what
        is older than it may be.

        In a server that was left no rule holds and nothing is recorded, until the bot is back.
        """
        async with self._changing:
            deleted = await asyncio.to_thread(self._departures.review, servers, shards)
            await asyncio.to_thread(self.uploads.review)
            await asyncio.to_thread(self.retention.review)
            await self._read()
        for server in deleted:
            # Should the bot come back before what is held in memory is let go.
            self.shelves.forget(server)
            await self.service.own_changed(server)

    async def forget(self, server: int | None, user: int) -> int:
        """Delete what a member asked, thought and handed on in a server, and name them no more in
        what they brought, taught and answered; None: in all servers; how many records were deleted.
        """
        servers = await asyncio.to_thread(self._departures.servers) if server is None else {server}
        # First, since a document that cannot be read must not keep them.
        count = await asyncio.to_thread(self.database.forget_user, server, user)
        for one in servers:
            await self._unname(one, user)
        return count

    async def _unname(self, server: int, user: int) -> None:
        await asyncio.to_thread(self.handed_on.forget, server, user)
        is_named = await asyncio.to_thread(self.taught.forget, server, user)
        if await asyncio.to_thread(self.uploads.forget, server, user):
            self.shelves.forget(server)
            is_named = True
        if is_named:
            await self.service.own_changed(server)

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
