"""Questions in, answers out, for many at once: off the event loop, in a short queue, within limits.

Nothing here knows Discord.
"""

import asyncio
import gc
import logging
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from math import ceil
from time import monotonic
from typing import Generic, TypeVar

from bot.daemon import Daemons, in_daemon
from bot.errors import MemberError
from bot.library import Library
from bot.limits import Limits, Origin, Window
from bot.metrics import Metrics
from bot.presentation import counted
from footnote import Answer, FootnoteError, Hit
from footnote.questions import Turn, completed

T = TypeVar("T")

QUEUE = 100
"""Questions that may wait; each takes milliseconds, so that the last one waits for seconds."""

RELOAD_AFTER = 20.0
"""Seconds between two readings: all servers share the index, and each of them can ask for one."""

_CONVERSATIONS = 10_000
_TIMES = 1_000
_PATIENCE = 5.0
"""Seconds that running answers have to finish when the bot stops."""

_FAREWELL = 1.0
"""Seconds for telling those who still wait then."""

_log = logging.getLogger(__name__)

Completion = Callable[[Callable[[], None]], bool]
"""Works out what takes long, and says whether there is more now than when the library was read.

What it is given is to be called often: it raises where the bot stops.
"""


@dataclass(frozen=True, slots=True)
class Result(Generic[T]):
    """What was found, and in which library: it may be another one already when it is shown."""

    value: T
    library: Library
    turn: Turn | None = None
    """The question as a part of its conversation, where it was one."""


class LimitError(MemberError):
    """Too many questions in a minute; `wait` are the seconds until the next is allowed."""

    def __init__(self, wait: float) -> None:
        self.wait = wait
        seconds = max(1, ceil(wait))
        plural = "" if seconds == 1 else "s"
        super().__init__(f"Too many questions; ask again in {seconds} second{plural}.")


class BusyError(MemberError):
    """More questions wait than may, or the bot is about to stop."""


class StoppedError(BusyError):
    """The bot is about to end."""

    def __init__(self) -> None:
        super().__init__("The bot is about to restart; ask again in a minute.")


class Service:
    """Answers questions over a library that can be exchanged while it does.

    One thread searches: Python runs one at a time anyway, and the event loop gets its turns between
    two steps of a search. `complete` works out in another thread, while answers are given, what
    takes too long to be waited for.
    """

    def __init__(
        self,
        read: Callable[[], Library],
        limits: Limits,
        complete: Completion | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self.metrics = metrics or Metrics()
        self._read = read
        self._complete = complete
        self._completing: asyncio.Task[None] | None = None
        self._window = Window(limits, lambda: asyncio.get_running_loop().time())
        self._thread = Daemons(1)
        self._library: Library | None = None
        self._loaded: asyncio.Task[Library] | None = None
        self._read_at = -RELOAD_AFTER
        self._waiting = 0
        self._handled = 0
        self._is_stopping = False
        self._stopped = asyncio.Event()
        self._turns: OrderedDict[int, Turn] = OrderedDict()
        self._times: deque[float] = deque(maxlen=_TIMES)
        self.started = monotonic()

    def load(self) -> "asyncio.Task[Library]":
        """Begin to read the documents, anew where they have been read; one reading at a time.

        Until it is done, questions are answered from the library before, or wait for the first.
        """
        if self._loaded is None or self._loaded.done():
            self._loaded = asyncio.create_task(self._load())
        return self._loaded

    async def reload(self) -> Library:
        """The library of a reading that begins now or later; BusyError after one just now."""
        now = asyncio.get_running_loop().time()
        if not self.is_loading and now - self._read_at < RELOAD_AFTER:
            raise BusyError("The documents were reloaded just now; try again in half a minute.")
        library = await self._anew()
        self._read_at = asyncio.get_running_loop().time()
        return library

    async def _anew(self) -> Library:
        """The library of a reading that begins now or later."""
        if self.is_loading and self._loaded is not None:
            with suppress(Exception):
                await asyncio.shield(self._loaded)
        # Whoever waited as well may have begun it.
        return await asyncio.shield(self.load())

    async def _load(self) -> Library:
        # Collecting garbage looks at every object there is: with 10,000 passages the event loop
        # would stand still for a tenth of a second, again and again. What was read is left out,
        # and leaves memory without being collected; what is garbage already would stay.
        gc.disable()
        try:
            library = await in_daemon(self._read)
            gc.collect()
            gc.freeze()
        finally:
            gc.enable()
        self._library = library
        count = counted(len(library.collection.documents), "document")
        _log.info("index %s: %s", library.fingerprint, count)
        if self._complete is not None and not self._is_completing:
            self._completing = asyncio.create_task(self._completed(self._complete))
        return library

    async def _completed(self, complete: Completion) -> None:
        """Work out what the library lacks and read it again, until there is nothing to do."""
        library = None
        while library is not self._library:
            library = self._library
            try:
                if await in_daemon(partial(complete, self._go_on)):
                    await self._anew()
            except FootnoteError as error:
                _log.warning("not completed: %s", error)
            except StoppedError:
                return

    def _go_on(self) -> None:
        if self._is_stopping:
            raise StoppedError

    @property
    def _is_completing(self) -> bool:
        return self._completing is not None and not self._completing.done()

    @property
    def is_loading(self) -> bool:
        """Whether the documents are being read."""
        return self._loaded is not None and not self._loaded.done()

    @property
    def ready(self) -> Library | None:
        """The library; None while the first one is being read."""
        return self._library

    @property
    def is_stopping(self) -> bool:
        """Whether the bot is about to end."""
        return self._is_stopping

    async def library(self) -> Library:
        """The library; waits for the first one. StoppedError where the bot stops meanwhile."""
        if self._library is not None:
            return self._library
        return await self._before_the_end(asyncio.shield(self.load()))

    async def _before_the_end(self, work: Awaitable[T]) -> T:
        """What some work gives; StoppedError once it is not waited for any more."""
        task = asyncio.ensure_future(work)
        end = asyncio.ensure_future(self._stopped.wait())
        with self.handling():
            try:
                await asyncio.wait({task, end}, return_when=asyncio.FIRST_COMPLETED)
                if end.done():
                    raise StoppedError
                return await task
            finally:
                end.cancel()
                task.cancel()

    async def ask(self, text: str, origin: Origin, after: int | None = None) -> "Result[Answer]":
        """`answer` to somebody's question, which counts for their limits."""
        self.count(origin)
        return await self.answer(text, after)

    async def answer(self, text: str, after: int | None = None) -> "Result[Answer]":
        """The answer, whose `question` is completed from the one before.

        `after` is what that one was remembered as. BusyError where too many wait, QuestionError
        where it is no question.
        """
        turn = completed(text, None if after is None else self._turns.get(after))
        found = await self._searched(lambda library: library.collection.ask(turn.question))
        return replace(found, turn=turn.answered(found.value.short_answer))

    def remember(self, found: "Result[Answer]", *keys: int) -> None:
        """Let later questions follow on from an answer; `keys` are ids of messages and threads."""
        if found.turn is None:
            return
        for key in keys:
            self._turns[key] = found.turn
            self._turns.move_to_end(key)
        while len(self._turns) > _CONVERSATIONS:
            self._turns.popitem(last=False)

    def remembers(self, key: int) -> bool:
        """Whether an answer was remembered so."""
        return key in self._turns

    async def search(self, query: str, origin: Origin, limit: int = 10) -> "Result[list[Hit]]":
        """The passages for a query, which counts for their limits."""
        self.count(origin)
        return await self._searched(lambda library: library.collection.search(query, limit))

    async def read(self, work: Callable[[Library], T]) -> "Result[T]":
        """What some work reads in the index: that may be elsewhere, and be replaced meanwhile."""
        return await self._searched(
            lambda library: library.collection.mended(partial(work, library))
        )

    def count(self, origin: Origin) -> None:
        """Count a question; LimitError where it is one too many."""
        wait = self._window.wait(origin)
        if wait:
            raise LimitError(wait)

    async def _searched(self, work: Callable[[Library], T]) -> "Result[T]":
        if self._stopped.is_set():
            raise StoppedError
        if self._waiting >= QUEUE:
            raise BusyError("Too many questions are waiting; ask again in a few seconds.")
        begun = monotonic()
        run = self.metrics.timed(work)
        self._waiting += 1
        try:
            library = await self.library()
            found = asyncio.get_running_loop().run_in_executor(self._thread, run, library)
            return Result(await self._before_the_end(found), library)
        finally:
            self._waiting -= 1
            self._times.append(monotonic() - begun)

    @property
    def waiting(self) -> int:
        """How many questions and searches wait or are being worked out."""
        return self._waiting

    def times(self) -> tuple[float, float] | None:
        """Median and 99th percentile of the last answers in seconds, waiting included."""
        if not self._times:
            return None
        ordered = sorted(self._times)
        return ordered[len(ordered) // 2], ordered[int(0.99 * (len(ordered) - 1))]

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
        # What was received just now begins at the next turn of the event loop.
        await asyncio.sleep(0)
        await self._idle(_PATIENCE)
        self._stopped.set()
        self._thread.shutdown(cancel_futures=True)
        await self._idle(_FAREWELL)

    async def _idle(self, seconds: float) -> None:
        """Wait until nothing is begun, but no longer than so many seconds."""
        end = monotonic() + seconds
        while (self._waiting or self._handled or self._is_completing) and monotonic() < end:
            await asyncio.sleep(0.02)
