"""Who may do what: every command and every button, as each kind of person, and in private.

Each command and each action needs a line in the tables here: a new one fails without.
"""

import asyncio
from collections.abc import AsyncIterator
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord
import pytest
import simcord
from discord import app_commands

from bot.discord.client import build_tree
from bot.discord.controls import Action, Control
from bot.discord.moderators import require_moderator
from tests.discord_world import (
    OFF_TOPIC,
    QUESTION,
    World,
    acknowledged,
    said,
    settings_with,
    world_with,
)
from tests.uploading import attachments

pytestmark = pytest.mark.slow

MODERATORS = "Only members with the permission Manage Server can do that"
ASKER = "Only the person who asked and moderators can rate this answer"
OTHER_ASKER = "Only the person who asked can hand"
HELPERS = "Only moderators and the role"

EVERYBODY: dict[str, dict[str, Any]] = {
    "ask": {"question": QUESTION, "private": True},
    "search": {"query": "twinned cities"},
    "source": {"document": "mexico-palestine-relations.md"},
    "documents": {},
    "help": {},
    "forget-me": {},
    "Answer this": {},
}
"""The commands that each member has in every place, with options."""

FOR_MODERATORS: dict[str, dict[str, Any]] = {
    "footnote setup": {},
    "footnote channel": {"messages": "off"},
    "footnote rules": {},
    "footnote status": {},
    "footnote gaps": {},
    "footnote feedback": {},
    "footnote statistics": {},
    "footnote record": {"questions": True},
    "footnote forget": {"member": None},  # the moderator, below
    "footnote reload": {},
    "footnote knowledge use": {"name": "default"},
    "footnote knowledge add": {"file": ("pool.md", b"# Pool\n\nThe pool opens at nine.\n")},
    "footnote knowledge list": {},
    "footnote knowledge remove": {"name": "pool.md"},
    "footnote knowledge undo": {},
    "footnote taught list": {},
    "footnote taught edit": {"question": "x"},
    "footnote taught remove": {"question": "x"},
    "footnote taught export": {},
    "footnote helpers": {},
    "Teach this": {},
}
"""Those of moderators, which do nothing for anybody else, and are in no direct message."""

MANAGE = discord.Permissions(manage_guild=True).value
RECORDED = "Questions in this server are recorded"
DIRECT = app_commands.AppCommandContext(dm_channel=True).to_array()[0]
BUTTON = discord.ComponentType.button.value

MENUS = ("Answer this", "Teach this")

ACTIONS: dict[Action, tuple[str, tuple[str, ...]]] = {
    Action.READ: ("", ("A" * 22,)),
    Action.TURN: ("", ("A" * 22,)),
    Action.LIST: ("", ("0", "A" * 22)),
    Action.LEAF: ("", ("0", "A" * 22)),
    Action.DOCUMENTS: ("", ("0",)),
    Action.FORGET: ("", ()),
    Action.WRONG: ("", ()),
    Action.HELPFUL: (ASKER, ("ALICE",)),
    Action.UNHELPFUL: (ASKER, ("ALICE",)),
    Action.EXPECTED: (ASKER, ("ALICE",)),
    Action.PERSON: (OTHER_ASKER, ("ALICE",)),
    Action.REPLY: (HELPERS, ("1",)),
    Action.DISMISS: (HELPERS, ("1",)),
    Action.LESSON: (HELPERS, ("1",)),
    Action.UPLOADS: (MODERATORS, ("0",)),
    Action.TEACH: (MODERATORS, ("1", "1")),
    Action.AMEND: (MODERATORS, ("1",)),
    Action.TAUGHT: (MODERATORS, ("0",)),
    Action.SETUP: (MODERATORS, ("show", "1", "mentions", "inline")),
    Action.RULES: (MODERATORS, ("0",)),
    Action.UNRULE: (MODERATORS, ("0",)),
}
"""What a button says to a member whom it is not for, and what it carries."""

REFUSALS = (MODERATORS, ASKER, HELPERS, OTHER_ASKER)


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """A server where nothing counts for limits, and files can be added."""
    settings = settings_with(limit_user=0, limit_channel=0, limit_server=0)
    async with attachments() as files, world_with(settings, tmp_path) as world:
        monkeypatch.setattr("simcord.backend.cdn.CDN_BASE", files.url)
        files.contents = world.env.backend.cdn._blobs
        yield world


def stranger(world: World) -> simcord.MemberActor:
    """A member who is a moderator of another server."""
    other = world.env.create_guild("Another server")
    role = other.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    user = world.env.create_user("stranger")
    other.add_member(user, roles=[role])
    return world.guild.add_member(user)


async def show_everything(world: World, *members: simcord.MemberActor) -> None:
    """The server's settings let members use commands that are not meant for them."""
    for command in await world.bot.tree.fetch_commands():
        shown = dict.fromkeys(members, True)
        world.guild.set_command_permissions(command, shown)


async def given(world: World, member: simcord.MemberActor, name: str) -> str:
    """What a command says to a member, or "form" where it opens one."""
    options = {**EVERYBODY, **FOR_MODERATORS}[name]
    if name in MENUS:
        message = await world.bob.send(world.channel, QUESTION)
        result = acknowledged(await member.context_menu(world.channel, name, message))
    else:
        about = {"member": world.moderator} if "member" in options else {}
        result = await world.slash(member, name, **{**options, **about})
    if result.modal is not None:
        return "form"
    assert result.ephemeral or name == "Answer this"
    return said(result)


def tree() -> app_commands.CommandTree[Any]:
    """The commands, without a bot that runs."""
    return build_tree(discord.Client(intents=discord.Intents.none()))  # type: ignore[arg-type]


def commands_in(commands: app_commands.CommandTree[Any]) -> dict[str, Any]:
    """All commands by their names, with those of messages."""
    kinds = (
        discord.AppCommandType.chat_input,
        discord.AppCommandType.message,
        discord.AppCommandType.user,
    )
    found = [each for kind in kinds for each in commands.walk_commands(type=kind)]
    return {each.qualified_name: each for each in found if not isinstance(each, app_commands.Group)}


def test_every_command_has_a_line() -> None:
    """Whoever adds one says whom it is for."""
    assert set(commands_in(tree())) == EVERYBODY.keys() | FOR_MODERATORS.keys()
    assert not EVERYBODY.keys() & FOR_MODERATORS.keys()


def test_every_action_has_a_line() -> None:
    """Whoever adds a button says whom it is for."""
    assert set(Action) == ACTIONS.keys()


async def test_each_command_is_for_whom_it_is(world: World) -> None:
    """Whatever a server's settings show: a member, another server's moderator, a moderator."""
    other = stranger(world)
    await world.env.settle()
    await show_everything(world, world.alice, other)
    for name in (*EVERYBODY, *FOR_MODERATORS):
        is_refused = name in FOR_MODERATORS
        for member in (world.alice, other):
            assert (MODERATORS in await given(world, member, name)) == is_refused, name
        assert MODERATORS not in await given(world, world.moderator, name), name


async def test_commands_of_moderators_are_hidden_from_others(world: World) -> None:
    """As long as a server's settings do not show them."""
    slash = FOR_MODERATORS.keys() - set(MENUS)
    assert slash <= set(world.moderator.available_commands(world.channel))
    assert not slash & set(world.alice.available_commands(world.channel))


def test_direct_messages_have_no_command_of_moderators() -> None:
    """Discord is told so, and whom to show the others to; where it sends one, it is refused."""
    commands = tree()
    nowhere: Any = SimpleNamespace(guild_id=None, permissions=discord.Permissions.all())
    for name, command in commands_in(commands).items():
        told = (getattr(command, "root_parent", None) or command).to_dict(commands)
        shown = DIRECT in told["contexts"], told["default_member_permissions"]
        assert shown == ((True, None) if name in EVERYBODY else (False, MANAGE)), name
        if name in FOR_MODERATORS and name not in MENUS:
            with pytest.raises(app_commands.NoPrivateMessage):
                asyncio.run(command._check_can_run(nowhere))
    with pytest.raises(app_commands.NoPrivateMessage):
        require_moderator(nowhere)  # which the menu calls


async def test_direct_messages_are_for_everybody(world: World) -> None:
    """The commands that are there answer."""
    await world.alice.send_dm("hello")
    for name in EVERYBODY.keys() - set(MENUS):
        result = acknowledged(await world.alice.user.slash(name, **EVERYBODY[name]))
        assert not any(each in said(result) for each in REFUSALS), name


async def test_each_button_is_for_whom_it_is(world: World) -> None:
    """However it came under a message: pressed by a member who did not ask, by another server's
    moderator, and by a moderator."""
    other = stranger(world)
    await world.env.settle()
    answer = (await world.slash(world.alice, "ask", question=QUESTION)).response
    assert answer is not None
    stored = world.env.backend.get_message(world.channel.id, answer.id)
    components = deepcopy(stored.components)

    async def says(member: simcord.MemberActor, control: Control) -> str:
        # What was turned to another page is put back.
        stored.components = deepcopy(components)
        first, *others = (part for part in _walk(stored) if part.get("type") == BUTTON)
        first["custom_id"] = control.custom_id
        for number, each in enumerate(others):
            each["custom_id"] = f"other{number}"
        result = acknowledged(await member.click(answer, custom_id=control.custom_id))
        return "form" if result.modal is not None else said(result)

    for action, (refusal, arguments) in ACTIONS.items():
        mine = tuple(str(world.alice.id) if one == "ALICE" else one for one in arguments)
        for member in (world.bob, other):
            told = await says(member, Control(action, mine))
            found = [each for each in REFUSALS if each in told]
            assert found == ([refusal] if refusal else []), (action, told)
        told = await says(world.moderator, Control(action, mine))
        # Only who asked hands a question on.
        is_refused = any(each in told for each in REFUSALS)
        assert is_refused == (action is Action.PERSON), (action, told)


def _walk(part: Any) -> Any:
    """All components of a message, or within a component."""
    for one in part if isinstance(part, list) else getattr(part, "components", None) or []:
        yield one
        yield from _walk(one.get("components", []))


REPORTS = (
    "footnote gaps",
    "footnote feedback",
    "footnote statistics",
    "footnote rules",
    "footnote status",
    "footnote knowledge list",
    "footnote taught list",
    "footnote setup",
)
"""The commands that show moderators what their server has."""


async def test_reports_are_those_of_the_server(world: World) -> None:
    """Of what one server has, recorded and set, another server's moderator is shown nothing, and
    can delete nothing."""
    await world.slash(world.moderator, "footnote record", questions=True)
    answer = await world.slash(world.alice, "ask", question=QUESTION)
    await world.slash(world.alice, "ask", question=OFF_TOPIC)
    await world.press(world.alice, answer.response, "👍")
    assert "pool" in await given(world, world.moderator, "footnote knowledge add")
    rare = world.guild.create_text_channel("rarities")
    await world.slash(world.moderator, "footnote channel", channel=rare, messages="off")
    other = world.env.create_guild("Another server")
    role = other.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    moderator = other.add_member(world.env.create_user("mod2"), roles=[role])
    there = other.add_member(world.alice.user)
    at = other.create_text_channel("general")
    await world.env.settle()
    marks = ("rarities", "pool", "1 declined", "Helpful: 1", "Documents of this server", RECORDED)

    async def shown(member: simcord.MemberActor, place: simcord.ChannelHandle) -> set[str]:
        texts = []
        for name in REPORTS:
            result = await world.slash(member, name, at=place)
            texts.append(said(result) + str(getattr(result.response, "content", "")))
        return {mark for mark in marks if mark in "\n".join(texts)}

    assert await shown(world.moderator, world.channel) == set(marks)
    assert await shown(moderator, at) == set()
    for name in ("footnote knowledge undo", "footnote knowledge remove", "footnote forget"):
        options = {"member": there} if "forget" in name else FOR_MODERATORS[name]
        await world.slash(moderator, name, at=at, **options)
    assert await shown(world.moderator, world.channel) == set(marks)


async def test_no_program_is_answered(world: World) -> None:
    """Neither another bot nor a webhook, which send messages and nothing else."""
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))
    webhook = world.guild.create_webhook(world.channel)
    assert world.bot.user is not None
    text = f"<@{world.bot.user.id}> {QUESTION}"
    for sending in (robot.send(world.channel, text), webhook.send(text)):
        sent = await sending
        assert world.channel.last_message is not None
        assert world.channel.last_message.id == sent.id
    answer = await world.mention(world.bob, QUESTION)
    assert answer is not None
    assert answer.author.id == world.bot.user.id
