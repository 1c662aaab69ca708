"""The database of every earlier version is opened, and all that it had is there."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.discord.database import FILE, Database, Mode, Policy, Reply, opened
from bot.discord.handed import HandedOnStore
from bot.discord.migrations import MIGRATIONS
from bot.discord.taught_store import TaughtStore
from bot.discord.upload_store import Uploads
from bot.discord.uploads import UploadLimits
from tests.databases import (
    APPLICATION,
    CHANNEL,
    MESSAGE,
    SERVER,
    dump_of,
    made,
    rows_of,
    schema_of,
    written,
)

VERSIONS = range(1, len(MIGRATIONS) + 1)

NOT_KEPT = {"application"}
"""What a bot sets when it takes over what an earlier version kept."""


@pytest.mark.parametrize("version", VERSIONS)
def test_a_step_that_was_shipped_never_changes(version: int, tmp_path: Path) -> None:
    """Each version has its dump, and the steps up to it still make that database."""
    written(version, tmp_path / FILE)
    with closing(sqlite3.connect(tmp_path / FILE)) as kept, closing(made(version)) as now:
        assert kept.execute("pragma user_version").fetchone() == (version,)
        assert schema_of(kept) == schema_of(now)


def assert_upgraded(database: Database, version: int) -> None:
    """All rows of a version are found by those who ask for them today."""
    database.application = APPLICATION
    database.claim([SERVER])
    assert database.policies() == {CHANNEL: Policy(Mode.EVERY, Reply.THREAD)}
    assert database.recorded_servers() == {SERVER}
    assert [question for question, _ in database.declined(SERVER)] == ["Who planted the oak? 🌳"]
    assert [each.comment for each in database.feedback(SERVER)] == ["thanks"]
    assert database.synced(APPLICATION) == "0f" * 20
    uploads = Uploads(database, UploadLimits(1, 1, 1)).present(SERVER)
    assert [upload.name for upload in uploads] == ["notes.md"] * (version >= 5)
    taught = TaughtStore(database).entries(SERVER)
    assert [entry.answer for entry in taught] == ["Anna Berg did; it's old."] * (version >= 6)
    assert (HandedOnStore(database).of_message(SERVER, MESSAGE) is not None) == (version >= 6)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_database_of_every_version_is_opened(version: int, tmp_path: Path) -> None:
    """Each row is there, in each column that it had."""
    written(version, tmp_path / FILE)
    with closing(sqlite3.connect(tmp_path / FILE)) as before:
        had = rows_of(before)
    assert all(had.values())
    database = opened(None, tmp_path)
    assert_upgraded(database, version)
    database.close()
    with closing(sqlite3.connect(tmp_path / FILE)) as after:
        has = rows_of(after)
    for table, rows in had.items():
        columns = rows[0].keys() - NOT_KEPT
        found = [{name: row[name] for name in columns} for row in has[table]]
        assert found == [{name: row[name] for name in columns} for row in rows], table


@pytest.mark.postgres
@pytest.mark.parametrize("address", ["postgres"], indirect=True)
@pytest.mark.parametrize("version", VERSIONS)
def test_the_same_on_a_server(
    version: int, open_database: Callable[[], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL keeps the same rows over the same steps."""
    monkeypatch.setattr("bot.discord.migrations.MIGRATIONS", MIGRATIONS[:version])
    earlier = open_database()
    with closing(made(version)) as connection:
        had = rows_of(connection)
    for table, rows in had.items():
        names = ", ".join(f'"{name}"' for name in rows[0])
        places = ", ".join("?" * len(rows[0]))
        insert = f"insert into {table} ({names}) values ({places})"  # noqa: S608 (our own names)
        values = list(rows[0].values())
        earlier.store.write(lambda t, insert=insert, values=values: t.execute(insert, values))
    monkeypatch.undo()
    assert_upgraded(open_database(), version)


def test_every_dump_is_of_a_version() -> None:
    """None lies there that nobody opens."""
    assert sorted(dump_of(1).parent.glob("*")) == [dump_of(version) for version in VERSIONS]
