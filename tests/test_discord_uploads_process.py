"""Documents that moderators bring to `footnote bot` as a process."""

import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.discord.database import FILE
from tests.bot_process import answered, ended, logged, started, stopped
from tests.loopback import SERVER, Loopback
from tests.uploading import Attachments, attachments, upload

pytestmark = pytest.mark.slow

QUESTION = "When does the swimming pool open?"
HOUR = "nine in the morning"
POOL = f"# Pool\n\nThe swimming pool opens at {HOUR}.\n".encode()


@pytest.fixture
async def files() -> AsyncIterator[Attachments]:
    """Where attachments are fetched."""
    async with attachments() as served:
        yield served


async def test_the_new_text_answers_at_once_and_after_a_restart(
    fake: Loopback, files: Attachments, tmp_path: Path
) -> None:
    """Before not; the log says nothing of it."""
    process = await started(fake.url, tmp_path)
    await fake.connected()
    assert HOUR not in await answered(fake, await fake.ask(QUESTION))
    tokens = [
        await upload(fake, SERVER, files.attach(name, content))
        for name, content in (("pool.md", POOL), ("b.txt", b"The library is closed."))
    ]
    for token in tokens:
        assert "Added" in await answered(fake, token)
    assert HOUR in await answered(fake, await fake.ask(QUESTION))
    log = await stopped(process)
    assert "pool" not in log
    process = await started(fake.url, tmp_path)
    await fake.connected(2)
    assert HOUR in await answered(fake, await fake.ask(QUESTION))
    await stopped(process)


async def test_an_end_in_between_keeps_nothing(
    fake: Loopback, files: Attachments, tmp_path: Path
) -> None:
    """A file that does not come is not waited for."""
    process = await started(fake.url, tmp_path, PATIENCE="1")
    await fake.connected()
    files.sends.clear()
    token = await upload(fake, SERVER, files.attach("pool.md", POOL))
    await files.asked.wait()
    process.send_signal(signal.SIGTERM)
    await logged(process, "stopping")
    assert "about to restart" in await answered(fake, token)
    code, _, log = await ended(process)
    assert code == 0, log
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        assert connection.execute("select count(*) from uploads").fetchone() == (0,)
