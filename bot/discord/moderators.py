"""Who is a moderator: whoever may manage the server, whatever its settings for commands say."""

import discord
from discord import app_commands


def require_moderator(interaction: discord.Interaction) -> int:
    """The server of somebody who may manage it; a CheckFailure for everybody else."""
    if interaction.guild_id is None:
        raise app_commands.NoPrivateMessage
    # Permissions of commands can be changed for each server, and may be changed too far.
    if not interaction.permissions.manage_guild:
        raise app_commands.MissingPermissions(["manage_guild"])
    return interaction.guild_id
