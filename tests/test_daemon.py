"""Threads that the end of the process does not wait for."""

import asyncio
import gc
import threading
import weakref
from concurrent.futures import CancelledError
from contextlib import nullcontext

import pytest

from bot.daemon import Daemons, at_most


class Thing:
    """Something that a weak reference can be had of."""


def test_calls_are_done_by_so_many_threads() -> None:
    """No more than that, and no more than are needed; none is waited for."""
    threads = Daemons(2)
    both = threading.Barrier(2)
    names: list[threading.Thread] = []

    def work(number: int) -> int:
        names.append(threading.current_thread())
        both.wait(60)
        return number

    calls = [threads.submit(work, number) for number in range(6)]
    assert [call.result() for call in calls] == [0, 1, 2, 3, 4, 5]
    assert len(set(names)) == 2
    assert all(thread.daemon for thread in names)


def test_a_thread_that_has_nothing_to_do_is_used_again() -> None:
    """A second one is begun only while the first is busy."""
    threads = Daemons(8)
    first = threads.submit(threading.current_thread).result()
    # The result comes a moment before the thread is idle.
    while threads._idle._value == 0:
        pass
    assert threads.submit(threading.current_thread).result() is first
    threads.shutdown()
    first.join()


@pytest.mark.parametrize("fails", [False, True])
def test_what_goes_wrong_is_the_callers(fails: bool) -> None:
    """And the thread lives on, and keeps nothing of it, nor of what goes well."""
    threads = Daemons(1)
    gone: list[weakref.ref[Thing]] = []

    def work() -> Thing:
        thing = Thing()
        gone.append(weakref.ref(thing))
        if fails:
            raise ValueError("no")
        return thing

    gc.disable()
    try:
        with pytest.raises(ValueError, match="no") if fails else nullcontext():
            threads.submit(work).result()
        assert threads.submit(int).result() == 0
        assert gone[0]() is None
    finally:
        gc.enable()


def test_nothing_is_taken_after_the_end() -> None:
    """Nobody would do it."""
    threads = Daemons(1)
    threads.shutdown()
    with pytest.raises(RuntimeError, match="after shutdown"):
        threads.submit(int)


def test_what_has_not_begun_can_be_cancelled() -> None:
    """What has begun goes on, and nobody waits for it."""
    threads = Daemons(1)
    has_begun, may_end = threading.Event(), threading.Event()

    def work() -> str:
        has_begun.set()
        may_end.wait()
        return "done"

    begun, later = threads.submit(work), threads.submit(str)
    has_begun.wait()
    threads.shutdown(cancel_futures=True)
    with pytest.raises(CancelledError):
        later.result()
    may_end.set()
    assert begun.result() == "done"


async def test_an_event_loop_takes_them_for_its_executor() -> None:
    """It is not waited for when the loop ends."""
    never = threading.Event()

    async def main() -> None:
        asyncio.get_running_loop().set_default_executor(Daemons(2))
        waiting = asyncio.ensure_future(asyncio.to_thread(never.wait))
        assert await asyncio.to_thread(int) == 0
        waiting.cancel()

    await asyncio.to_thread(asyncio.run, main())
    never.set()


async def test_waiting_ends() -> None:
    """What takes longer goes on; what goes wrong in time is raised."""
    work = asyncio.ensure_future(asyncio.Event().wait())
    await at_most(0.01, work)
    assert not work.done()
    work.cancel()

    async def fails() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await at_most(500, fails())
