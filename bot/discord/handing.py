"""A member hands a question that was declined on to people of the server."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

import discord
from discord import app_commands

from bot.discord.controls import Action, Control, button
from bot.discord.desk import Desk
from bot.discord.handed import HandedOn, Helpers
from bot.discord.markdown import escaped, link, shortened
from bot.discord.messages import notice
from bot.discord.moderators import require_moderator
from bot.discord.recalling import asked_in
from bot.discord.replies import announce, reply
from bot.discord.sending import post
from bot.discord.taught import address_of
from bot.errors import MemberError
from bot.texts import gettext, gettext_noop, speaking
from footnote import LONGEST_QUESTION

if TYPE_CHECKING:
    from bot.discord.client import FootnoteBot

Interaction: TypeAlias = "discord.Interaction[FootnoteBot]"

LONGEST_NAME = 100
"""Characters of a member's name, escaped."""

_NEEDED = {
    "view_channel": gettext_noop("View Channel"),
    "send_messages": gettext_noop("Send Messages"),
    "read_message_history": gettext_noop("Read Message History"),
}


class HandingError(MemberError):
    """A question that cannot be handed on, or helpers that cannot be reached."""


@app_commands.command(
    name="helpers", description="Choose where the questions go that I cannot answer"
)
@app_commands.describe(
    channel="Where people answer these questions; leave it out to switch this off",
    role="Who is mentioned there, and may answer as moderators may",
)
async def helpers(
    interaction: Interaction,
    channel: discord.TextChannel | None = None,
    role: discord.Role | None = None,
) -> None:
    """Decide to whom questions are handed on."""
    server = require_moderator(interaction)
    desk = interaction.client.desk
    chosen = None
    text = gettext("Questions are no longer handed on; those that wait can still be answered.")
    if channel is not None:
        _refuse_what_cannot_work(channel, role)
        chosen = Helpers(channel.id, role.id if role else 0)
        text = gettext(
            "Where I decline a public question, who asked can press **Ask a person**, and the"
            " question goes to {channel}.",
            channel=escaped(f"#{channel.name}"),
        )
        text = f"{text} {_note_on(channel, role)}".strip()
    await announce(interaction, is_private=True)
    await desk.service.before_the_end(desk.set_helpers(server, chosen))
    await reply(interaction, notice(text), is_private=True)


def _refuse_what_cannot_work(channel: discord.TextChannel, role: discord.Role | None) -> None:
    if role is not None and role.is_default():
        raise HandingError(
            gettext("I mention only a role that some members have; choose another one.")
        )
    may = channel.permissions_for(channel.guild.me)
    missing = [
        gettext(name) for permission, name in _NEEDED.items() if not getattr(may, permission)
    ]
    if missing:
        raise HandingError(
            gettext(
                "I am missing permissions in that channel: {permissions}; grant them to me and try"
                " again.",
                permissions=", ".join(missing),
            )
        )


def _note_on(channel: discord.TextChannel, role: discord.Role | None) -> str:
    """What to do so that a role is notified; empty where it is."""
    may_mention = channel.permissions_for(channel.guild.me).mention_everyone
    if role is None or role.mentionable or may_mention:
        return ""
    return gettext(
        "{role} is named there but not notified: allow anyone to mention it in the settings of the"
        " role.",
        role=shortened(f"@{role.name}", LONGEST_NAME),
    )


async def hand_on(interaction: discord.Interaction, desk: Desk, control: Control) -> None:
    """Send the question of a decline to the helpers, once."""
    if str(interaction.user.id) not in control.arguments:
        raise HandingError(gettext("Only the person who asked can hand this question on."))
    await announce(interaction, is_private=True)
    asked = await _question_of(interaction, desk)
    keeping = asyncio.to_thread(desk.handed_on.claim, asked)
    if not await desk.service.before_the_end(keeping):
        raise HandingError(
            gettext("This question was handed on already; the answer will come here.")
        )
    try:
        sent = await _sent_to_helpers(interaction, desk, asked)
    except BaseException:
        with suppress(Exception):
            await asyncio.to_thread(desk.handed_on.withdraw, asked)
        raise
    await desk.service.before_the_end(asyncio.to_thread(desk.handed_on.posted, asked, sent.id))
    text = gettext("People of this server have your question; the answer will come here.")
    await reply(interaction, notice(text), is_private=True)


async def _question_of(interaction: discord.Interaction, desk: Desk) -> HandedOn:
    """What is handed on: the question that a decline shows, or that it replies to."""
    decline, me, server = interaction.message, interaction.client.user, interaction.guild_id
    chosen = desk.helpers(server)
    if chosen is None or server is None or decline is None or me is None:
        raise HandingError(
            gettext("Moderators have switched this off; ask in the channel instead.")
        )
    question = ""
    with suppress(discord.NotFound, discord.Forbidden):
        question = await asked_in(decline, me)
    if not question.strip():
        raise HandingError(gettext("I cannot read the question any more; ask it again."))
    reference = decline.reference.message_id if decline.reference else None
    return HandedOn(
        message=decline.id,
        server=server,
        channel=decline.channel.id,
        user=interaction.user.id,
        reply_to=reference or decline.id,
        question=question[:LONGEST_QUESTION],
        press=interaction.id,
        post_channel=chosen.channel,
    )


async def _sent_to_helpers(
    interaction: discord.Interaction, desk: Desk, asked: HandedOn
) -> discord.Message:
    chosen = desk.helpers(asked.server)
    role = chosen.role if chosen else 0
    place = interaction.client.get_partial_messageable(asked.post_channel, guild_id=asked.server)
    mentions = discord.AllowedMentions.none()
    if role:
        mentions.roles = [discord.Object(role)]
    decline = interaction.message
    is_hidden = decline is not None and decline.flags.ephemeral
    with speaking(desk.locale_for(interaction, is_private=False)):
        view = _for_helpers(asked, interaction.user.display_name, role, is_hidden=is_hidden)
    try:
        return await post(place, view, allowed_mentions=mentions)
    except (discord.NotFound, discord.Forbidden) as error:
        raise HandingError(
            gettext(
                "I cannot write to the helpers' channel; tell a moderator to set it again with"
                " /footnote helpers."
            )
        ) from error


def _for_helpers(
    asked: HandedOn, name: str, role: int, *, is_hidden: bool
) -> discord.ui.LayoutView:
    """A question as helpers see it, with what they can do; `is_hidden` is whether only who asked
    sees the decline."""
    where = address_of(asked.server, asked.channel, None if is_hidden else asked.message)
    notes = [
        gettext("asked by {name}", name=shortened(name, LONGEST_NAME)),
        link(gettext("where"), where, LONGEST_NAME),
    ]
    notes += [f"<@&{role}>"] if role else []
    how = gettext("-# Press a button, or reply to this message.")
    id_ = (str(asked.message),)
    return notice(
        f"{heading_of(asked)}\n-# {' · '.join(notes)}\n{how}",
        [
            button(gettext("Answer and teach"), Control(Action.LESSON, id_)),
            button(gettext("Answer only"), Control(Action.REPLY, id_)),
            button(gettext("Dismiss"), Control(Action.DISMISS, id_)),
        ],
    )


def heading_of(asked: HandedOn) -> str:
    """The whole question as a heading, which is read off the message again."""
    return f"### {shortened(asked.question, 2 * LONGEST_QUESTION)}"
