"""A server with the bot in it, for tests that play what people do there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
from discord import app_commands

from bot.discord.client import FootnoteBot
from bot.discord.database import opened
from bot.discord.desk import Desk
from bot.discord.leases import Shards
from bot.discord.uploads import UploadLimits
from bot.libraries import named_in
from bot.library import Library, read_library
from bot.limits import Limits
from bot.service import Service
from bot.settings import Settings
from knowledge.errors import FootnoteError
from tests.discord_laws import broken_by, buttons_in, texts_in

_PATIENCE = 500.0
"""Seconds of real time for what takes moments; time itself passes by `advance_time` only."""

QUESTION = "Which Mexican city is twinned with Bethlehem?"
OFF_TOPIC = "What is the capital of Australia?"


_LOOKS = 0.005
"""Seconds until it is asked again whether the bot is done, a tenth of simcord's own."""


class _Env(simcord.Env):
    """simcord's Discord, which asks more often whether the bot is done: most tests wait for little.

    What it changes is private: under another name, tests would only be slower.
    """

    async def _settle_internal(self, *, idle: float = _LOOKS, **options: Any) -> None:
        await super()._settle_internal(idle=min(idle, _LOOKS), **options)


def new_bot(settings: Settings, folder: Path, *, read: Any = None) -> FootnoteBot:
    """A bot as `footnote bot` builds it, over a database in `folder`."""

    def reading() -> Library:
        return read_library(settings)

    limits = Limits(settings.limit_user, settings.limit_channel, settings.limit_server)
    service = Service(read or reading, limits, named=named_in(settings))
    uploads = UploadLimits(settings.upload_mb, settings.upload_documents, settings.upload_server_mb)
    database = opened(settings.database, folder)
    desk = Desk(
        service,
        database,
        days_after_leaving=settings.days_after_leaving,
        days_of_records=settings.days_of_records,
        admission=settings.admission,
        upload_limits=uploads,
    )
    return FootnoteBot(desk, Shards(1), message_content=settings.message_content)


@dataclass
class World:
    """A server with a channel, two members and a moderator; `said` is checked at the end."""

    env: simcord.Env
    settings: Settings
    folder: Path
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    alice: simcord.MemberActor
    bob: simcord.MemberActor
    moderator: simcord.MemberActor
    read: Any = None
    _seen: int = field(default=0)

    @property
    def bot(self) -> FootnoteBot:
        """The bot, which is another one after a restart."""
        bot = self.env.bot
        assert isinstance(bot, FootnoteBot)
        return bot

    async def slash(
        self,
        actor: simcord.MemberActor,
        name: str,
        /,
        at: simcord.ChannelHandle | None = None,
        **options: Any,
    ) -> simcord.InteractionResult:
        """A command; the bot must have acknowledged it."""
        return acknowledged(await actor.slash(at or self.channel, name, **options))

    async def press(
        self, actor: simcord.MemberActor, message: Any, label: str
    ) -> simcord.InteractionResult:
        """A button by its label; the bot must have acknowledged it."""
        return acknowledged(
            await actor.click(message, custom_id=labels(message)[label]["custom_id"])
        )

    async def mention(
        self,
        actor: simcord.MemberActor,
        text: str,
        at: simcord.ChannelHandle | None = None,
        **more: Any,
    ) -> discord.Message | None:
        """A message that mentions the bot; the last message of the channel after it."""
        assert self.bot.user is not None
        place = at or self.channel
        await actor.send(place, f"<@{self.bot.user.id}> {text}", **more)
        return place.last_message

    async def post(
        self, actor: simcord.MemberActor, forum: simcord.ChannelHandle, title: str, body: str
    ) -> simcord.ChannelHandle:
        """A new post in a forum; its first message has the id of its thread, as at Discord."""
        backend = self.env.backend
        thread = backend.create_thread(forum.id, title, actor.id, broadcast=False)
        backend.announce_thread_create(thread)
        starter = backend.prepare_message(thread.id, actor.id, body)
        starter.id = thread.id
        backend.commit_message(starter)
        await self.env.settle()
        return next(each for each in forum.threads if each.id == thread.id)

    async def restart(self) -> None:
        """Another process over the same database."""
        await self.bot.lease.release()
        self.bot.desk.database.close()
        await self.env.restart_bot(new_bot(self.settings, self.folder, read=self.read))

    def unforeseen(self) -> list[BaseException]:
        """The errors that are no refusals since the last look."""
        found = [getattr(error, "original", error) for error in self.env.errors[self._seen :]]
        self._seen += len(found)
        refusals = (FootnoteError, app_commands.CheckFailure)
        return [error for error in found if not isinstance(error, refusals)]

    def check_laws(self) -> None:
        """Everything that was sent keeps Discord's description and our laws."""
        for entry in self.env.http_requests:
            broken = broken_by(entry.method, entry.path, entry.json)
            assert not broken, (entry.path, broken)


@asynccontextmanager
async def world_with(
    settings: Settings, folder: Path, *, read: Any = None, **options: Any
) -> AsyncIterator[World]:
    """A server with the bot in it, whose requests are checked at the end.

    Every answer is taken for one that came at once, as on a machine that does nothing else.
    """
    env = _Env(new_bot(settings, folder, read=read), settle_timeout=_PATIENCE, **options)
    patch = pytest.MonkeyPatch()
    patch.setattr("bot.discord.replies.AT_ONCE", 2 * _PATIENCE)
    await env.start()
    try:
        guild = env.create_guild()
        _let_it_have_joined_long_ago(env, guild)
        moderators = guild.create_role(
            "Moderators", permissions=discord.Permissions(manage_guild=True)
        )
        world = World(
            env=env,
            settings=settings,
            folder=folder,
            guild=guild,
            channel=guild.create_text_channel("general"),
            alice=guild.add_member(env.create_user("alice")),
            bob=guild.add_member(env.create_user("bob")),
            moderator=guild.add_member(env.create_user("mod"), roles=[moderators]),
            read=read,
        )
        if read is None:
            await env.settle()
        yield world
        world.check_laws()
        assert world.unforeseen() == []
    finally:
        patch.undo()
        await env.shutdown()
        env.bot.desk.database.close()  # type: ignore[attr-defined]


def _let_it_have_joined_long_ago(env: simcord.Env, guild: simcord.GuildHandle) -> None:
    """So that the bot greets nobody in a server."""
    known = env.bot.get_guild(guild.id)
    assert known is not None
    known.me.joined_at = datetime(2020, 1, 1, tzinfo=UTC)
    kept = env.backend.get_guild(guild.id).members[known.me.id]
    kept.joined_at = known.me.joined_at.isoformat()


def acknowledged(result: simcord.InteractionResult) -> simcord.InteractionResult:
    """The result of an interaction that the bot has acknowledged; anything else fails."""
    assert result.acknowledged, result
    return result


def said(result: Any) -> str:
    """What a message of the bot says."""
    message = result.response if isinstance(result, simcord.InteractionResult) else result
    if isinstance(result, simcord.InteractionResult) and result.followups:
        message = result.followups[-1]
    assert message is not None
    components = [part if isinstance(part, dict) else part.to_dict() for part in message.components]
    return texts_in(components) or message.content


def labels(message: Any) -> dict[str, Any]:
    """The buttons of a message by their labels."""
    return buttons_in(
        [part if isinstance(part, dict) else part.to_dict() for part in message.components]
    )


def settings_with(**values: Any) -> Settings:
    """The default settings with some changed."""
    return replace(Settings(), **values)
