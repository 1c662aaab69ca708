"""The reports of moderators: what was asked in vain, what members think, how much is asked."""

import asyncio
import io
from collections.abc import Awaitable, Iterable, Sequence

import discord
from discord import app_commands

from bot.discord.charts import picture_of
from bot.discord.database import Database, Feedback
from bot.discord.gaps import Gap, grouped
from bot.discord.markdown import shortened
from bot.discord.messages import notice
from bot.discord.moderated import Interaction, announced, server_of
from bot.discord.panels import Part, panel
from bot.discord.replies import reply
from bot.discord.sending import EDIT, again
from bot.discord.sheets import send_sheet, sheet
from bot.discord.statistics import Day, Statistics, read_statistics, rows_of
from bot.texts import gettext, ngettext, number

MOST_DAYS = 365

_TOPIC = 150
"""Characters of a question in a list of twenty, which fit into one message."""


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
        said = [gettext("No declined questions are recorded.")]
        if not desk.records(server):
            said.append(gettext("Turn recording on with /footnote record."))
        await reply(interaction, notice(" ".join(said)), is_private=True)
        return
    count = len(declined)
    declines = ngettext("{count} declined question", "{count} declined questions", count)
    groups = ngettext("{count} group", "{count} groups", len(found))
    lines = [gettext("**{declines} in {groups}.**", declines=declines, groups=groups)]
    await send_sheet(interaction, lines, "gaps.csv", _gap_rows(found))


@app_commands.command(name="feedback", description="Export members' ratings and comments")
async def feedback(interaction: Interaction) -> None:
    """Report what members pressed and wrote."""
    desk = interaction.client.desk
    await announced(interaction)
    reading = asyncio.to_thread(desk.database.feedback, server_of(interaction))
    found = await desk.service.before_the_end(reading)
    if not found:
        await reply(interaction, notice(gettext("No answer has been rated yet.")), is_private=True)
        return
    helpful = sum(each.is_helpful for each in found)
    text = gettext(
        "**Helpful: {helpful} · not helpful: {unhelpful}**",
        helpful=number(helpful),
        unhelpful=number(len(found) - helpful),
    )
    await send_sheet(
        interaction, [text], "feedback.csv", _feedback_rows(found, server_of(interaction))
    )


@app_commands.command(
    name="statistics", description="Show how much is asked here, and what most; without names"
)
@app_commands.describe(days="The last days, today included; default: 30")
async def statistics(
    interaction: Interaction, days: app_commands.Range[int, 1, MOST_DAYS] = 30
) -> None:
    """Report how the server asks, where that is recorded."""
    await announced(interaction)
    desk, server = interaction.client.desk, server_of(interaction)
    if not desk.records(server):
        text = gettext("Questions are not recorded here; turn that on with /footnote record.")
        await reply(interaction, notice(text), is_private=True)
        return
    working = asyncio.to_thread(_worked_out, desk.database, server, days)
    found, picture, table = await desk.service.before_the_end(working)

    def sent() -> Awaitable[object]:
        # A file is read when it is sent, so each time needs new ones.
        files = [discord.File(io.BytesIO(table), "statistics.csv")]
        if picture is not None:
            files.insert(0, discord.File(io.BytesIO(picture), "statistics.png"))
        view = _statistics_panel(found, days, has_picture=picture is not None)
        return interaction.edit_original_response(view=view, attachments=files)

    await again(sent, EDIT)


def _worked_out(
    database: Database, server: int, days: int
) -> tuple[Statistics, bytes | None, bytes]:
    """The statistics, as a picture and as a file for spreadsheets."""
    found = read_statistics(database, server, days)
    return found, picture_of(found), sheet(rows_of(found))


def _statistics_panel(found: Statistics, days: int, *, has_picture: bool) -> discord.ui.LayoutView:
    parts: list[str | Part] = [
        f"{ngettext('### The last {count} day', '### The last {count} days', days)}\n"
        f"{_totals(found.total)}"
    ]
    if has_picture:
        item = discord.MediaGalleryItem(
            "attachment://statistics.png",
            description=gettext("Questions a day, answered and declined"),
        )
        parts.append(discord.ui.MediaGallery(item))
    else:
        parts.append(
            gettext(
                "-# There is no picture; the person who runs me can install what draws it:"
                " {command}",
                command="pip install 'footnote-bot\\[report\\]'",
            )
        )
    for title, topics in (
        (gettext("Asked most"), found.asked),
        (gettext("Declined most"), found.gaps),
    ):
        if topics:
            lines = [
                f"{number(each.count)} × {shortened(each.question, _TOPIC)}" for each in topics
            ]
            parts.append("\n".join([f"**{title}**", *lines]))
    listed = gettext("-# A question is listed if at least two members asked about the same.")
    parts.append(listed)
    return panel(*parts, discord.ui.File("attachment://statistics.csv"))


def _totals(total: Day) -> str:
    asked = total.answered + total.declined
    return gettext(
        "{questions}: {answered} answered, {declined} declined. Rated helpful: {helpful}, not"
        " helpful: {unhelpful}.",
        questions=ngettext("{count} question", "{count} questions", asked),
        answered=number(total.answered),
        declined=number(total.declined),
        helpful=number(total.helpful),
        unhelpful=number(total.unhelpful),
    )


def _gap_rows(gaps: Iterable[Gap]) -> Iterable[Sequence[object]]:
    yield "group", "asked", "first", "last", "question"
    for group, gap in enumerate(gaps, start=1):
        for question in gap.questions:
            yield group, gap.count, gap.first, gap.last, question


def _feedback_rows(found: Iterable[Feedback], server: int) -> Iterable[Sequence[object]]:
    yield "at", "rating", "comment", "question", "answer"
    for each in found:
        rating = "helpful" if each.is_helpful else "not helpful"
        answer = f"https://discord.com/channels/{server}/{each.channel}/{each.message}"
        yield each.given_at, rating, each.comment, each.question or "", answer
