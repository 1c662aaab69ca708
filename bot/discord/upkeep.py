"""What moderators see and do about the index: how it is, and to read it again."""

from discord import app_commands

from bot.discord.messages import notice
from bot.discord.moderated import Interaction, announced
from bot.discord.replies import asked_from, reply
from bot.discord.status import status_of
from bot.discord.words import summary_of
from bot.texts import gettext


@app_commands.command(name="status", description="Show the index, answer times and uptime")
async def status(interaction: Interaction) -> None:
    """Say what is running."""
    text = status_of(interaction.client.desk, asked_from(interaction))
    await reply(interaction, notice(text), is_private=True)


@app_commands.command(name="reload", description="Reload the documents; I keep answering meanwhile")
async def reload(interaction: Interaction) -> None:
    """Exchange the index."""
    service, origin = interaction.client.desk.service, asked_from(interaction)
    earlier = service.libraries.opened(origin)
    await announced(interaction)
    library = await service.reload(origin)
    is_same = earlier is not None and earlier.fingerprint == library.fingerprint
    text = gettext(
        "Index `{fingerprint}`: {summary}.",
        fingerprint=library.fingerprint,
        summary=summary_of(library),
    )
    text += f" {gettext('Nothing has changed.')}" if is_same else ""
    await reply(interaction, notice(text), is_private=True)
