"""The setup in three steps: what it sets, what it checks, and whom it refuses."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest
import simcord

from bot.discord.controls import Action, Control
from bot.discord.database import Mode, Policy, Reply, opened
from tests.bot_process import answered, logged, started, stopped
from tests.discord_world import QUESTION, World, labels, said, settings_with, world_with
from tests.loopback import BOT, CHANNEL, SERVER, Loopback, interaction, user

A_MESSAGE = {
    "id": "7", "channel_id": str(CHANNEL), "author": user(BOT, is_bot=True), "content": "",
    "timestamp": "2026-01-01T00:00:00+00:00", "edited_timestamp": None, "tts": False,
    "mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [],
    "embeds": [], "pinned": False, "type": 0, "components": [], "flags": 0,
}  # fmt: skip


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A server whose bot may read only messages that are meant for it."""
    async with world_with(settings_with(), tmp_path) as world:
        yield world


def pressing(press: str, channel: simcord.ChannelHandle, policy: Policy) -> str:
    """The custom id of a part of the setup."""
    arguments = (press, str(channel.id), policy.mode, policy.reply)
    return Control(Action.SETUP, arguments).custom_id


async def test_three_steps_lead_to_a_summary(world: World) -> None:
    """Nothing is set before it is saved, and a restart between two steps changes nothing."""
    news = world.guild.create_text_channel("questions")
    await world.env.settle()
    began = await world.slash(world.moderator, "footnote setup")
    assert began.ephemeral
    message = began.response
    assert "Step 1 of 3" in said(began)
    assert "I have all permissions that I need in \\#general" in said(began)
    select = world.moderator.select
    default, off = Policy(), Policy(Mode.OFF)
    await select(message, [news], custom_id=pressing("place", world.channel, default))
    await select(message, ["off"], custom_id=pressing("messages", news, default))
    await select(message, ["thread"], custom_id=pressing("answers", news, off))
    assert "In \\#questions: **off" in said(began)
    policy = Policy(Mode.OFF, Reply.THREAD)
    assert world.bot.desk.policy(news.id, world.guild.id) == default
    await world.restart()
    await world.env.settle()
    await world.press(world.moderator, message, "Save and go on")
    assert world.bot.desk.policy(news.id, world.guild.id) == policy
    assert "1 document with 24 passages" in said(began)
    await world.press(world.moderator, message, "Go on")
    assert "Server Settings › Integrations" in said(began)
    assert "**Questions are not recorded.**" in said(began)
    await world.press(world.moderator, message, "Record questions")
    assert "**Questions are recorded.**" in said(began)
    assert "deleted after 90 days" in said(began)
    assert world.bot.desk.records(world.guild.id)
    await world.press(world.moderator, message, "Back")
    await world.press(world.moderator, message, "Back")
    assert "Step 1 of 3" in said(began)
    for label in ("Save and go on", "Go on", "Finish"):
        await world.press(world.moderator, message, label)
    assert "\\#questions: **off" in said(began)
    assert "Questions are recorded." in said(began)


async def test_the_server_chooses_among_its_collections(tmp_path: Path) -> None:
    """Of those that it may use; there is no menu where there are none."""
    folder = tmp_path / "cats"
    folder.mkdir()
    (folder / "cats.md").write_text("# Cats\n\nThe cat of the library is called Momo.\n")
    named = settings_with(
        collections=f"cats={folder},secret={folder}", collection_servers="secret=77"
    )
    async with world_with(named, tmp_path) as world:
        began = await world.slash(world.moderator, "footnote setup")
        await world.press(world.moderator, began.response, "Save and go on")
        which = pressing("collection", world.channel, Policy())
        with pytest.raises(simcord.SetupError, match="cats"):
            await world.moderator.select(began.response, ["secret"], custom_id=which)
        await world.moderator.select(began.response, ["cats"], custom_id=which)
        assert "Collection **cats**" in said(began)
        asked = await world.slash(world.alice, "ask", question="What is the library's cat called?")
        assert "Momo" in said(asked)


async def test_moderators_choose_the_language_of_what_everybody_sees(world: World) -> None:
    """In commands, mentions and what is handed on, after a restart too, and what one member sees
    stays theirs; without a choice it is that of the server in Discord."""
    began = await world.slash(world.moderator, "footnote setup")
    for label in ("Save and go on", "Go on"):
        await world.press(world.moderator, began.response, label)
    which = pressing("language", world.channel, Policy())
    await world.moderator.select(began.response, ["de"], custom_id=which)
    assert "Step 3 of 3" in said(began)
    await world.restart()
    await world.env.settle()
    assert "richtig" in said(await world.slash(world.alice, "ask", question=QUESTION))
    assert "richtig" in said(await world.mention(world.alice, QUESTION))
    private = await world.slash(world.alice, "ask", question=QUESTION, private=True)
    assert "right (" in said(private)
    await world.moderator.select(began.response, ["discord"], custom_id=which)
    assert "right (" in said(await world.mention(world.alice, QUESTION))
    assert world.bot.desk.language(world.guild.id) is None


async def test_what_holds_already_makes_no_rule(world: World) -> None:
    """So that the channel goes on to follow the rule of its server."""
    # It works for forums alone, and moderators of a text channel can go on nevertheless.
    await world.bot.desk.decide(world.guild.id, None, Policy(Mode.FORUM))
    began = await world.slash(world.moderator, "footnote setup")
    assert "This is not a forum" in said(began)
    await world.press(world.moderator, began.response, "Save and go on")
    assert "Step 2 of 3" in said(began)
    assert world.bot.desk.rules.of(world.guild.id) == {}


async def test_each_permission_that_is_missing_is_named(world: World) -> None:
    """With what to do about it, as far as the rule needs it."""
    me = world.guild.me
    assert me is not None
    denied = discord.PermissionOverwrite(send_messages=False, create_public_threads=False)
    channel = world.guild.create_text_channel("closed", overwrites={me: denied})
    await world.env.settle()
    began = await world.slash(world.moderator, "footnote setup", at=channel)
    lacks = "I lack **{}**: in the settings of \\#closed, under Permissions, allow it for my role."
    assert lacks.format("Send Messages") in said(began)
    assert "Create Public Threads" not in said(began)
    select = world.moderator.select
    which = pressing("answers", channel, Policy())
    await select(began.response, ["thread"], custom_id=which)
    assert lacks.format("Create Public Threads") in said(began)
    threads = Policy(reply=Reply.THREAD)
    await select(began.response, ["off"], custom_id=pressing("messages", channel, threads))
    assert "I lack" not in said(began)
    off = Policy(Mode.OFF, Reply.THREAD)
    await select(began.response, ["every"], custom_id=pressing("messages", channel, off))
    assert "Message Content Intent" in said(began)
    assert labels(began.response)["Save and go on"]["disabled"]


async def test_who_may_manage_the_server_no_more_sets_nothing(world: World) -> None:
    """The permission is checked at each press."""
    began = await world.slash(world.moderator, "footnote setup")
    world.env.backend.get_guild(world.guild.id).members[world.moderator.id].role_ids.clear()
    refused = await world.press(world.moderator, began.response, "Save and go on")
    assert "Only members with the permission Manage Server" in said(refused)


@pytest.mark.slow
async def test_a_press_reaches_no_other_server(fake: Loopback, tmp_path: Path) -> None:
    """Neither a moderator of another server, nor a member, nor what no button of ours says."""
    process = await started(fake.url, tmp_path)
    await logged(process, "connected: 2 servers")
    for number, (press, channel, permissions, said_then) in enumerate(
        (
            ("save", CHANNEL + 1, "32", "This channel was deleted"),
            ("save", CHANNEL, "2048", "Only members with the permission Manage Server"),
            ("steal", CHANNEL, "32", "This button does not work any more"),
        )
    ):
        token = f"press-{number}"
        event = interaction(9_000 + number, token, "", [], SERVER)
        event["member"]["permissions"] = permissions
        custom_id = f"footnote:setup:{press}:{channel}:off:inline"
        pressed = {"custom_id": custom_id, "component_type": 2}
        fake.answered[token] = asyncio.Event()
        await fake.dispatch(
            "INTERACTION_CREATE", {**event, "type": 3, "data": pressed, "message": A_MESSAGE}
        )
        assert said_then in await answered(fake, token)
    await stopped(process)
    database = opened(None, tmp_path)
    assert database.store.read("select * from policies") == []
    database.close()
