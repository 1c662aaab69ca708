"""What is recorded in a server: switched on and off, and deleted."""

import asyncio

import discord
from discord import app_commands

from bot.discord.messages import notice
from bot.discord.moderated import Interaction, announced, server_of
from bot.discord.replies import reply
from bot.presentation import counted


@app_commands.command(
    name="record", description="Turn the recording of questions in this server on or off"
)
@app_commands.describe(questions="Record public questions, and who asked them, for /footnote gaps")
async def record(interaction: Interaction, questions: bool) -> None:
    """Switch recording on or off."""
    await announced(interaction)
    desk = interaction.client.desk
    switching = desk.set_recorded(server_of(interaction), is_recorded=questions)
    await desk.service.before_the_end(switching)
    text = (
        "From now on, public questions are recorded, with who asked them; /help tells members"
        " so. Private questions are never recorded."
        if questions
        else "Questions are no longer recorded. Existing records stay; /footnote forget deletes"
        " a member's."
    )
    await reply(interaction, notice(text), is_private=True)


@app_commands.command(name="forget", description="Delete a member's recorded questions and ratings")
@app_commands.describe(member="The member whose records to delete")
async def forget(interaction: Interaction, member: discord.User) -> None:
    """Delete a member's records."""
    desk = interaction.client.desk
    await announced(interaction)
    forgetting = asyncio.to_thread(desk.database.forget_user, server_of(interaction), member.id)
    count = await desk.service.before_the_end(forgetting)
    await reply(interaction, notice(f"{counted(count, 'record')} deleted."), is_private=True)
