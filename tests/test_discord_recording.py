"""How long records are kept, and how members delete their own."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.discord.database import Asked, Database, Rating
from bot.discord.departures import HOUR
from bot.discord.retention import Retention
from tests.discord_world import OFF_TOPIC, QUESTION, World, said, settings_with, world_with

ASKED = Asked(1, 1, 10, 5, "Question?", is_answered=False, confidence=0.1)
RATED = Rating(1, 1, 10, 5, is_helpful=True)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A server whose questions are recorded."""
    async with world_with(settings_with(), tmp_path) as world:
        await world.slash(world.moderator, "footnote record", questions=True)
        yield world


def age(database: Database, days: int) -> None:
    """Let all records be some days older."""
    then = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
    for statement in ("update questions set asked_at = ?", "update feedback set given_at = ?"):
        database.store.write(lambda t, statement=statement: t.execute(statement, (then,)))


@pytest.mark.parametrize(
    ("days", "chosen", "left"),
    [(89, None, 0), (91, None, 1), (0, None, 1), (89, 0, 1), (0, 30, 0), (30, 365, 1)],
)
def test_what_is_too_old_is_deleted(
    open_database: Callable[[], Database], days: int, chosen: int | None, left: int
) -> None:
    """Questions and ratings; moderators choose for their server, others keep the default."""
    database = open_database()
    retention = Retention(database, days)
    for server in (1, 2):
        database.record(replace(ASKED, server=server, message=server))
        database.rate(replace(RATED, server=server, message=server))
    age(database, 90)
    if chosen is not None:
        retention.set_days(1, chosen)
        assert retention.days_of(1) == chosen
    assert retention.days_of(2) == days
    retention.review()
    others = 0 if 0 < days < 90 else 1
    for statement in (
        "select server from questions order by server",
        "select server from feedback order by server",
    ):
        assert database.store.read(statement) == [(1,)] * left + [(2,)] * others


async def test_the_hourly_review_deletes(world: World) -> None:
    """After the days that moderators chose, which the bot says."""
    text = said(await world.slash(world.moderator, "footnote record", questions=True, days=7))
    assert "deleted after 7 days" in text
    await world.slash(world.alice, "ask", question=OFF_TOPIC)
    database = world.bot.desk.database
    age(database, 6)
    await world.env.advance_time(HOUR + 1)
    assert len(database.declined(world.guild.id)) == 1
    age(database, 8)
    await world.env.advance_time(HOUR)
    assert database.declined(world.guild.id) == []
    off = await world.slash(world.moderator, "footnote record", questions=False, days=0)
    assert "no longer recorded" in said(off)
    assert "kept for good" in said(off)


async def test_members_delete_their_own_records(world: World) -> None:
    """In this server, once they have confirmed it; those of others stay."""
    for actor in (world.alice, world.bob):
        answer = await world.slash(actor, "ask", question=QUESTION)
        await world.slash(actor, "ask", question=OFF_TOPIC)
        await world.press(actor, answer.response, "👍")
    database = world.bot.desk.database
    database.record(replace(ASKED, message=7, server=77, user=world.alice.id))
    asked = await world.slash(world.alice, "forget-me")
    assert asked.ephemeral
    assert "in this server" in said(asked)
    assert len(database.declined(world.guild.id)) == 2
    await world.press(world.alice, asked.response, "Delete")
    assert said(asked) == "3 records deleted."
    assert len(database.declined(world.guild.id)) == 1
    assert len(database.feedback(world.guild.id)) == 1
    assert len(database.declined(77)) == 1


async def test_in_direct_messages_they_delete_all_of_them(world: World) -> None:
    """In whichever server they asked."""
    database = world.bot.desk.database
    for server in (world.guild.id, 77):
        for user in (world.alice.id, world.bob.id):
            database.record(replace(ASKED, message=server + user, server=server, user=user))
    asked = await world.alice.user.slash("forget-me")
    assert "in all servers" in said(asked)
    await world.alice.user.click(asked.response, label="Delete")
    assert said(asked) == "2 records deleted."
    assert len(database.declined(77)) == len(database.declined(world.guild.id)) == 1
