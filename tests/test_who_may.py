"""Who may do what: moderators, helpers and the bot itself, whatever a server's settings let
through."""

from types import SimpleNamespace
from typing import Any
from unittest.mock import create_autospec

import discord
import pytest
from discord import app_commands

from bot.discord.controls import Action, BrokenControlError, Control
from bot.discord.database import Mode, Policy, Reply
from bot.discord.grants import missing
from bot.discord.handing import HandingError
from bot.discord.helping import open_form
from bot.discord.moderation import Moderation
from bot.discord.moderators import require_moderator
from bot.discord.rules import remove_rule, turn_rules, why_not

SERVER, ROLE, OTHER_ROLE = 7, 70, 71
MANAGES = discord.Permissions(manage_guild=True)
EVERYTHING_ELSE = discord.Permissions(discord.Permissions.all().value & ~MANAGES.value)


def _interaction(
    permissions: discord.Permissions, server: int | None = SERVER, roles: tuple[int, ...] = ()
) -> Any:
    """That of a member with some roles."""
    member = create_autospec(discord.Member, instance=True)
    member.guild.id = server
    member.get_role = lambda role: role if role in roles else None
    return SimpleNamespace(guild_id=server, permissions=permissions, user=member, message=None)


def test_a_moderator_is_who_may_manage_the_server() -> None:
    """Every other permission together is not enough, and nobody is one outside of a server."""
    assert require_moderator(_interaction(MANAGES)) == SERVER
    with pytest.raises(app_commands.MissingPermissions) as refused:
        require_moderator(_interaction(EVERYTHING_ELSE))
    assert refused.value.missing_permissions == ["manage_guild"]
    with pytest.raises(app_commands.NoPrivateMessage):
        require_moderator(_interaction(MANAGES, server=None))


def test_the_commands_of_moderators_are_hidden_from_others() -> None:
    """Until a server decides otherwise; in direct messages and for guests there are none."""
    group = Moderation()
    assert group.name == "footnote"
    assert group.default_permissions == MANAGES
    assert group.allowed_contexts is not None
    assert group.allowed_installs is not None
    assert group.allowed_contexts.to_array() == [0]
    assert group.allowed_installs.to_array() == [0]


@pytest.mark.parametrize(
    ("kind", "policy", "needed"),
    [
        (discord.TextChannel, Policy(Mode.OFF, Reply.THREAD), ()),
        (
            discord.TextChannel,
            Policy(Mode.MENTIONS, Reply.INLINE),
            ("View Channel", "Send Messages", "Read Message History"),
        ),
        (
            discord.TextChannel,
            Policy(Mode.EVERY, Reply.THREAD),
            (
                *("View Channel", "Send Messages", "Read Message History"),
                *("Create Public Threads", "Send Messages in Threads"),
            ),
        ),
        (
            discord.ForumChannel,
            Policy(Mode.FORUM, Reply.INLINE),
            ("View Channel", "Send Messages in Threads", "Read Message History"),
        ),
    ],
)
def test_what_the_bot_lacks_is_named(kind: type, policy: Policy, needed: tuple[str, ...]) -> None:
    """All that a rule needs, no more, and of that only what was not granted."""
    place = create_autospec(kind, instance=True)
    granted = {place.guild.me: discord.Permissions.none()}
    place.permissions_for = granted.__getitem__
    assert missing(place, policy) == list(needed)
    granted[place.guild.me] = discord.Permissions.all()
    assert missing(place, policy) == []
    granted[place.guild.me] = discord.Permissions(view_channel=True)
    assert missing(place, policy) == [name for name in needed if name != "View Channel"]


@pytest.mark.parametrize(
    ("mode", "kind", "reads", "reason"),
    [
        (Mode.FORUM, discord.TextChannel, True, "this is not a forum; choose"),
        (Mode.FORUM, discord.ForumChannel, True, None),
        (Mode.FORUM, None, True, None),
        (Mode.FORUM, discord.ForumChannel, False, "I cannot read messages that"),
        (Mode.EVERY, discord.ForumChannel, True, "a forum has posts, not messages"),
        (Mode.EVERY, discord.TextChannel, True, None),
        (Mode.EVERY, discord.TextChannel, False, "I cannot read messages that"),
        (Mode.EVERY, None, False, "I cannot read messages that"),
        (Mode.MENTIONS, discord.ForumChannel, False, None),
        (Mode.MENTIONS, discord.TextChannel, False, None),
        (Mode.OFF, discord.ForumChannel, False, None),
    ],
)
def test_a_rule_that_cannot_work_is_refused(
    mode: Mode, kind: type | None, reads: bool, reason: str | None
) -> None:
    """Each mode in each kind of channel and in the whole server, with and without the privilege."""
    place = None if kind is None else create_autospec(kind, instance=True)
    client: Any = SimpleNamespace(intents=SimpleNamespace(message_content=reads))
    said = why_not(Policy(mode), place, client)
    if reason is None:
        assert said is None
    else:
        assert str(said).startswith(reason)


@pytest.mark.parametrize("value", ["", "x", "-1", "1 or 1=1", "\u0661\u0662", "\u00b2", "Server"])
async def test_a_forged_choice_removes_no_rule(value: str) -> None:
    """What no menu of ours offers is refused before anything is read or written."""
    desk: Any = None
    with pytest.raises(BrokenControlError):
        control = Control(Action.UNRULE, ("0",))
        await remove_rule(_interaction(MANAGES), desk, control, {"values": [value]})


async def test_rules_are_shown_and_removed_by_moderators_alone() -> None:
    """Whoever presses, and whatever else they may do."""
    desk: Any = None
    with pytest.raises(app_commands.MissingPermissions):
        await turn_rules(_interaction(EVERYTHING_ELSE), desk, Control(Action.RULES, ("0",)))
    with pytest.raises(app_commands.MissingPermissions):
        control = Control(Action.UNRULE, ("0",))
        await remove_rule(_interaction(EVERYTHING_ELSE), desk, control, {"values": ["5"]})


@pytest.mark.parametrize(
    ("permissions", "roles", "chosen", "may_answer", "may_teach"),
    [
        (MANAGES, (), None, True, True),
        (MANAGES, (), ROLE, True, True),
        (EVERYTHING_ELSE, (ROLE,), ROLE, True, False),
        (EVERYTHING_ELSE, (OTHER_ROLE,), ROLE, False, False),
        (EVERYTHING_ELSE, (ROLE,), None, False, False),
        (EVERYTHING_ELSE, (), ROLE, False, False),
    ],
)
async def test_who_may_answer_and_who_may_teach(
    permissions: discord.Permissions,
    roles: tuple[int, ...],
    chosen: int | None,
    may_answer: bool,
    may_teach: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Moderators both; the role that was chosen answers only; others get no form."""
    shown: list[tuple[object, str, Control, str | None]] = []

    async def show_form(
        whom: object, title: str, control: Control, *, question: str | None
    ) -> None:
        shown.append((whom, title, control, question))

    monkeypatch.setattr("bot.discord.helping.question_above", {"handed on": "Who?"}.__getitem__)

    monkeypatch.setattr("bot.discord.helping.show_form", show_form)
    helpers = None if chosen is None else SimpleNamespace(role=chosen)
    desk: Any = SimpleNamespace(helpers={SERVER: helpers}.__getitem__)
    for action, may, form in (
        (Action.REPLY, may_answer, ("Answer", None)),
        (Action.LESSON, may_teach, ("Answer and teach", "Who?")),
    ):
        shown.clear()
        control = Control(action, ("1",))
        interaction = _interaction(permissions, roles=roles)
        interaction.message = "handed on"
        try:
            await open_form(interaction, desk, control)
        except (HandingError, app_commands.MissingPermissions):
            assert not may
            assert shown == []
        else:
            assert may
            assert shown == [(interaction, form[0], control, form[1])]


async def test_nobody_answers_outside_of_a_server() -> None:
    """Nor does who is no member, such as a webhook or somebody who has left."""
    desk: Any = SimpleNamespace(helpers=lambda _: None)
    control = Control(Action.REPLY, ("1",))
    with pytest.raises(app_commands.NoPrivateMessage):
        await open_form(_interaction(MANAGES, server=None), desk, control)
    stranger = _interaction(MANAGES)
    stranger.user = create_autospec(discord.User, instance=True)
    with pytest.raises(HandingError, match="Only moderators and the role"):
        await open_form(stranger, desk, control)
