"""`/footnote setup`: where the bot answers, what it knows and who may ask, in one private message.

Each button and menu carries the step and what was chosen so far, so that it works after a restart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeAlias

import discord
from discord import app_commands

from bot.discord.controls import Action, BrokenControlError, Button, Control, button
from bot.discord.database import Mode, Policy, Reply
from bot.discord.desk import Desk, home_of
from bot.discord.grants import missing
from bot.discord.knowledge import DEFAULT, choose_collection
from bot.discord.markdown import escaped
from bot.discord.moderators import Interaction, require_moderator
from bot.discord.panels import Part, acknowledge, change, chosen, menu, panel, row
from bot.discord.recording import kept_for
from bot.discord.replies import announce, asked_from, reply
from bot.discord.rules import MODES, REPLIES, PolicyError, name_of, said_of, why_not
from bot.discord.status import known_at
from bot.errors import MemberError
from bot.texts import ENGLISH, gettext, languages, pgettext, speaking

Place: TypeAlias = discord.abc.GuildChannel

_OF_DISCORD = "discord"
"""Stands for no language in a menu."""

_MOST_NAMES = 24
"""Collections in a menu, which has 25 options, the default one included."""

_KINDS = [discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.forum]


class Press(StrEnum):
    """What a button or a menu of the setup does."""

    WHERE = "where"  # show the first step
    PLACE = "place"  # choose a channel
    MESSAGES = "messages"  # choose which of its messages are questions
    ANSWERS = "answers"  # choose where they are answered
    SAVE = "save"  # keep that, and show the second step
    KNOWN = "known"  # show the second step
    COLLECTION = "collection"  # choose what the server is answered from
    WHO = "who"  # show the third step
    RECORD = "record"  # record questions
    PAUSE = "pause"  # record no more
    LANGUAGE = "language"  # choose the language of what everybody sees
    DONE = "done"  # show what was set


class PlaceError(MemberError):
    """A channel that is there no more."""

    def __init__(self) -> None:
        super().__init__(gettext("This channel was deleted; use /footnote setup in another one."))


@dataclass(frozen=True, slots=True)
class State:
    """What was chosen so far."""

    channel: int
    policy: Policy

    def control(self, press: Press) -> Control:
        """The control of a button or a menu."""
        policy = self.policy
        return Control(Action.SETUP, (press, str(self.channel), policy.mode, policy.reply))

    def button(self, label: str, press: Press, *, is_enabled: bool = True) -> Button:
        """A button that does something."""
        return button(label, self.control(press), is_enabled=is_enabled)


def _read(control: Control) -> tuple[Press, State]:
    press, channel, mode, answers = control.arguments
    try:
        return Press(press), State(int(channel), Policy(Mode(mode), Reply(answers)))
    except ValueError:
        raise BrokenControlError from None


@app_commands.command(
    name="setup", description="Set me up in three steps, and check my permissions"
)
async def setup(interaction: Interaction) -> None:
    """Begin with the channel that the command was given in."""
    await announce(interaction, is_private=True)
    desk, place = interaction.client.desk, home_of(interaction.channel)
    state = State(place, desk.policy(place, require_moderator(interaction)))
    await reply(interaction, _where(interaction, desk, state), is_private=True)


async def go_on(
    interaction: discord.Interaction, desk: Desk, control: Control, data: Mapping[str, Any]
) -> None:
    """Do what was pressed, and show the step after it."""
    server = require_moderator(interaction)
    press, state = _read(control)
    state = _changed(interaction, desk, press, state, data)
    await acknowledge(interaction)
    if press is Press.SAVE:
        await _save(interaction, desk, state)
    if press is Press.COLLECTION:
        await choose_collection(desk, server, 0, chosen(data))
    if press is Press.LANGUAGE:
        await desk.service.before_the_end(desk.set_language(server, _language(chosen(data))))
    if press in (Press.RECORD, Press.PAUSE):
        switching = desk.set_recorded(server, is_recorded=press is Press.RECORD)
        await desk.service.before_the_end(switching)
    match press:
        case Press.WHERE | Press.PLACE | Press.MESSAGES | Press.ANSWERS:
            view = _where(interaction, desk, state)
        case Press.SAVE | Press.KNOWN | Press.COLLECTION:
            view = _known(interaction, desk, state)
        case Press.WHO | Press.RECORD | Press.PAUSE | Press.LANGUAGE:
            view = await _who(interaction, desk, state)
        case Press.DONE:
            view = _done(interaction, desk, state)
    await change(interaction, view)


def _changed(
    interaction: discord.Interaction,
    desk: Desk,
    press: Press,
    state: State,
    data: Mapping[str, Any],
) -> State:
    """The state after something was chosen in a menu."""
    try:
        match press:
            case Press.PLACE:
                place = int(chosen(data))
                return State(place, desk.policy(place, require_moderator(interaction)))
            case Press.MESSAGES:
                return replace(state, policy=replace(state.policy, mode=Mode(chosen(data))))
            case Press.ANSWERS:
                return replace(state, policy=replace(state.policy, reply=Reply(chosen(data))))
    except ValueError:
        raise BrokenControlError from None
    return state


async def _save(interaction: discord.Interaction, desk: Desk, state: State) -> None:
    """Keep a rule; what holds already needs none."""
    place, server = _place(interaction, state), require_moderator(interaction)
    if state.policy == desk.policy(place.id, server):
        return
    reason = why_not(state.policy, place, interaction.client)
    if reason:
        raise PolicyError(reason)
    await desk.service.before_the_end(desk.decide(server, place.id, state.policy))


def _place(interaction: discord.Interaction, state: State) -> Place:
    """The channel that was chosen; only one of this server is."""
    guild = interaction.client.get_guild(require_moderator(interaction))
    place = None if guild is None else guild.get_channel(state.channel)
    if place is None:
        raise PlaceError
    return place


def _checked(interaction: discord.Interaction, state: State) -> list[str]:
    """What keeps a rule from working in its channel, each with what to do, as Markdown."""
    place = _place(interaction, state)
    reason = why_not(state.policy, place, interaction.client)
    lacks = missing(place, state.policy)
    name = name_of(place)
    found = [f"\N{WARNING SIGN} {escaped(reason[0].upper() + reason[1:])}."] if reason else []
    found += [
        "\N{WARNING SIGN} "
        + gettext(
            "I lack **{permission}**: in the settings of {channel}, under Permissions, allow it for"
            " my role.",
            permission=each,
            channel=name,
        )
        for each in lacks
    ]
    all_is_well = gettext("I have all permissions that I need in {channel}.", channel=name)
    return found or [f"\N{WHITE HEAVY CHECK MARK} {all_is_well}"]


def _where(interaction: discord.Interaction, desk: Desk, state: State) -> discord.ui.LayoutView:
    """The first step: a channel and its rule."""
    place = _place(interaction, state)
    holds = state.policy == desk.policy(place.id, require_moderator(interaction))
    can_work = holds or why_not(state.policy, place, interaction.client) is None
    default = discord.SelectDefaultValue(
        id=state.channel, type=discord.SelectDefaultValueType.channel
    )
    channels: discord.ui.ChannelSelect[discord.ui.LayoutView] = discord.ui.ChannelSelect(
        custom_id=state.control(Press.PLACE).custom_id,
        channel_types=_KINDS,
        placeholder=gettext("A channel"),
        default_values=[default],
    )
    rule = gettext(
        "In {channel}: {rule}. Commands such as /ask work everywhere.",
        channel=name_of(place),
        rule=said_of(state.policy),
    )
    which, where = gettext("Which messages are questions"), gettext("Where I answer them")
    return panel(
        f"{gettext('### Step 1 of 3: where I answer')}\n{rule}",
        row(channels),
        _menu(state, Press.MESSAGES, which, MODES, state.policy.mode),
        _menu(state, Press.ANSWERS, where, REPLIES, state.policy.reply),
        "\n".join(_checked(interaction, state)),
        row(state.button(gettext("Save and go on"), Press.SAVE, is_enabled=can_work)),
    )


def _menu(
    state: State, press: Press, placeholder: str, texts: Mapping[Any, str], now: StrEnum
) -> Part:
    options = [
        discord.SelectOption(label=gettext(text), value=value, default=value == now)
        for value, text in texts.items()
    ]
    return menu(state.control(press), placeholder, options)


def _known(interaction: discord.Interaction, desk: Desk, state: State) -> discord.ui.LayoutView:
    """The second step: what is answered from."""
    server = require_moderator(interaction)
    names = desk.service.libraries.names_for(server)
    return panel(
        f"{gettext('### Step 2 of 3: what I know')}\n{_summary(interaction, desk, state)}",
        *([_collections(state, names, desk.service.libraries.chosen(server, 0))] if names else []),
        gettext(
            "-# /documents lists what I know; /footnote knowledge changes it, also for one channel."
        ),
        "\n".join(_checked(interaction, state)),
        row(
            state.button(gettext("Back"), Press.WHERE),
            state.button(gettext("Go on"), Press.WHO),
        ),
    )


def _collections(state: State, names: list[str], now: str | None) -> Part:
    """A menu of the collections that a server may use."""
    options = [
        discord.SelectOption(label=name, value=name, default=name == (now or DEFAULT))
        for name in (DEFAULT, *names[:_MOST_NAMES])
    ]
    text = gettext("What this server is answered from")
    return menu(state.control(Press.COLLECTION), text, options)


def _summary(interaction: discord.Interaction, desk: Desk, state: State) -> str:
    origin = replace(asked_from(interaction), channel=state.channel)
    return "\n".join(known_at(desk.service.libraries, origin))


async def _who(interaction: discord.Interaction, desk: Desk, state: State) -> discord.ui.LayoutView:
    """The third step: who may ask, and whether questions are recorded."""
    server, me = require_moderator(interaction), interaction.client.user
    name = gettext("my name") if me is None else escaped(me.name)
    records = desk.records(server)
    kept = await kept_for(desk, server)
    switch = (
        state.button(gettext("Stop recording"), Press.PAUSE)
        if records
        else state.button(gettext("Record questions"), Press.RECORD)
    )
    who = gettext(
        "Everybody who sees a channel may ask there. In **Server Settings › Integrations ›"
        " {name}**, you can choose who may use which command in which channels.",
        name=name,
    )
    recording = gettext(
        "Recording keeps public questions with who asked them, for /footnote gaps and statistics;"
        " /help tells members so."
    )
    back = state.button(gettext("Back"), Press.KNOWN)
    return panel(
        f"{gettext('### Step 3 of 3: who may ask')}\n{who}",
        f"**{_recorded(is_on=records)}** {recording} {kept}",
        gettext("What everybody in this server sees is in this language:"),
        _spoken(state, desk.language(server)),
        "\n".join(_checked(interaction, state)),
        row(back, switch, state.button(gettext("Finish"), Press.DONE)),
    )


def _spoken(state: State, now: str | None) -> Part:
    """A menu of the languages for what everybody sees."""
    names = {_OF_DISCORD: gettext("The language of the server in Discord, else English")}
    for language in (ENGLISH, *languages()):
        with speaking(language):
            names[language] = pgettext("this language, in itself", "English")
    options = [
        discord.SelectOption(label=name, value=value, default=value == (now or _OF_DISCORD))
        for value, name in names.items()
    ]
    return menu(state.control(Press.LANGUAGE), gettext("The language for everybody"), options)


def _language(value: str) -> str | None:
    """The language of a menu's option; None for that which Discord says."""
    if value not in (_OF_DISCORD, ENGLISH, *languages()):
        raise BrokenControlError
    return None if value == _OF_DISCORD else value


def _recorded(*, is_on: bool) -> str:
    return gettext("Questions are recorded.") if is_on else gettext("Questions are not recorded.")


def _done(interaction: discord.Interaction, desk: Desk, state: State) -> discord.ui.LayoutView:
    """What holds now."""
    place, server = _place(interaction, state), require_moderator(interaction)
    return panel(
        f"{gettext('### I am set up')}\n"
        f"- {name_of(place)}: {said_of(desk.policy(place.id, server))}.\n"
        f"{_summary(interaction, desk, state)}\n"
        f"- {_recorded(is_on=desk.records(server))}",
        "\n".join(_checked(interaction, state)),
        gettext(
            "-# Set up another channel with /footnote setup there; /footnote rules lists all rules,"
            " and /footnote channel also sets one for the whole server."
        ),
    )
