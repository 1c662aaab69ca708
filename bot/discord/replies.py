"""Answers to interactions: at once where they are ready, announced where they take a moment."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TypeVar

import discord

from bot.discord import failures
from bot.discord.database import Mode, Reply
from bot.discord.desk import Desk, conversation_in, home_of, origin_of
from bot.discord.messages import LISTED, Shown, hit_keys, notice, question_alone
from bot.discord.sending import EDIT, again, responded
from bot.discord.threads import channel_of_threads, sent_in_thread
from bot.library import Library, Listing
from bot.limits import Origin
from bot.merging import Result, first_with, listing_of
from bot.metrics import Metrics
from bot.texts import gettext, speaking
from footnote import Answer, Verdict

T = TypeVar("T")

_log = logging.getLogger(__name__)

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
        # Whatever is there by now, this becomes the answer.
        return (await again(lambda: interaction.edit_original_response(view=view), EDIT)).id
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


async def read_for(
    interaction: discord.Interaction, desk: Desk, work: Callable[[Sequence[Library]], Result[T]]
) -> Result[T]:
    """What some work reads in the libraries of the place, for a response that only one person
    sees."""
    origin = asked_from(interaction)
    if desk.service.libraries.open_at(origin) is None:
        await announce(interaction, is_private=True)
    reading = asyncio.ensure_future(desk.service.read(work, origin))
    await acknowledged_in_time(interaction, reading, is_private=True)
    return await reading


async def documents_page(
    interaction: discord.Interaction, desk: Desk, page: int
) -> discord.ui.LayoutView:
    """A page of the list of documents, or the last one where there are fewer."""

    def listed(libraries: Sequence[Library]) -> Result[Listing]:
        return Result(listing_of(libraries, page, LISTED), libraries[-1])

    found = await read_for(interaction, desk, listed)
    return desk.pages_of(found.library).documents(found.value)


def count(interaction: discord.Interaction, desk: Desk) -> None:
    """Count what is about to be sent for a command or a button; LimitError where it is too much."""
    desk.service.count(asked_from(interaction))


async def answer(
    interaction: discord.Interaction,
    desk: Desk,
    question: str,
    *,
    is_private: bool,
    author: discord.abc.User | None = None,
) -> str | None:
    """Answer a question, shown above its answer, since a command's words are shown nowhere; a link
    to the answer, None where that is private.

    In a server, all that others see of the words of a command is answered: a decline is private.
    `author` is who wrote the question, where that is somebody else than who wants it answered: it
    is recorded as theirs.
    """
    channel = interaction.channel
    origin = asked_from(interaction)
    policy = desk.policy(home_of(channel), origin.home)
    is_private = is_private or policy.mode is Mode.OFF or policy.reply is Reply.PRIVATE
    thread = None if is_private else conversation_in(channel)
    shown = desk.service.metrics.asked("command")
    with desk.service.handling():
        asking = asyncio.ensure_future(desk.service.ask(question, origin, after=thread))
        await acknowledged_in_time(interaction, asking, is_private=is_private)
        found = await asking
        # A decline that only one member sees can be handed on too: the question was a public one.
        has_helpers = not is_private and desk.helpers(origin.home) is not None
        is_recorded = not is_private
        is_private = is_private or await _hide_decline(interaction, found.value)
        shown_with = Shown(
            _raters(interaction, author),
            found.value.question,
            has_helpers=has_helpers,
            is_whole=has_helpers and is_private,
        )
        place = None if is_private else channel_of_threads(policy, channel)
        with speaking(desk.locale_for(interaction, is_private=is_private)):
            if place is not None:
                message, thread = await _in_thread(interaction, place, desk, found, shown_with)
            else:
                view = desk.pages_of(found.library).answer(found.value, shown_with)
                message = await reply(interaction, view, is_private=is_private)
        shown(found.value.verdict)
        if not is_private:
            desk.service.remember(found, message, *([thread] if thread else []))
        if is_recorded:
            writer = interaction.user if author is None else author
            await desk.record(found.value, message, replace(origin, user=writer.id))
        return None if is_private else _link(interaction, thread if place else None, message)


def _link(interaction: discord.Interaction, thread: int | None, message: int) -> str:
    """Where a message is, in a thread that was opened or in the channel."""
    server, channel = interaction.guild_id or "@me", thread or interaction.channel_id
    return f"https://discord.com/channels/{server}/{channel}/{message}"


async def _hide_decline(interaction: discord.Interaction, answer: Answer) -> bool:
    """Let the answer to a public command be private where it is a decline in a server; whether it
    is. What was announced to all is taken back, since Discord keeps whether that is private."""
    if answer.verdict is not Verdict.DECLINED or interaction.guild_id is None:
        return False
    if interaction.response.type is _ANNOUNCED:
        with suppress(discord.NotFound):
            await again(interaction.delete_original_response, EDIT)
        interaction.extras["is_filled"] = True
    return True


def _raters(interaction: discord.Interaction, author: discord.abc.User | None) -> tuple[int, ...]:
    """Who may rate the answer: who wants it, and who wrote the question."""
    if not has_moderators(interaction):
        return ()
    others = [author.id] if author is not None and not author.bot else []
    return tuple(dict.fromkeys([interaction.user.id, *others]))


async def _in_thread(
    interaction: discord.Interaction,
    channel: discord.TextChannel,
    desk: Desk,
    found: Result[Answer],
    shown: Shown,
) -> tuple[int, int | None]:
    """Show a question in its channel and the answer in a thread below it, as for a message that
    asks; where there can be no thread, together. The ids of the answer and of the thread."""
    question = found.value.question
    pages = desk.pages_of(found.library)
    asked = await reply(interaction, question_alone(question), is_private=False)
    message = channel.get_partial_message(asked)
    answer_alone = pages.answer(found.value, replace(shown, question=None))
    sent = await sent_in_thread(message, question, answer_alone, desk.service.metrics)
    if sent is None:
        view = pages.answer(found.value, shown)
        await again(lambda: interaction.edit_original_response(view=view), EDIT)
        return asked, None
    return sent.id, sent.channel.id


async def search(interaction: discord.Interaction, desk: Desk, query: str) -> None:
    """Show the passages for a query, privately, one at a time."""
    origin = asked_from(interaction)
    with desk.service.handling():
        searching = asyncio.ensure_future(desk.service.search(query, origin))
        await acknowledged_in_time(interaction, searching, is_private=True)
        found = await searching
        keys = hit_keys(found.value)
        if not keys:
            nothing = notice(gettext("No passage matches; try other words."))
            await reply(interaction, nothing, is_private=True)
            return
        # Where it was found: the present library may be another one by now.
        with_first = partial(first_with, [found.library], partial(Library.passage, key=keys[0]))
        first = await read_for(interaction, desk, lambda _: with_first())
        view = desk.pages_of(found.library).found(keys, 0, first.value)
        await reply(interaction, view, is_private=True)


async def report(interaction: discord.Interaction, error: BaseException, metrics: Metrics) -> None:
    """Tell the person who asked, privately, the log and the metrics; it never raises."""
    where = f"guild={interaction.guild_id} channel={interaction.channel_id}"
    failures.log(error, f"{_name(interaction)} {where}", metrics)
    if interaction.type is discord.InteractionType.autocomplete:
        return
    view = notice(failures.sentence_for(error))
    try:
        await reply(interaction, view, is_private=True)
    except Exception as failed:
        # It has expired, or Discord cannot be reached: there is no way left to say it.
        _log.warning("an error could not be shown: %s", type(failed).__name__)


def _name(interaction: discord.Interaction) -> str:
    command = interaction.command
    return interaction.type.name if command is None else f"/{command.qualified_name}"


def has_moderators(interaction: discord.Interaction) -> bool:
    """Whether the bot is in the server; where only a member installed it, nobody reads ratings."""
    # Not `interaction.guild`, which is made up where the server is not known.
    id_ = interaction.guild_id
    return id_ is not None and interaction.client.get_guild(id_) is not None


def asked_from(interaction: discord.Interaction) -> Origin:
    """Who uses a command or a button, and where."""
    id_ = interaction.guild_id
    # Where only a member installed the bot, the server is known by its id alone.
    server = None if id_ is None else discord.Object(id_)
    origin = origin_of(interaction.user, interaction.channel, server)
    return replace(origin, is_guest=server is not None and not has_moderators(interaction))
