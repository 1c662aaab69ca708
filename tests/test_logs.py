"""The bot's log: what a line holds, and what none does."""

import json
import logging
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.discord import failures
from bot.logs import JsonFormatter, TextFormatter, secrets_of
from bot.metrics import Metrics
from bot.settings import Settings
from tests.bot_process import QUESTION, ROOT, answered, logged, started, stopped
from tests.loopback import Loopback


def record(message: str, *args: object, **more: object) -> logging.LogRecord:
    """A record as a logger makes it."""
    return logging.getLogger("bot.test").makeRecord(
        "bot.test", logging.ERROR, __file__, 1, message, args, more.get("exc_info")
    )


@pytest.mark.slow
async def test_the_log_of_a_bot_in_json(fake: Loopback, tmp_path: Path) -> None:
    """Every line is an object, and says no more than the text says."""
    process = await started(fake.url, tmp_path, FOOTNOTE_LOG="json")
    first = await logged(process, "connected: ")
    assert "**Monterrey**" in await answered(fake, await fake.ask(QUESTION))
    log = await stopped(process)
    lines = [json.loads(line) for line in (first, *log.splitlines())]
    assert {frozenset(line) for line in lines} == {
        frozenset(("time", "level", "logger", "message"))
    }
    assert all(datetime.fromisoformat(line["time"]).utcoffset() == timedelta(0) for line in lines)
    said = [line["message"] for line in lines if line["logger"] == "bot.discord.client"]
    assert said[0].startswith("connected: ")
    assert said[-1].startswith("/ask guild=200 channel=201 took=")
    assert not {"Monterrey", "twinned"} & set(log.split())


def test_warnings_of_libraries_are_records_too() -> None:
    """Nothing but objects is written, whatever warns."""
    code = (
        "import warnings; from bot import logs; from bot.settings import Settings;"
        "logs.begin(Settings(log='json'), is_verbose=False); warnings.warn('old\\nand slow')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    read = json.loads(done.stderr)
    assert (read["level"], read["logger"]) == ("WARNING", "py.warnings")
    assert "UserWarning: old\nand slow" in read["message"]


@pytest.mark.parametrize("form", [TextFormatter, JsonFormatter])
def test_secrets_are_masked(form: type[TextFormatter]) -> None:
    """Wherever they stand: in the message, or in what an exception says."""
    token = "a.good\ttoken"
    formatter = form(secrets_of(Settings(discord_token=token)))
    try:
        raise RuntimeError(f"sent {token}")
    except RuntimeError:
        line = formatter.format(record("with %s", token, exc_info=sys.exc_info()))
    assert "good" not in line
    assert line.count("***") == 2
    assert formatter.format(record("nothing")).count("***") == 0


def test_the_password_in_an_address_is_a_secret_too() -> None:
    """Libraries take addresses apart, and may name what they found."""
    kept = secrets_of(Settings(discord_token="postgresql://bot:p%40ss@db/footnote"))
    assert kept == ["postgresql://bot:p%40ss@db/footnote", "p%40ss", "p@ss"]
    assert secrets_of(Settings(discord_token="http://[")) == ["http://["]
    assert secrets_of(Settings()) == []


@pytest.mark.parametrize(
    "settings",
    [
        Settings(opensearch="https://a.example, https://u:p%2Css@b.example"),
        Settings(opensearch="https://u:p%2Css@a.example,https://b.example"),
        Settings(database="postgresql://bot@db/footnote?sslmode=require&password=p%2Css"),
        Settings(database="postgresql://bot:p,ss@db/footnote"),
    ],
)
def test_a_password_is_found_wherever_it_may_stand(settings: Settings) -> None:
    """In the address of any node, or as a parameter."""
    assert "p,ss" in secrets_of(settings)


def test_an_exception_is_one_string() -> None:
    """A program reads a line at a time; people and documents may have written what is in it."""
    try:
        raise ValueError("one\ntwo\u2028\x1b[31m")
    except ValueError:
        line = JsonFormatter().format(record("broken", exc_info=sys.exc_info()))
    assert line.isprintable()
    read = json.loads(line)
    assert read["message"] == "broken"
    assert read["exception"].startswith("Traceback")
    assert read["exception"].endswith("ValueError: one\ntwo\u2028\x1b[31m")


def test_what_an_error_says_is_in_no_form(caplog: pytest.LogCaptureFixture) -> None:
    """The place in the code and the name are; its words may be those of a question."""

    words = "a secret"

    def broken() -> None:
        try:
            raise KeyError(words)
        except KeyError as error:
            raise RuntimeError(words) from error

    try:
        broken()
    except RuntimeError as error:
        failures.log(error, "somewhere", Metrics())
    (made,) = caplog.records
    read = json.loads(JsonFormatter().format(made))
    assert read["message"] == "somewhere failed: RuntimeError"
    assert "in broken" in read["exception"]
    assert read["exception"].endswith("\nRuntimeError")
    for form in (JsonFormatter, TextFormatter):
        assert "secret" not in form().format(made)
