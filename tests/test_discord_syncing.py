"""The commands as they are sent: within Discord's limits, and sent only when they changed."""

from pathlib import Path
from typing import Any

import pytest
from discord.app_commands import Translator

from bot.discord.client import FootnoteBot, intents
from bot.discord.syncing import payload, payload_hash, problems
from tests.discord_laws import broken_by
from tests.discord_world import new_bot, settings_with, world_with


@pytest.fixture
def bot(tmp_path: Path) -> FootnoteBot:
    """A bot that is not connected."""
    return new_bot(settings_with(), tmp_path)


async def test_our_commands_are_what_discord_takes(bot: FootnoteBot) -> None:
    """By its limits, and by its description where that is there."""
    commands = await payload(bot.tree, Translator())
    assert problems(commands) == []
    assert broken_by("PUT", "/applications/1/commands", commands) == []
    assert {command["name"] for command in commands} == {
        "ask", "search", "source", "documents", "help", "footnote", "Answer this", "Teach this",
        "forget-me",
    }  # fmt: skip


async def test_where_commands_can_be_used(bot: FootnoteBot) -> None:
    """Everywhere and by members who installed the bot; those of moderators in servers only."""
    for command in await payload(bot.tree, Translator()):
        is_moderators = command["name"] in ("footnote", "Teach this")
        assert command["contexts"] == ([0] if is_moderators else [0, 1, 2])
        assert command["integration_types"] == ([0] if is_moderators else [0, 1])
        assert command["default_member_permissions"] == (32 if is_moderators else None)


def command(**changes: Any) -> dict[str, Any]:
    """A command that Discord takes, changed."""
    return {"name": "ask", "description": "Ask", "type": 1, "options": [], **changes}


def option(**changes: Any) -> dict[str, Any]:
    """An option that Discord takes, changed."""
    return {"name": "text", "description": "Text", "type": 3, **changes}


CHOICES = [{"name": "x" * 100, "value": "y" * 100}] * 25


@pytest.mark.parametrize(
    ("commands", "said"),
    [
        ([command(name="Ask")], "lowercase letters"),
        ([command(name="a b")], "lowercase letters"),
        ([command(name="x" * 33)], "1 to 32"),
        ([command(description="")], "description"),
        ([command(description="x" * 101)], "description"),
        ([command(options=[option()] * 26)], "25 are allowed"),
        ([command(options=[option(), option(required=True)])], "required option"),
        ([command(options=[option(choices=CHOICES * 2)])], "25 choices"),
        ([command(options=[option(choices=CHOICES)] * 5)], "8,000 are allowed"),
        ([command(options=[option(name="Bad")])], "ask Bad"),
        ([command(type=3, name="x" * 33, description="")], "1 to 32"),
        ([command()] * 101, "100 are allowed"),
        ([command(type=3, description="")] * 16, "15 are allowed"),
    ],
)
def test_what_discord_would_refuse_is_named(commands: list[dict[str, Any]], said: str) -> None:
    """Every limit has an example that breaks it."""
    assert any(said in problem for problem in problems(commands))


def test_the_hash_knows_the_same_commands() -> None:
    """In whatever order they come; and a changed word is another hash."""
    one, two = command(), command(name="search")
    assert payload_hash([one, two]) == payload_hash([two, one])
    assert payload_hash([one]) != payload_hash([command(description="Ask me")])


def test_intents_are_the_least() -> None:
    """Three, and the content of messages only where a setting says so."""
    for message_content in (False, True):
        wanted = {"guilds", "guild_messages", "dm_messages"}
        wanted |= {"message_content"} if message_content else set()
        assert {name for name, on in intents(message_content=message_content) if on} == wanted


async def test_commands_are_sent_again_when_they_changed(tmp_path: Path) -> None:
    """Not on a restart, but after another version was sent."""
    async with world_with(settings_with(), tmp_path) as world:

        def puts() -> int:
            return sum(entry.method == "PUT" for entry in world.env.http_requests)

        assert puts() == 1
        await world.restart()
        assert puts() == 1
        application = world.bot.application_id
        assert application is not None
        world.bot.desk.database.set_synced(application, "of an earlier version")
        await world.restart()
        assert puts() == 2
