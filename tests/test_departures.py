"""Whose records are whose, and when those of servers that a bot has left are deleted."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import pytest

from bot.discord.database import PER_SERVER, Asked, Database, Mode, Policy, Rating, opened
from bot.discord.departures import Departures
from bot.discord.leases import Shards
from bot.discord.migrations import MIGRATIONS

Opening: TypeAlias = Callable[[], Database]
ONE, OTHER = 100, 200
ALL = Shards()
DAY = 86_400


def fill(database: Database, server: int) -> None:
    """Something of each kind for a server."""
    number = 1_000 * database.application + server
    database.set_policy(server, 10 * server, Policy(Mode.OFF))
    database.set_recorded(server, is_recorded=True)
    database.record(Asked(number, server, 10 * server, 7, "Question?", False, 0.1))
    database.rate(Rating(number, server, 10 * server, 7, True, "good"))


def kept(database: Database, server: int) -> tuple[bool, bool, int, int]:
    """What there is of each kind for a server."""
    return (
        10 * server in database.policies(),
        server in database.recorded_servers(),
        len(database.declined(server)),
        len(database.feedback(server)),
    )


EVERYTHING, NOTHING = (True, True, 1, 1), (False, False, 0, 0)
ASLEEP = (False, False, 1, 1)
"""No rule holds, and what was recorded waits."""


@pytest.fixture
def bot_of(open_database: Opening) -> Callable[[int], Database]:
    """The database as the bot of an application has it."""

    def opening(application: int) -> Database:
        database = open_database()
        database.application = application
        return database

    return opening


class Clock:
    """The clock of a database, at noon of some day (UTC)."""

    def __init__(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 20_000.5 * DAY
        transaction = database.store.write(type)
        monkeypatch.setattr(transaction, "now", lambda _: self.now)

    def pass_days(self, days: float) -> None:
        """Go on, or back."""
        self.now += days * DAY


@pytest.fixture
def clock(open_database: Opening, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of whatever is opened."""
    return Clock(open_database(), monkeypatch)


def test_two_bots_in_one_server_have_their_own(bot_of: Callable[[int], Database]) -> None:
    """Rules, records and ratings of one are not those of the other, and neither deletes any."""
    one, other = bot_of(ONE), bot_of(OTHER)
    fill(one, 1)
    assert kept(other, 1) == NOTHING
    fill(other, 1)
    other.set_policy(1, 10, Policy(Mode.EVERY))
    assert one.policies() == {10: Policy(Mode.OFF)}
    assert other.forget_user(1, 7) == 2
    other.set_recorded(1, is_recorded=False)
    assert kept(one, 1) == EVERYTHING
    Departures(other, 0).review(set(), ALL)
    assert kept(one, 1) == EVERYTHING
    assert kept(other, 1) == NOTHING
    assert [question for question, _ in one.all_declined()] == ["Question?"]


def test_all_that_was_declined_is_read_whoever_was_asked(
    bot_of: Callable[[int], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last ones of each server of each bot, oldest first."""
    monkeypatch.setattr("bot.discord.database.MOST_REPORTED", 2)
    times = iter(range(10, 99))
    monkeypatch.setattr("bot.discord.database.now", lambda: f"2026-01-01T00:00:{next(times)}")
    for application in (ONE, OTHER):
        database = bot_of(application)
        for number in range(3):
            for server in (1, 2):
                message = 1_000 * application + 10 * number + server
                text = f"{application} {server} {number}?"
                database.record(Asked(message, server, 10, 7, text, False, 0.1))
                database.record(Asked(message + 5, server, 10, 7, "answered", True, 0.9))
    found = database.all_declined()
    assert [question for question, _ in found] == [
        f"{application} {server} {number}?"
        for application in (ONE, OTHER)
        for number in (1, 2)
        for server in (1, 2)
    ]


BEFORE = (
    ("insert into policies values (?, ?, 'off', 'inline')", (10, 1)),
    ("insert into recorded_servers values (?)", (1,)),
    (
        "insert into questions values"
        " (?, ?, ?, 7, '2026-01-01T00:00:00+00:00', 'Old', 'declined', 0.1)",
        (1, 1, 10),
    ),
    (
        "insert into feedback values (?, 7, ?, ?, 1, 'good', '2026-01-01T00:00:00+00:00')",
        (1, 1, 10),
    ),
)
"""Something of each kind for server 1; ids are multiples for others."""


def write_before_applications(
    opening: Opening, monkeypatch: pytest.MonkeyPatch, servers: Sequence[int]
) -> Database:
    """What a version that did not tell bots apart kept for some servers, brought up to date."""
    with monkeypatch.context() as before:
        before.setattr("bot.discord.migrations.MIGRATIONS", MIGRATIONS[:2])
        earlier = opening()
        for server in servers:
            for row, values in BEFORE:
                ids = [number * server for number in values]
                earlier.store.write(lambda t, row=row, ids=ids: t.execute(row, ids))
        earlier.close()
    return opening()


def test_what_is_older_than_applications_belongs_to_the_bot_of_its_server(
    open_database: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever bot starts first; what is nobody's stays, and is neither read nor deleted."""
    database = write_before_applications(open_database, monkeypatch, (1, 2, 3))
    for application, present in ((ONE, {1}), (OTHER, {2}), (ONE, {1})):
        database.application = application
        assert kept(database, 3 - application // 100) == NOTHING
        Departures(database, 0).review(present, ALL)
        assert [kept(database, server) == EVERYTHING for server in (1, 2, 3)] == [
            server in present for server in (1, 2, 3)
        ]
    assert kept(database, 3) == NOTHING
    assert len(database.all_declined()) == 3
    Departures(database, 0).review({1, 3}, ALL)
    assert kept(database, 3) == EVERYTHING


def test_what_was_decided_before_the_claim_holds(
    open_database: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A moderator, or a member who wants to be forgotten, may be faster than the first review."""
    database = write_before_applications(open_database, monkeypatch, (1, 2))
    database.application = ONE
    database.set_policy(1, 10, Policy(Mode.EVERY))
    database.set_recorded(1, is_recorded=True)
    database.set_recorded(2, is_recorded=False)
    assert database.forget_user(2, 7) == 2
    database.claim({1, 2})
    assert database.policies() == {10: Policy(Mode.EVERY), 20: Policy(Mode.OFF)}
    assert database.recorded_servers() == {1}
    assert [len(database.declined(server)) for server in (1, 2)] == [1, 0]
    assert database.store.read("select * from policies where application = 0") == []


def test_what_belongs_to_a_server_that_was_left_is_kept_for_some_days(
    bot_of: Callable[[int], Database], clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """No rule holds meanwhile; on the last day it is all there, then nothing is."""
    caplog.set_level("INFO")
    database = bot_of(ONE)
    departures = Departures(database, 30)
    for server in (1, 2, 3):
        fill(database, server)
    departures.review({1}, ALL)
    for _ in range(29):
        clock.pass_days(1)
        departures.review({1}, ALL)
    clock.pass_days(0.49)
    departures.review({1}, ALL)
    assert kept(database, 2) == kept(database, 3) == ASLEEP
    clock.pass_days(0.02)
    departures.review({1}, ALL)
    assert kept(database, 2) == kept(database, 3) == NOTHING
    assert departures.servers() == {1}
    assert kept(database, 1) == EVERYTHING
    assert "guild=2 was left 30 days ago; its records have been deleted" in caplog.text


@pytest.mark.parametrize("jumps", [[30_000], [-30_000, 30_000], [-1, 1], [0.1, 0.1]])
def test_a_clock_that_jumps_adds_one_day_at_most(
    bot_of: Callable[[int], Database], clock: Clock, jumps: list[float]
) -> None:
    """And days are counted again afterwards, whether it was right before or is now."""
    database = bot_of(ONE)
    departures = Departures(database, 3)
    fill(database, 1)
    departures.review(set(), ALL)
    for days in jumps:
        clock.pass_days(days)
        departures.review(set(), ALL)
    clock.pass_days(1)
    departures.review(set(), ALL)
    assert kept(database, 1) == ASLEEP
    for _ in range(2):
        clock.pass_days(1)
        departures.review(set(), ALL)
    assert kept(database, 1) == NOTHING


def test_coming_back_in_time_takes_the_mark_away(
    bot_of: Callable[[int], Database], clock: Clock
) -> None:
    """All is as it was, and days are counted anew when it is left again."""
    database = bot_of(ONE)
    departures = Departures(database, 3)
    fill(database, 1)
    for _ in range(2):
        for _ in range(3):
            departures.review(set(), ALL)
            assert kept(database, 1) == ASLEEP
            clock.pass_days(1)
        departures.review({1}, ALL)
        assert kept(database, 1) == EVERYTHING


def test_days_on_which_the_bot_does_not_run_do_not_count(
    bot_of: Callable[[int], Database], clock: Clock
) -> None:
    """Whoever has stopped it for a month may have invited it again meanwhile."""
    database = bot_of(ONE)
    departures = Departures(database, 2)
    fill(database, 1)
    departures.review(set(), ALL)
    clock.pass_days(100)
    departures.review(set(), ALL)
    assert kept(database, 1) == ASLEEP
    departures.review({1}, ALL)
    assert kept(database, 1) == EVERYTHING


@pytest.mark.parametrize("days", [0, 10**400], ids=["none", "many"])
def test_the_days_can_be_none_or_any_number(bot_of: Callable[[int], Database], days: int) -> None:
    """At 0, what belongs to a server goes as soon as it is left."""
    database = bot_of(ONE)
    fill(database, 1)
    Departures(database, days).review(set(), ALL)
    assert kept(database, 1) == (ASLEEP if days else NOTHING)


def test_servers_of_other_shards_are_left_alone(bot_of: Callable[[int], Database]) -> None:
    """Whether they were left, the process that has them knows."""
    database = bot_of(ONE)
    of_other = 1 << 22
    for server in (1, of_other):
        fill(database, server)
    Departures(database, 0).review(set(), Shards(2, (0,)))
    assert kept(database, 1) == NOTHING
    assert kept(database, of_other) == EVERYTHING


def test_what_was_deleted_stays_in_no_file(tmp_path: Path) -> None:
    """Nobody can read what members of a server asked once its time is over."""
    database = opened(None, tmp_path)
    database.application = ONE
    database.record(Asked(1, 1, 10, 7, "my secret question", False, 0.1))
    Departures(database, 0).review(set(), ALL)
    assert all(b"secret" not in file.read_bytes() for file in tmp_path.iterdir())
    database.close()


def test_every_table_about_servers_is_known(tmp_path: Path) -> None:
    """So that nothing stays when a server has been left for long enough."""
    database = opened(None, tmp_path)
    tables = database.store.read("select name, sql from sqlite_master where type = 'table'")
    about = {name for name, sql in tables if " server integer" in sql}
    database.close()
    assert about == {*PER_SERVER, "left_servers"}
