"""A moderator turns a person's message into an entry that is quoted like the documents."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

import aiohttp
import discord
from discord import app_commands

from bot.discord.controls import Action, Control
from bot.discord.database import now
from bot.discord.desk import Desk
from bot.discord.forms import answer_in, question_in, show_form
from bot.discord.markdown import shortened
from bot.discord.messages import notice
from bot.discord.moderators import require_moderator
from bot.discord.recalling import asked_in
from bot.discord.replies import announce, reply
from bot.discord.taught import (
    LONGEST_TAUGHT_QUESTION,
    Taught,
    UnteachableError,
    address_of,
    checked,
)
from bot.texts import gettext, gettext_noop

if TYPE_CHECKING:
    from bot.discord.client import FootnoteBot

Interaction: TypeAlias = "discord.Interaction[FootnoteBot]"

AT_MOST = 1.5
"""Seconds that something may be looked up for a form: Discord takes a form only at once."""

_SHOWN = 2 * LONGEST_TAUGHT_QUESTION


class GoneEntryError(UnteachableError):
    """An entry that a server has not, or no more."""

    def __init__(self) -> None:
        super().__init__(gettext("No taught answer has this question; choose one from the list."))


@app_commands.context_menu(name="Teach this")
@app_commands.default_permissions(manage_guild=True)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
async def teach_this(interaction: Interaction, message: discord.Message) -> None:
    """Open the form, filled with what the message says and what it replies to; for one of the
    bot's own, with what was asked, so that a moderator writes the answer."""
    require_moderator(interaction)
    me = interaction.client.user
    is_mine = me is not None and message.author.id == me.id
    if not is_mine and (message.author.bot or message.webhook_id):
        raise UnteachableError(
            gettext("Only what a person wrote can be taught; choose another message.")
        )
    answer = "" if is_mine else message.content.strip()
    if not (is_mine or answer):
        raise UnteachableError(gettext("This message has no text to teach; choose another one."))
    question = "" if me is None else await _question_of(message, me)
    control = Control(Action.TEACH, (str(message.channel.id), str(message.id)))
    await show_form(interaction, gettext("Teach this"), control, question=question, answer=answer)


async def _question_of(message: discord.Message, me: discord.ClientUser) -> str:
    """What a message replies to, or, of the bot, what it answers; else what its thread or post is
    called; "" for neither."""
    with suppress(discord.DiscordException, aiohttp.ClientError, TimeoutError):
        async with asyncio.timeout(AT_MOST):
            asked = message if message.author.id == me.id else await _replied_to(message)
            question = asked and await asked_in(asked, me)
            if question:
                return question
    return message.channel.name if isinstance(message.channel, discord.Thread) else ""


async def _replied_to(message: discord.Message) -> discord.Message | None:
    reference = message.reference
    if reference is None or reference.message_id is None:
        return None
    if isinstance(reference.resolved, discord.Message):
        return reference.resolved
    if reference.channel_id != message.channel.id:
        return None
    return await message.channel.fetch_message(reference.message_id)


async def keep(
    interaction: discord.Interaction, desk: Desk, control: Control, data: Mapping[str, Any]
) -> None:
    """Keep what was typed into the form of a message, or into that of an entry."""
    server = require_moderator(interaction)
    await announce(interaction, is_private=True)
    question, answer = question_in(data), answer_in(data)
    if control.action is Action.AMEND:
        question = await amend(desk, server, int(control.arguments[0]), question, answer)
        said = gettext_noop("Changed: **{question}** is now answered with these words.")
    else:
        channel, message = map(int, control.arguments)
        link = address_of(server, channel, message)
        question = await teach(interaction, desk, question, answer, link)
        said = gettext_noop("Taught: **{question}** is now answered with these words.")
    text = gettext(said, question=shortened(question, _SHOWN))
    await reply(interaction, notice(text), is_private=True)


async def teach(
    interaction: discord.Interaction, desk: Desk, question: str, answer: str, link: str
) -> str:
    """Keep an entry that a moderator taught; its question."""
    question, answer = checked(question, answer)
    entry = Taught(
        # Discord never gives one twice, so that an entry which is kept again is the same.
        id=interaction.id,
        server=require_moderator(interaction),
        question=question,
        answer=answer,
        taught_by=interaction.user.id,
        name=interaction.user.display_name,
        taught_at=now(),
        link=link,
    )
    await desk.service.before_the_end(asyncio.to_thread(desk.taught.add, entry))
    await desk.service.own_changed(entry.server)
    return question


async def amend(desk: Desk, server: int, id_: int, question: str, answer: str) -> str:
    """Change an entry; its question. GoneEntryError where it was removed meanwhile."""
    question, answer = checked(question, answer)
    editing = asyncio.to_thread(desk.taught.edit, server, id_, question, answer)
    if not await desk.service.before_the_end(editing):
        raise GoneEntryError
    await desk.service.own_changed(server)
    return question
