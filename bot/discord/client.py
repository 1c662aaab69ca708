"""The connection to Discord: which events are listened to, and what each of them leads to."""

import asyncio
import logging
import sys
from time import monotonic
from typing import Any

import discord
from discord import app_commands

from bot.admission import ElsewhereError
from bot.daemon import at_most
from bot.discord import failures
from bot.discord.commands import EVERYBODY
from bot.discord.departures import HOUR
from bot.discord.desk import Desk
from bot.discord.draining import drain
from bot.discord.greeting import greet
from bot.discord.handed import HandedOn
from bot.discord.helping import heard, pass_on_late
from bot.discord.leases import Lease, Shards
from bot.discord.listening import Listener
from bot.discord.moderation import Moderation
from bot.discord.presses import press
from bot.discord.replies import asked_from, report
from bot.discord.store import DatabaseError
from bot.discord.syncing import sync_if_changed
from bot.discord.teaching import teach_this
from bot.presentation import counted
from bot.texts import speaking

_PATIENCE = 0.5
"""Seconds that the database and Discord may each take at the end."""

_log = logging.getLogger(__name__)


def intents(*, message_content: bool) -> discord.Intents:
    """The least that is needed; only the content of messages is a privilege."""
    return discord.Intents(
        guilds=True, guild_messages=True, dm_messages=True, message_content=message_content
    )


class Commands(app_commands.CommandTree["FootnoteBot"]):
    """The commands, with the one place that their errors come to."""

    async def _call(self, interaction: "discord.Interaction[FootnoteBot]") -> None:
        # The bot does not end before all of a command is done. discord.py has no public place
        # around it; test_an_answer_that_is_being_sent_again fails where this name has changed.
        with self.client.desk.service.handling(), speaking(str(interaction.locale)):
            await super()._call(interaction)

    async def interaction_check(self, interaction: "discord.Interaction[FootnoteBot]") -> bool:
        """Whether somebody is answered; when a command began is noted for the log."""
        interaction.extras["begun"] = monotonic()
        if self.client.admits(interaction):
            return True
        if interaction.type is discord.InteractionType.autocomplete:
            await interaction.response.autocomplete([])
        else:
            await report(interaction, ElsewhereError(), self.client.desk.service.metrics)
        return False

    async def on_error(
        self, interaction: discord.Interaction, error: app_commands.AppCommandError
    ) -> None:
        """Say what went wrong."""
        with self.client.desk.service.handling(), speaking(str(interaction.locale)):
            await report(interaction, error, self.client.desk.service.metrics)


class FootnoteBot(discord.AutoShardedClient):
    """The bot; it opens what it needs when it logs in."""

    def __init__(
        self, desk: Desk, shards: Shards, *, message_content: bool, **options: Any
    ) -> None:
        if shards.count:
            options |= {"shard_count": shards.count, "shard_ids": list(shards.ids)}
        super().__init__(
            intents=intents(message_content=message_content),
            allowed_mentions=discord.AllowedMentions.none(),
            # Messages answer for themselves, so none is kept in memory.
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            # What Discord makes the bot wait for longer is refused instead.
            max_ratelimit_timeout=30.0,
            **options,
        )
        self.desk = desk
        self.lease = Lease(desk.database.store, shards)
        self.tree = build_tree(self)
        self._listener = Listener(desk)
        self._reviewing: asyncio.Task[None] | None = None
        self._untold: list[HandedOn] = []

    def admits(self, interaction: discord.Interaction) -> bool:
        """Whether the bot answers where a command was given or something was pressed."""
        origin = asked_from(interaction)
        return self.desk.admission.admits(origin.home, origin.user)

    def why_not_ready(self) -> str | None:
        """Why questions cannot be answered at the moment, in a few words; None where they can."""
        if self.desk.service.is_stopping:
            return "the bot is stopping"
        if self.desk.service.ready is None:
            return "the documents are being read"
        is_connected = self.is_ready() and not any(s.is_closed() for s in self.shards.values())
        return None if is_connected else "there is no connection to Discord"

    async def setup_hook(self) -> None:
        """Read the documents meanwhile, and send the commands if they have changed.

        LeaseError where another process answers for the same servers.
        """
        if self.desk.service.ready is None:
            self.desk.service.load()
        if self.application_id is not None:
            await self.lease.take(self.application_id)
            await self.desk.open(self.application_id)
            # Read before any is given, which this process passes on itself.
            self._untold = await asyncio.to_thread(self.desk.handed_on.untold)
            await sync_if_changed(self.tree, self.application_id, self.desk.database)
        self._reviewing = asyncio.create_task(self._review_every_hour())

    async def leave(self) -> None:
        """Receive no more questions, and let another process receive them at once."""
        await drain(self)
        await at_most(_PATIENCE, self.lease.release())

    async def close(self) -> None:
        """Close all connections; without `leave` before, what is begun fails."""
        if self._reviewing is not None:
            self._reviewing.cancel()
        await at_most(_PATIENCE, self.lease.release())
        # Discord may be out of reach, and does not answer then.
        await at_most(_PATIENCE, super().close())

    async def __aexit__(self, *_: object) -> None:
        """Close; it would wait for the closing itself, however long that takes."""
        await self.close()

    async def on_ready(self) -> None:
        """Say so in the log."""
        servers = counted(len(self.guilds), "server")
        _log.info("connected: %s, %s", servers, counted(self.shard_count or 1, "shard"))
        # It may have left some, or come back, while it was not connected.
        await self.review()

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Go on with what was kept for a server that the bot has come back to."""
        _log.info("joined guild=%d", guild.id)
        await self.on_guild_available(guild)
        await self.review()

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Greet a server that the bot has just joined, perhaps while it was not connected."""
        with self.desk.service.handling(), speaking(self.desk.locale_in(guild)):
            await greet(guild, self.desk)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note that the bot has left a server; one that is only unavailable is not removed."""
        _log.info("left guild=%d", guild.id)
        await self.review()

    async def review(self) -> None:
        """Note which servers were left, once all that the bot is in are known, and pass on in the
        others what people answered before; it never raises."""
        if not self.is_ready():
            return
        await self._pass_on_late()
        try:
            await self.desk.review({guild.id for guild in self.guilds}, self.lease.shards)
        except Exception as error:
            _log.warning(
                "the check for servers that were left failed and runs again in an hour: %s",
                error,
                exc_info=not isinstance(error, DatabaseError),
            )

    async def _pass_on_late(self) -> None:
        """Pass on the answers that a process before this one could not, in servers that are there.

        Those of other servers are for the processes that these belong to, or wait for an outage's
        end.
        """
        late = [asked for asked in self._untold if self.get_guild(asked.server) is not None]
        self._untold = [asked for asked in self._untold if asked not in late]
        with self.desk.service.handling():
            for asked in late:
                await pass_on_late(self, self.desk, asked)

    async def _review_every_hour(self) -> None:
        while True:
            await asyncio.sleep(HOUR)
            await self.review()

    async def on_message(self, message: discord.Message) -> None:
        """Answer a message if it is a question, or pass it on if it is a person's answer."""
        server = None if message.guild is None else message.guild.id
        if self.user is None or not self.desk.admission.admits(server, message.author.id):
            return
        with self.desk.service.handling(), speaking(self.desk.locale_in(message.guild)):
            if not await heard(message, self.desk, self):
                await self._listener.hear(message, self.user)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Do what a button or a form says; commands have come to the tree already."""
        kinds = (discord.InteractionType.component, discord.InteractionType.modal_submit)
        if interaction.type not in kinds:
            return
        begun = monotonic()
        with self.desk.service.handling(), speaking(str(interaction.locale)):
            try:
                if not self.admits(interaction):
                    raise ElsewhereError
                await press(interaction, self.desk)
                self._log_done(interaction.type.name, interaction, begun)
            except Exception as error:
                await report(interaction, error, self.desk.service.metrics)

    async def on_app_command_completion(
        self, interaction: discord.Interaction, command: app_commands.Command[Any, ..., Any]
    ) -> None:
        """One line in the log, without what was asked."""
        self._log_done(f"/{command.qualified_name}", interaction, interaction.extras["begun"])

    @staticmethod
    def _log_done(what: str, interaction: discord.Interaction, begun: float) -> None:
        took = 1000 * (monotonic() - begun)
        where = f"guild={interaction.guild_id} channel={interaction.channel_id}"
        _log.info("%s %s took=%.0fms", what, where, took)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """What goes wrong with a message: nobody can be told privately, so the log is."""
        error = sys.exc_info()[1]
        if error is not None:
            about = args[0] if args else None
            guild = about if isinstance(about, discord.Guild) else getattr(about, "guild", None)
            where = f"{event_method} guild={getattr(guild, 'id', None)}"
            failures.log(error, where, self.desk.service.metrics)


def build_tree(client: FootnoteBot) -> Commands:
    """All commands, for servers, direct messages and members who installed the bot."""
    tree = Commands(
        client,
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        ),
    )
    for command in EVERYBODY:
        tree.add_command(command)
    tree.add_command(teach_this)
    tree.add_command(Moderation())
    return tree
