"""Who may use the commands of moderators, each of them, in groups within groups too."""

from types import SimpleNamespace
from typing import Any, TypeAlias

import discord
import pytest
from discord import app_commands

from bot.discord.moderation import Moderation

Command: TypeAlias = "app_commands.Command[Any, ..., Any]"

COMMANDS = [
    command for command in Moderation().walk_commands() if isinstance(command, app_commands.Command)
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.qualified_name)
async def test_each_command_is_for_moderators(command: Command) -> None:
    """discord.py asks a group within a group alone, and not the one around it."""
    member = SimpleNamespace(guild_id=1, permissions=discord.Permissions.none())
    with pytest.raises(app_commands.MissingPermissions):
        await command._check_can_run(member)  # type: ignore[arg-type]
    moderator = SimpleNamespace(guild_id=1, permissions=discord.Permissions(manage_guild=True))
    assert await command._check_can_run(moderator)  # type: ignore[arg-type]
