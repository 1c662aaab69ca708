"""What moderators see of how much is asked: numbers and topics, never who asked."""

import csv
import io
import struct
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.discord.charts import picture_of
from bot.discord.database import Asked, Database, Rating
from bot.discord.statistics import Day, Statistics, Topic, read_statistics
from tests.discord_world import OFF_TOPIC, QUESTION, World, said, settings_with, world_with

SECRET = "Why did Anna of flat seven get a warning?"
ASKED = Asked(1, 1, 10, 5, QUESTION, is_answered=True, confidence=0.9)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A server with the bot in it."""
    async with world_with(settings_with(), tmp_path) as world:
        yield world


def fill(database: Database) -> None:
    """Two members ask the same in vain, one of them something else, and one is answered."""
    asked = (
        (OFF_TOPIC, 5, False),
        ("What's the capital city of Australia?", 6, False),
        (OFF_TOPIC, 6, False),
        (SECRET, 5, False),
        (SECRET, 5, False),
        (QUESTION, 5, True),
        (QUESTION, 6, True),
    )
    for message, (question, user, is_answered) in enumerate(asked, start=1):
        database.record(replace(ASKED, message=message, question=question, user=user,
                                is_answered=is_answered))  # fmt: skip
    database.record(replace(ASKED, message=20, server=2))
    for user, is_helpful in ((5, True), (6, True), (7, False)):
        database.rate(Rating(6, 1, 10, user, is_helpful))
    long_ago = (datetime.now(UTC) - timedelta(days=9)).isoformat(timespec="seconds")
    database.store.write(
        lambda t: t.execute("update questions set asked_at = ? where message = 7", (long_ago,))
    )


def test_days_are_counted_and_topics_grouped(open_database: Callable[[], Database]) -> None:
    """A topic is named only where two members asked about it, in the words that most used."""
    database = open_database()
    fill(database)
    found = read_statistics(database, 1, 10)
    today = datetime.now(UTC).date().isoformat()
    assert len(found.days) == 10
    assert found.days[-1] == Day(today, answered=1, declined=5, helpful=2, unhelpful=1)
    assert (found.days[0].answered, found.days[0].declined) == (1, 0)
    assert found.total == Day("", answered=2, declined=5, helpful=2, unhelpful=1)
    assert found.asked == (Topic(OFF_TOPIC, 3), Topic(QUESTION, 2))
    assert found.gaps == (Topic(OFF_TOPIC, 3),)
    assert read_statistics(database, 1, 2).asked == (Topic(OFF_TOPIC, 3),)


def test_the_picture_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a PNG file as wide as a phone's screen; without the extra there is none."""
    found = Statistics((Day("2026-01-01", 3, 1), Day("2026-01-02")), (), ())
    picture = picture_of(found)
    assert picture is not None
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">II", picture[16:24]) == (968, 748)
    assert picture != picture_of(Statistics((Day("2026-01-01", 1, 3),), (), ()))
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert picture_of(found) is None


async def test_statistics_are_a_picture_a_list_and_a_file(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only where questions are recorded; nobody is shown by their question."""
    off = await world.slash(world.moderator, "footnote statistics")
    assert "not recorded here" in said(off)
    await world.slash(world.moderator, "footnote record", questions=True)
    for member in (world.alice, world.bob):
        await world.slash(member, "ask", question=OFF_TOPIC)
    await world.slash(world.alice, "ask", question=SECRET)
    result = await world.slash(world.moderator, "footnote statistics", days=7)
    assert result.ephemeral
    text = said(result)
    assert "3 questions: 0 answered, 3 declined" in text
    assert f"2 × {OFF_TOPIC}" in text
    files = {each.filename: each.url for each in result.response.attachments}
    assert list(files) == ["statistics.png", "statistics.csv"]
    content = world.env.backend.cdn.get(files["statistics.csv"]).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert [row[0] for row in rows] == ["what", *["day"] * 7, "question", "gap"]
    assert rows[7][2:5] == ["3", "0", "3"]
    assert "Anna" not in text + content
    assert "alice" not in text + content
    assert str(world.alice.id) not in content
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    plain = await world.slash(world.moderator, "footnote statistics")
    assert "pip install 'footnote-bot\\[report\\]'" in said(plain)
    assert [each.filename for each in plain.response.attachments] == ["statistics.csv"]
