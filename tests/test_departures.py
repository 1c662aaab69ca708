"""Whose records are whose, and what becomes of those of servers that a bot has left."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from bot.discord.database import Asked, Database, Mode, Policy, Rating, opened
from bot.discord.departures import DAY, Departures
from bot.discord.leases import Shards
from bot.discord.migrations import MIGRATIONS

Opening: TypeAlias = Callable[[], Database]
ONE, OTHER = 100, 200
ALL = Shards()


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
        database.claim(application)
        return database

    return opening


def pass_days(database: Database, days: float) -> None:
    """Servers were left so many days earlier."""
    earlier = days * DAY
    database.store.write(
        lambda t: t.execute("update left_servers set left_at = left_at - ?", (earlier,)).rowcount
    )


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
    monkeypatch.setattr("bot.discord.database._now", lambda: f"2026-01-01T00:00:{next(times)}")
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


@pytest.mark.parametrize("synced", [(), (ONE,), (ONE, 300)])
def test_what_is_older_than_applications_belongs_to_the_first(
    open_database: Opening, monkeypatch: pytest.MonkeyPatch, synced: tuple[int, ...]
) -> None:
    """The first bot to come has it, or, where it is known who was there, the first of these."""
    rows = [
        "insert into policies values (10, 1, 'off', 'inline')",
        "insert into recorded_servers values (1)",
        "insert into questions values"
        " (5, 1, 10, 7, '2026-01-01T00:00:00+00:00', 'Old', 'declined', 0.1)",
        "insert into feedback values (5, 7, 1, 10, 1, 'good', '2026-01-01T00:00:00+00:00')",
    ]
    with monkeypatch.context() as before:
        before.setattr("bot.discord.migrations.MIGRATIONS", MIGRATIONS[:2])
        earlier = open_database()
        earlier.store.write(lambda transaction: [transaction.execute(row) for row in rows])
        for application in synced:
            earlier.set_synced(application, "x")
        earlier.close()
    database = open_database()
    if synced:
        database.claim(OTHER)
        assert kept(database, 1) == NOTHING
        database.set_synced(OTHER, "y")
    for application, expected in ((ONE, EVERYTHING), (OTHER, NOTHING), (ONE, EVERYTHING)):
        database.claim(application)
        assert kept(database, 1) == expected


def test_what_belongs_to_a_server_that_was_left_is_kept_for_some_days(
    bot_of: Callable[[int], Database],
) -> None:
    """No rule holds meanwhile; one second before its time it is all there, then nothing is."""
    database = bot_of(ONE)
    departures = Departures(database, 30)
    for server in (1, 2):
        fill(database, server)
    departures.review({1}, ALL)
    pass_days(database, 30 - 60 / DAY)
    departures.review({1}, ALL)
    assert kept(database, 2) == ASLEEP
    pass_days(database, 60 / DAY)
    departures.review({1}, ALL)
    assert kept(database, 2) == NOTHING
    assert departures.servers() == {1}
    assert kept(database, 1) == EVERYTHING


def test_coming_back_in_time_takes_the_mark_away(bot_of: Callable[[int], Database]) -> None:
    """All is as it was, and days are counted anew when it is left again."""
    database = bot_of(ONE)
    departures = Departures(database, 30)
    fill(database, 1)
    for _ in range(2):
        departures.review(set(), ALL)
        assert kept(database, 1) == ASLEEP
        pass_days(database, 29)
        departures.review({1}, ALL)
        assert kept(database, 1) == EVERYTHING


def test_a_bot_that_slept_for_too_long_deletes_nothing_of_where_it_is(
    bot_of: Callable[[int], Database],
) -> None:
    """It left, was stopped, and was invited again before it ran: what counts is where it is."""
    database = bot_of(ONE)
    departures = Departures(database, 30)
    fill(database, 1)
    departures.review(set(), ALL)
    pass_days(database, 100)
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
    database.claim(ONE)
    database.record(Asked(1, 1, 10, 7, "my secret question", False, 0.1))
    Departures(database, 0).review(set(), ALL)
    assert all(b"secret" not in file.read_bytes() for file in tmp_path.iterdir())
    database.close()
