"""How `footnote bot` ends as a process: soon, with the exit code that its supervisor needs."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot import service
from bot.discord import client, draining, running
from tests.bot_process import QUESTION, ROOT, answered, ended, logged, started, stopped
from tests.loopback import HELD, Loopback, line_to

pytestmark = pytest.mark.slow

SOON = 15.0
"""Seconds for what takes at most five on a machine that does nothing else; what a supervisor gives
to it, and what Discord gives to a request, is longer."""

BRIEFLY = {"PATIENCE": "1"}

LAST = "bot.discord.running: stopped"

AGAIN = "The bot is about to restart; ask again in a minute."


def test_the_end_comes_within_the_time_that_a_supervisor_gives() -> None:
    """Five seconds where nobody waits for an answer, else fifteen (docs/deployment.md); one of them
    is left for what else there is to do."""
    # The connection and the database; the gateway; the lease, twice where it fails, and Discord.
    ends = [2 * running._PATIENCE, draining._PATIENCE, 3 * client._PATIENCE]
    assert sum(ends) <= 4
    assert sum(ends) + service._PATIENCE + service._FAREWELL <= 14


SIGNALLED = """
import os, signal, sys
from bot.terminal.cli import main

class Finder:
    @staticmethod
    def find_spec(name, *_):
        if name == "bot.discord.running":
            os.kill(os.getpid(), signal.SIGTERM)

sys.meta_path.insert(0, Finder)
sys.exit(main(["bot"]))
"""
"""Receives SIGTERM while the modules of the bot are being loaded."""


def test_an_end_while_the_program_is_loaded() -> None:
    """A supervisor may change its mind at once; that is no failure."""
    done = subprocess.run([sys.executable, "-c", SIGNALLED], cwd=ROOT, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def before_the_gateway_opens(fake: Loopback) -> None:
    """Discord takes no connection."""
    fake.opens.clear()


def before_hello(fake: Loopback) -> None:
    """Discord takes the connection and says nothing."""
    fake.greets.clear()


def at_login(fake: Loopback) -> None:
    """Discord does not answer the first request."""
    fake.fails["/users/@me"] = [HELD]


def before_the_lease(fake: Loopback) -> None:
    """Discord does not answer the second one."""
    fake.fails["/oauth2/applications/@me"] = [HELD]


def at_syncing(fake: Loopback) -> None:
    """Discord does not answer when it gets the commands."""
    fake.fails["/commands"] = [HELD]


@pytest.mark.parametrize(
    ("break_", "last"),
    [
        (before_the_gateway_opens, "/commands"),
        (before_hello, "/commands"),
        (at_login, "/users/@me"),
        (before_the_lease, "/oauth2/applications/@me"),
        (at_syncing, "/commands"),
    ],
)
async def test_an_end_before_the_bot_is_connected(
    fake: Loopback, tmp_path: Path, break_: Callable[[Loopback], None], last: str
) -> None:
    """Whatever it waits for; that is no failure."""
    break_(fake)
    process = await started(fake.url, tmp_path, **BRIEFLY)
    await fake.until(lambda: [r for r in fake.requests if r.path.endswith(last)])
    log = await asyncio.wait_for(stopped(process), SOON)
    assert any(line.endswith(LAST) for line in log.splitlines())


@pytest.mark.parametrize("break_", [before_the_gateway_opens, before_hello])
async def test_an_end_while_the_bot_connects_again(
    fake: Loopback, tmp_path: Path, break_: Callable[[Loopback], None]
) -> None:
    """Discord has ended the connection, and takes no other one."""
    process = await started(fake.url, tmp_path, **BRIEFLY)
    await fake.connected()
    break_(fake)
    await fake.drop(4000)
    await fake.until(lambda: fake.gateway == 2)
    log = await asyncio.wait_for(stopped(process), SOON)
    assert any(line.endswith(LAST) for line in log.splitlines())


async def test_an_end_while_the_network_is_down(fake: Loopback, tmp_path: Path) -> None:
    """Neither the gateway's farewell comes, nor what becomes of an answer."""
    async with line_to(fake) as works:
        process = await started(fake.url, tmp_path, **BRIEFLY)
        await fake.connected()
        fake.takes.clear()
        token = await fake.ask(QUESTION)
        await fake.until(lambda: fake.sent(token))
        works.clear()
        log = await asyncio.wait_for(stopped(process), SOON)
        assert any(line.endswith(LAST) for line in log.splitlines())


async def test_an_end_while_no_name_is_found(tmp_path: Path) -> None:
    """The system looks for names in threads that cannot be ended."""
    process = await started("http://discord.invalid", tmp_path, NO_NAMES="1", **BRIEFLY)
    await logged(process, "looking for a name")
    log = await asyncio.wait_for(stopped(process), SOON)
    assert any(line.endswith(LAST) for line in log.splitlines())


@pytest.mark.parametrize("name", ["ask", "search", "source", "documents"])
async def test_nobody_is_left_thinking(fake: Loopback, tmp_path: Path, name: str) -> None:
    """Who waits for the documents when the bot ends is told to come again."""
    options = {
        "ask": {"question": (3, QUESTION)},
        "search": {"query": (3, "Bethlehem")},
        "source": {"document": (3, "mexico")},
    }
    never = str(tmp_path / "never")
    process = await started(fake.url, tmp_path, READ_AFTER=never, AT_ONCE="0.1", **BRIEFLY)
    await fake.connected()
    token = await fake.command(name, **options.get(name, {}))
    await fake.until(lambda: fake.sent(token))
    log = await stopped(process)
    assert await answered(fake, token) == AGAIN
    assert len(fake.sent(token)) == 2
    assert "Traceback" not in log


async def test_a_moderator_who_waits_for_the_documents(fake: Loopback, tmp_path: Path) -> None:
    """To have them read anew is a question too."""
    never = str(tmp_path / "never")
    process = await started(fake.url, tmp_path, READ_AFTER=never, **BRIEFLY)
    await fake.connected()
    token = await fake.moderate("reload")
    await fake.until(lambda: fake.sent(token))
    await stopped(process)
    assert await told(fake, token) == AGAIN


async def test_a_moderator_who_waits_for_the_database(fake: Loopback, tmp_path: Path) -> None:
    """Another program keeps it locked for longer than the bot waits."""
    process = await started(fake.url, tmp_path, **BRIEFLY)
    await fake.connected()
    await logged(process, "connected")
    with closing(sqlite3.connect(tmp_path / "discord.sqlite3", isolation_level=None)) as other:
        other.execute("begin immediate")
        token = await fake.moderate("record", questions=(5, True))
        await fake.until(lambda: fake.sent(token))
        await stopped(process)
    assert await told(fake, token) == AGAIN


async def test_an_answer_that_is_being_sent_again(fake: Loopback, tmp_path: Path) -> None:
    """The end comes while Discord fails for a moment."""
    process = await started(fake.url, tmp_path)
    await fake.connected()
    await logged(process, "index")
    fake.fails["/callback"] = [503]
    token = await fake.command("source", document=(3, "mexico"))
    await fake.until(lambda: fake.sent(token))
    await stopped(process)
    assert "Mexico" in await told(fake, token)


async def told(fake: Loopback, token: str) -> str:
    """What has been answered by now."""
    return await asyncio.wait_for(answered(fake, token), 1)


async def test_a_token_that_is_revoked_while_the_bot_runs(fake: Loopback, tmp_path: Path) -> None:
    """What the operator has to mend has exit code 2."""
    process = await started(fake.url, tmp_path)
    await fake.connected()
    await fake.drop(4004)
    code, _, log = await ended(process)
    assert code == 2, log
    assert log.splitlines()[-1].startswith("footnote: Discord rejected the token; reset it at")


@pytest.mark.parametrize("path", ["/users/@me", "/commands"])
async def test_a_long_limit_of_discord(fake: Loopback, tmp_path: Path, path: str) -> None:
    """What may work later has exit code 75."""
    fake.fails[path] = [429]
    fake.bodies[429] = {"message": "You are being rate limited.", "retry_after": 599.5, "code": 0}
    code, _, log = await ended(await started(fake.url, tmp_path))
    assert code == 75, log
    last = log.splitlines()[-1]
    assert last == (
        "footnote: Discord takes no requests of the bot for 600 seconds; start the bot again then"
    )


async def test_commands_that_discord_refuses(fake: Loopback, tmp_path: Path) -> None:
    """A mistake of ours has exit code 3."""
    fake.fails["/commands"] = [400]
    fake.bodies[400] = {"message": "Invalid Form Body", "code": 50035, "errors": {}}
    code, _, log = await ended(await started(fake.url, tmp_path))
    assert code == 3, log
    last = log.splitlines()[-1]
    assert "Discord refused a request with status 400 and code 50035" in last
    assert last.endswith("please report it")


async def test_a_database_that_another_program_has_locked(fake: Loopback, tmp_path: Path) -> None:
    """It may be a backup, which ends."""
    process = await started(fake.url, tmp_path)
    await fake.connected()
    await stopped(process)
    with closing(sqlite3.connect(tmp_path / "discord.sqlite3", isolation_level=None)) as other:
        other.execute("begin exclusive")
        code, _, log = await ended(await started(fake.url, tmp_path))
    assert code == 75, log
    assert "another program keeps the database locked" in log.splitlines()[-1]
