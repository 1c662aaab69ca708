"""The rule of a whole server, the list of its rules, and how they are removed."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.discord.controls import Action, Control
from bot.discord.database import Mode, Policy, Reply
from tests.discord_world import QUESTION, World, labels, said, settings_with, world_with


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A server whose bot may read all messages."""
    async with world_with(settings_with(message_content=True), tmp_path) as world:
        yield world


async def decide(world: World, **options: Any) -> str:
    """A moderator's `/footnote channel`; what the bot says."""
    return said(await world.slash(world.moderator, "footnote channel", **options))


async def test_a_channel_overrides_the_rule_of_its_server(world: World) -> None:
    """And goes by it again when its own is removed, after a restart as well."""
    quiet = world.guild.create_text_channel("quiet")
    guild = world.guild.id
    text = await decide(world, messages="off", everywhere=True)
    assert text.startswith("All other channels: **off")
    await decide(world, messages="mentions", answers="thread", channel=world.channel)
    await world.restart()
    await world.env.settle()
    assert world.bot.desk.policy(quiet.id, guild) == Policy(Mode.OFF)
    assert world.bot.desk.policy(quiet.id, guild + 1) == Policy()
    assert world.bot.desk.policy(world.channel.id, guild).reply is Reply.THREAD
    await world.mention(world.alice, QUESTION, quiet)
    assert len(quiet.history()) == 1
    assert "**off" in await decide(world, messages="none", channel=world.channel)
    assert world.bot.desk.policy(world.channel.id, guild) == Policy(Mode.OFF)
    assert "**when mentioned" in await decide(world, messages="none", everywhere=True)
    assert world.bot.desk.policy(quiet.id, guild) == Policy()
    both = await decide(world, messages="off", channel=quiet, everywhere=True)
    assert "either a channel or everywhere" in both


async def test_rules_are_listed_by_name_and_removed(world: World) -> None:
    """That of the server first; of channels that were deleted nothing is said."""
    desk, guild = world.bot.desk, world.guild.id
    await desk.decide(guild, None, Policy(Mode.EVERY))
    await desk.decide(guild, 12345, Policy(Mode.OFF))
    channels = [world.guild.create_text_channel(f"c{number:02}") for number in range(17)]
    await world.env.settle()
    for channel in reversed(channels):
        await desk.decide(guild, channel.id, Policy(Mode.OFF))
    listed = await world.slash(world.moderator, "footnote rules")
    assert listed.ephemeral
    lines = said(listed).splitlines()
    assert lines[1].startswith("**All other channels**: **every message**")
    names = [line.partition(":")[0] for line in lines[2:]]
    assert names == [f"- \\#c{number:02}" for number in range(15)]
    await world.press(world.moderator, listed.response, "Next →")
    assert [line[3:7] for line in said(listed).splitlines()[2:]] == ["#c15", "#c16"]
    which = Control(Action.UNRULE, ("1",)).custom_id
    for value in (str(channels[15].id), "server"):
        await world.moderator.select(listed.response, [value], custom_id=which)
    text = said(listed)
    assert "#c15" not in text
    assert "#c16" in text
    assert "**All other channels**: **when mentioned" in text
    assert world.bot.desk.policy(channels[15].id, guild) == Policy()
    assert not labels(listed.response)["← Previous"].get("disabled")


async def test_who_may_manage_the_server_no_more_removes_no_rule(world: World) -> None:
    """The permission is checked when something is pressed, not only before."""
    desk, guild = world.bot.desk, world.guild.id
    await desk.decide(guild, world.channel.id, Policy(Mode.OFF))
    listed = await world.slash(world.moderator, "footnote rules")
    world.env.backend.get_guild(guild).members[world.moderator.id].role_ids.clear()
    refused = await world.moderator.select(listed.response, [str(world.channel.id)])
    assert "Only members with the permission Manage Server" in said(refused)
    assert desk.policy(world.channel.id, guild) == Policy(Mode.OFF)
