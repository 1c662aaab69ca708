"""PostgreSQL by its address: what is refused, what is unreachable, what comes back by itself."""

import os
import signal
import sys
import traceback
from pathlib import Path

import pytest

from bot.discord.database import Asked, opened
from bot.discord.store import DatabaseError, UnreachableDatabaseError
from bot.settings import SettingsError, read_settings
from bot.terminal.cli import main
from tests.postgres_server import PASSWORD, PostgresServer

ASKED = Asked(1, 1, 10, 1, "Question?", False, 0.1)
NOWHERE = "postgresql://me:s3cret@127.0.0.1:9/footnote"


@pytest.mark.postgres
def test_a_server_that_was_restarted_is_found_again(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    """The first statement after it is done over a new connection, reading or writing."""
    database = opened(postgres.new_database(), tmp_path)
    for number in (1, 2):
        postgres.stop()
        postgres.start()
        if number == 1:
            database.record(ASKED)
        assert len(database.declined(1)) == 1
    database.close()


@pytest.mark.postgres
def test_a_server_that_is_down_is_said_until_it_is_back(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    """One sentence each time, and then it works again."""
    database = opened(postgres.new_database(), tmp_path)
    postgres.stop()
    try:
        for _ in range(2):
            with pytest.raises(UnreachableDatabaseError, match="cannot be reached"):
                database.record(ASKED)
    finally:
        postgres.start()
    database.record(ASKED)
    assert len(database.declined(1)) == 1
    database.close()


@pytest.mark.slow
@pytest.mark.postgres
def test_a_connection_that_stands_still_is_left(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for it would wait for ever; what was to be done is done over a new one."""
    monkeypatch.setattr("bot.discord.postgres._PATIENCE", 2.0)
    database = opened(postgres.new_database(), tmp_path)
    ((process,),) = database.store.read("select pg_backend_pid()")
    os.kill(process, signal.SIGSTOP)
    try:
        database.record(ASKED)
    finally:
        os.kill(process, signal.SIGCONT)
    assert len(database.declined(1)) == 1
    database.close()


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:s3cret@[::1/footnote",
        "postgresql://me:s3cret@host:port/footnote",
        "postgresql://me:s3cret/more@host:5432/footnote",
        "postgresql://me:more@s3cret@host/footnote",
        "postgresql://me:%zzs3cret@host/footnote",
        "postgresql://me:s3cret@127.0.0.1/footnote?sslmode=s3cret",
        "postgresql://me:s3cret@host/footnote?s3cret=1",
    ],
)
def test_an_address_that_cannot_be_one_is_refused(tmp_path: Path, address: str) -> None:
    """Nothing of it is shown, since any part may be of the password."""
    with pytest.raises(DatabaseError, match="FOOTNOTE_DATABASE is refused") as caught:
        opened(address, tmp_path)
    assert not isinstance(caught.value, UnreachableDatabaseError)
    assert "s3cret" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.postgres
@pytest.mark.parametrize("wrong", ["password", "database", "user"])
def test_what_the_server_refuses(postgres: PostgresServer, tmp_path: Path, wrong: str) -> None:
    """It will not be right later by itself."""
    address = postgres.address("none" if wrong == "database" else "postgres")
    if wrong == "password":
        address = postgres.address("postgres", "an0ther")
    elif wrong == "user":
        address = address.replace("//footnote:", "//nobody:")
    with pytest.raises(DatabaseError, match="check its user, password, database") as caught:
        opened(address, tmp_path)
    assert not isinstance(caught.value, UnreachableDatabaseError)
    shown = "".join(traceback.format_exception(caught.value))
    assert PASSWORD not in shown
    assert "an0ther" not in shown


@pytest.mark.postgres
def test_a_database_for_some_texts_only_is_refused(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    """Questions come in all scripts."""
    with pytest.raises(DatabaseError, match="encoding UTF8"):
        opened(postgres.new_database("LATIN1"), tmp_path)


def test_without_the_extra_its_name_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence with what to install."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DatabaseError, match=r"pip install 'footnote-bot\[postgres\]'"):
        opened(NOWHERE, tmp_path)


def test_the_address_is_never_shown(tmp_path: Path) -> None:
    """Neither by the settings nor by what opens it, nor in the sentence about another scheme."""
    settings = read_settings({"FOOTNOTE_DATABASE": NOWHERE}, tmp_path / ".env")
    assert settings.database == NOWHERE
    assert "s3cret" not in repr(settings)
    with pytest.raises(SettingsError, match="FOOTNOTE_DATABASE is no address") as caught:
        read_settings({"FOOTNOTE_DATABASE": "mysql://me:s3cret@host/x"}, tmp_path / ".env")
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "code", "sentence"),
    [
        (NOWHERE, 75, "cannot be reached"),
        ("postgresql://me:s3cret@host:port/x", 2, "FOOTNOTE_DATABASE is refused"),
    ],
)
@pytest.mark.parametrize("options", [[], ["--check"]])
def test_exit_codes(
    options: list[str],
    address: str,
    code: int,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """2 is for what has to be changed, 75 for what may go away."""
    monkeypatch.setenv("DISCORD_TOKEN", "a.good.token")
    monkeypatch.setenv("FOOTNOTE_DATABASE", address)
    assert main(["bot", *options]) == code
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1
    assert "s3cret" not in error


@pytest.mark.postgres
def test_check_changes_nothing(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It connects to the database, and makes no table: an older version may be running over it."""
    address = postgres.new_database()
    monkeypatch.setenv("DISCORD_TOKEN", "a.good.token")
    monkeypatch.setenv("FOOTNOTE_DATABASE", address)
    assert main(["bot", "--check"]) == 0, capsys.readouterr().err
    assert postgres.tables(address) == set()
