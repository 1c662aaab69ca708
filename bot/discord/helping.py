"""People answer questions that were handed on, and whoever asked is told."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.discord import failures
from bot.discord.controls import Action, Control
from bot.discord.desk import Desk
from bot.discord.forms import answer_in, question_in, show_form
from bot.discord.handed import HandedOn
from bot.discord.handing import LONGEST_NAME, HandingError, heading_of
from bot.discord.hearing import text_of, words_of
from bot.discord.markdown import escaped, link, shortened
from bot.discord.messages import notice
from bot.discord.moderators import require_moderator
from bot.discord.recalling import question_above
from bot.discord.replies import announce, reply
from bot.discord.sending import EDIT, again, post
from bot.discord.taught import LONGEST_TAUGHT_ANSWER, address_of, checked
from bot.discord.teaching import teach
from bot.discord.translating import locale_of
from bot.errors import MemberError
from bot.texts import gettext, gettext_noop, ngettext, speaking

if TYPE_CHECKING:
    from bot.discord.client import FootnoteBot

_log = logging.getLogger(__name__)

_QUESTION, _ANSWER = 500, 3_000
_BELOW_QUESTION = 1_500
"""Characters of an answer below a whole question."""

_TOLD = gettext_noop("The member was told.")
_LEFT = gettext_noop("The member has left the server; the answer stands below their question.")
_ALONE = gettext_noop("There is no message to reply to, so the answer stands alone in the channel.")
_UNTOLD = gettext_noop("I cannot write where they asked any more, so nobody was told.")
_ANSWERED, _DISMISSED = gettext_noop("answered by {name}"), gettext_noop("dismissed by {name}")
_TEACH_HINT = gettext_noop(
    "To keep the answer, right-click or long-press it, then choose Apps and “Teach this”."
)


class GoneQuestionError(HandingError):
    """A question that nobody waits for any more."""

    def __init__(self) -> None:
        super().__init__(gettext("This question was deleted; there is nothing to answer."))


@dataclass(frozen=True, slots=True)
class Closing:
    """How a question is closed: by which interaction or message, and by whom."""

    id: int
    user: int
    name: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where the answer stands, None where it could be sent nowhere; `note` is what went wrong, not
    yet translated."""

    address: str | None
    note: str = ""


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
    closing = Closing(interaction.id, interaction.user.id, interaction.user.display_name)
    asked = await _closed(desk, server, int(control.arguments[0]), closing)
    if asked.closing != closing.id:
        text = gettext("{name} was faster. You wrote:", name=_by(asked))
        text = f"{text}\n{_quoted(typed)}"
        await reply(interaction, notice(text), is_private=True)
        return
    delivery = await _delivered(interaction.client, desk, asked, typed)
    said = [gettext(delivery.note or _TOLD)]
    if taught is not None:
        address = delivery.address or address_of(server, asked.post_channel, asked.post)
        said.append(await _taught(interaction, desk, taught, typed, address))
    quote = _quoted(typed, _BELOW_QUESTION)
    await _show_closed(interaction.client, asked, quote, _ANSWERED, delivery)
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
    text = gettext("{name} was faster.", name=_by(asked))
    if asked.closing == closing.id:
        await _show_closed(interaction.client, asked, "", _DISMISSED, Delivery(None))
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
    closing = Closing(message.id, message.author.id, message.author.display_name)
    asked = await _closed(desk, asked.server, asked.message, closing)
    if asked.closing != closing.id:
        faster = gettext("{name} was faster; this was not passed on.", name=_by(asked))
        await _say(message, faster)
        return
    delivery = await _delivered(client, desk, asked, words[:LONGEST_TAUGHT_ANSWER])
    is_cut = len(words) > LONGEST_TAUGHT_ANSWER
    cut = ngettext(
        "Only the first {count} character was passed on.",
        "Only the first {count} characters were passed on.",
        LONGEST_TAUGHT_ANSWER,
    )
    hint = f"{cut} {gettext(_TEACH_HINT)}" if is_cut else gettext(_TEACH_HINT)
    await _show_closed(client, asked, f"-# {hint}", _ANSWERED, delivery)


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
        return asked and store.close(asked, closing.id, closing.user, closing.name)

    asked = await desk.service.before_the_end(asyncio.to_thread(closed))
    if asked is None:
        raise GoneQuestionError
    return asked


async def _delivered(client: discord.Client, desk: Desk, asked: HandedOn, text: str) -> Delivery:
    """Tell whoever asked; where that fails, the question can be answered again."""
    try:
        return await _told(client, asked, text)
    except BaseException:
        with suppress(Exception):
            await asyncio.to_thread(desk.handed_on.reopen, asked, asked.closing)
        raise


async def _told(client: discord.Client, asked: HandedOn, text: str) -> Delivery:
    place = client.get_partial_messageable(asked.channel, guild_id=asked.server)
    is_here = await _is_here(client, asked)
    reference = None
    mentions = discord.AllowedMentions.none()
    note = ""
    with suppress(discord.NotFound, discord.Forbidden):
        replied = await place.fetch_message(asked.reply_to)
        reference = replied.to_reference(fail_if_not_exists=False)
    if is_here:
        # They asked for it with a press, and it may come hours later.
        mentions.users = [discord.Object(asked.user)]
    else:
        note = _LEFT
    if reference is None:
        note = _ALONE
    with speaking(locale_of(client.get_guild(asked.server))):
        by = gettext(_ANSWERED, name=_by(asked))
        if is_here:
            by = f"{gettext('for {member}', member=f'<@{asked.user}>')} · {by}"
    heading = f"### {shortened(asked.question, _QUESTION)}"
    view = notice("\n".join([heading, _quoted(text), f"-# {by}"]))
    options: dict[str, Any] = {"allowed_mentions": mentions}
    if reference is not None:
        options |= {"reference": reference, "mention_author": False}
    try:
        sent = await post(place, view, **options)
    except (discord.NotFound, discord.Forbidden):
        return Delivery(None, _UNTOLD)
    return Delivery(address_of(asked.server, asked.channel, sent.id), note)


async def _is_here(client: discord.Client, asked: HandedOn) -> bool:
    """Whether who asked is in the server still."""
    guild = client.get_guild(asked.server)
    try:
        if guild is not None:
            await guild.fetch_member(asked.user)
    except discord.NotFound:
        return False
    except discord.DiscordException:
        pass
    return True


async def _show_closed(
    client: discord.Client, asked: HandedOn, text: str, how: str, delivery: Delivery
) -> None:
    """Say under a question in the helpers' channel what became of it, instead of the buttons."""
    with speaking(locale_of(client.get_guild(asked.server))):
        by = gettext(how, name=_by(asked))
        if delivery.address:
            by = f"{by} · {link(gettext('answer'), delivery.address, LONGEST_NAME)}"
        note = delivery.note and gettext(delivery.note)
    notes = [f"-# {each}" for each in (by, note) if each]
    view = notice("\n".join([heading_of(asked), *([text] if text else []), *notes]))
    place = client.get_partial_messageable(asked.post_channel, guild_id=asked.server)
    message = place.get_partial_message(asked.post)
    try:
        # discord.py takes them from the client only for what is sent.
        nobody = discord.AllowedMentions.none()
        await again(lambda: message.edit(view=view, allowed_mentions=nobody), EDIT)
    except discord.HTTPException as error:
        # The answer is sent, and that it is closed stands in the database.
        _log.warning("a question could not be shown as closed: %s", type(error).__name__)


async def _say(message: discord.Message, text: str) -> None:
    reference = message.to_reference(fail_if_not_exists=False)
    await post(message.channel, notice(text), reference=reference, mention_author=False)


def _by(asked: HandedOn) -> str:
    return shortened(asked.closed_name, LONGEST_NAME) or gettext("Somebody else")


def _quoted(text: str, limit: int = _ANSWER) -> str:
    """What a person wrote as a block quote, line by line where there is room."""
    lines = [f"> {escaped(line)}" for line in text.splitlines() if line.strip()]
    quote = "\n".join(lines)
    return quote if len(quote) <= limit else f"> {shortened(text, limit)}"
