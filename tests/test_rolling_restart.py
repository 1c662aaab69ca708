"""Several processes of one bot, and one after the other: each question is answered, and once."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import discord
import pytest
from discord.gateway import DiscordWebSocket
from yarl import URL

from bot.discord.database import Database
from tests.bot_process import QUESTION, answered, ended, eventually, logged, started, stopped
from tests.discord_world import new_bot, settings_with
from tests.loopback import APPLICATION, SERVERS, TOKEN, Loopback

pytestmark = pytest.mark.slow


def database_of(address: str | None) -> dict[str, str]:
    """The settings of a database."""
    return {} if address is None else {"FOOTNOTE_DATABASE": address}


async def test_a_rolling_restart_loses_no_question(
    fake: Loopback,
    address: str | None,
    tmp_path: Path,
) -> None:
    """Under load, whatever Discord has sent to a process is answered, once, and so it goes on."""
    settings = database_of(address)
    first = await started(fake.url, tmp_path, **settings)
    await fake.connected()
    second = await started(fake.url, tmp_path, **settings)
    await logged(second, "waiting for process")
    asked: list[str] = []

    async def ask() -> None:
        while True:
            if fake.has_session():
                with suppress(ConnectionError):
                    asked.append(await fake.ask(QUESTION))
            await asyncio.sleep(0.002)

    asking = asyncio.create_task(ask())
    await fake.until(lambda: sum(event.is_set() for event in fake.answered.values()) >= 20)
    log = await stopped(first)
    before = len(asked)
    await fake.connected(2)
    await fake.until(lambda: len(asked) >= before + 20)
    asking.cancel()
    for token in asked:
        await fake.answered[token].wait()
    assert [len(fake.sent(token)) for token in asked] == [1] * len(asked)
    assert fake.close_codes == [1000]
    assert "could not be released" not in log
    await stopped(second)


async def test_what_is_on_its_way_when_the_bot_leaves_is_answered(
    fake: Loopback,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Discord sends until it has noticed, and does not send it again."""
    monkeypatch.setattr(discord.http.Route, "BASE", fake.url)
    gateway = URL(fake.url.replace("http", "ws") + "/gateway")
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
    monkeypatch.setattr("bot.discord.draining._PATIENCE", 500.0)
    monkeypatch.setattr("bot.service._PATIENCE", 500.0)
    bot = new_bot(settings_with(), tmp_path)
    async with bot:
        connection = asyncio.create_task(bot.start(TOKEN))
        await bot.desk.service.library()
        await fake.connected()
        while not bot.shards:
            await asyncio.sleep(0)
        fake.hears.clear()
        leaving = asyncio.create_task(bot.leave())
        socket = bot.shards[0]._parent.ws
        while socket._close_code is None:
            await asyncio.sleep(0)
        tokens = [await fake.ask(QUESTION) for _ in range(5)]
        fake.hears.set()
        await leaving
        await bot.desk.service.stop()
        assert [fake.answered[token].is_set() for token in tokens] == [True] * 5
        assert fake.close_codes == [1000]
        assert not connection.done()
        connection.cancel()
    bot.desk.database.close()


async def test_a_second_process_ends(
    fake: Loopback,
    address: str | None,
    tmp_path: Path,
) -> None:
    """With exit code 2, in one sentence, and without a connection to the gateway."""
    settings = database_of(address)
    first = await started(fake.url, tmp_path, **settings)
    await fake.connected()
    code, _, log = await ended(await started(fake.url, tmp_path, WAIT="0.1", **settings))
    assert code == 2, log
    last = log.splitlines()[-1]
    assert last.startswith(f"footnote: process {first.pid} on ")
    assert last.endswith("runs this bot already; stop it first")
    assert fake.sessions == 1
    assert "Monterrey" in await answered(fake, await fake.ask(QUESTION))
    await stopped(first)


async def test_after_a_process_was_killed_the_next_one_takes_over(
    fake: Loopback,
    tmp_path: Path,
) -> None:
    """It waits until the lease has ended."""
    first = await started(fake.url, tmp_path, LEASE="2", RENEW="0.2")
    await fake.connected()
    first.kill()
    await first.communicate()
    second = await started(fake.url, tmp_path)
    await fake.connected(2)
    assert "Monterrey" in await answered(fake, await fake.ask(QUESTION))
    await stopped(second)


async def test_a_process_whose_shard_was_taken_over_ends(fake: Loopback, tmp_path: Path) -> None:
    """It may have been suspended for longer than its lease lasted."""
    first = await started(fake.url, tmp_path, LEASE="0.1", RENEW="4")
    await fake.connected()
    second = await started(fake.url, tmp_path, LEASE="500")
    await fake.connected(2)
    code, _, log = await ended(first)
    assert code == 2, log
    assert f"process {second.pid} on " in log.splitlines()[-1]
    await stopped(second)


async def test_a_process_that_waits_can_be_stopped(
    fake: Loopback,
    tmp_path: Path,
) -> None:
    """It does not wait for its turn before it ends."""
    first = await started(fake.url, tmp_path)
    await fake.connected()
    second = await started(fake.url, tmp_path)
    await logged(second, "waiting for process")
    await stopped(second)
    await stopped(first)
    assert fake.sessions == 1


async def test_shards_are_divided_among_processes(
    fake: Loopback,
    address: str | None,
    open_database: Callable[[], Database],
    tmp_path: Path,
) -> None:
    """Each answers in its servers, and leaves alone what is kept for those of the others."""
    database = open_database()
    database.application = APPLICATION
    left = [5 << 22, 6 << 22]
    for server in left:
        database.set_recorded(server, is_recorded=True)
    processes = []
    for number in (0, 1):
        process = await started(
            fake.url, tmp_path, FOOTNOTE_SHARDS="2", FOOTNOTE_SHARD_IDS=str(number),
            FOOTNOTE_DAYS_AFTER_LEAVING="0", **database_of(address),
        )  # fmt: skip
        processes.append(process)
        await fake.until(lambda number=number: fake.has_session(number))
        await logged(process, "connected: 1 server, 2 shards")
        # Of these, the process has just the one that the bot is in no more.
        remaining = set(left[:1]) if number == 0 else set()
        await eventually(
            lambda remaining=remaining: database.recorded_servers() == remaining,
            "its records are deleted",
        )
    assert database.synced(APPLICATION) is not None
    for shard, _ in enumerate(SERVERS):
        token = await fake.ask(QUESTION, shard=shard)
        assert "Monterrey" in await answered(fake, token)
        assert len(fake.sent(token)) == 1
    for process in processes:
        await stopped(process)
    assert database.store.read("select * from leases") == []


async def test_an_unreachable_database(tmp_path: Path) -> None:
    """One sentence, and the exit code for what may work later."""
    address = "postgresql://me:s3cret@127.0.0.1:9/footnote"
    process = await started("http://127.0.0.1:9", tmp_path, FOOTNOTE_DATABASE=address)
    code, _, log = await ended(process)
    assert code == 75
    assert "the database of FOOTNOTE_DATABASE cannot be reached" in log.splitlines()[-1]
    assert "s3cret" not in log
