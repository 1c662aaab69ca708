"""What commands of moderators begin with: they are private, announced, and about a server."""

from typing import TYPE_CHECKING, TypeAlias

import discord
from discord import app_commands

from bot.discord.replies import announce

if TYPE_CHECKING:
    from bot.discord.client import FootnoteBot

Interaction: TypeAlias = "discord.Interaction[FootnoteBot]"


async def announced(interaction: discord.Interaction) -> None:
    """Acknowledge first: the database may be locked for longer than Discord waits."""
    await announce(interaction, is_private=True)


def server_of(interaction: discord.Interaction) -> int:
    """The id of the server that a command was given in."""
    if interaction.guild_id is None:
        raise app_commands.NoPrivateMessage
    return interaction.guild_id
