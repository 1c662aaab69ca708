"""Processes that are killed while they write: what was acknowledged is there, and nothing half."""

import asyncio
import multiprocessing
import random
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bot.discord.database import Database, opened
from bot.discord.taught_store import TaughtStore
from bot.discord.upload_store import Uploads
from bot.discord.uploads import UploadLimits
from tests.bot_process import answered, started
from tests.loopback import APPLICATION, MEMBER, SERVER, Loopback, interaction
from tests.test_teaching_over_the_wire import ANSWER, context_menu, sent_form, text_of
from tests.uploading import attachments, upload
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


async def acknowledged(fake: Loopback, made: dict[str, Any]) -> str:
    """What the bot answers to an interaction, once it has."""
    fake.answered[made["token"]] = asyncio.Event()
    await fake.dispatch("INTERACTION_CREATE", made)
    return await text_of(fake, made["token"])


async def test_a_bot_says_that_something_is_done_once_it_is(fake: Loopback, tmp_path: Path) -> None:
    """Killed as soon as it has answered, it has kept the rating, the setting, the document and the
    taught answer that it spoke of."""
    process = await started(fake.url, tmp_path)
    await fake.connected()
    async with attachments() as files:
        attachment = files.attach("pool.md", b"# Pool\n\nThe pool opens at nine.\n")
        assert "Added" in await answered(fake, await upload(fake, SERVER, attachment))
    await fake.dispatch("INTERACTION_CREATE", context_menu(fake, "32"))
    (form,) = await fake.until(lambda: fake.sent("teach-32-"))
    assert "Taught" in await acknowledged(fake, sent_form(form.body["data"], "32"))
    assert await answered(fake, await fake.moderate("record", questions=(5, True)))
    token = await fake.ask("Which Mexican city is twinned with Bethlehem?")
    await answered(fake, token)
    message = fake.messages[fake.original(token)]
    press = interaction(77, "press-", "", [], SERVER)
    press |= {"type": 3, "message": message}
    press["data"] = {"component_type": 2, "custom_id": f"footnote:helpful:{MEMBER + 77}"}
    assert await acknowledged(fake, press) == "Thank you."
    process.kill()
    await process.wait()
    database = opened(None, tmp_path)
    database.application = APPLICATION
    assert database.recorded_servers() == {SERVER}
    assert [each.is_helpful for each in database.feedback(SERVER)] == [True]
    assert [entry.answer for entry in TaughtStore(database).entries(SERVER)] == [ANSWER]
    assert [kept.name for kept in Uploads(database, UploadLimits()).present(SERVER)] == ["pool.md"]
    database.close()
