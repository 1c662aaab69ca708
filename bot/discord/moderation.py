"""The commands of moderators as one group, with the one place that says who may use them."""

from typing import Any, TypeAlias

import discord
from discord import app_commands

from bot.discord.handing import helpers
from bot.discord.knowledge import Knowledge
from bot.discord.moderators import require_moderator
from bot.discord.recording import forget, record
from bot.discord.reports import feedback, gaps, statistics
from bot.discord.rules import channel, rules
from bot.discord.setup import setup
from bot.discord.taught_commands import TaughtCommands
from bot.discord.upkeep import reload, status

Command: TypeAlias = app_commands.Command[Any, ..., None]

MODERATORS: tuple[Command, ...] = (
    setup, channel, rules, status, gaps, feedback, statistics, record, forget, reload,
)  # fmt: skip


class Moderation(app_commands.Group):
    """`/footnote`: for those who may manage the server, by default and by our own check."""

    def __init__(self) -> None:
        super().__init__(
            name="footnote",
            description="Set what Footnote answers here, and see what it could not",
            default_permissions=discord.Permissions(manage_guild=True),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=False, private_channel=False
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        for command in MODERATORS:
            self.add_command(command)
        self.add_command(Knowledge())
        self.add_command(TaughtCommands())
        self.add_command(helpers)

    async def interaction_check(self, interaction: discord.Interaction) -> bool:
        """Whoever a server's settings let through: only those who may manage it."""
        # Permissions of commands can be changed for each server, and may be changed too far.
        require_moderator(interaction)
        return True
