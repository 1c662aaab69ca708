"""Processes that are killed while they write: what was acknowledged is there, and nothing half."""

import multiprocessing
import random
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from bot.discord.database import Database
from tests.writing_on import KINDS, write_on

FORKS = multiprocessing.get_context("forkserver")
"""Starts processes that have imported everything already."""

pytestmark = pytest.mark.slow


def killed_after(seconds: float, kind: str, folder: Path, first: int, address: str | None) -> int:
    """The last step that a process had acknowledged that was killed so long after its first."""
    FORKS.set_forkserver_preload(["tests.writing_on"])
    receiving, sending = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=write_on, args=(sending, kind, folder, first, address))
    process.start()
    sending.close()
    acknowledged: int = receiving.recv()
    time.sleep(seconds)
    process.kill()
    with receiving, suppress(EOFError):
        while True:
            acknowledged = receiving.recv()
    process.join()
    return acknowledged


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_was_acknowledged_outlasts_a_kill(
    open_database: Callable[[], Database],
    address: str | None,
    kind: str,
    tmp_path: Path,
    kills: int,
) -> None:
    """At any moment; the step that was under way is done whole or not at all."""
    writing = KINDS[kind]
    chance = random.Random(kind)
    last = -1
    for _ in range(max(2, kills // 10) if address else kills):
        last = killed_after(chance.uniform(0, 0.05), kind, tmp_path, last + 1, address)
        database = open_database()
        found = writing.kept(database)
        assert found in (writing.expected(last), writing.expected(last + 1))
        if address is None:
            assert database.store.read("pragma integrity_check") == [("ok",)]
        database.close()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_is_expected_is_what_is_kept(open_database: Callable[[], Database], kind: str) -> None:
    """After each step, by a process that nobody kills."""
    writing, database = KINDS[kind], open_database()
    assert writing.kept(database) == writing.expected(-1) == {}
    for step in range(40):
        writing.step(database, step)
        assert writing.kept(database) == writing.expected(step)
