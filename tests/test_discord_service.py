"""Many questions at once: the queue, loading, exchanging the index, stopping."""

import asyncio
import threading

import pytest

from bot import service
from bot.library import Library, read_library
from bot.limits import Limits, Origin
from bot.service import BusyError, Service
from bot.settings import Settings
from knowledge.errors import FootnoteError
from tests.discord_world import QUESTION

NO_LIMITS = Limits(0, 0, 0)
ALICE = Origin(1, 1, 1)


@pytest.fixture(scope="module")
def library() -> Library:
    """The library over the packaged article."""
    return read_library(Settings())


async def test_answers_of_a_conversation_follow_on(library: Library) -> None:
    """A question is completed from what was remembered under the key it names, and no other."""
    service = Service(lambda: library, NO_LIMITS)
    answer = await service.ask(QUESTION, ALICE)
    service.remember(answer.value, 5)
    assert service.remembers(5)
    followed = await service.ask("And with Ramallah?", ALICE, after=5)
    assert followed.value.question == "Which Mexican city is twinned with Ramallah?"
    alone = await service.ask("And with Ramallah?", ALICE, after=6)
    assert alone.value.question == "And with Ramallah?"


async def test_the_queue_is_short_and_says_when_it_is_full(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits already is answered."""
    monkeypatch.setattr(service, "QUEUE", 3)
    desk = Service(lambda: library, NO_LIMITS)
    waiting = [asyncio.create_task(desk.ask(QUESTION, ALICE)) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(BusyError, match="ask again in a few seconds"):
        await desk.ask(QUESTION, ALICE)
    assert len(await asyncio.gather(*waiting)) == 3
    assert (await desk.ask(QUESTION, ALICE)).value.citations


async def test_the_library_before_answers_until_the_new_one_is_read(library: Library) -> None:
    """A reading in a thread takes nothing away; two at once are one."""
    may_end = threading.Event()
    read = [library, read_library(Settings())]

    def reading() -> Library:
        if len(read) == 1:
            may_end.wait(10)
        return read.pop(0)

    desk = Service(reading, NO_LIMITS)
    assert await desk.library() is library
    loading = desk.load()
    assert desk.load() is loading
    assert (await desk.ask(QUESTION, ALICE)).value.citations
    assert desk.ready is library
    may_end.set()
    later = await loading
    assert later is not library
    assert desk.ready is later


async def test_a_library_that_cannot_be_read_is_tried_again() -> None:
    """The error is the reader's; the next question reads anew."""
    tries = []

    def reading() -> Library:
        tries.append(1)
        if len(tries) == 1:
            raise FootnoteError("no documents")
        return read_library(Settings())

    desk = Service(reading, NO_LIMITS)
    with pytest.raises(FootnoteError, match="no documents"):
        await desk.ask(QUESTION, ALICE)
    assert (await desk.ask(QUESTION, ALICE)).value.citations


async def test_stopping_lets_running_answers_finish(library: Library) -> None:
    """New questions are refused, those that were asked are answered."""
    desk = Service(lambda: library, NO_LIMITS)
    await desk.library()
    running = [asyncio.create_task(desk.ask(QUESTION, ALICE)) for _ in range(5)]
    await asyncio.sleep(0)
    stopping = asyncio.create_task(desk.stop())
    await asyncio.sleep(0)
    with pytest.raises(BusyError, match="about to restart"):
        await desk.ask(QUESTION, ALICE)
    await stopping
    assert all(task.done() and task.result().value.citations for task in running)


async def test_times_include_waiting(library: Library) -> None:
    """Median and 99th percentile in seconds; nothing before the first answer."""
    desk = Service(lambda: library, NO_LIMITS)
    assert desk.times() is None
    await asyncio.gather(*(desk.ask(QUESTION, ALICE) for _ in range(10)))
    times = desk.times()
    assert times is not None
    assert 0 < times[0] <= times[1] < 10


async def test_questions_wait_for_the_first_library(library: Library) -> None:
    """While the index is loading, nothing is refused."""
    may_end = threading.Event()

    def reading() -> Library:
        may_end.wait(10)
        return library

    desk = Service(reading, NO_LIMITS)
    asking = asyncio.create_task(desk.ask(QUESTION, ALICE))
    await asyncio.sleep(0.05)
    assert desk.is_loading
    assert not asking.done()
    may_end.set()
    assert (await asking).value.citations


async def test_a_reading_that_is_asked_for_while_one_runs_begins_after_it(library: Library) -> None:
    """What was added after the first reading began is in the second; waiters share one."""
    may_end = threading.Event()
    readings = 0

    def reading() -> Library:
        nonlocal readings
        readings += 1
        may_end.wait(10)
        return read_library(Settings())

    desk = Service(reading, NO_LIMITS)
    first = desk.load()
    await asyncio.sleep(0.05)
    later = [asyncio.create_task(desk.reload()) for _ in range(3)]
    await asyncio.sleep(0.05)
    may_end.set()
    read = await asyncio.gather(*later)
    assert readings == 2
    assert len({id(each) for each in read}) == 1
    assert read[0] is not await first
    with pytest.raises(BusyError, match="read just now"):
        await desk.reload()
