"""Leases: which process answers for which servers, on both kinds of databases."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from bot.discord import leases
from bot.discord.database import Database, opened
from bot.discord.leases import Lease, LeaseError, Shards
from tests.postgres_server import PostgresServer

Opening: TypeAlias = Callable[[], Database]
BOT = 100
ALL = Shards()
TIMES = (leases.RENEW, leases.LEASE, leases.WAIT)


def test_a_process_waits_for_longer_than_a_lease_lasts() -> None:
    """One that was killed is followed; one renewal may fail, and the lease is kept."""
    renew, lease, wait = TIMES
    assert 2 * renew < lease < wait


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Renewals every moment, while leases last."""
    monkeypatch.setattr(leases, "RENEW", 0.01)
    monkeypatch.setattr(leases, "_LOOK", 0.01)
    monkeypatch.setattr(leases, "LEASE", 500.0)
    monkeypatch.setattr(leases, "WAIT", 0.1)


@pytest.fixture
def new_lease(open_database: Opening) -> Callable[..., Lease]:
    """The lease of another process."""
    return lambda shards=ALL: Lease(open_database().store, shards)


async def refused(lease: Lease) -> str:
    """What is said to a process that starts while another one runs."""
    with pytest.raises(LeaseError) as caught:
        await lease.take(BOT)
    return str(caught.value)


async def test_a_second_process_is_refused(new_lease: Callable[..., Lease]) -> None:
    """One sentence with who runs; another bot may use the same database."""
    first, second = new_lease(), new_lease()
    await first.take(BOT)
    said = await refused(second)
    assert said.startswith("process ")
    assert said.endswith("runs this bot already; stop it first")
    await new_lease().take(BOT + 1)


async def test_whoever_stops_lets_the_next_one_in_at_once(
    new_lease: Callable[..., Lease],
) -> None:
    """Releasing needs no waiting, twice is once, and what was not taken need not be released."""
    first, second = new_lease(), new_lease()
    await second.release()
    await first.take(BOT)
    await first.release()
    await first.release()
    await second.take(BOT)
    assert await refused(new_lease())


async def test_a_process_that_was_killed_is_waited_for(
    new_lease: Callable[..., Lease], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lease is not renewed and ends."""
    monkeypatch.setattr(leases, "LEASE", 0.5)
    monkeypatch.setattr(leases, "WAIT", 500.0)
    first, second = new_lease(), new_lease()
    await first.take(BOT)
    monkeypatch.setattr(leases, "LEASE", 500.0)
    await second.take(BOT)
    monkeypatch.setattr(leases, "WAIT", 0.1)
    assert await refused(new_lease())


async def test_a_process_that_waits_is_not_ended_by_its_renewals(
    new_lease: Callable[..., Lease], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They begin once there is something to renew."""
    monkeypatch.setattr(leases, "WAIT", 500.0)
    first, second = new_lease(), new_lease()
    await first.take(BOT)
    looks = []
    look = second._taken
    monkeypatch.setattr(second, "_taken", lambda **how: looks.append(1) or look(**how))
    tasks = [asyncio.create_task(work) for work in (second.keep(), second.take(BOT))]
    while len(looks) < 10:
        await asyncio.sleep(0.01)
    assert not any(task.done() for task in tasks)
    for task in tasks:
        task.cancel()


async def test_a_process_that_slept_for_too_long_ends(
    new_lease: Callable[..., Lease], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another one answers by then."""
    monkeypatch.setattr(leases, "LEASE", 0.1)
    monkeypatch.setattr(leases, "WAIT", 500.0)
    first, second = new_lease(), new_lease()
    await first.take(BOT)
    monkeypatch.setattr(leases, "LEASE", 500.0)
    await second.take(BOT)
    with pytest.raises(LeaseError, match="runs this bot already"):
        await first.keep()


async def test_each_shard_has_its_own(new_lease: Callable[..., Lease]) -> None:
    """Processes share the shards among them, and none has two processes."""
    first, second = new_lease(Shards(3, (0, 1))), new_lease(Shards(3, (2,)))
    await first.take(BOT)
    await second.take(BOT)
    said = await refused(new_lease(Shards(3, (1, 2))))
    assert (
        "runs shard 1 of this bot already; stop it first, or set other FOOTNOTE_SHARD_IDS" in said
    )
    await first.release()
    await new_lease(Shards(3, (1,))).take(BOT)


@pytest.mark.parametrize("other", [ALL, Shards(2, (1,))])
async def test_all_processes_have_the_same_number_of_shards(
    new_lease: Callable[..., Lease], other: Shards
) -> None:
    """By another number, the same server is of another shard."""
    first = new_lease(Shards(3, (0,)))
    await first.take(BOT)
    said = await refused(new_lease(other))
    assert "FOOTNOTE_SHARDS=3; stop all its processes before you change" in said


async def test_of_many_that_start_at_once_one_runs(new_lease: Callable[..., Lease]) -> None:
    """Whichever is first."""
    many = [new_lease() for _ in range(6)]

    async def run(lease: Lease) -> None:
        await lease.take(BOT)
        await lease.keep()

    tasks = {asyncio.create_task(run(lease)) for lease in many}
    while len(tasks) > 1:
        done, tasks = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            with pytest.raises(LeaseError):
                await task
    (winner,) = tasks
    assert not winner.done()
    winner.cancel()


@pytest.mark.slow
@pytest.mark.postgres
async def test_a_database_that_is_down_for_a_while_ends_nothing(
    postgres: PostgresServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Renewals go on when it is back, and a release that fails is only logged."""
    database, others = (opened(address, tmp_path) for address in 2 * [postgres.new_database()])
    lease = Lease(database.store, ALL)
    await lease.take(BOT)
    postgres.stop()
    keeping = asyncio.create_task(lease.keep())
    while "could not be renewed" not in caplog.text:
        await asyncio.sleep(0.01)
    postgres.start()
    assert not keeping.done()
    assert "runs this bot already" in await refused(Lease(others.store, ALL))
    keeping.cancel()
    postgres.stop()
    try:
        await lease.release()
    finally:
        postgres.start()
    assert "could not be released" in caplog.text
    database.close()
    others.close()


def test_servers_belong_to_shards_as_discord_says() -> None:
    """Of each server, exactly one of all shards has the events."""
    for server in (0, 1 << 22, 5 << 22 | 77, 1_234_567_890_123_456_789):
        having = [number for number in range(4) if Shards(4, (number,)).have(server)]
        assert having == [(server >> 22) % 4]
        assert ALL.have(server)
