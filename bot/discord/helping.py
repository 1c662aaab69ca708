"""People answer questions that were handed on, and whoever asked is told."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.discord import failures
from bot.discord.controls import Action, Control
from bot.discord.delivering import (
    ANSWERED,
    DISMISSED,
    Delivery,
    block_quote,
    delivered,
    name_of_closer,
    passed_on,
    show_closed,
)
from bot.discord.desk import Desk
from bot.discord.forms import answer_in, question_in, show_form
from bot.discord.handed import HandedOn
from bot.discord.handing import HandingError
from bot.discord.hearing import text_of, words_of
from bot.discord.messages import notice
from bot.discord.moderators import require_moderator
from bot.discord.recalling import question_above
from bot.discord.replies import announce, reply
from bot.discord.sending import post
from bot.discord.taught import LONGEST_TAUGHT_ANSWER, address_of, checked
from bot.discord.teaching import teach
from bot.errors import MemberError
from bot.texts import gettext, gettext_noop, ngettext

if TYPE_CHECKING:
    from bot.discord.client import FootnoteBot

_BELOW_QUESTION = 1_500
"""Characters of an answer below a whole question."""

_TOLD = gettext_noop("The member was told.")
_TEACH_HINT = gettext_noop(
    "To keep the answer, right-click or long-press it, then choose Apps and “Teach this”."
)


class GoneQuestionError(HandingError):
    """A question that nobody waits for any more."""

    def __init__(self) -> None:
        super().__init__(gettext("This question was deleted; there is nothing to answer."))


@dataclass(frozen=True, slots=True)
class Closing:
    """How a question is closed: by which interaction or message, by whom, and with which answer."""

    id: int
    user: int
    name: str
    answer: str = ""


async def open_form(interaction: discord.Interaction, desk: Desk, control: Control) -> None:
    """The form of an answer, with the question where that is taught too."""
    _require_helper(interaction, desk)
    if control.action is Action.REPLY:
        await show_form(interaction, gettext("Answer"), control, question=None)
        return
    require_moderator(interaction)
    question = interaction.message and question_above(interaction.message)
    title = gettext("Answer and teach")
    await show_form(interaction, title, control, question=question or "")


async def answer(
    interaction: discord.Interaction, desk: Desk, control: Control, data: Mapping[str, Any]
) -> None:
    """Pass on what was typed into the form, and teach it where that was wanted."""
    server = _require_helper(interaction, desk)
    typed = answer_in(data).strip()
    taught = None
    if control.action is Action.LESSON:
        require_moderator(interaction)
        taught, typed = checked(question_in(data), typed)
    if not typed:
        raise HandingError(gettext("The answer is empty; write some words."))
    await announce(interaction, is_private=True)
    closing = Closing(interaction.id, interaction.user.id, interaction.user.display_name, typed)
    asked = await _closed(desk, server, int(control.arguments[0]), closing)
    if asked.closing != closing.id:
        text = f"{_too_late(asked, closing)} {gettext('You wrote:')}\n{block_quote(typed)}"
        await reply(interaction, notice(text), is_private=True)
        return
    delivery = await delivered(interaction.client, desk, asked)
    said = [gettext(delivery.note or _TOLD)]
    if taught is not None:
        address = delivery.address or address_of(server, asked.post_channel, asked.post)
        said.append(await _taught(interaction, desk, taught, typed, address))
    quote = block_quote(typed, _BELOW_QUESTION)
    await show_closed(interaction.client, desk, asked, quote, ANSWERED, delivery)
    await reply(interaction, notice(" ".join(said)), is_private=True)


async def _taught(
    interaction: discord.Interaction, desk: Desk, question: str, typed: str, address: str
) -> str:
    """What came of teaching an answer that has been sent already."""
    try:
        await teach(interaction, desk, question, typed, address)
    except MemberError as error:
        reason = failures.sentence_for(error)
        return gettext("It was not taught: {reason}", reason=reason)
    return gettext("The answer is taught.")


async def dismiss(interaction: discord.Interaction, desk: Desk, control: Control) -> None:
    """Close a question without an answer."""
    server = _require_helper(interaction, desk)
    await announce(interaction, is_private=True)
    closing = Closing(interaction.id, interaction.user.id, interaction.user.display_name)
    asked = await _closed(desk, server, int(control.arguments[0]), closing)
    text = _too_late(asked, closing)
    if asked.closing == closing.id:
        await show_closed(interaction.client, desk, asked, "", DISMISSED, Delivery(None))
        text = gettext("Dismissed; nobody is told.")
    await reply(interaction, notice(text), is_private=True)


async def heard(message: discord.Message, desk: Desk, client: "FootnoteBot") -> bool:
    """Pass on a helper's reply to a question; whether a message was such a reply.

    Others' replies to it are left alone. It never raises.
    """
    chosen = desk.helpers(message.guild.id if message.guild else None)
    post_id = message.reference.message_id if message.reference else None
    if chosen is None or message.channel.id != chosen.channel or post_id is None:
        return False
    # What pins a message, or opens a thread on it, refers to it as well.
    is_reply = message.type is discord.MessageType.reply
    if message.guild is None or message.author.bot or message.webhook_id or not is_reply:
        return False
    try:
        asked = await asyncio.to_thread(desk.handed_on.of_post, message.guild.id, post_id)
        if asked is None:
            return False
        author = message.author
        if isinstance(author, discord.Member) and _helps(author, author.guild_permissions, desk):
            await _pass_on(message, desk, client, asked)
    except Exception as error:
        failures.log(error, f"helper guild={message.guild.id}", desk.service.metrics)
        with suppress(Exception):
            await _say(message, failures.sentence_for(error))
    return True


async def _pass_on(
    message: discord.Message, desk: Desk, client: "FootnoteBot", asked: HandedOn
) -> None:
    # People may name a channel or a member in an answer.
    words = text_of(message, client.user) if client.user else ""
    if client.user is None or not words_of(message, client.user):
        only = gettext("I can pass on words only; mention me in the reply, or press a button.")
        await _say(message, only)
        return
    answer = words[:LONGEST_TAUGHT_ANSWER]
    closing = Closing(message.id, message.author.id, message.author.display_name, answer)
    asked = await _closed(desk, asked.server, asked.message, closing)
    if asked.closing != closing.id:
        text = gettext("This was not passed on.")
        await _say(message, f"{_too_late(asked, closing)} {text}")
        return
    delivery = await delivered(client, desk, asked)
    is_cut = len(words) > LONGEST_TAUGHT_ANSWER
    cut = ngettext(
        "Only the first {count} character was passed on.",
        "Only the first {count} characters were passed on.",
        LONGEST_TAUGHT_ANSWER,
    )
    hint = f"{cut} {gettext(_TEACH_HINT)}" if is_cut else gettext(_TEACH_HINT)
    await show_closed(client, desk, asked, f"-# {hint}", ANSWERED, delivery)


async def pass_on_late(client: "FootnoteBot", desk: Desk, asked: HandedOn) -> None:
    """Pass on an answer that was given before the bot was ended; it never raises."""
    try:
        delivery = await passed_on(client, desk, asked)
        quote = block_quote(asked.answer, _BELOW_QUESTION)
        await show_closed(client, desk, asked, quote, ANSWERED, delivery)
    except Exception as error:
        failures.log(error, f"late-answer guild={asked.server}", desk.service.metrics)


def _require_helper(interaction: discord.Interaction, desk: Desk) -> int:
    """The server of somebody who may answer what was handed on there."""
    if interaction.guild_id is None:
        raise app_commands.NoPrivateMessage
    author = interaction.user
    if isinstance(author, discord.Member) and _helps(author, interaction.permissions, desk):
        return interaction.guild_id
    raise HandingError(gettext("Only moderators and the role that is mentioned here can do that."))


def _helps(member: discord.Member, may: discord.Permissions, desk: Desk) -> bool:
    chosen = desk.helpers(member.guild.id)
    has_role = chosen is not None and member.get_role(chosen.role) is not None
    return may.manage_guild or has_role


async def _closed(desk: Desk, server: int, message: int, closing: Closing) -> HandedOn:
    """A question as it was closed, by this or by what was faster; GoneQuestionError."""
    store = desk.handed_on

    def closed() -> HandedOn | None:
        asked = store.of_message(server, message)
        return asked and store.close(asked, closing.id, closing.user, closing.name, closing.answer)

    asked = await desk.service.before_the_end(asyncio.to_thread(closed))
    if asked is None:
        raise GoneQuestionError
    return asked


def _too_late(asked: HandedOn, closing: Closing) -> str:
    """That a question was closed already, perhaps by who tries it again."""
    if asked.closed_by == closing.user:
        return gettext("You have closed this question already.")
    return gettext("{name} was faster.", name=name_of_closer(asked))


async def _say(message: discord.Message, text: str) -> None:
    reference = message.to_reference(fail_if_not_exists=False)
    await post(message.channel, notice(text), reference=reference, mention_author=False)
