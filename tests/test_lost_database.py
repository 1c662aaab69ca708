"""A database that is deleted, or replaced by another one, while a bot uses it."""

import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.discord import leases
from bot.discord.database import FILE, Asked, Mode, Policy, opened
from bot.discord.leases import Lease, Shards
from bot.discord.store import DatabaseError, ReplacedDatabaseError
from tests.bot_process import ROOT, ended, logged, started, stopped
from tests.loopback import APPLICATION, CHANNEL, SERVER, Loopback
from tests.postgres_server import PostgresServer

pytestmark = pytest.mark.slow


def asked(number: int) -> Asked:
    """A question that was declined."""
    return Asked(number, 1, 10, 7, f"Question {number}?", False, 0.1)


def delete_the_file(folder: Path) -> None:
    """Only the database, as somebody does who does not know of the files beside it."""
    (folder / FILE).unlink()


def delete_all_files(folder: Path) -> None:
    """Those beside it, too."""
    for file in folder.iterdir():
        file.unlink()


DELETIONS = [delete_the_file, delete_all_files, shutil.rmtree]


def put_another(folder: Path) -> None:
    """A backup is put in the place of the database."""
    other = opened(None, folder.parent / "backup")
    other.record(asked(99))
    other.close()
    (folder.parent / "backup" / FILE).rename(folder / FILE)


def sound(path: Path) -> list[str]:
    """The questions in a file whose pages fit together."""
    connection = sqlite3.connect(path)
    assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
    rows = connection.execute("select question from questions order by message").fetchall()
    connection.close()
    return [question for (question,) in rows]


@pytest.mark.parametrize("delete", DELETIONS)
def test_a_deleted_database_is_written_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, delete: Callable[[Path], None]
) -> None:
    """With all that was in it, and so that nobody else can read it; the log says so once."""
    folder = tmp_path / "data"
    database = opened(None, folder)
    database.record(asked(1))
    delete(folder)
    database.record(asked(2))
    database.record(asked(3))
    assert caplog.text.count(f"{folder / FILE} was deleted while it was open") == 1
    assert (folder / FILE).stat().st_mode & 0o777 == 0o600
    assert len(database.declined(1)) == 3
    delete(folder)
    assert len(database.declined(1)) == 3
    database.close()
    assert sound(folder / FILE) == ["Question 1?", "Question 2?", "Question 3?"]


@pytest.mark.parametrize("delete", DELETIONS)
def test_of_two_processes_one_writes_it_again(
    tmp_path: Path, delete: Callable[[Path], None]
) -> None:
    """To the other it is another database; whatever that does, it harms nothing."""
    folder = tmp_path / "data"
    one, other = opened(None, folder), opened(None, folder)
    one.record(asked(1))
    other.record(asked(2))
    delete(folder)
    one.record(asked(3))
    with pytest.raises(ReplacedDatabaseError):
        other.record(asked(4))
    one.record(asked(5))
    other.close()
    one.record(asked(6))
    one.close()
    assert sound(folder / FILE) == [f"Question {number}?" for number in (1, 2, 3, 5, 6)]


def test_a_database_that_cannot_be_written_again_is_said(tmp_path: Path) -> None:
    """In one sentence each time; and once it can be, it is."""
    folder = tmp_path / "data"
    database = opened(None, folder)
    database.record(asked(1))
    shutil.rmtree(folder)
    folder.write_text("no folder")
    for _ in range(2):
        with pytest.raises(DatabaseError, match="cannot be used as the database"):
            database.record(asked(2))
    folder.unlink()
    database.record(asked(3))
    database.close()
    assert sound(folder / FILE) == ["Question 1?", "Question 3?"]


@pytest.mark.parametrize("delete", DELETIONS)
def test_a_full_disk_loses_nothing(tmp_path: Path, delete: Callable[[Path], None]) -> None:
    """Nothing half written has the name of the database, and once there is room, all is there."""
    folder = tmp_path / "data"
    database = opened(None, folder)
    database.record(asked(1))
    delete(folder)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    for most in (0, 1_000, 10_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, limits[1]))
        try:
            with pytest.raises(DatabaseError, match="cannot be used as the database"):
                database.record(asked(2))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert not (folder / FILE).exists()
        assert not list(folder.glob("*.copy"))
    database.record(asked(3))
    database.close()
    assert sound(folder / FILE) == ["Question 1?", "Question 3?"]


def test_a_file_that_cannot_be_opened_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even after all of it was written; to this process it is another one, so it ends."""
    folder = tmp_path / "data"
    database = opened(None, folder)
    database.record(asked(1))
    delete_all_files(folder)

    def failing(path: Path) -> sqlite3.Connection:
        raise sqlite3.OperationalError("unable to open database file")

    with monkeypatch.context() as broken:
        broken.setattr("bot.discord.sqlite._connected", failing)
        with pytest.raises(DatabaseError, match="unable to open"):
            database.record(asked(2))
    with pytest.raises(ReplacedDatabaseError):
        database.record(asked(3))
    database.close()
    assert sound(folder / FILE) == ["Question 1?"]


KILLED = """
import os, shutil, sys
from pathlib import Path
from bot.discord.database import opened

database = opened(None, Path(sys.argv[1]))
print("open", flush=True)
input()
{patch} = lambda *_, **__: os.kill(os.getpid(), 9)
database.declined(1)
"""


@pytest.mark.parametrize("delete", DELETIONS)
@pytest.mark.parametrize("patch", ["os.link", "os.close", "Path.unlink"])
def test_a_process_that_is_killed_meanwhile_harms_nothing(
    tmp_path: Path, delete: Callable[[Path], None], patch: str
) -> None:
    """What it leaves is either nothing, and another process writes it again, or all of it."""
    folder = tmp_path / "data"
    database = opened(None, folder)
    database.record(asked(1))
    killed = subprocess.Popen(
        [sys.executable, "-c", KILLED.format(patch=patch), folder],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True,
    )  # fmt: skip
    assert killed.stdout is not None
    assert killed.stdout.readline() == "open\n"
    delete(folder)
    killed.communicate("now\n")
    assert killed.returncode == -signal.SIGKILL
    if not (folder / FILE).exists():
        database.record(asked(2))
    database.close()
    opened(None, folder).close()
    assert sound(folder / FILE)[0] == "Question 1?"
    assert list(folder.iterdir()) == [folder / FILE]


def test_nothing_is_written_where_another_file_was_put(tmp_path: Path) -> None:
    """One sentence with what to do, for reading and for writing."""
    folder = tmp_path / "data"
    database = opened(None, folder)
    put_another(folder)
    with pytest.raises(ReplacedDatabaseError, match="another file was put in its place"):
        database.record(asked(1))
    with pytest.raises(ReplacedDatabaseError, match="start the bot again"):
        database.declined(1)
    database.close()
    assert sound(folder / FILE) == ["Question 99?"]


async def test_a_process_does_not_go_on_with_a_lease_that_nobody_sees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database that is there knows of no lease, so that another process may take it."""
    monkeypatch.setattr(leases, "RENEW", 0.01)
    database = opened(None, tmp_path / "data")
    lease = Lease(database.store, Shards())
    await lease.take(APPLICATION)
    put_another(tmp_path / "data")
    with pytest.raises(ReplacedDatabaseError):
        await lease.keep()
    database.close()


@pytest.mark.postgres
def test_tables_that_were_dropped_are_said(postgres: PostgresServer, tmp_path: Path) -> None:
    """On a server, each statement fails with what is lacking."""
    database = opened(postgres.new_database(), tmp_path)
    database.store.write(lambda transaction: transaction.execute("drop table questions").rowcount)
    with pytest.raises(DatabaseError, match='relation "questions" does not exist'):
        database.record(asked(1))
    database.close()


async def test_a_running_bot_notices_a_deleted_database(fake: Loopback, tmp_path: Path) -> None:
    """Also where nobody does anything: the lease is renewed in it."""
    folder = tmp_path / "data"
    process = await started(fake.url, folder, RENEW="0.1")
    await fake.connected()
    database = opened(None, folder)
    database.application = APPLICATION
    database.set_policy(SERVER, CHANNEL, Policy(Mode.OFF))
    database.close()
    shutil.rmtree(folder)
    await logged(process, "was deleted while it was open")
    await stopped(process)
    database = opened(None, folder)
    database.application = APPLICATION
    assert database.policies() == {CHANNEL: Policy(Mode.OFF)}
    database.close()


async def test_a_running_bot_ends_where_the_database_was_replaced(
    fake: Loopback, tmp_path: Path
) -> None:
    """With the exit code after which service managers start it again, which opens the new one."""
    folder = tmp_path / "data"
    process = await started(fake.url, folder, RENEW="0.1")
    await fake.connected()
    put_another(folder)
    code, _, log = await ended(process)
    assert code == 75, log
    assert "another file was put in its place" in log.splitlines()[-1]
