"""Many questions at once: the queue, loading, exchanging the index, stopping."""

import asyncio
import gc
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from bot import reloading, service
from bot.lanes import MOST_IN_LANE, CrowdedError, Lanes
from bot.library import Library, read_library
from bot.limits import Limits, Origin
from bot.reloading import JustReloadedError
from bot.service import BusyError, Service, StoppedError
from bot.settings import Settings
from knowledge.errors import FootnoteError
from retrieval.index import refreshing
from tests.discord_world import QUESTION

ROOT = Path(__file__).resolve().parents[1]
NO_LIMITS = Limits(0, 0, 0)
ALICE, BOB, CAROL = Origin(1, 1, 1), Origin(2, 1, 1), Origin(3, 1, 1)


@pytest.fixture(scope="module")
def library() -> Library:
    """The library over the packaged article."""
    return read_library(Settings())


async def test_answers_of_a_conversation_follow_on(library: Library) -> None:
    """A question is completed from what was remembered under the key it names, and no other."""
    service = Service(lambda: library, NO_LIMITS)
    answer = await service.ask(QUESTION, ALICE)
    service.remember(answer, 5)
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
    with pytest.raises(BusyError, match=r"^Too many questions are waiting; ask again in a few"):
        await desk.ask(QUESTION, ALICE)
    assert len(await asyncio.gather(*waiting)) == 3
    assert (await desk.ask(QUESTION, ALICE)).value.citations


async def test_one_member_delays_no_other(library: Library) -> None:
    """Of each member, one question at a time is worked on; who comes later is next, not last."""
    desk = Service(lambda: library, NO_LIMITS)
    await desk.library()
    answered = []

    async def ask(origin: Origin) -> None:
        await desk.ask(QUESTION, origin)
        answered.append(origin)

    flood = [asyncio.create_task(ask(ALICE)) for _ in range(MOST_IN_LANE)]
    await asyncio.sleep(0)
    others = [asyncio.create_task(ask(origin)) for origin in (BOB, CAROL)]
    await asyncio.gather(*flood, *others)
    assert set(answered[:3]) == {ALICE, BOB, CAROL}
    assert answered.count(ALICE) == MOST_IN_LANE


async def test_a_lane_is_short_and_leaves_the_queue_to_others(library: Library) -> None:
    """More of one member is refused, and others are answered; then the lane is free again."""
    desk = Service(lambda: library, NO_LIMITS)
    await desk.library()
    asked = [asyncio.create_task(desk.ask(QUESTION, ALICE)) for _ in range(2 * service.QUEUE)]
    await asyncio.sleep(0)
    refused = [task for task in asked if task.done()]
    assert len(refused) == len(asked) - MOST_IN_LANE
    for task in refused:
        assert isinstance(task.exception(), CrowdedError)
        assert "other questions are still waiting" in str(task.exception())
    assert (await desk.ask(QUESTION, BOB)).value.citations
    await asyncio.gather(*asked, return_exceptions=True)
    assert (await desk.ask(QUESTION, ALICE)).value.citations
    assert desk.lanes._lanes == {}


async def test_one_member_does_not_fill_the_queue_while_the_documents_are_read(
    library: Library,
) -> None:
    """What waits for the library waits in a lane too."""
    may_end = threading.Event()

    def reading() -> Library:
        may_end.wait()
        return library

    desk = Service(reading, NO_LIMITS)
    asked = [asyncio.create_task(desk.ask(QUESTION, ALICE)) for _ in range(2 * service.QUEUE)]
    await asyncio.sleep(0)
    assert sum(not task.done() for task in asked) == MOST_IN_LANE
    other = asyncio.create_task(desk.ask(QUESTION, BOB))
    await asyncio.sleep(0)
    assert not other.done()
    may_end.set()
    assert (await other).value.citations
    await asyncio.gather(*asked, return_exceptions=True)


async def test_a_member_who_gives_up_waits_for_nobody() -> None:
    """What is cancelled in a lane lets the next one in."""
    lanes = Lanes()
    async with lanes.of(1):
        waiting = [asyncio.create_task(_through(lanes)) for _ in range(2)]
        await asyncio.sleep(0)
        waiting[0].cancel()
    assert await waiting[1]
    assert lanes._lanes == {}


async def test_a_pause_is_made_only_where_more_waits() -> None:
    """Between what one member sent at once; who sends one message after the other waits for none,
    and nobody waits for what another member sent."""
    lanes = Lanes()
    for user in (1, 1, 2):
        async with lanes.of(user) as turn:
            turn.pause = 500
    begun = time.monotonic()
    await asyncio.gather(*(_through(lanes, pause) for pause in (0.1, 0, 0.1, 500)))
    assert 0.2 <= time.monotonic() - begun < 100


async def test_at_the_end_nobody_pauses() -> None:
    """Neither who pauses already nor who comes then."""
    lanes = Lanes()
    waiting = [asyncio.create_task(_through(lanes, 500)) for _ in range(3)]
    done, _ = await asyncio.wait(waiting, timeout=0.1)
    assert len(done) == 0
    lanes.end()
    assert all(await asyncio.wait_for(asyncio.gather(*waiting), 100))


async def _through(lanes: Lanes, pause: float = 0) -> bool:
    async with lanes.of(1) as turn:
        await asyncio.sleep(0)  # the others come meanwhile
        turn.pause = pause
    return True


async def test_the_library_before_answers_until_the_new_one_is_read(library: Library) -> None:
    """A reading in a thread takes nothing away; two at once are one."""
    may_end = threading.Event()
    read = [library, read_library(Settings())]

    def reading() -> Library:
        if len(read) == 1:
            may_end.wait()
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


async def test_stopping_lets_running_answers_finish(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was received is answered within the patience, also what it asks only now."""
    assert service._PATIENCE == 5
    monkeypatch.setattr(service, "_PATIENCE", 500)  # a busy machine may need more
    desk = Service(lambda: library, NO_LIMITS)
    await desk.library()
    running = [asyncio.create_task(desk.ask(QUESTION, ALICE)) for _ in range(5)]
    await asyncio.sleep(0)
    stopping = asyncio.create_task(desk.stop())
    await asyncio.sleep(0)
    running.append(asyncio.create_task(desk.ask(QUESTION, ALICE)))
    await stopping
    assert all(task.done() and task.result().value.citations for task in running)
    with pytest.raises(BusyError, match="about to restart"):
        await desk.ask(QUESTION, ALICE)


async def test_what_was_received_when_the_stop_came_is_answered(library: Library) -> None:
    """Its handling begins at the next turn of the event loop only."""
    desk = Service(lambda: library, NO_LIMITS)
    await desk.library()

    async def handled() -> bool:
        with desk.handling():
            return bool((await desk.ask(QUESTION, ALICE)).value.citations)

    task = asyncio.create_task(handled())
    await desk.stop()
    assert task.done()
    assert task.result()


async def test_stopping_does_not_wait_for_ever(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asked what takes longer than the patience is told so."""
    clock = count()
    monkeypatch.setattr(service, "monotonic", lambda: next(clock))
    may_end = threading.Event()

    def reading() -> Library:
        may_end.wait()
        return library

    desk = Service(reading, NO_LIMITS)
    asking = asyncio.create_task(desk.ask(QUESTION, ALICE))
    await asyncio.sleep(0)
    await desk.stop()
    with pytest.raises(StoppedError, match="about to restart"):
        await asking
    may_end.set()


async def test_whoever_waits_in_a_lane_at_the_end_is_told_so(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where their turn comes only when no thread takes work any more."""
    monkeypatch.setattr(service, "_PATIENCE", 0.05)
    never = threading.Event()
    desk = Service(lambda: library, NO_LIMITS)
    await desk.library()
    asking = [asyncio.create_task(desk.read(lambda _: never.wait(), ALICE)) for _ in range(2)]
    await asyncio.sleep(0)
    await desk.stop()
    told = await asyncio.gather(*asking, return_exceptions=True)
    assert [type(each) for each in told] == [StoppedError, StoppedError]
    never.set()


async def test_times_include_waiting(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Median and 99th percentile in seconds; nothing before the first answer."""
    # A second passes whenever somebody looks: ten questions begin, and one after the other ends.
    clock = count()
    monkeypatch.setattr(service, "monotonic", lambda: next(clock))
    desk = Service(lambda: library, NO_LIMITS)
    assert desk.times() is None
    await asyncio.gather(*(desk.ask(QUESTION, ALICE) for _ in range(10)))
    assert desk.times() == (10, 10)
    await desk.ask(QUESTION, ALICE)
    assert desk.times() == (10, 10)
    for _ in range(10):
        await desk.ask(QUESTION, ALICE)
    assert desk.times() == (1, 10)


async def test_questions_wait_for_the_first_library(library: Library) -> None:
    """While the index is loading, nothing is refused."""
    has_begun, may_end = threading.Event(), threading.Event()

    def reading() -> Library:
        has_begun.set()
        may_end.wait()
        return library

    desk = Service(reading, NO_LIMITS)
    asking = asyncio.create_task(desk.ask(QUESTION, ALICE))
    await asyncio.to_thread(has_begun.wait)
    assert desk.is_loading
    assert not asking.done()
    may_end.set()
    assert (await asking).value.citations


async def test_a_reading_that_is_asked_for_while_one_runs_begins_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was added after the first reading began is in the second; waiters share one."""
    monkeypatch.setattr(reloading, "RELOAD_AFTER", 500)  # "just now" on a busy machine
    has_begun, may_end = threading.Event(), threading.Event()
    readings = 0

    def reading() -> Library:
        nonlocal readings
        readings += 1
        has_begun.set()
        may_end.wait()
        return read_library(Settings())

    desk = Service(reading, NO_LIMITS)
    first = desk.load()
    await asyncio.to_thread(has_begun.wait)
    later = [asyncio.create_task(desk.reload(ALICE)) for _ in range(3)]
    await asyncio.sleep(0)  # all of them wait now
    may_end.set()
    read = await asyncio.gather(*later)
    assert readings == 2
    assert len({id(each) for each in read}) == 1
    assert read[0] is not await first
    with pytest.raises(JustReloadedError, match="reloaded just now"):
        await desk.reload(ALICE)


async def test_a_reading_that_fails_stands_in_no_ones_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library before answers, and once the documents are mended, the next reading has them."""
    monkeypatch.setattr(reloading, "RELOAD_AFTER", 0)
    monkeypatch.setattr(refreshing, "PATIENCE", 0.2)
    note = tmp_path / "docs" / "note.md"
    note.parent.mkdir()
    note.write_text("# Lease\n\nThe lease ends in May.\n")
    settings = Settings(knowledge=note.parent, cache=tmp_path / "cache")
    desk = Service(partial(read_library, settings), NO_LIMITS)
    first = await desk.library()
    note.write_text("")
    for _ in range(2):
        with pytest.raises(FootnoteError, match=r"note\.md is empty"):
            await desk.reload(ALICE)
    assert desk.ready is first
    assert (await desk.ask("When does the lease end?", ALICE)).value.citations
    note.write_text("# Lease\n\nThe lease ends in July.\n")
    await desk.reload(ALICE)
    found = await desk.ask("When does the lease end?", ALICE)
    assert "July" in found.value.citations[0].quote


class Ring:
    """What holds itself, and so stays until garbage is collected."""

    def __init__(self) -> None:
        self.ring = self


async def test_readings_leave_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the library before, nor what was garbage while they went on, nor a failed one's."""
    monkeypatch.setattr(reloading, "RELOAD_AFTER", 0)
    gone: list[weakref.ref[object]] = []
    fails = False

    def reading() -> Library:
        ring = Ring()
        gone.append(weakref.ref(ring))
        if fails:
            raise FootnoteError("no documents")
        library = read_library(Settings(engine="tantivy"))
        gone.append(weakref.ref(library.index.entries))
        return library

    desk = Service(reading, NO_LIMITS)
    await desk.reload(ALICE)
    await desk.ask(QUESTION, ALICE)
    fails = True
    with pytest.raises(FootnoteError, match="no documents"):
        await desk.reload(ALICE)
    fails = False
    await desk.reload(ALICE)
    await asyncio.sleep(0)
    assert [ref() is None for ref in gone] == [True, True, True, True, False]
    assert gc.isenabled()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is told by Linux alone")
def test_memory_stays_over_a_hundred_readings(tmp_path: Path) -> None:
    """Of 3,000 passages, some of which change each time; one library takes some 15 MB."""
    command = [sys.executable, "-m", "tests.reading_again", str(tmp_path), "100"]
    out = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    resident = [int(line) for line in out.split()]
    assert max(resident[80:]) - max(resident[:20]) < 30e6


async def test_a_reading_can_be_asked_for_again_after_a_while(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All servers share the index, and each of them can ask for a reading."""
    desk = Service(lambda: library, NO_LIMITS)
    now = 1_000.0
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: now)
    await desk.reload(ALICE)
    now += 19
    with pytest.raises(JustReloadedError, match="reloaded just now"):
        await desk.reload(ALICE)
    now += 1
    await desk.reload(ALICE)


async def test_what_takes_long_is_worked_out_behind_the_first_reading(library: Library) -> None:
    """Questions are answered meanwhile; what there is more of is read again, and then no more."""
    has_begun, may_end = threading.Event(), threading.Event()
    readings, found = [], iter([True, False])

    def reading() -> Library:
        readings.append(1)
        return read_library(Settings())

    def complete(go_on: Callable[[], None]) -> bool:
        has_begun.set()
        may_end.wait()
        go_on()
        return next(found)

    desk = Service(reading, NO_LIMITS, complete)
    first = await desk.library()
    await asyncio.to_thread(has_begun.wait)
    assert (await desk.ask(QUESTION, ALICE)).library is first
    # A reading meanwhile begins no second one.
    second = await desk.load()
    may_end.set()
    assert desk._reloader._completing is not None
    await desk._reloader._completing
    assert len(readings) == 3
    assert desk.ready not in (None, first, second)
    assert next(found, None) is None


async def test_what_cannot_be_worked_out_is_said_and_done_without(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    """A warning in the log; the bot answers as before, and tries again behind the next reading."""
    tries = []

    def complete(_: Callable[[], None]) -> bool:
        tries.append(1)
        raise FootnoteError("the disk is full")

    desk = Service(lambda: library, NO_LIMITS, complete)
    for _ in range(2):
        await desk.load()
        assert desk._reloader._completing is not None
        await desk._reloader._completing
        assert (await desk.ask(QUESTION, ALICE)).value.citations
    assert len(tries) == 2
    assert caplog.messages.count("not completed: the disk is full") == 2


async def test_stopping_ends_what_takes_long(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told at its next step, and the stop waits for that, so that it can keep what it has."""
    monkeypatch.setattr(service, "_PATIENCE", 500)
    has_begun, ended = threading.Event(), []

    def complete(go_on: Callable[[], None]) -> bool:
        has_begun.set()
        try:
            while True:
                go_on()
                time.sleep(0.001)
        finally:
            ended.append(1)

    desk = Service(lambda: library, NO_LIMITS, complete)
    await desk.library()
    await asyncio.to_thread(has_begun.wait)
    await desk.stop()
    assert ended
    assert desk._reloader._completing is not None
    assert desk._reloader._completing.exception() is None


async def test_nothing_is_waited_for_that_nobody_waits_for(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as a reading that what takes long has asked for."""
    monkeypatch.setattr("bot.service._PATIENCE", 500.0)
    never, is_again = threading.Event(), threading.Event()
    times = count()

    def read() -> Library:
        if next(times):
            is_again.set()
            never.wait()
        return library

    service = Service(read, NO_LIMITS, lambda go_on: True)
    await service.load()
    await asyncio.to_thread(is_again.wait)
    await asyncio.wait_for(service.stop(), 60)
    assert service.is_loading
    never.set()


async def test_what_takes_long_reads_nothing_anew_at_the_end(library: Library) -> None:
    """Nobody would see what it worked out."""
    may_end, times = threading.Event(), count()

    def read() -> Library:
        next(times)
        return library

    def complete(go_on: object) -> bool:
        return may_end.wait()

    service = Service(read, NO_LIMITS, complete)
    await service.load()
    stopping = asyncio.create_task(service.stop())
    while not service.is_stopping:
        await asyncio.sleep(0)
    may_end.set()
    await stopping
    await asyncio.sleep(0.05)
    assert next(times) == 1


async def test_what_is_done_when_the_end_comes_is_given(library: Library) -> None:
    """It may be in the same turn of the event loop; what was cancelled then is said to be over."""
    service = Service(lambda: library, NO_LIMITS)
    done, cancelled = (asyncio.get_running_loop().create_future() for _ in range(2))
    waiting = [asyncio.create_task(service.before_the_end(each)) for each in (done, cancelled)]
    for _ in range(2):
        await asyncio.sleep(0)
    done.set_result("answer")
    cancelled.cancel()
    service._stopped.set()
    assert await waiting[0] == "answer"
    with pytest.raises(StoppedError):
        await waiting[1]
