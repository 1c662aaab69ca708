"""What moderators see and do about the index: how it is, and to read it again."""

from time import monotonic

from discord import app_commands

from bot.discord.markdown import escaped
from bot.discord.messages import notice
from bot.discord.moderated import Interaction, announced
from bot.discord.replies import reply


@app_commands.command(name="status", description="Show the index, answer times and uptime")
async def status(interaction: Interaction) -> None:
    """Say what is running."""
    service = interaction.client.desk.service
    library = service.ready
    lines = ["### Footnote"]
    if library is None:
        lines.append("The documents are still being read.")
    else:
        lines += [
            f"Index `{library.fingerprint}` · engine {library.collection.engine} ·"
            f" reader {escaped(library.collection.reader)}",
            f"{library.summary}",
        ]
    times = service.times()
    if times is not None:
        lines.append(f"Answers: p50 {_in_ms(times[0])}, p99 {_in_ms(times[1])}")
    records = interaction.client.desk.records(interaction.guild_id)
    lines += [
        f"Up {_duration(monotonic() - service.started)}",
        f"Questions in this server are {'recorded' if records else 'not recorded'}.",
    ]
    await reply(interaction, notice("\n".join(lines)), is_private=True)


@app_commands.command(name="reload", description="Reload the documents; I keep answering meanwhile")
async def reload(interaction: Interaction) -> None:
    """Exchange the index."""
    service = interaction.client.desk.service
    earlier = service.ready
    await announced(interaction)
    library = await service.reload()
    is_same = earlier is not None and earlier.fingerprint == library.fingerprint
    text = f"Index `{library.fingerprint}`: {library.summary}."
    text += " Nothing has changed." if is_same else ""
    await reply(interaction, notice(text), is_private=True)


def _in_ms(seconds: float) -> str:
    return f"{1000 * seconds:,.0f} ms"


def _duration(seconds: float) -> str:
    minutes, hours = int(seconds // 60), int(seconds // 3600)
    if hours >= 48:
        return f"{hours // 24} days"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"
