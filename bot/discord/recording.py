"""What is recorded in a server: switched on and off, kept for some days, and deleted."""

import asyncio

import discord
from discord import app_commands

from bot.discord.controls import Action, Control
from bot.discord.desk import Desk
from bot.discord.messages import notice
from bot.discord.moderated import Interaction, announced, server_of
from bot.discord.panels import acknowledge, change, panel, row
from bot.discord.replies import count, reply
from bot.texts import gettext, gettext_noop, ngettext

MOST_DAYS = 3_650

ON = gettext_noop(
    "From now on, public questions are recorded, with who asked them; /help tells members so."
    " Private questions are never recorded."
)
OFF = gettext_noop(
    "Questions are no longer recorded. Existing records stay until they are too old;"
    " /footnote forget deletes a member's."
)


@app_commands.command(
    name="record", description="Turn the recording of questions in this server on or off"
)
@app_commands.describe(
    questions="Record public questions, and who asked them, for /footnote gaps and statistics",
    days="For how many days to keep questions and ratings; 0 keeps them for good",
)
async def record(
    interaction: Interaction,
    questions: bool,
    days: app_commands.Range[int, 0, MOST_DAYS] | None = None,
) -> None:
    """Switch recording on or off."""
    await announced(interaction)
    desk, server = interaction.client.desk, server_of(interaction)
    switching = desk.set_recorded(server, is_recorded=questions, days=days)
    await desk.service.before_the_end(switching)
    text = f"{gettext(ON if questions else OFF)} {await kept_for(desk, server)}"
    await reply(interaction, notice(text), is_private=True)


async def kept_for(desk: Desk, server: int) -> str:
    """A sentence about how long records are kept."""
    reading = asyncio.to_thread(desk.retention.days_of, server)
    days = await desk.service.before_the_end(reading)
    if not days:
        return gettext("Questions and ratings are kept for good.")
    return ngettext(
        "Questions and ratings are deleted after {count} day.",
        "Questions and ratings are deleted after {count} days.",
        days,
    )


@app_commands.command(
    name="forget", description="Delete a member's questions and ratings, and forget their name"
)
@app_commands.describe(member="The member whose records to delete")
async def forget(interaction: Interaction, member: discord.User) -> None:
    """Delete a member's records."""
    desk = interaction.client.desk
    await announced(interaction)
    deleted = await _forgotten(desk, server_of(interaction), member.id)
    await reply(interaction, notice(deleted), is_private=True)


async def _forgotten(desk: Desk, server: int | None, user: int) -> str:
    """Delete a member's records in a server, or everywhere, and say how many there were."""
    count = await desk.service.before_the_end(desk.forget(server, user))
    return ngettext("{count} record deleted.", "{count} records deleted.", count)


@app_commands.command(
    name="forget-me", description="Delete your recorded questions, your ratings and your name"
)
async def forget_me(interaction: Interaction) -> None:
    """Ask whether a member's own records shall be deleted."""
    count(interaction, interaction.client.desk)
    here = gettext_noop(
        "Delete your recorded questions and your ratings in this server, and name you no more in"
        " what you taught, answered or added? This cannot be undone."
    )
    everywhere = gettext_noop(
        "Delete your recorded questions and your ratings in all servers, and name you no more in"
        " what you taught, answered or added? This cannot be undone."
    )
    after = gettext("-# Afterwards, moderators see none of them in their reports.")
    text = f"{gettext(here if interaction.guild_id else everywhere)}\n{after}"
    confirm: discord.ui.Button[discord.ui.LayoutView] = discord.ui.Button(
        label=gettext("Delete"),
        style=discord.ButtonStyle.danger,
        custom_id=Control(Action.FORGET).custom_id,
    )
    await reply(interaction, panel(text, row(confirm)), is_private=True)


async def forget_presser(interaction: discord.Interaction, desk: Desk) -> None:
    """Delete the records of who presses: in the server, or everywhere in direct messages."""
    await acknowledge(interaction)
    deleted = await _forgotten(desk, interaction.guild_id, interaction.user.id)
    await change(interaction, notice(deleted))
