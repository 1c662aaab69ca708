"""Questions in, answers out, for many at once: off the event loop, in a short queue, within limits.

Nothing here knows Discord.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from math import ceil
from time import monotonic
from typing import Generic, TypeVar

from bot.conversations import Conversations
from bot.daemon import Daemons
from bot.errors import MemberError
from bot.lanes import Lanes
from bot.library import Library
from bot.limits import Limits, Origin, Refusal, Told, Window
from bot.metrics import Metrics
from bot.presentation import counted
from bot.reloading import Completion, Reloader
from bot.times import Times
from footnote import Answer, Hit
from footnote.questions import Turn, answer_to, completed

T = TypeVar("T")

QUEUE = 100
"""Questions that may wait; each takes milliseconds, so that the last one waits for seconds."""

_PATIENCE = 5.0
"""Seconds that running answers have to finish when the bot stops."""

_FAREWELL = 1.0
"""Seconds for telling those who still wait then."""


@dataclass(frozen=True, slots=True)
class Result(Generic[T]):
    """What was found, and in which library: it may be another one already when it is shown."""

    value: T
    library: Library
    turn: Turn | None = None
    """The question as a part of its conversation, where it was one."""


class LimitError(MemberError):
    """Too many questions in a minute."""

    def __init__(self, refusal: Refusal) -> None:
        # Who has asked nothing must not read that they have asked too much.
        where = "" if refusal.limit == "user" else f" in this {refusal.limit}"
        wait = counted(max(1, ceil(refusal.seconds)), "second")
        super().__init__(f"Too many questions{where}; ask again in {wait}.")


class BusyError(MemberError):
    """More questions wait than may, or the bot is about to stop."""


class StoppedError(BusyError):
    """The bot is about to end."""

    def __init__(self) -> None:
        super().__init__("The bot is about to restart; ask again in a minute.")


def _now() -> float:
    return asyncio.get_running_loop().time()


class Service:
    """Answers questions over a library that can be exchanged while it does.

    One thread searches: Python runs one at a time anyway, and the event loop gets its turns between
    two steps of a search. `read` and `complete` are those of a Reloader.
    """

    def __init__(
        self,
        read: Callable[[], Library],
        limits: Limits,
        complete: Completion | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self.metrics = metrics or Metrics()
        self._reloader = Reloader(read, complete)
        self._window = Window(limits, _now)
        self.told = Told(_now)
        self.lanes = Lanes()
        self._thread = Daemons(1)
        self._waiting = 0
        self._handled = 0
        self._is_stopping = False
        self._stopped = asyncio.Event()
        self._conversations = Conversations()
        self._times = Times()
        self.started = monotonic()

    def load(self) -> "asyncio.Task[Library]":
        """Begin to read the documents, anew where they have been read; one reading at a time.

        Until it is done, questions are answered from the library before, or wait for the first.
        """
        return self._reloader.load()

    async def reload(self) -> Library:
        """The library of a reading that begins now or later; a MemberError after one just now."""
        return await self.before_the_end(self._reloader.reload())

    @property
    def is_loading(self) -> bool:
        """Whether the documents are being read."""
        return self._reloader.is_loading

    @property
    def ready(self) -> Library | None:
        """The library; None while the first one is being read."""
        return self._reloader.ready

    @property
    def is_stopping(self) -> bool:
        """Whether the bot is about to end."""
        return self._is_stopping

    async def library(self) -> Library:
        """The library; waits for the first one. StoppedError where the bot stops meanwhile."""
        if self.ready is not None:
            return self.ready
        return await self.before_the_end(asyncio.shield(self.load()))

    async def before_the_end(self, work: Awaitable[T]) -> T:
        """What some work gives; StoppedError once it is not waited for any more."""
        task = asyncio.ensure_future(work)
        end = asyncio.ensure_future(self._stopped.wait())
        with self.handling():
            try:
                await asyncio.wait({task, end}, return_when=asyncio.FIRST_COMPLETED)
                # At the end, what has not begun is cancelled.
                if not task.done() or task.cancelled():
                    raise StoppedError
                return await task
            finally:
                end.cancel()
                task.cancel()

    async def ask(self, text: str, origin: Origin, after: int | None = None) -> "Result[Answer]":
        """`answer` to somebody's question, which counts for their limits."""
        self.count(origin)
        return await self.answer(text, after, origin.user)

    async def answer(
        self, text: str, after: int | None = None, user: int | None = None
    ) -> "Result[Answer]":
        """The answer, whose `question` is completed from the one before.

        `after` is what that one was remembered as, and `user` in whose lane it waits, None where
        the caller is in it. BusyError where too many wait, QuestionError where it is no question.
        """
        turn = completed(text, self._conversations.turn(after))
        found = await self._searched(lambda library: answer_to(turn, library.collection.ask), user)
        return replace(found, turn=turn.answered(found.value.short_answer))

    def remember(self, found: "Result[Answer]", *keys: int) -> None:
        """Let later questions follow on from an answer; `keys` are ids of messages and threads."""
        if found.turn is not None:
            self._conversations.remember(found.turn, *keys)

    def remembers(self, key: int) -> bool:
        """Whether an answer was remembered so."""
        return self._conversations.turn(key) is not None

    async def search(self, query: str, origin: Origin, limit: int = 10) -> "Result[list[Hit]]":
        """The passages for a query, which counts for their limits."""
        self.count(origin)
        return await self._searched(
            lambda library: library.collection.search(query, limit), origin.user
        )

    async def read(self, work: Callable[[Library], T], user: int) -> "Result[T]":
        """What some work reads in the index: that may be elsewhere, and be replaced meanwhile."""
        return await self._searched(
            lambda library: library.collection.mended(partial(work, library)), user
        )

    def count(self, origin: Origin) -> None:
        """Count a question; LimitError where it is one too many."""
        refusal = self._window.refusal(origin)
        if refusal is not None:
            raise LimitError(refusal)

    async def _searched(self, work: Callable[[Library], T], user: int | None = None) -> "Result[T]":
        if self._waiting >= QUEUE:
            raise BusyError("Too many questions are waiting; ask again in a few seconds.")
        begun = monotonic()
        run = self.metrics.timed(work)
        self._waiting += 1
        try:
            # Whoever waits for the library waits in a lane, and cannot fill the queue alone.
            async with nullcontext() if user is None else self.lanes.of(user):
                library = await self.library()
                if self._stopped.is_set():
                    raise StoppedError
                loop = asyncio.get_running_loop()
                found = loop.run_in_executor(self._thread, run, library)
                return Result(await self.before_the_end(found), library)
        finally:
            self._waiting -= 1
            self._times.add(monotonic() - begun)

    @property
    def waiting(self) -> int:
        """How many questions and searches wait or are being worked out."""
        return self._waiting

    def times(self) -> tuple[float, float] | None:
        """Median and 99th percentile of the last answers in seconds, waiting included."""
        return self._times.median_and_p99()

    @contextmanager
    def handling(self) -> Iterator[None]:
        """Something that is begun: `stop` waits until it is done, the sending of it included."""
        self._handled += 1
        try:
            yield
        finally:
            self._handled -= 1

    async def stop(self) -> None:
        """Give what is begun five seconds, and what it still asks; take no questions after that.

        Whoever still waits then gets a StoppedError, and has a second to say so.
        """
        self._is_stopping = True
        self.lanes.end()
        self._reloader.stop()
        # What was received just now begins at the next turn of the event loop.
        await asyncio.sleep(0)
        await self._done(_PATIENCE, lambda: self._is_busy or self._is_completing)
        self._stopped.set()
        self._thread.shutdown(cancel_futures=True)
        await self._done(_FAREWELL, lambda: self._is_busy)

    @property
    def _is_busy(self) -> bool:
        return bool(self._waiting or self._handled)

    @property
    def _is_completing(self) -> bool:
        # It may wait for a reading, which nobody waits for then.
        return self._reloader.is_completing and not self.is_loading

    @staticmethod
    async def _done(seconds: float, is_busy: Callable[[], bool]) -> None:
        """Wait until nothing is busy, but no longer than so many seconds."""
        end = monotonic() + seconds
        while is_busy() and monotonic() < end:
            await asyncio.sleep(0.02)
