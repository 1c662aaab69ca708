"""Whom the bot answers where its operator chose servers and members, and whom it leaves alone."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.admission import Admission
from tests.bot_process import answered, logged, started, stopped
from tests.discord_world import OFF_TOPIC, QUESTION, World, said, settings_with, world_with
from tests.loopback import SERVER, SERVERS, Loopback, interaction, user

NOT_HERE = "I do not answer here"
ELSEWHERE = 99
GUEST = 9_999
"""A server that the bot is not in."""


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A server with the bot in it, which answers everybody so far."""
    async with world_with(settings_with(message_content=True), tmp_path) as world:
        yield world


def choose(world: World, *, servers: set[int] | None = None, users: set[int] | None = None) -> None:
    """The operator's choice."""
    admission = Admission(frozenset(servers or ()), frozenset(users or ()))
    world.bot.desk.admission = admission


async def test_a_server_that_was_not_chosen_gets_a_sentence_for_commands(world: World) -> None:
    """To moderators too, and to presses; messages are left alone, nothing is suggested or kept."""
    await world.slash(world.moderator, "footnote record", questions=True)
    before = await world.slash(world.alice, "ask", question=QUESTION)
    kept = world.bot.desk.database.store.read("select * from questions")
    choose(world, servers={ELSEWHERE})
    asked = [
        await world.slash(world.alice, "ask", question=OFF_TOPIC),
        await world.slash(world.alice, "search", query="twin"),
        await world.slash(world.moderator, "footnote record", questions=False),
        await world.press(world.bob, before.response, "Context"),
        await world.press(world.alice, before.response, "👍"),
    ]
    for result in asked:
        assert result.ephemeral
        assert NOT_HERE in said(result)
    wrote = await world.mention(world.alice, QUESTION)
    assert wrote is not None
    assert wrote.author.id == world.alice.id
    assert await world.alice.autocomplete(world.channel, "ask", "question", "twin") == []
    read = world.bot.desk.database.store.read
    assert read("select * from questions") == kept
    assert read("select * from feedback") == []
    assert world.bot.desk.records(world.guild.id)


async def test_a_server_that_was_chosen_is_answered(world: World) -> None:
    """And its members are strangers in direct messages, until they are chosen themselves."""
    choose(world, servers={world.guild.id, ELSEWHERE})
    assert "Monterrey" in said(await world.mention(world.alice, QUESTION))
    assert "Monterrey" in said(await world.slash(world.alice, "ask", question=QUESTION))
    await world.alice.send_dm(QUESTION)
    channel = world.alice.user.dm_channel
    assert len(channel.history()) == 1
    assert NOT_HERE in said(await world.alice.user.slash("ask", question=QUESTION))
    choose(world, servers={world.guild.id}, users={world.alice.id})
    await world.alice.send_dm(QUESTION)
    assert "Monterrey" in said(channel.last_message)
    assert "Monterrey" in said(await world.alice.user.slash("ask", question=QUESTION))


@pytest.mark.parametrize(
    ("servers", "users", "server", "user", "is_admitted"),
    [
        ((), (), 1, 5, True),
        ((), (), None, 5, True),
        ((1,), (), 1, 5, True),
        ((1,), (), 2, 5, False),
        ((1,), (), None, 5, False),
        ((), (5,), 2, 6, True),
        ((), (5,), None, 6, False),
        ((1,), (5,), None, 5, True),
        ((1,), (5,), 2, 5, False),
    ],
)
def test_servers_and_members_are_chosen_apart(
    servers: tuple[int, ...],
    users: tuple[int, ...],
    server: int | None,
    user: int,
    *,
    is_admitted: bool,
) -> None:
    """In a server its choice counts, anywhere else that of members; without any, all are asked."""
    admission = Admission(frozenset(servers), frozenset(users))
    assert admission.admits(server, user) is is_admitted


@pytest.mark.slow
async def test_over_the_wire_strangers_get_a_sentence(fake: Loopback, tmp_path: Path) -> None:
    """Where only a member installed the bot, that member counts, not the server's id."""
    chosen = {"FOOTNOTE_SERVERS": f"{SERVER},{GUEST}", "FOOTNOTE_USERS": "7"}
    process = await started(fake.url, tmp_path, **chosen)
    await logged(process, "connected: 2 servers")
    said_to = {}
    for number, (server, member) in enumerate(
        ((SERVER, 5), (SERVERS[1], 7), (GUEST, 5), (GUEST, 7))
    ):
        token = f"ask-{number}"
        question = {"name": "question", "type": 3, "value": QUESTION}
        event = interaction(9_000 + number, token, "ask", [question], server)
        event["member"]["user"] = user(member)
        # Of a server that the bot is not in, only this is known.
        event["channel"]["position"] = 0
        fake.answered[token] = asyncio.Event()
        await fake.dispatch("INTERACTION_CREATE", event)
        said_to[server, member] = await answered(fake, token)
    await stopped(process)
    assert "Monterrey" in said_to[SERVER, 5]
    assert NOT_HERE in said_to[SERVERS[1], 7]
    assert NOT_HERE in said_to[GUEST, 5]
    assert "Monterrey" in said_to[GUEST, 7]
