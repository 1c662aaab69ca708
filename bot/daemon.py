"""Work in threads that the end of the process does not wait for, and waiting that ends."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, ParamSpec, TypeVar

T = TypeVar("T")
V = TypeVar("V")
P = ParamSpec("P")

_Call = tuple["Future[T]", Callable[[], T]]


async def in_daemon(work: Callable[[], T]) -> T:
    """What `work` gives; other tasks go on meanwhile."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def run() -> None:
        try:
            value = work()
        except Exception as error:
            _tell(loop, future, future.set_exception, error)
        else:
            _tell(loop, future, future.set_result, value)

    _begin(run)
    return await future


async def at_most(seconds: float, work: Awaitable[object]) -> None:
    """Wait for some work, and go on without it where it takes longer."""
    done, _ = await asyncio.wait({asyncio.ensure_future(work)}, timeout=seconds)
    for task in done:
        await task


class Daemons(ThreadPoolExecutor):
    """At most so many threads; a ThreadPoolExecutor only because asyncio demands one; its own
    threads are never started."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self._most = most
        self._begun = 0
        self._is_shut = False
        self._idle = threading.Semaphore(0)
        self._calls: SimpleQueue[_Call[Any] | None] = SimpleQueue()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Let a thread call a function; RuntimeError after `shutdown`."""
        if self._is_shut:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future: Future[T] = Future()
        self._calls.put((future, partial(fn, *args, **kwargs)))
        if not self._idle.acquire(blocking=False) and self._begun < self._most:
            self._begun += 1
            _begin(self._work)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let threads end that have nothing to do; nothing is waited for, whatever `wait` says."""
        self._is_shut = True
        with suppress(Empty):
            while cancel_futures:
                call = self._calls.get_nowait()
                if call is not None:
                    call[0].cancel()
        for _ in range(self._begun):
            self._calls.put(None)

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            _do(call)
            # What it holds may be large, and the next call may be long in coming.
            del call
            self._idle.release()


def _do(call: "_Call[T]") -> None:
    future, work = call
    if not future.set_running_or_notify_cancel():
        return
    try:
        value = work()
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(value)
    finally:
        # An error holds this frame, which would hold the error and what it was about.
        del future, work, call


def _begin(work: Callable[[], None]) -> None:
    threading.Thread(target=work, daemon=True, name="daemon").start()


def _tell(
    loop: asyncio.AbstractEventLoop,
    future: "asyncio.Future[T]",
    tell: Callable[[V], None],
    value: V,
) -> None:
    # The loop may have ended, and whoever waited may have gone.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(lambda: None if future.done() else tell(value))
