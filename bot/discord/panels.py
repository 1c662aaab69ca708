"""Messages that are changed by pressing: private, and made of texts, menus and buttons."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import discord

from bot.discord.controls import BrokenControlError, Control
from bot.discord.sending import EDIT, again, responded

Part: TypeAlias = discord.ui.Item[discord.ui.LayoutView]


def panel(*parts: str | Part) -> discord.ui.LayoutView:
    """A message of parts below each other; texts are Markdown."""
    container: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container()
    for part in parts:
        container.add_item(discord.ui.TextDisplay(part) if isinstance(part, str) else part)
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    # As with answers, discord.py need not keep the message in memory.
    view.stop()
    return view


def row(*parts: Part) -> Part:
    """Buttons beside each other, or a menu."""
    return discord.ui.ActionRow(*parts)


def menu(control: Control, placeholder: str, options: Sequence[discord.SelectOption]) -> Part:
    """A menu of which one option is chosen."""
    select: discord.ui.Select[discord.ui.LayoutView] = discord.ui.Select(
        custom_id=control.custom_id, placeholder=placeholder, options=list(options)
    )
    return row(select)


def chosen(data: Mapping[str, Any]) -> str:
    """The one option that was chosen in a menu."""
    match data.get("values"):
        case [str(value)]:
            return value
    raise BrokenControlError


async def acknowledge(interaction: discord.Interaction) -> None:
    """Acknowledge what was pressed in a panel, which is changed later."""
    kind = discord.InteractionResponseType.deferred_message_update
    await responded(interaction, interaction.response.defer, kind)


async def change(interaction: discord.Interaction, view: discord.ui.LayoutView) -> None:
    """Change the panel in which something was pressed, once that is acknowledged."""
    await again(lambda: interaction.edit_original_response(view=view), EDIT)
