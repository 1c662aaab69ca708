"""The database: what it keeps, how it grows, and what it does with files that are none of its."""

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from bot.discord.database import (
    MIGRATIONS,
    Asked,
    Database,
    DatabaseError,
    Mode,
    Policy,
    Rating,
    Reply,
)


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
    path = tmp_path / "d.sqlite3"
    database = Database(path)
    assert path.stat().st_mode & 0o777 == 0o600
    database.record(replace(asked(1), question="my secret question"))
    assert database.servers() == {1}
    database.forget_user(1, 1)
    assert database.servers() == set()
    assert all(b"secret" not in file.read_bytes() for file in tmp_path.iterdir())


def test_policies_are_kept_and_replaced(tmp_path: Path) -> None:
    """The last decision for a channel counts, in another process as well."""
    path = tmp_path / "folder" / "d.sqlite3"
    database = Database(path)
    database.set_policy(1, 10, Policy(Mode.EVERY, Reply.THREAD))
    database.set_policy(1, 10, Policy(Mode.FORUM))
    database.set_policy(2, 20, Policy(Mode.OFF))
    database.close()
    assert Database(path).policies() == {10: Policy(Mode.FORUM), 20: Policy(Mode.OFF)}


def test_recording_is_switched_for_each_server(tmp_path: Path) -> None:
    """Twice on is on, and off is off."""
    database = Database(tmp_path / "d.sqlite3")
    database.set_recorded(1, is_recorded=True)
    database.set_recorded(1, is_recorded=True)
    database.set_recorded(2, is_recorded=True)
    database.set_recorded(2, is_recorded=False)
    assert database.recorded_servers() == {1}


def test_declined_questions_of_a_server(tmp_path: Path) -> None:
    """Answered ones and those of other servers are no gaps."""
    database = Database(tmp_path / "d.sqlite3")
    for each in (asked(1), asked(2, is_answered=True), asked(3, server=2), asked(4)):
        database.record(each)
    assert [question for question, _ in database.declined(1)] == ["Question 1?", "Question 4?"]


def test_a_member_has_one_opinion_of_an_answer(tmp_path: Path) -> None:
    """The latest; with the question, where it was recorded."""
    database = Database(tmp_path / "d.sqlite3")
    database.record(asked(1))
    database.rate(rating(1))
    database.rate(rating(1, is_helpful=False, comment="wrong year"))
    database.rate(rating(2))
    found = {each.message: each for each in database.feedback(1)}
    assert (found[1].is_helpful, found[1].comment, found[1].question) == (
        False, "wrong year", "Question 1?",
    )  # fmt: skip
    assert found[2].question is None


def test_forgetting(tmp_path: Path) -> None:
    """A member in one server, or a whole server."""
    database = Database(tmp_path / "d.sqlite3")
    for message, (server, user) in enumerate([(1, 1), (1, 2), (2, 1)]):
        database.record(asked(message, server=server, user=user))
        database.rate(rating(message, server=server, user=user))
    assert database.forget_user(1, 1) == 2
    assert database.forget_user(1, 1) == 0
    assert [len(database.declined(server)) for server in (1, 2)] == [1, 1]
    database.set_policy(1, 10, Policy())
    database.set_recorded(1, is_recorded=True)
    database.forget_server(1)
    assert database.policies() == {}
    assert database.recorded_servers() == set()
    assert [len(database.declined(server)) for server in (1, 2)] == [0, 1]
    assert [len(database.feedback(server)) for server in (1, 2)] == [0, 1]


def test_synced_commands(tmp_path: Path) -> None:
    """A hash for each application."""
    database = Database(tmp_path / "d.sqlite3")
    database.set_synced(1, "a")
    database.set_synced(1, "b")
    assert [database.synced(application) for application in (1, 2)] == ["b", None]


def test_every_earlier_version_is_brought_up_to_date(tmp_path: Path) -> None:
    """From each step on, the rest is made, and what was there stays."""
    for version in range(len(MIGRATIONS) + 1):
        path = tmp_path / f"{version}.sqlite3"
        connection = sqlite3.connect(path)
        for step in MIGRATIONS[:version]:
            connection.executescript(step)
        connection.execute(f"pragma user_version = {version}")
        connection.commit()
        connection.close()
        database = Database(path)
        database.record(asked(1))
        assert len(database.declined(1)) == 1
        database.close()
        assert len(Database(path).declined(1)) == 1


def test_a_step_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is as it was before, and works with the version that made it."""
    path = tmp_path / "d.sqlite3"
    database = Database(path)
    database.record(asked(1))
    database.close()
    later = "create table more (id integer); insert into nothing values (1)"
    monkeypatch.setattr("bot.discord.database.MIGRATIONS", (*MIGRATIONS, later))
    with pytest.raises(DatabaseError, match="nothing"):
        Database(path)
    monkeypatch.undo()
    assert len(Database(path).declined(1)) == 1


@pytest.mark.parametrize("kind", ["text", "folder", "newer", "foreign", "file for a folder"])
def test_what_is_no_database_of_ours_is_named(tmp_path: Path, kind: str) -> None:
    """One sentence with the path; the file stays as it is."""
    path = tmp_path / "d.sqlite3"
    if kind == "text":
        path.write_text("no database " * 1_000)
    elif kind == "folder":
        path.mkdir()
    elif kind == "file for a folder":
        path.write_text("x")
        path = path / "d.sqlite3"
    else:
        connection = sqlite3.connect(path)
        connection.execute("create table policies (x)")
        connection.execute(f"pragma user_version = {99 if kind == 'newer' else 0}")
        connection.close()
    with pytest.raises(DatabaseError, match=r"d\.sqlite3"):
        Database(path)
    if kind == "text":
        assert path.read_text() == "no database " * 1_000


def test_two_processes_and_many_threads_share_it(tmp_path: Path) -> None:
    """Writers wait for each other, and nothing is lost."""
    path = tmp_path / "d.sqlite3"
    databases = [Database(path), Database(path)]
    for database in databases:
        # Milliseconds: on a busy machine one may have to wait for longer than five seconds.
        database._connection.execute("pragma busy_timeout = 500000")

    def write(start: int) -> None:
        for number in range(25):
            databases[start % 2].record(asked(1_000 * start + number))

    threads = [threading.Thread(target=write, args=(start,)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(databases[0].declined(1)) == 200
