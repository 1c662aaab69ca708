"""A backup of the bot's database: made while it runs, checked, and put back only when it is not."""

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from command import Run

from bot.discord import backups
from bot.discord.backups import BackupError, back_up, restore
from bot.discord.database import FILE, Asked, Database, opened
from bot.discord.migrations import MIGRATIONS
from bot.discord.sqlite import COPY, Sqlite
from bot.discord.store import DatabaseError
from tests.databases import APPLICATION, made, written

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folder of a database, which the command uses too."""
    return tmp_path / "data"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a backup goes."""
    return tmp_path / "backup.sqlite3"


def ask(database: Database, number: int) -> None:
    """Record a question."""
    database.record(Asked(number, 1, 10, 7, f"Question {number}?", False, 0.1))


def questions(path: Path) -> list[int]:
    """The questions in a file whose pages fit together, and that nothing lies beside."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
        rows = connection.execute("select message from questions order by message").fetchall()
    return [number for (number,) in rows]


def kept(folder: Path, *numbers: int) -> None:
    """A database with some questions, that nobody has open."""
    database = opened(None, folder)
    for number in numbers:
        ask(database, number)
    database.close()


def test_the_commands_copy_and_put_back(run: Run, data: Path, file: Path) -> None:
    """One command each; the copy is for nobody else's eyes, and nothing is left beside either."""
    kept(data, 1, 2)
    assert run("backup", str(file)).code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    kept(data, 3)
    found = run("restore", str(file))
    assert (found.code, found.err) == (0, "")
    assert questions(data / FILE) == [1, 2]
    assert (data / FILE).stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in data.parent.rglob("*") if path.is_file()) == [
        file.name, FILE,
    ]  # fmt: skip


@pytest.mark.slow
def test_a_backup_is_of_one_moment_while_the_bot_writes(data: Path, file: Path) -> None:
    """All that was written before, and no half of anything; whoever writes is not disturbed."""
    database = opened(None, data)
    ask(database, 1)
    is_done, turn = threading.Event(), threading.Lock()
    numbers = iter(range(2, 10**6))

    def ask_next() -> None:
        # In the order of the numbers, whichever thread it is.
        with turn:
            ask(database, next(numbers))

    def write() -> None:
        while not is_done.is_set():
            ask_next()

    writing = threading.Thread(target=write)
    writing.start()
    copies = [file.with_name(f"{number}.sqlite3") for number in range(10)]
    for copy in copies:
        ask_next()
        back_up(data, copy)
    is_done.set()
    writing.join()
    last = next(numbers) - 1
    database.close()
    assert questions(data / FILE) == list(range(1, last + 1))
    counts = [questions(copy) for copy in copies]
    assert all(found == list(range(1, len(found) + 1)) for found in counts)
    assert [len(found) for found in counts] == sorted({len(found) for found in counts})


def test_nothing_is_restored_while_the_bot_runs(data: Path, file: Path) -> None:
    """It goes on with what it has; once it has stopped, the same command works."""
    kept(data, 1)
    back_up(data, file)
    database = opened(None, data)
    ask(database, 2)
    with pytest.raises(BackupError, match="the bot or another program has it open; stop that"):
        restore(data, file)
    ask(database, 3)
    database.close()
    assert questions(data / FILE) == [1, 2, 3]
    assert restore(data, file) is None
    assert questions(data / FILE) == [1]


@pytest.mark.slow
def test_what_a_killed_bot_has_left_is_replaced_whole(data: Path, file: Path) -> None:
    """The file with what it wrote last is not read into the backup."""
    kept(data, 1)
    back_up(data, file)
    code = (
        "import os; from tests.test_backup import *; from pathlib import Path\n"
        f"database = opened(None, Path({str(data)!r})); ask(database, 2); os.kill(os.getpid(), 9)"
    )
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=False)
    assert done.returncode == -9
    assert (data / f"{FILE}-wal").stat().st_size
    restore(data, file)
    assert questions(data / FILE) == [1]


def test_a_damaged_database_is_kept_aside(run: Run, data: Path, file: Path) -> None:
    """It cannot be backed up, and a backup takes its place."""
    kept(data, 1)
    back_up(data, file)
    content = (data / FILE).read_bytes()
    (data / FILE).write_bytes(b"x" * len(content))
    (data / f"{FILE}-wal").write_bytes(b"stale")
    with pytest.raises(BackupError, match=r"discord\.sqlite3: cannot be read or written \(file is"):
        back_up(data, file.with_name("other"))
    found = run("restore", str(file))
    assert found.code == 0
    assert f"{FILE}.damaged" in found.out
    assert questions(data / FILE) == [1]
    assert (data / f"{FILE}.damaged").read_bytes() == b"x" * len(content)
    assert not (data / f"{FILE}-wal").exists()


def test_a_database_that_is_damaged_within_is_kept_aside(data: Path, file: Path) -> None:
    """Its first page is sound; what was kept aside before stays."""
    kept(data, 1)
    back_up(data, file)
    kept(data, *range(2, 200))
    content = (data / FILE).read_bytes()
    damaged = content[:4096] + b"\xff" * (len(content) - 4096)
    (data / FILE).write_bytes(damaged)
    earlier = data / f"{FILE}.damaged"
    earlier.write_text("earlier")
    (data / f"{FILE}.damaged-2-wal").write_text("earlier")
    aside = restore(data, file)
    assert aside == data / f"{FILE}.damaged-3"
    assert aside.read_bytes() == damaged
    assert earlier.read_text() == "earlier"
    assert questions(data / FILE) == [1]


@pytest.mark.parametrize("end", ["-wal", "-journal"])
def test_what_lies_beside_a_missing_database_is_not_read(data: Path, file: Path, end: str) -> None:
    """It is kept under another name."""
    kept(data, 1)
    back_up(data, file)
    stale = data / f"{FILE}{end}"
    database = opened(None, data)
    ask(database, 2)
    content = (data / f"{FILE}-wal").read_bytes()
    database.close()
    (data / FILE).unlink()
    stale.write_bytes(content)
    assert restore(data, file) is None
    assert not stale.exists()
    assert (data / f"{FILE}.damaged{end}").read_bytes() == content
    assert questions(data / FILE) == [1]


def test_damage_within_is_found(data: Path, file: Path) -> None:
    """No backup is made of what is not sound, and none is restored; the database stays."""
    kept(data, *range(200))
    back_up(data, file)
    content = bytearray(file.read_bytes())
    with closing(sqlite3.connect(file)) as connection:
        ((page,),) = connection.execute(
            "select rootpage from sqlite_master where name = 'questions'"
        )
    start = (page - 1) * 4096
    content[start : start + 40] = bytes(40)
    file.write_bytes(content)
    with pytest.raises(BackupError, match=r"damaged|malformed"):
        restore(data, file)
    assert questions(data / FILE) == list(range(200))
    (data / FILE).write_bytes(content)
    with pytest.raises(BackupError, match=r"damaged|malformed"):
        back_up(data, file.with_name("other"))
    assert sorted(path.name for path in data.iterdir()) == [FILE]


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_a_backup_of_an_earlier_version_is_brought_up_to_date(
    version: int, data: Path, file: Path
) -> None:
    """What the database of that version had is there."""
    written(version, file)
    restore(data, file)
    database = opened(None, data)
    database.application = APPLICATION
    assert len(database.all_declined()) == 1
    database.close()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("none", "there is no such file"),
        ("folder", "is not a regular file"),
        ("text", "cannot be read or written (file is not a database)"),
        ("empty", "is no backup"),
        ("foreign", "is no backup"),
        ("newer", "was written by a newer version of Footnote; install that one"),
    ],
)
def test_what_is_no_backup_replaces_nothing(
    run: Run, data: Path, file: Path, kind: str, expected: str
) -> None:
    """One sentence, with exit code 2."""
    kept(data, 1)
    if kind == "folder":
        file.mkdir()
    elif kind in ("text", "empty"):
        file.write_text("no database " * 1_000 if kind == "text" else "")
    elif kind == "foreign":
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("create table policies (x)")
    elif kind == "newer":
        with closing(made(len(MIGRATIONS), file)) as connection:
            connection.execute("pragma user_version = 99")
    found = run("restore", str(file))
    assert (found.code, found.out, found.err.count("\n")) == (2, "", 1)
    assert found.err.startswith(f"footnote: {file}: {expected}")
    assert questions(data / FILE) == [1]


def test_the_database_is_no_backup_of_itself(data: Path, file: Path) -> None:
    """By its own name or another one, which would wait for itself; nor is a folder one."""
    kept(data, 1)
    file.symlink_to(data / FILE)
    for itself in (data / FILE, file):
        with pytest.raises(BackupError, match="is the bot's database itself"):
            restore(data, itself)
    with pytest.raises(BackupError, match="is not a regular file"):
        restore(data, data)
    assert questions(data / FILE) == [1]


def test_nothing_is_overwritten_by_a_backup(run: Run, data: Path, file: Path) -> None:
    """Nor is one made of nothing."""
    found = run("backup", str(file))
    assert (found.code, "there is no database" in found.err) == (2, True)
    assert not data.exists()
    kept(data, 1)
    file.write_text("mine")
    found = run("backup", str(file))
    assert (found.code, "is there already" in found.err) == (2, True)
    assert file.read_text() == "mine"
    found = run("backup", str(file / "x"))
    assert (found.code, found.err.count("\n")) == (2, 1)


def test_a_server_has_programs_of_its_own(
    run: Run, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their names are said, and the address is not."""
    monkeypatch.setenv("FOOTNOTE_DATABASE", "postgresql://me:secret@host/base")
    for command, program in (("backup", "pg_dump"), ("restore", "pg_restore")):
        found = run(command, str(file))
        assert (found.code, program in found.err, "secret" in found.err) == (2, True, False)


def test_a_bot_that_starts_meanwhile_ends(
    data: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would write into a file that nobody can find any more."""
    from bot.discord import sqlite
    from bot.discord.store import ReplacedDatabaseError

    kept(data, 1)
    back_up(data, file)
    connected = sqlite._connected

    def replaced(path: Path) -> sqlite3.Connection:
        connection = connected(path)
        if path == data / FILE:
            file.replace(path)
        return connection

    monkeypatch.setattr(sqlite, "_connected", replaced)
    with pytest.raises(ReplacedDatabaseError):
        opened(None, data)


@pytest.mark.parametrize("is_there", [True, False])
def test_a_bot_that_starts_during_a_restore_empties_nothing(
    data: Path, file: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    """It waits for a database that is there; it makes one that is not, and keeps it."""
    kept(data, 1)
    back_up(data, file)
    if not is_there:
        (data / FILE).unlink()

    settle = backups._settle

    def settled(copy: Path, source: Path) -> None:
        settle(copy, source)
        if is_there:
            with pytest.raises(DatabaseError, match="another program keeps the database locked"):
                Sqlite(data / FILE)
        else:
            kept(data)

    # The bot does not wait.
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, timeout=0))
    monkeypatch.setattr(backups, "_settle", settled)
    if is_there:
        assert restore(data, file) is None
        assert questions(data / FILE) == [1]
    else:
        with pytest.raises(BackupError, match="a bot was started"):
            restore(data, file)
        assert questions(data / FILE) == []
    assert [path.name for path in data.iterdir()] == [FILE]


def test_a_start_removes_no_copy_of_the_users(data: Path) -> None:
    """Only those that a restore makes."""
    kept(data, 1)
    own = [data / f"{FILE}.{name}.copy" for name in ("monday", "thursday")]
    left = [data / f"{FILE}.a_c4efgh{COPY}{end}" for end in ("", "-wal")]
    for path in own + left:
        path.touch()
    kept(data, 2)
    assert sorted(data.iterdir()) == sorted([data / FILE, *own])


KILLED = """
import os, sys
from pathlib import Path
from bot.discord import backups

{where} = lambda *_: os.kill(os.getpid(), 9)
backups.restore(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "where", ["backups._settle", "backups.Database", "backups.closing", "Path.replace"]
)
def test_a_restore_that_is_killed_leaves_the_database(data: Path, file: Path, where: str) -> None:
    """Whenever it is; the next start removes what it left."""
    kept(data, 1)
    back_up(data, file)
    kept(data, 2)
    command = [sys.executable, "-c", KILLED.format(where=where), data, file]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -9
    kept(data, 3)
    assert questions(data / FILE) == [1, 2, 3]
    assert [path.name for path in data.iterdir()] == [FILE]


@pytest.mark.slow
@pytest.mark.parametrize("where", ["backups.os.link", "Path.replace"])
def test_a_restore_over_damage_that_is_killed_leaves_what_was_there(
    data: Path, file: Path, where: str
) -> None:
    """Under its name, until the backup takes that; the same command works then."""
    kept(data, 1)
    back_up(data, file)
    (data / FILE).write_bytes(b"x" * 4096)
    # Of the renamings, the one that puts the copy in its place.
    others = f"lambda it, to, do=Path.replace: do(it, to) if Path(to).name != {FILE!r} else "
    killing = KILLED.replace("lambda *_: ", others) if where == "Path.replace" else KILLED
    command = [sys.executable, "-c", killing.format(where=where), data, file]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -9
    assert (data / FILE).read_bytes() == b"x" * 4096
    aside = restore(data, file)
    assert aside is not None
    assert aside.read_bytes() == b"x" * 4096
    assert questions(data / FILE) == [1]


def test_a_disk_without_room_leaves_the_database(
    data: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no part of a copy."""
    kept(data, 1)
    back_up(data, file)
    kept(data, 2)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups.os, "fsync", full)
    with pytest.raises(BackupError, match="No space left on device"):
        restore(data, file)
    with pytest.raises(BackupError, match="No space left on device"):
        back_up(data, file.with_name("other"))
    assert questions(data / FILE) == [1, 2]
    assert sorted(path.name for path in data.parent.rglob("*") if path.is_file()) == [
        file.name, FILE,
    ]  # fmt: skip
