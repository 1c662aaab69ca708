"""Tokens and passwords: no repr, no line of a command, no log and no error shows one."""

import logging
from dataclasses import fields
from pathlib import Path

import pytest
from command import Run

from bot.logs import JsonFormatter, TextFormatter, secrets_of
from bot.settings import Settings, SettingsError, read_settings, variable_of
from retrieval.cluster.address import cluster_at
from tests.bot_process import ended, started
from tests.loopback import Loopback
from tests.postgres_server import PostgresServer

HUSH = "hush4711hush"

SECRET = {
    "discord_token": HUSH,
    "opensearch": f"https://reader:{HUSH}@127.0.0.1:9",
    "opensearch_key": HUSH,
    "database": f"postgresql://bot:{HUSH}@127.0.0.1:9/footnote",
}
"""The settings that hold a secret, with one."""

OPEN = {
    "knowledge", "engine", "reader", "data", "cache", "weights", "vectors", "opensearch_ca",
    "days_after_leaving", "days_of_records", "servers", "users", "shards", "shard_ids",
    "questions", "collections", "collection_servers", "base_url", "message_content", "upload_mb",
    "upload_documents", "upload_server_mb", "limit_user", "limit_channel", "limit_server",
    "metrics", "log",
}  # fmt: skip
"""Those that hold none: whoever adds a setting decides here."""

VARIABLES = {variable_of(name): value for name, value in SECRET.items()}


def test_every_setting_is_a_secret_or_none() -> None:
    """And those that are one, and no others, are left out of every repr and masked in logs."""
    assert {each.name for each in fields(Settings)} == SECRET.keys() | OPEN
    assert {each.name for each in fields(Settings) if not each.repr} == SECRET.keys()


@pytest.mark.parametrize("name", SECRET)
def test_no_repr_has_it(tmp_path: Path, name: str) -> None:
    """Of the settings as they are read, nor of the cluster that they name."""
    variable = variable_of(name)
    settings = read_settings({variable: SECRET[name]}, tmp_path / ".env")
    assert getattr(settings, name) == SECRET[name]
    assert HUSH not in repr(settings) + str(settings)
    cluster = cluster_at(SECRET["opensearch"])
    assert HUSH not in repr(cluster) + str(cluster) + repr(cluster_at("https://a", key=HUSH))


@pytest.mark.parametrize("name", SECRET)
@pytest.mark.parametrize("form", [TextFormatter, JsonFormatter])
def test_no_line_of_the_log_has_it(form: type[TextFormatter], name: str) -> None:
    """Whoever logs it, a library as well."""
    formatter = form(secrets_of(Settings(**{name: SECRET[name]})))  # type: ignore[arg-type]
    message = f"sent {SECRET[name]} and {HUSH}"
    made = logging.LogRecord("aiohttp", logging.INFO, __file__, 1, message, None, None)
    assert HUSH not in formatter.format(made)
    assert "sent ***" in formatter.format(made)


@pytest.mark.parametrize("name", SECRET)
@pytest.mark.parametrize("beside", ["engine", "shards", "limit_user", "metrics", "base_url"])
def test_no_error_about_settings_has_it(tmp_path: Path, name: str, beside: str) -> None:
    """Whether it is wrong itself or another one is."""
    given = {variable_of(name): SECRET[name], variable_of(beside): "-1 of what"}
    lines = (f"{variable_of(name)} {HUSH}", f"{variable_of(name)}='{HUSH}")
    (tmp_path / ".env").write_text("\n".join(lines))
    for environment, file in (
        (given, tmp_path / "none"),
        ({variable_of("database"): f"mysql://bot:{HUSH}@db"}, tmp_path / "none"),
        ({f"{variable_of(name)}S": HUSH}, tmp_path / "none"),
        ({}, tmp_path / ".env"),
    ):
        try:
            said = repr(read_settings(environment, file))
        except SettingsError as error:
            said = str(error) + repr(error)
        assert HUSH not in said


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("bot", "--help"),
        ("bot", "--check"),
        ("ask", "Which city is twinned with Bethlehem?"),
        ("ask", "--engine", "opensearch", "x"),
        ("index", "--engine", "opensearch"),
        ("check", "--engine", "opensearch"),
        ("documents",),
        ("ask", "--engine", "none", "x"),
        ("ask", "--knowledge", "nowhere", "x"),
    ],
    ids=" ".join,
)
def test_no_command_prints_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """Whether it can do what it is asked or not: nobody listens at these addresses."""
    for variable, value in VARIABLES.items():
        if variable != "FOOTNOTE_OPENSEARCH_KEY":  # the cluster would refuse both
            monkeypatch.setenv(variable, value)
    result = run(*arguments)
    assert HUSH not in result.out + result.err
    assert result.out or result.err


@pytest.mark.slow
async def test_a_bot_that_is_refused_shows_nothing(fake: Loopback, tmp_path: Path) -> None:
    """Neither its token nor the password of a database, with --verbose too."""
    refused = await started(fake.url, tmp_path, "--verbose", token=f"a.{HUSH}.b")
    unreached = await started(fake.url, tmp_path, "--verbose", FOOTNOTE_DATABASE=SECRET["database"])
    for process, expected, remedy in ((refused, 2, "token"), (unreached, 75, "FOOTNOTE_DATABASE")):
        code, out, log = await ended(process)
        assert code == expected, log
        assert remedy in log.splitlines()[-1]
        assert HUSH not in out + log


@pytest.mark.slow
@pytest.mark.postgres
async def test_a_server_that_refuses_a_password_is_told_it_alone(
    postgres: PostgresServer, fake: Loopback, tmp_path: Path
) -> None:
    """A real one, which knows another."""
    user, _, rest = postgres.new_database().rpartition("@")
    address = f"{user.rpartition(':')[0]}:{HUSH}@{rest}"
    process = await started(fake.url, tmp_path, "--verbose", FOOTNOTE_DATABASE=address)
    code, out, log = await ended(process)
    assert code in (2, 75), log
    assert HUSH not in out + log
