"""`/footnote taught`: the entries of a server, listed, changed, removed and exported."""

import asyncio
import io
from collections.abc import Awaitable
from typing import TYPE_CHECKING, TypeAlias

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot.discord.controls import Action, Button, Control, button
from bot.discord.desk import Desk
from bot.discord.forms import show_form
from bot.discord.markdown import link, shortened
from bot.discord.messages import notice
from bot.discord.moderators import require_moderator
from bot.discord.replies import announce, reply
from bot.discord.sending import EDIT, again
from bot.discord.taught import Taught, as_markdown
from bot.discord.teaching import AT_MOST, GoneEntryError
from bot.discord.words import AFTER, BEFORE
from bot.discord.words import page_of as page_number
from bot.errors import MemberError
from bot.texts import gettext, gettext_noop, ngettext

if TYPE_CHECKING:
    from bot.discord.client import FootnoteBot

Interaction: TypeAlias = "discord.Interaction[FootnoteBot]"

_LISTED = 5
_QUESTION, _ANSWER, _REMOVED = 100, 300, 2_500
_MOST_CHOICES, _LONGEST_CHOICE = 25, 100
_NONE = gettext_noop(
    "Nothing has been taught yet: right-click or long-press a message, then choose Apps and"
    " **Teach this**."
)


class SlowDatabaseError(MemberError):
    """An entry could not be read in time for a form."""

    def __init__(self) -> None:
        super().__init__(gettext("The entry could not be read in time; try again."))


class TaughtCommands(app_commands.Group):
    """What moderators do with taught answers."""

    def __init__(self) -> None:
        super().__init__(name="taught", description="See and change the taught answers")

    async def interaction_check(self, interaction: discord.Interaction) -> bool:
        """Only those who may manage the server."""
        require_moderator(interaction)
        return True

    @app_commands.command(name="list", description="List the taught answers")
    async def list_(self, interaction: Interaction) -> None:
        """Show the first page."""
        await announce(interaction, is_private=True)
        view = await page_of(interaction.client.desk, require_moderator(interaction), 0)
        await reply(interaction, view, is_private=True)

    @app_commands.command(name="edit", description="Change a taught answer")
    @app_commands.describe(question="The question of the answer to change")
    async def edit(
        self, interaction: Interaction, question: app_commands.Range[str, 1, 300]
    ) -> None:
        """Open the form of an entry."""
        desk = interaction.client.desk
        finding = _named(desk, require_moderator(interaction), question)
        try:
            # Nothing can be announced before a form.
            entry = await asyncio.wait_for(finding, AT_MOST)
        except TimeoutError as error:
            raise SlowDatabaseError from error
        control = Control(Action.AMEND, (str(entry.id),))
        await show_form(
            interaction,
            gettext("Taught answer"),
            control,
            question=entry.question,
            answer=entry.answer,
        )

    @app_commands.command(name="remove", description="Remove a taught answer")
    @app_commands.describe(question="The question of the answer to remove")
    async def remove(
        self, interaction: Interaction, question: app_commands.Range[str, 1, 300]
    ) -> None:
        """Delete an entry, and show what it said."""
        desk = interaction.client.desk
        await announce(interaction, is_private=True)
        entry = await _named(desk, require_moderator(interaction), question)
        removing = asyncio.to_thread(desk.taught.remove, entry.server, entry.id)
        if not await desk.service.before_the_end(removing):
            raise GoneEntryError
        await desk.service.own_changed(entry.server)
        text = gettext("Removed: **{question}**", question=shortened(entry.question, _QUESTION))
        answer = shortened(entry.answer, _REMOVED)
        await reply(interaction, notice(f"{text}\n> {answer}"), is_private=True)

    @edit.autocomplete("question")
    @remove.autocomplete("question")
    async def suggest(self, interaction: Interaction, current: str) -> list[Choice[str]]:
        """The entries whose question has what was typed."""
        server = interaction.guild_id
        # discord.py asks for no permission before suggestions.
        if server is None or not interaction.permissions.manage_guild:
            return []
        entries = await asyncio.to_thread(interaction.client.desk.taught.entries, server)
        typed = current.casefold().strip()
        found = [entry for entry in entries if typed in entry.question.casefold()]
        return [
            Choice(name=entry.question[:_LONGEST_CHOICE], value=str(entry.id))
            for entry in found[:_MOST_CHOICES]
        ]

    @app_commands.command(name="export", description="Export the taught answers as a file")
    async def export(self, interaction: Interaction) -> None:
        """Send all entries as a Markdown file."""
        await announce(interaction, is_private=True)
        desk = interaction.client.desk
        entries = await _entries(desk, require_moderator(interaction))
        if not entries:
            await reply(interaction, notice(gettext(_NONE)), is_private=True)
            return
        content = as_markdown(entries).encode()

        def sent() -> Awaitable[object]:
            file = discord.File(io.BytesIO(content), "taught.md")
            text = ngettext(
                "**{count} taught answer.**", "**{count} taught answers.**", len(entries)
            )
            return interaction.edit_original_response(content=text, attachments=[file])

        await again(sent, EDIT)


async def _entries(desk: Desk, server: int) -> list[Taught]:
    return await desk.service.before_the_end(asyncio.to_thread(desk.taught.entries, server))


async def _named(desk: Desk, server: int, named: str) -> Taught:
    """The entry that was chosen by its id, or typed by its question."""
    for entry in await _entries(desk, server):
        if named == str(entry.id) or named.casefold().strip() == entry.question.casefold():
            return entry
    raise GoneEntryError


async def page_of(desk: Desk, server: int, page: int) -> discord.ui.LayoutView:
    """A page of the entries of a server, or the last one where there are fewer."""
    entries = await _entries(desk, server)
    if not entries:
        return notice(gettext(_NONE))
    last = (len(entries) - 1) // _LISTED
    page = min(page, last)
    shown = entries[page * _LISTED : (page + 1) * _LISTED]
    heading = ngettext("### {count} taught answer", "### {count} taught answers", len(entries))
    parts = [heading, *map(_shown, shown)]
    if not last:
        return notice("\n".join(parts))
    parts.append(f"-# {page_number(page, last + 1)}")
    buttons = [_turn(gettext(BEFORE), page - 1, last), _turn(gettext(AFTER), page + 1, last)]
    return notice("\n".join(parts), buttons)


def _shown(entry: Taught) -> str:
    credit = entry.credit
    if entry.edited_at:
        changed = gettext("changed on {day}", day=entry.edited_at[:10])
        credit = f"{credit}, {changed}"
    credit = shortened(credit, 2 * _QUESTION)
    return (
        f"**{shortened(entry.question, _QUESTION)}**\n> {shortened(entry.answer, _ANSWER)}\n"
        f"-# {credit} · {link(gettext('message'), entry.link, _QUESTION)}"
    )


def _turn(label: str, page: int, last: int) -> Button:
    # Two buttons of a message must not have one id, not even those that lead nowhere.
    is_enabled = 0 <= page <= last
    control = Control(Action.TAUGHT, (str(page) if is_enabled else label[0],))
    return button(label, control, is_enabled=is_enabled)
