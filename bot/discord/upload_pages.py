"""The list of the documents that moderators brought, page by page."""

import asyncio
from collections.abc import Sequence

import discord

from bot.discord.controls import Action, Button, Control, button
from bot.discord.desk import Desk
from bot.discord.markdown import link, shortened
from bot.discord.messages import LISTED, notice
from bot.discord.moderators import require_moderator
from bot.discord.uploads import Kept
from bot.discord.words import AFTER, BEFORE, page_of, passages
from bot.texts import gettext, ngettext

_NAME, _ADDER = 60, 32


async def uploads_page(
    interaction: discord.Interaction, desk: Desk, page: int
) -> discord.ui.LayoutView:
    """A page of a server's list, or the last one where there are fewer; for moderators."""
    server = require_moderator(interaction)
    reading = asyncio.to_thread(desk.uploads.present, server)
    return listed(await desk.service.before_the_end(reading), page)


def listed(kept: Sequence[Kept], page: int) -> discord.ui.LayoutView:
    """A page of some documents, counted from 0."""
    if not kept:
        return notice(gettext("Nothing was added here yet; /footnote knowledge add does that."))
    last = (len(kept) - 1) // LISTED
    page = min(page, last)
    lines = [_line(one) for one in kept[page * LISTED : (page + 1) * LISTED]]
    heading = ngettext(
        "### {count} document added in this server",
        "### {count} documents added in this server",
        len(kept),
    )
    lines.insert(0, heading)
    if not last:
        return notice("\n".join(lines))
    lines.append(f"-# {page_of(page, last + 1)}")
    buttons = [_turn(gettext(BEFORE), page - 1, last), _turn(gettext(AFTER), page + 1, last)]
    return notice("\n".join(lines), buttons)


def _line(kept: Kept) -> str:
    name = link(kept.name, kept.link, _NAME) if kept.link else shortened(kept.name, _NAME)
    who = shortened(kept.adder, _ADDER) if kept.adder else gettext("a member")
    added = gettext("added by {who} on {day}", who=who, day=kept.day)
    return f"- {name} · {passages(kept.passages)} · {added}"


def _turn(label: str, page: int, last: int) -> Button:
    # Two buttons of a message must not have one id, not even those that lead nowhere.
    is_enabled = 0 <= page <= last
    control = Control(Action.UPLOADS, (str(page) if is_enabled else label[0],))
    return button(label, control, is_enabled=is_enabled)
