"""The SQLite database copied into a file of its own, also while the bot runs, and put back."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path

from bot.discord.database import FILE, Database
from bot.discord.migrations import MIGRATIONS
from bot.discord.sqlite import COPY, Sqlite
from bot.discord.store import DatabaseError

_BESIDE = ("-wal", "-shm", "-journal")
"""The ends of the names of what SQLite keeps beside a database that is in use."""

_DAMAGED = ".damaged"


class BackupError(DatabaseError):
    """Why there is no backup, or why none can be restored."""


def back_up(folder: Path, file: Path) -> None:
    """Copy the database in a folder to a new file; BackupError where that cannot be done."""
    path = folder / FILE
    with _failing(path):
        if not path.is_file():
            raise BackupError(
                f"{path}: there is no database; set FOOTNOTE_DATA to the folder that the bot runs"
                " with"
            )
    with _failing(file):
        if file.exists():
            raise BackupError(f"{file}: is there already; choose another name, or remove it first")
        with _copied(path, file) as (copy, _):
            copy.replace(file)


def restore(folder: Path, file: Path) -> Path | None:
    """Put a backup in the place of the database in a folder, which stays until that is done.

    What a damaged database is kept as, where there was one; BackupError where the backup is none,
    or the bot runs.
    """
    path = folder / FILE
    _check(file)
    with _failing(path):
        if path.exists() and path.samefile(file):
            raise BackupError(f"{file}: is the bot's database itself; name a backup of it")
        folder.mkdir(parents=True, exist_ok=True)
        with _held(path) as is_sound, _copied(file, path) as (copy, handle):
            # Brought up to date before it takes the place of the other.
            Database(Sqlite(copy)).close()
            _settle(copy, file)
            # Where there was no database to be held, a bot may have made one, and removed the copy.
            if not (copy.exists() and os.path.samestat(os.fstat(handle), copy.stat())):
                raise BackupError(f"{path}: a bot was started with it meanwhile; stop that first")
            aside = _set_aside(path, is_sound)
            copy.replace(path)
    return None if is_sound else aside


def _check(file: Path) -> None:
    """BackupError where a file is no database that this version can use."""
    with _failing(file):
        if not file.is_file():
            what = "is not a regular file" if file.exists() else "there is no such file"
            raise BackupError(f"{file}: {what}; name one that footnote backup has made")
        with closing(_opened(file, "ro")) as connection:
            ((version,),) = connection.execute("pragma user_version")
            tables = {name for (name,) in connection.execute("select name from sqlite_master")}
    if not version or "policies" not in tables:
        raise BackupError(f"{file}: is no backup of the bot's database; name another file")
    if version > len(MIGRATIONS):
        raise BackupError(
            f"{file}: was written by a newer version of Footnote; install that one to restore it"
        )


@contextmanager
def _held(path: Path) -> Iterator[bool]:
    """Keep a bot from opening a database; whether it is a sound one, or there is none.

    BackupError where a bot has it open.
    """
    if not path.exists():
        yield True
        return
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        is_sound = True
        try:
            # Refused while anybody else has it open; what lies beside it becomes part of it.
            connection.execute("pragma journal_mode = delete")
            connection.execute("begin exclusive")
            is_sound = _is_sound(connection)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                raise BackupError(
                    f"{path}: the bot or another program has it open; stop that first"
                ) from error
            raise _failure(path, error) from error
        except sqlite3.DatabaseError:
            is_sound = False
        yield is_sound


@contextmanager
def _copied(source: Path, target: Path) -> Iterator[tuple[Path, int]]:
    """A sound copy of a database beside `target`, in one file, which is removed at the end.

    Also the open file, to tell it from another of its name.
    """
    handle, name = tempfile.mkstemp(COPY, f"{target.name}.", target.parent)
    copy = Path(name)
    try:
        with (
            closing(_opened(copy, "rw")) as written,
            _failing(source),
            closing(_opened(source, "ro")) as read,
        ):
            read.backup(written)
        _settle(copy, source)
        yield copy, handle
    finally:
        os.close(handle)
        for end in ("", *_BESIDE):
            Path(f"{copy}{end}").unlink(missing_ok=True)


def _settle(copy: Path, source: Path) -> None:
    """Have all of a copy in its file, and on the disk; BackupError where it is not sound."""
    with closing(_opened(copy, "rw")) as connection:
        connection.execute("pragma journal_mode = delete")
        if not _is_sound(connection):
            raise BackupError(f"{source}: is damaged; restore an earlier backup")
    with copy.open("rb") as content:
        os.fsync(content.fileno())


def _opened(file: Path, mode: str) -> sqlite3.Connection:
    """Never a new file, as sqlite3.connect would make where there is none."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode={mode}", uri=True)


def _is_sound(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("pragma integrity_check").fetchone() == ("ok",))


def _set_aside(path: Path, is_sound: bool) -> Path:
    """Give a damaged database a second name, and what lies beside it that name alone; which."""
    names = (f"{path}{_DAMAGED}{f'-{number}' if number > 1 else ''}" for number in count(1))
    ends = ("", *_BESIDE)
    aside = next(name for name in names if not any(os.path.lexists(name + end) for end in ends))
    if not is_sound:
        # It keeps its own until the backup takes that, so that a kill leaves no place empty.
        os.link(path, aside)
    # SQLite would read it into the database that comes in its place.
    for end in _BESIDE:
        with suppress(FileNotFoundError):
            Path(f"{path}{end}").replace(f"{aside}{end}")
    return Path(aside)


@contextmanager
def _failing(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise _failure(path, error) from error


def _failure(path: Path, error: Exception) -> BackupError:
    said = error.strerror if isinstance(error, OSError) and error.strerror else error
    return BackupError(f"{path}: cannot be read or written ({said}); check the file and its disk")
