"""Work in a thread that the end of the process does not wait for."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")
V = TypeVar("V")


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

    threading.Thread(target=run, daemon=True, name="reading").start()
    return await future


def _tell(
    loop: asyncio.AbstractEventLoop,
    future: "asyncio.Future[T]",
    tell: Callable[[V], None],
    value: V,
) -> None:
    # The loop may have ended, and whoever waited may have gone.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(lambda: None if future.done() else tell(value))
