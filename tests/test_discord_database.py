"""The database: what it keeps, how it grows, and what it does with files that are none of its."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest

from bot.discord.database import FILE, Asked, Database, Mode, Policy, Rating, Reply, opened
from bot.discord.departures import Departures
from bot.discord.migrations import MIGRATIONS
from bot.discord.sqlite import Sqlite
from bot.discord.store import DatabaseError

Opening: TypeAlias = Callable[[], Database]


def asked(message: int, *, server: int = 1, user: int = 1, is_answered: bool = False) -> Asked:
    """A question that was recorded."""
    return Asked(message, server, 10, user, f"Question {message}?", is_answered, 0.1)


def rating(
    message: int, *, server: int = 1, user: int = 7, is_helpful: bool = True, comment: str = ""
) -> Rating:
    """What a member thinks of an answer."""
    return Rating(message, server, 10, user, is_helpful, comment)


def test_nobody_else_can_read_the_file(tmp_path: Path) -> None:
    """It holds what members asked, and what was deleted is in none of its files."""
    tmp_path /= "folder"
    database = opened(None, tmp_path)
    path = tmp_path / FILE
    assert path.stat().st_mode & 0o777 == 0o600
    database.record(replace(asked(1), question="my secret question"))
    assert len(database.declined(1)) == 1
    database.forget_user(1, 1)
    assert database.declined(1) == []
    assert all(b"secret" not in file.read_bytes() for file in tmp_path.iterdir())


def test_policies_are_kept_and_replaced(open_database: Opening) -> None:
    """The last decision for a channel counts, in another process as well."""
    database = open_database()
    database.set_policy(1, 10, Policy(Mode.EVERY, Reply.THREAD))
    database.set_policy(1, 10, Policy(Mode.FORUM))
    database.set_policy(2, 20, Policy(Mode.OFF))
    database.close()
    assert open_database().policies() == {10: Policy(Mode.FORUM), 20: Policy(Mode.OFF)}


def test_recording_is_switched_for_each_server(open_database: Opening) -> None:
    """Twice on is on, and off is off."""
    database = open_database()
    database.set_recorded(1, is_recorded=True)
    database.set_recorded(1, is_recorded=True)
    database.set_recorded(2, is_recorded=True)
    database.set_recorded(2, is_recorded=False)
    assert database.recorded_servers() == {1}


def test_declined_questions_of_a_server(open_database: Opening) -> None:
    """Answered ones and those of other servers are no gaps."""
    database = open_database()
    for each in (asked(1), asked(2, is_answered=True), asked(3, server=2), asked(4)):
        database.record(each)
    assert [question for question, _ in database.declined(1)] == ["Question 1?", "Question 4?"]


def test_a_member_has_one_opinion_of_an_answer(open_database: Opening) -> None:
    """The latest; with the question, where it was recorded."""
    database = open_database()
    database.record(asked(1))
    database.rate(rating(1))
    database.rate(rating(1, is_helpful=False, comment="wrong year"))
    database.rate(rating(2))
    found = {each.message: each for each in database.feedback(1)}
    assert (found[1].is_helpful, found[1].comment, found[1].question) == (
        False, "wrong year", "Question 1?",
    )  # fmt: skip
    assert found[2].question is None


def test_forgetting(open_database: Opening) -> None:
    """A member in one server; those of others and other servers keep theirs."""
    database = open_database()
    for message, (server, user) in enumerate([(1, 1), (1, 2), (2, 1)]):
        database.record(asked(message, server=server, user=user))
        database.rate(rating(message, server=server, user=user))
    assert database.forget_user(1, 1) == 2
    assert database.forget_user(1, 1) == 0
    assert [len(database.declined(server)) for server in (1, 2)] == [1, 1]
    assert [len(database.feedback(server)) for server in (1, 2)] == [1, 1]


def test_synced_commands(open_database: Opening) -> None:
    """A hash for each application."""
    database = open_database()
    database.set_synced(1, "a")
    database.set_synced(1, "b")
    assert [database.synced(application) for application in (1, 2)] == ["b", None]


FIRST = """
create table policies (
    channel integer primary key, server integer not null, mode text not null,
    reply text not null
);
create table recorded_servers (server integer primary key);
create table questions (
    message integer primary key, server integer not null, channel integer not null,
    user integer not null, asked_at text not null, question text not null,
    verdict text not null, confidence real not null
);
create index questions_by_server on questions (server, user);
create table feedback (
    message integer not null, user integer not null, server integer not null,
    channel integer not null, is_helpful integer not null, comment text not null,
    given_at text not null,
    primary key (message, user)
);
create index feedback_by_server on feedback (server, user);
create table synced (application integer primary key, payload_hash text not null);
insert into questions values (5, 1, 10, 7, '2026-01-01T00:00:00+00:00', 'Old?', 'declined', 0.1);
insert into feedback values (5, 7, 1, 10, 1, 'good', '2026-01-01T00:00:00+00:00');
pragma user_version = 1;
"""
"""A file as the first version wrote it, word for word."""


OF_ANY_VERSION = (
    'insert into questions (message, server, channel, "user", asked_at, question, verdict,'
    " confidence) values (?, 1, 10, 7, '2026-01-01T00:00:00+00:00', 'Old', 'declined', 0.1)"
)


def test_the_first_format_is_brought_up_to_date(tmp_path: Path) -> None:
    """What was there stays, and can be replaced and forgotten."""
    connection = sqlite3.connect(tmp_path / FILE)
    connection.executescript(FIRST)
    connection.close()
    database = opened(None, tmp_path)
    assert [question for question, _ in database.declined(1)] == ["Old?"]
    database.rate(rating(5, is_helpful=False))
    assert [each.is_helpful for each in database.feedback(1)] == [False]
    assert database.forget_user(1, 7) == 2
    assert database.store.read("select * from leases") == []


def test_every_earlier_version_is_brought_up_to_date(
    open_database: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever step it was left at, the rest is made, and what was there stays."""
    for version in range(1, len(MIGRATIONS) + 1):
        monkeypatch.setattr("bot.discord.migrations.MIGRATIONS", MIGRATIONS[:version])
        database = open_database()
        database.store.write(lambda t, message=version: t.execute(OF_ANY_VERSION, (message,)))
        database.close()
    assert len(open_database().declined(1)) == len(MIGRATIONS)


def test_a_step_that_fails_changes_nothing(
    open_database: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is as it was before, and works with the version that made it."""
    database = open_database()
    database.record(asked(1))
    later = "create table more (id integer); insert into nothing values (1)"
    monkeypatch.setattr("bot.discord.migrations.MIGRATIONS", (*MIGRATIONS, later))
    with pytest.raises(DatabaseError, match="nothing"):
        open_database()
    monkeypatch.undo()
    assert len(open_database().declined(1)) == 1
    with pytest.raises(DatabaseError):
        database.store.read("select * from more")


def test_a_database_of_a_newer_version_is_refused(
    open_database: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence with what to install."""
    with monkeypatch.context() as newer:
        steps = (*MIGRATIONS, "create table more (id integer)")
        newer.setattr("bot.discord.migrations.MIGRATIONS", steps)
        open_database()
    with pytest.raises(DatabaseError, match="written by a newer version of Footnote"):
        open_database()


def test_processes_that_start_at_once_migrate_once(open_database: Opening) -> None:
    """All of them find the tables, whoever made them."""
    with ThreadPoolExecutor(8) as pool:
        databases = list(pool.map(lambda _: open_database(), range(8)))
    for number, database in enumerate(databases):
        database.record(asked(number))
    assert len(databases[0].declined(1)) == 8


@pytest.mark.parametrize("kind", ["text", "folder", "newer", "foreign", "file for a folder"])
def test_what_is_no_database_of_ours_is_named(tmp_path: Path, kind: str) -> None:
    """One sentence with the path; the file stays as it is."""
    path = tmp_path / FILE
    folder = tmp_path
    if kind == "text":
        path.write_text("no database " * 1_000)
    elif kind == "folder":
        path.mkdir()
    elif kind == "file for a folder":
        path.write_text("x")
        folder = path
    else:
        connection = sqlite3.connect(path)
        connection.execute("create table policies (x)")
        connection.execute(f"pragma user_version = {99 if kind == 'newer' else 0}")
        connection.close()
    with pytest.raises(DatabaseError, match=r"discord\.sqlite3"):
        opened(None, folder)
    if kind == "text":
        assert path.read_text() == "no database " * 1_000


HOSTILE = ["a\0b", "\ud83d half", "'); drop table questions; --", "? %s %(x)s", "\U0001f600 ‮"]


@pytest.mark.parametrize("text", HOSTILE)
def test_every_text_is_kept(open_database: Opening, text: str) -> None:
    """What members write may have what a database has no place for; the rest of it is kept."""
    database = open_database()
    database.record(replace(asked(1), question=text))
    database.rate(rating(1, comment=text))
    expected = text.replace("\0", "\ufffd").replace("\ud83d", "?")
    assert [question for question, _ in database.declined(1)] == [expected]
    assert [each.comment for each in database.feedback(1)] == [expected]


def test_ids_are_as_large_as_those_of_discord(open_database: Opening) -> None:
    """They have 64 bits, and confidence keeps all its digits."""
    database = open_database()
    most = 2**63 - 1
    database.record(Asked(most, most, most, most, "Question?", False, 0.123456789012345))
    assert Departures(database, 0).servers() == {most}
    assert database.store.read("select confidence from questions") == [(0.123456789012345,)]
    assert database.forget_user(most, most) == 1


def test_two_processes_and_many_threads_share_it(open_database: Opening) -> None:
    """Writers wait for each other, and nothing is lost."""
    databases = [open_database(), open_database()]
    for database in databases:
        if isinstance(database.store, Sqlite):
            # Milliseconds: on a busy machine one may have to wait for longer than five seconds.
            database.store._connection.execute("pragma busy_timeout = 500000")

    def write(start: int) -> None:
        for number in range(25):
            databases[start % 2].record(asked(1_000 * start + number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert len(databases[0].declined(1)) == 200
