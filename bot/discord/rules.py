"""The rules of moderators: which messages are questions in which channel, and where answers go."""

import asyncio
from collections.abc import Mapping
from typing import Any, TypeAlias

import discord
from discord import app_commands

from bot.discord.controls import Action, BrokenControlError, Button, Control, button
from bot.discord.database import Mode, Policy, Reply
from bot.discord.desk import Desk
from bot.discord.linked import NO_CONTENT
from bot.discord.markdown import escaped, shortened
from bot.discord.messages import notice
from bot.discord.moderated import Interaction, announced, server_of
from bot.discord.moderators import require_moderator
from bot.discord.panels import Part, acknowledge, change, chosen, menu, panel, row
from bot.discord.replies import reply
from bot.discord.words import AFTER, BEFORE
from bot.errors import MemberError
from bot.texts import gettext, gettext_noop

MODES = {
    Mode.OFF: gettext_noop("off: ignore messages, answer commands privately"),
    Mode.MENTIONS: gettext_noop("when mentioned"),
    Mode.EVERY: gettext_noop("every message"),
    Mode.FORUM: gettext_noop("forum posts: each new post once"),
}
REPLIES = {
    Reply.INLINE: gettext_noop("in the channel"),
    Reply.THREAD: gettext_noop("in a thread"),
    Reply.PRIVATE: gettext_noop("privately"),
}

_NONE = "none"
_AS_THE_SERVER = gettext_noop("as the whole server: remove this rule")
_WHOLE_SERVER = "server"

LISTED = 15
"""Rules on a page."""

_NAME = 100
"""Characters of a channel's name, as Discord allows for an option of a menu."""

Place: TypeAlias = discord.TextChannel | discord.ForumChannel


class PolicyError(MemberError):
    """A policy that cannot work."""


@app_commands.command(
    name="channel", description="Set which messages of a channel or of the server I answer"
)
@app_commands.describe(
    messages="Which messages to treat as questions",
    answers="Where to answer messages",
    channel="Default: this channel",
    everywhere="For the whole server: all channels without a rule of their own",
)
@app_commands.choices(
    messages=[
        *(app_commands.Choice(name=text, value=mode.value) for mode, text in MODES.items()),
        app_commands.Choice(name=_AS_THE_SERVER, value=_NONE),
    ],
    answers=[app_commands.Choice(name=text, value=kind) for kind, text in REPLIES.items()],
)
async def channel(
    interaction: Interaction,
    messages: str,
    answers: str = Reply.INLINE,
    channel: Place | None = None,
    everywhere: bool = False,
) -> None:
    """Decide for a channel, or for a server."""
    place = channel or interaction.channel
    if isinstance(place, discord.Thread):
        place = place.parent
    if place is None or interaction.guild_id is None:
        raise PolicyError(gettext("this is not a channel of a server; choose one"))
    if channel is not None and everywhere:
        raise PolicyError(gettext("choose either a channel or everywhere"))
    policy = None if messages == _NONE else Policy(Mode(messages), Reply(answers))
    whole = None if everywhere else place
    reason = policy and why_not(policy, whole, interaction.client)
    if reason:
        raise PolicyError(reason)
    await announced(interaction)
    desk = interaction.client.desk
    deciding = desk.decide(interaction.guild_id, None if everywhere else place.id, policy)
    await desk.service.before_the_end(deciding)
    name = gettext("All other channels") if everywhere else name_of(place)
    now = policy or desk.policy(0 if everywhere else place.id, interaction.guild_id)
    await reply(interaction, notice(f"{name}: {said_of(now)}."), is_private=True)


def name_of(place: object) -> str:
    """A channel as Markdown."""
    name = getattr(place, "name", None)
    return gettext("this channel") if name is None else escaped(f"#{name}")


def said_of(policy: Policy) -> str:
    """What a policy says, as Markdown."""
    messages = gettext(MODES[policy.mode])
    if policy.mode is Mode.OFF:
        return f"**{messages}**"
    answers = gettext(REPLIES[policy.reply])
    return gettext("**{messages}**, answered **{answers}**", messages=messages, answers=answers)


def why_not(policy: Policy, place: object | None, client: discord.Client) -> str | None:
    """Why a policy cannot work in a channel, or in a whole server; None where it can."""
    is_forum = isinstance(place, discord.ForumChannel)
    if policy.mode is Mode.FORUM and place is not None and not is_forum:
        return gettext("this is not a forum; choose a forum channel or other messages")
    if policy.mode is Mode.EVERY and is_forum:
        return gettext("a forum has posts, not messages; choose forum posts")
    if policy.mode in (Mode.EVERY, Mode.FORUM) and not client.intents.message_content:
        return gettext(NO_CONTENT)
    return None


@app_commands.command(name="rules", description="List the rules of this server, and remove some")
async def rules(interaction: Interaction) -> None:
    """List the rules."""
    await announced(interaction)
    view = await _page(interaction, interaction.client.desk, 0)
    await reply(interaction, view, is_private=True)


async def turn_rules(interaction: discord.Interaction, desk: Desk, control: Control) -> None:
    """Another page of the rules."""
    require_moderator(interaction)
    await acknowledge(interaction)
    await change(interaction, await _page(interaction, desk, int(control.arguments[0])))


async def remove_rule(
    interaction: discord.Interaction, desk: Desk, control: Control, data: Mapping[str, Any]
) -> None:
    """Remove the rule that was chosen, and show the page that it stood on."""
    require_moderator(interaction)
    which = chosen(data)
    if which != _WHOLE_SERVER and not (which.isascii() and which.isdigit()):
        raise BrokenControlError
    await acknowledge(interaction)
    place = None if which == _WHOLE_SERVER else int(which)
    deciding = desk.decide(server_of(interaction), place, None)
    await desk.service.before_the_end(deciding)
    await change(interaction, await _page(interaction, desk, int(control.arguments[0])))


async def _page(interaction: discord.Interaction, desk: Desk, page: int) -> discord.ui.LayoutView:
    """A page of the rules, that of the server first, then those of channels by name."""
    server = server_of(interaction)
    reading = asyncio.to_thread(desk.rules.of, server)
    policies = await desk.service.before_the_end(reading)
    guild = interaction.client.get_guild(server)
    found = [] if guild is None else [guild.get_channel(each) for each in policies]
    # What was deleted is left out: nothing can be asked there.
    places = sorted((each for each in found if each), key=lambda each: (each.name, each.id))
    last = max(0, len(places) - 1) // LISTED
    page = min(page, last)
    shown = places[page * LISTED : (page + 1) * LISTED]
    default = desk.default(server)
    lines = [
        gettext("### Rules of this server"),
        f"**{gettext('All other channels')}**: {said_of(default or Policy())}.",
    ]
    options = []
    if default is not None:
        options.append(
            discord.SelectOption(label=gettext("All other channels"), value=_WHOLE_SERVER)
        )
    for each in shown:
        lines.append(f"- {shortened(f'#{each.name}', _NAME)}: {said_of(policies[each.id])}.")
        options.append(discord.SelectOption(label=f"#{each.name}"[:_NAME], value=str(each.id)))
    parts: list[str | Part] = ["\n".join(lines)]
    if options:
        parts.append(menu(Control(Action.UNRULE, (str(page),)), gettext("Remove a rule"), options))
    if last:
        parts.append(
            row(_turn(gettext(BEFORE), page - 1, last), _turn(gettext(AFTER), page + 1, last))
        )
    return panel(*parts)


def _turn(label: str, page: int, last: int) -> Button:
    # Two buttons of a message must not have one id, not even those that lead nowhere.
    is_enabled = 0 <= page <= last
    control = Control(Action.RULES, (str(page) if is_enabled else label[0],))
    return button(label, control, is_enabled=is_enabled)
