"""The one message with which the bot comes to a server."""

import asyncio
import logging
from datetime import timedelta

import discord

from bot.discord.desk import Desk
from bot.discord.messages import notice
from bot.discord.sending import post
from bot.discord.store import DatabaseError
from bot.texts import gettext, gettext_noop

_log = logging.getLogger(__name__)

GREETING = (
    gettext_noop(
        "I answer questions with exact quotes from documents and their sources, or say that the"
        " documents do not answer."
    ),
    gettext_noop("Mention me with a question, or use /ask: I already answer."),
    gettext_noop(
        "Moderators: **/footnote setup** shows in three steps where I answer, what I know and who"
        " may ask."
    ),
)

_NEW = timedelta(days=1)
"""How long ago the bot joined a server that it has just joined; clocks differ, and an outage can
end this late."""

_CLAIM = "insert into greeted_servers (application, server) values (?, ?) on conflict do nothing"


async def greet(guild: discord.Guild, desk: Desk) -> None:
    """Say once in a server that the bot has joined what it does; it never raises."""
    if not desk.admission.admits(guild.id, guild.owner_id or 0) or not _is_new(guild):
        return
    channel = _place_in(guild)
    if channel is None:
        return
    try:
        # Kept before it is sent, so that it is never sent twice, whatever happens.
        if await asyncio.to_thread(_claimed, guild.id, desk):
            await post(channel, notice("\n".join(map(gettext, GREETING))))
    except (DatabaseError, discord.DiscordException, OSError) as error:
        _log.warning("guild=%d was not greeted: %s", guild.id, type(error).__name__)


def _is_new(guild: discord.Guild) -> bool:
    # An older one that became available again can look like one that was joined.
    me: discord.Member | None = guild.me
    joined = None if me is None else me.joined_at
    return joined is not None and discord.utils.utcnow() - joined < _NEW


def _place_in(guild: discord.Guild) -> discord.TextChannel | None:
    """The system channel, or the first one that moderators see, where the bot may write."""
    moderators = [role for role in guild.roles if _is_of_moderators(role)]
    for channel in [guild.system_channel, *guild.text_channels]:
        if channel is None:
            continue
        may = channel.permissions_for(guild.me)
        are_there = all(channel.permissions_for(role).view_channel for role in moderators)
        if may.view_channel and may.send_messages and are_there:
            return channel
    return None


def _is_of_moderators(role: discord.Role) -> bool:
    may = role.permissions
    return (may.manage_guild or may.administrator) and not role.is_bot_managed()


def _claimed(server: int, desk: Desk) -> bool:
    """Whether nobody has greeted a server before; from now on somebody has."""
    database = desk.database
    values = (database.application, server)
    return database.store.write(lambda t: t.execute(_CLAIM, values).rowcount) > 0
