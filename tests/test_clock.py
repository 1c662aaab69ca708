"""A clock that jumps by a day, back or forth: nothing waits for it, and nothing is lost."""

import ast
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.discord import leases
from bot.discord.database import Asked, Database, Rating, opened
from bot.discord.leases import Lease, LeaseError, Shards
from bot.discord.retention import Retention
from bot.discord.sqlite import _Transaction
from retrieval.index import refreshing

ROOT = Path(__file__).resolve().parents[1]
BOT = 100
DAY = 86_400.0

Jump = Callable[[float], None]

BY_THE_CLOCK = {
    # Times that are kept or shown.
    "bot/discord/database.py", "bot/discord/statistics.py", "retrieval/index/writing.py",
    # Leases, how long records are kept, and when a server was left.
    "bot/discord/sqlite.py",
    # How long ago a question was handed on, or a folder was made.
    "bot/discord/handed.py", "retrieval/index/refreshing.py",
}  # fmt: skip
"""The modules that look at the clock which may jump."""


@pytest.fixture
def jump(monkeypatch: pytest.MonkeyPatch) -> Jump:
    """Sets the clock of the database so many seconds ahead, or back."""
    return lambda seconds: monkeypatch.setattr(_Transaction, "now", lambda _: time.time() + seconds)


@pytest.fixture
def new_lease(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Lease]:
    """The lease of another process, which is impatient."""
    monkeypatch.setattr(leases, "WAIT", 0.1)
    monkeypatch.setattr(leases, "RENEW", 0.01)
    monkeypatch.setattr(leases, "_LOOK", 0.01)
    return lambda: Lease(opened(None, tmp_path).store, Shards())


def test_limits_and_waiting_have_a_clock_that_never_jumps() -> None:
    """No other module looks at the time of day."""
    found = set()
    for path in (
        p for folder in ("bot", "retrieval", "knowledge") for p in ROOT.glob(f"{folder}/**/*.py")
    ):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in (
                "time.time",
                "datetime.now",
            ):
                found.add(path.relative_to(ROOT).as_posix())
    assert found == BY_THE_CLOCK


async def test_a_killed_bot_is_followed_though_the_clock_was_set_back(
    new_lease: Callable[[], Lease], jump: Jump
) -> None:
    """Its lease seems to last for a day, but nobody renews it."""
    await new_lease().take(BOT)
    jump(-DAY)
    successor = new_lease()
    await successor.take(BOT)
    assert successor._taken() is None


async def test_a_bot_that_runs_keeps_its_lease_though_the_clock_was_set_back(
    new_lease: Callable[[], Lease], jump: Jump
) -> None:
    """It renews it by the new time."""
    first = new_lease()
    await first.take(BOT)
    jump(-DAY)
    assert first._taken() is None
    with pytest.raises(LeaseError, match="runs this bot already"):
        await new_lease().take(BOT)


async def test_of_two_bots_one_ends_when_the_clock_jumps_ahead(
    new_lease: Callable[[], Lease], jump: Jump
) -> None:
    """The second takes the lease that seems to be over; the first notices at its next renewal."""
    first = new_lease()
    await first.take(BOT)
    jump(DAY)
    await new_lease().take(BOT)
    with pytest.raises(LeaseError, match="runs this bot already"):
        await first.keep()


def records(database: Database) -> int:
    """How many there are."""
    return len(database.declined(1)) + len(database.feedback(1))


def test_a_day_more_or_less_deletes_no_record(tmp_path: Path, jump: Jump) -> None:
    """What is kept for longer than a day stays, and the time that it has left is the same again
    once the clock is right."""
    database = opened(None, tmp_path)
    database.record(Asked(1, 1, 10, 7, "Question?", False, 0.1))
    database.rate(Rating(1, 1, 10, 7, True))
    for seconds in (DAY, -DAY, 0.0):
        jump(seconds)
        Retention(database, 2).review()
        assert records(database) == 2
    jump(3 * DAY)
    Retention(database, 2).review()
    assert records(database) == 0
    database.close()


def test_a_folder_from_the_future_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is left from a process that was killed, and no other one is making an index there."""
    monkeypatch.setattr(refreshing, "PATIENCE", 0.2)
    (tmp_path / "notes.md").write_text("# Garden\n\nThe oak was planted by Anna Berg.\n")
    folder = tmp_path / "index"
    folder.mkdir()
    (folder / "meta.json").write_bytes(b"")
    os.utime(folder, (time.time() + DAY,) * 2)
    index, report = refreshing.refreshed(tmp_path / "notes.md", folder)
    assert report.is_new
    assert len(index.documents) == 1
