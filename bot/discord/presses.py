"""What happens when somebody presses a button or sends a form."""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any

import discord

from bot.discord.controls import Action, BrokenControlError, Control, control_of, reading_of
from bot.discord.database import Rating
from bot.discord.desk import ChangedError, Desk
from bot.discord.handing import hand_on
from bot.discord.helping import answer, dismiss, open_form
from bot.discord.messages import notice
from bot.discord.moderators import require_moderator
from bot.discord.recording import forget_presser
from bot.discord.replies import (
    acknowledged_in_time,
    announce,
    count,
    documents_page,
    has_moderators,
    read_for,
    reply,
)
from bot.discord.rules import remove_rule, turn_rules
from bot.discord.sending import responded
from bot.discord.setup import go_on
from bot.discord.taught_commands import page_of
from bot.discord.teaching import keep
from bot.discord.upload_pages import uploads_page
from bot.errors import MemberError
from bot.lanes import CrowdedError
from bot.library import Library
from bot.merging import first_with
from bot.service import LimitError
from bot.texts import gettext
from footnote.index import KEY_LENGTH

_LONGEST_COMMENT = 1_000

_COUNTED = {
    Action.READ,
    Action.LIST,
    Action.HELPFUL,
    Action.UNHELPFUL,
    Action.EXPECTED,
    Action.PERSON,
}
"""What sends a message: who turns a page only changes one, and what was typed must not be lost."""


class NotTheirsError(MemberError):
    """A button that belongs to somebody else."""

    def __init__(self) -> None:
        super().__init__(gettext("Only the person who asked and moderators can rate this answer."))


async def press(interaction: discord.Interaction, desk: Desk) -> None:
    """Do what the pressed button, or the form that was sent, says; others are left alone.

    What is too much is refused once a minute, then only acknowledged.
    """
    data: Mapping[str, Any] = interaction.data or {}
    control = control_of(str(data.get("custom_id", "")))
    if control is None:
        return
    try:
        if control.action in _COUNTED:
            count(interaction, desk)
        await _do(interaction, desk, control, data)
    except (LimitError, CrowdedError):
        if interaction.response.is_done() or desk.service.told.is_news(interaction.user.id):
            raise
        kind = discord.InteractionResponseType.deferred_message_update
        await responded(interaction, interaction.response.defer, kind)


async def _do(
    interaction: discord.Interaction, desk: Desk, control: Control, data: Mapping[str, Any]
) -> None:
    match control.action:
        case Action.READ | Action.TURN:
            await _read(interaction, desk, control)
        case Action.LIST | Action.LEAF:
            await _leaf(interaction, desk, control)
        case Action.DOCUMENTS:
            page = await documents_page(interaction, desk, int(control.arguments[0]))
            await _show(interaction, page, is_next=True)
        case Action.HELPFUL | Action.UNHELPFUL | Action.EXPECTED:
            await _rate(interaction, desk, control)
        case Action.UPLOADS:
            uploads = await uploads_page(interaction, desk, int(control.arguments[0]))
            await _show(interaction, uploads, is_next=True)
        case Action.WRONG:
            await _comment(interaction, desk, _typed(data))
        case Action.TEACH | Action.AMEND:
            await keep(interaction, desk, control, data)
        case Action.PERSON | Action.REPLY | Action.LESSON | Action.DISMISS:
            await _help(interaction, desk, control, data)
        case Action.TAUGHT:
            listing = page_of(desk, require_moderator(interaction), int(control.arguments[0]))
            reading = asyncio.ensure_future(listing)
            await acknowledged_in_time(interaction, reading, is_private=True)
            await _show(interaction, await reading, is_next=True)
        case Action.SETUP:
            await go_on(interaction, desk, control, data)
        case Action.RULES:
            await turn_rules(interaction, desk, control)
        case Action.UNRULE:
            await remove_rule(interaction, desk, control, data)
        case Action.FORGET:
            await forget_presser(interaction, desk)


async def _help(
    interaction: discord.Interaction, desk: Desk, control: Control, data: Mapping[str, Any]
) -> None:
    """What is pressed on the way of a question to a person, and of the answer back."""
    match control.action:
        case Action.PERSON:
            await hand_on(interaction, desk, control)
        case Action.DISMISS:
            await dismiss(interaction, desk, control)
        case _ if _is_form(interaction):
            await answer(interaction, desk, control, data)
        case _:
            await open_form(interaction, desk, control)


def _is_form(interaction: discord.Interaction) -> bool:
    return interaction.type is discord.InteractionType.modal_submit


async def _read(interaction: discord.Interaction, desk: Desk, control: Control) -> None:
    """A passage in its surroundings: a new private message, or the next page of one."""
    key, mark, others = reading_of(control)
    reading = partial(Library.surroundings_with, key=key)
    found = await read_for(interaction, desk, partial(first_with, work=reading))
    if found.value is None:
        raise ChangedError
    view = desk.pages_of(found.library).reading(found.value, mark, others)
    await _show(interaction, view, is_next=control.action is Action.TURN)


async def _leaf(interaction: discord.Interaction, desk: Desk, control: Control) -> None:
    """One of the passages that were found: a new private message, or the next page of one."""
    position, text = control.arguments
    keys = [text[start : start + KEY_LENGTH] for start in range(0, len(text), KEY_LENGTH)]
    key = keys[int(position)]
    reading = partial(Library.passage, key=key)
    found = await read_for(interaction, desk, partial(first_with, work=reading))
    view = desk.pages_of(found.library).found(keys, int(position), found.value)
    await _show(interaction, view, is_next=control.action is Action.LEAF)


async def _show(
    interaction: discord.Interaction, view: discord.ui.LayoutView, *, is_next: bool
) -> None:
    if is_next and not interaction.response.is_done():
        edit = interaction.response.edit_message
        kind = discord.InteractionResponseType.message_update
        await responded(interaction, lambda: edit(view=view), kind)
    else:
        await reply(interaction, view, is_private=True)


async def _rate(interaction: discord.Interaction, desk: Desk, control: Control) -> None:
    is_theirs = str(interaction.user.id) in control.arguments
    may_rate = is_theirs or interaction.permissions.manage_guild
    if not may_rate:
        raise NotTheirsError
    if control.action is Action.HELPFUL:
        # The database may be locked for longer than Discord waits.
        await announce(interaction, is_private=True)
        await _keep(interaction, desk, is_helpful=True)
        await reply(interaction, notice(gettext("Thank you.")), is_private=True)
        return
    is_declined = control.action is Action.EXPECTED
    form = _form_of_what_was_expected() if is_declined else _form_of_what_was_wrong()
    send = interaction.response.send_modal
    await responded(interaction, lambda: send(form), discord.InteractionResponseType.modal)
    if not is_declined:
        # Kept already now, since the form may be closed without a word.
        await _keep(interaction, desk, is_helpful=False)


def _form_of_what_was_wrong() -> discord.ui.Modal:
    example = gettext("For example: it answers a different question")
    return _form(gettext("What was wrong?"), example, is_needed=False)


def _form_of_what_was_expected() -> discord.ui.Modal:
    example = gettext("For example: the page on opening hours")
    return _form(gettext("What did you expect?"), example, is_needed=True)


def _form(title: str, example: str, *, is_needed: bool) -> discord.ui.Modal:
    """A form with one field, whose words are kept with the answer."""
    form = discord.ui.Modal(title=title, custom_id=Control(Action.WRONG).custom_id, timeout=None)
    form.add_item(
        discord.ui.Label(
            text=gettext("Moderators can read this"),
            component=discord.ui.TextInput(
                style=discord.TextStyle.paragraph,
                max_length=_LONGEST_COMMENT,
                required=is_needed,
                placeholder=example,
            ),
        )
    )
    # What is sent is read off the form, as with buttons.
    form.stop()
    return form


async def _comment(interaction: discord.Interaction, desk: Desk, comment: str) -> None:
    await announce(interaction, is_private=True)
    await _keep(interaction, desk, is_helpful=False, comment=comment)
    await reply(
        interaction, notice(gettext("Thank you; moderators will see this.")), is_private=True
    )


async def _keep(
    interaction: discord.Interaction, desk: Desk, *, is_helpful: bool, comment: str = ""
) -> None:
    """Keep what somebody thinks of the answer, where somebody can read it."""
    if interaction.guild_id is None or interaction.message is None:
        return
    if not has_moderators(interaction):
        return
    rating = Rating(
        message=interaction.message.id,
        server=interaction.guild_id,
        channel=interaction.message.channel.id,
        user=interaction.user.id,
        is_helpful=is_helpful,
        comment=comment,
    )
    await desk.service.before_the_end(asyncio.to_thread(desk.database.rate, rating))


def _typed(data: Mapping[str, Any]) -> str:
    """What was typed into the one field of a form."""
    match data.get("components"):
        case [{"component": {"value": str(value)}}]:
            return value
    raise BrokenControlError
