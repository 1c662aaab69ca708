"""A person's answer is sent to whoever asked, and shown to the helpers as done."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import discord

from bot.discord.desk import Desk
from bot.discord.handed import HandedOn
from bot.discord.handing import LONGEST_NAME, heading_of
from bot.discord.markdown import escaped, link, shortened
from bot.discord.messages import notice
from bot.discord.sending import EDIT, again, post
from bot.discord.store import DatabaseError
from bot.discord.taught import address_of
from bot.texts import gettext, gettext_noop, speaking

_log = logging.getLogger(__name__)

_QUESTION, _ANSWER = 500, 3_000
"""Characters."""

_LEFT = gettext_noop("The member has left the server; the answer stands below their question.")
_ALONE = gettext_noop("There is no message to reply to, so the answer stands alone in the channel.")
_UNTOLD = gettext_noop("I cannot write where they asked any more, so nobody was told.")
ANSWERED, DISMISSED = gettext_noop("answered by {name}"), gettext_noop("dismissed by {name}")


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where the answer stands, None where it could be sent nowhere; `note` is what went wrong, not
    yet translated."""

    address: str | None
    note: str = ""


async def delivered(client: discord.Client, desk: Desk, asked: HandedOn) -> Delivery:
    """Tell whoever asked; where that fails, the question can be answered again."""
    try:
        return await passed_on(client, desk, asked)
    except BaseException:
        with suppress(Exception):
            await asyncio.to_thread(desk.handed_on.reopen, asked, asked.closing)
        raise


async def passed_on(client: discord.Client, desk: Desk, asked: HandedOn) -> Delivery:
    """Tell whoever asked; where that fails, the answer is still there to be passed on later."""
    delivery = await _told(client, desk, asked)
    try:
        await asyncio.to_thread(desk.handed_on.told, asked)
    except DatabaseError as error:
        # It was sent, whatever else goes wrong.
        _log.warning("it was not noted that an answer was passed on: %s", error)
    return delivery


async def _told(client: discord.Client, desk: Desk, asked: HandedOn) -> Delivery:
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
    with speaking(desk.locale_in(client.get_guild(asked.server))):
        by = gettext(ANSWERED, name=name_of_closer(asked))
        if is_here:
            by = f"{gettext('for {member}', member=f'<@{asked.user}>')} · {by}"
    heading = f"### {shortened(asked.question, _QUESTION)}"
    view = notice("\n".join([heading, block_quote(asked.answer), f"-# {by}"]))
    options: dict[str, Any] = {"allowed_mentions": mentions}
    if reference is not None:
        options |= {"reference": reference, "mention_author": False}
    try:
        # So that it is sent once even if the bot was killed before it noted that.
        sent = await post(place, view, asked.closing, **options)
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
        # It cannot be told; to mention somebody who has left harms nobody, silence would.
        return True
    return True


async def show_closed(
    client: discord.Client, desk: Desk, asked: HandedOn, text: str, how: str, delivery: Delivery
) -> None:
    """Say under a question in the helpers' channel what became of it, instead of the buttons."""
    with speaking(desk.locale_in(client.get_guild(asked.server))):
        by = gettext(how, name=name_of_closer(asked))
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


def name_of_closer(asked: HandedOn) -> str:
    """Who answered or dismissed a question, as Markdown."""
    return shortened(asked.closed_name, LONGEST_NAME) or gettext("Somebody else")


def block_quote(text: str, limit: int = _ANSWER) -> str:
    """What a person wrote as a block quote, line by line where there is room."""
    lines = [f"> {escaped(line)}" for line in text.splitlines() if line.strip()]
    quote = "\n".join(lines)
    return quote if len(quote) <= limit else f"> {shortened(text, limit)}"
