"""Answers to interactions: at once where they are ready, announced where they take a moment."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import discord

from bot.discord.database import Mode, Reply
from bot.discord.desk import Desk, conversation_in, home_of, origin_of
from bot.discord.messages import Pages, Shown, hit_keys, notice
from bot.discord.sending import EDIT, again, responded
from bot.library import Library
from bot.service import Result

T = TypeVar("T")

AT_ONCE = 1.0
"""Seconds; Discord gives up on an interaction that has not been acknowledged after three."""

_ANNOUNCED = discord.InteractionResponseType.deferred_channel_message


async def reply(
    interaction: discord.Interaction, view: discord.ui.LayoutView, *, is_private: bool
) -> int:
    """Send a message as the response, be it announced or not, or after it; its id."""
    response = interaction.response
    if response.type is _ANNOUNCED and not interaction.extras.get("is_filled"):
        edited = await again(lambda: interaction.edit_original_response(view=view), EDIT)
        interaction.extras["is_filled"] = True
        return edited.id
    if response.is_done():
        # Of these there may be many, so that Discord cannot tell one that is sent again.
        return (await interaction.followup.send(view=view, ephemeral=is_private, wait=True)).id
    sent = await responded(
        interaction,
        lambda: response.send_message(view=view, ephemeral=is_private),
        discord.InteractionResponseType.channel_message,
    )
    if sent is None:
        return (await again(interaction.original_response, EDIT)).id
    return sent.message_id or 0


async def announce(interaction: discord.Interaction, *, is_private: bool) -> None:
    """Announce a response; whether it is private is settled here."""
    defer = interaction.response.defer
    await responded(interaction, lambda: defer(ephemeral=is_private, thinking=True), _ANNOUNCED)


async def acknowledged_in_time(
    interaction: discord.Interaction, work: "asyncio.Future[T]", *, is_private: bool
) -> None:
    """Announce a response where the work takes long; whether it is private is settled here."""
    done, _ = await asyncio.wait({work}, timeout=AT_ONCE)
    if not done and not interaction.response.is_done():
        await announce(interaction, is_private=is_private)


async def pages_for(interaction: discord.Interaction, desk: Desk) -> Pages:
    """The messages over the library; where it is still being read, a private one is announced."""
    if desk.service.ready is None:
        await announce(interaction, is_private=True)
    return await desk.pages()


async def read_for(
    interaction: discord.Interaction, desk: Desk, work: Callable[[Library], T]
) -> Result[T]:
    """What some work reads in the index, for a response that only one person sees."""
    if desk.service.ready is None:
        await announce(interaction, is_private=True)
    reading = asyncio.ensure_future(desk.service.read(work))
    await acknowledged_in_time(interaction, reading, is_private=True)
    return await reading


async def answer(
    interaction: discord.Interaction, desk: Desk, question: str, *, is_private: bool
) -> None:
    """Answer a question, shown above its answer, since a command's words are shown nowhere."""
    channel = interaction.channel
    policy = desk.policy(home_of(channel))
    is_private = is_private or policy.mode is Mode.OFF or policy.reply is Reply.PRIVATE
    origin = origin_of(interaction.user, channel, _server(interaction))
    thread = None if is_private else conversation_in(channel)
    shown = desk.service.metrics.asked("command")
    with desk.service.handling():
        asking = asyncio.ensure_future(desk.service.ask(question, origin, after=thread))
        await acknowledged_in_time(interaction, asking, is_private=is_private)
        found = await asking
        asker = interaction.user.id if has_moderators(interaction) else None
        view = desk.pages_of(found.library).answer(found.value, Shown(asker, found.value.question))
        message = await reply(interaction, view, is_private=is_private)
        shown(found.value.verdict)
        if not is_private:
            desk.service.remember(found, message, *([thread] if thread else []))
            await desk.record(found.value, message, origin)


async def search(interaction: discord.Interaction, desk: Desk, query: str) -> None:
    """Show the passages for a query, privately, one at a time."""
    origin = origin_of(interaction.user, interaction.channel, _server(interaction))
    with desk.service.handling():
        searching = asyncio.ensure_future(desk.service.search(query, origin))
        await acknowledged_in_time(interaction, searching, is_private=True)
        found = await searching
        keys = hit_keys(found.value)
        if not keys:
            nothing = notice("No passage matches; try other words.")
            await reply(interaction, nothing, is_private=True)
            return
        # Where it was found: the present library may be another one by now.
        library = found.library
        first = await read_for(interaction, desk, lambda _: library.index.with_key(keys[0]))
        view = desk.pages_of(library).found(keys, 0, first.value)
        await reply(interaction, view, is_private=True)


def has_moderators(interaction: discord.Interaction) -> bool:
    """Whether the bot is in the server; where only a member installed it, nobody reads ratings."""
    # Not `interaction.guild`, which is made up where the server is not known.
    id_ = interaction.guild_id
    return id_ is not None and interaction.client.get_guild(id_) is not None


def _server(interaction: discord.Interaction) -> discord.abc.Snowflake | None:
    # Where only a member installed the bot, the server is known by its id alone.
    return None if interaction.guild_id is None else discord.Object(interaction.guild_id)
