"""The reports of moderators: what was asked in vain, and what members think of answers."""

import asyncio
from collections.abc import Iterable, Sequence

from discord import app_commands

from bot.discord.database import Feedback
from bot.discord.gaps import Gap, grouped
from bot.discord.messages import notice
from bot.discord.moderated import Interaction, announced, server_of
from bot.discord.replies import reply
from bot.discord.sheets import send_sheet
from bot.presentation import counted


@app_commands.command(
    name="gaps", description="Export the declined questions, similar ones grouped"
)
async def gaps(interaction: Interaction) -> None:
    """Report the questions that were declined."""
    desk = interaction.client.desk
    server = server_of(interaction)
    await announced(interaction)
    reading = asyncio.to_thread(desk.database.declined, server)
    declined = await desk.service.before_the_end(reading)
    grouping = asyncio.to_thread(grouped, declined)
    found = await desk.service.before_the_end(grouping)
    if not found:
        hint = "" if desk.records(server) else " Turn recording on with /footnote record."
        await reply(
            interaction, notice(f"No declined questions are recorded.{hint}"), is_private=True
        )
        return
    declines = counted(len(declined), "declined question")
    lines = [f"**{declines} in {counted(len(found), 'group')}.**"]
    await send_sheet(interaction, lines, "gaps.csv", _gap_rows(found))


@app_commands.command(name="feedback", description="Export members' ratings and comments")
async def feedback(interaction: Interaction) -> None:
    """Report what members pressed and wrote."""
    desk = interaction.client.desk
    await announced(interaction)
    reading = asyncio.to_thread(desk.database.feedback, server_of(interaction))
    found = await desk.service.before_the_end(reading)
    if not found:
        await reply(interaction, notice("No answer has been rated yet."), is_private=True)
        return
    helpful = sum(each.is_helpful for each in found)
    lines = [f"**Helpful: {helpful:,} · not helpful: {len(found) - helpful:,}**"]
    await send_sheet(
        interaction, lines, "feedback.csv", _feedback_rows(found, server_of(interaction))
    )


def _gap_rows(gaps: Iterable[Gap]) -> Iterable[Sequence[object]]:
    yield "group", "asked", "first", "last", "question"
    for number, gap in enumerate(gaps, start=1):
        for question in gap.questions:
            yield number, gap.count, gap.first, gap.last, question


def _feedback_rows(found: Iterable[Feedback], server: int) -> Iterable[Sequence[object]]:
    yield "at", "rating", "comment", "question", "answer"
    for each in found:
        rating = "helpful" if each.is_helpful else "not helpful"
        answer = f"https://discord.com/channels/{server}/{each.channel}/{each.message}"
        yield each.given_at, rating, each.comment, each.question or "", answer
