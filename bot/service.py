"""Questions in, answers out, for many at once: off the event loop, in a short queue, within limits.

Nothing here knows Discord.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import copy_context
from dataclasses import replace
from math import ceil
from time import monotonic
from typing import TypeVar

from bot.conversations import Conversations
from bot.daemon import Daemons
from bot.errors import MemberError
from bot.lanes import Lanes
from bot.libraries import Collect, Libraries, Named
from bot.library import Library, library_of
from bot.limits import Limits, Origin, Refusal, Told, Window
from bot.merging import Result, best_hits, best_of
from bot.metrics import Metrics
from bot.reloading import Completion, Reloader
from bot.texts import gettext, ngettext
from bot.times import Times
from footnote import Answer, Hit
from footnote.questions import answer_to, completed

T = TypeVar("T")

QUEUE = 100
"""Questions that may wait; each takes milliseconds, so that the last one waits for seconds."""

_PATIENCE = 5.0
"""Seconds that running answers have to finish when the bot stops."""

_FAREWELL = 1.0
"""Seconds for telling those who still wait then."""


class LimitError(MemberError):
    """Too many questions in a minute."""

    def __init__(self, refusal: Refusal) -> None:
        # Who has asked nothing must not read that they have asked too much.
        super().__init__(_said_of(refusal))


def _said_of(refusal: Refusal) -> str:
    seconds = max(1, ceil(refusal.seconds))
    match refusal.limit:
        case "channel":
            return ngettext(
                "Too many questions in this channel; ask again in {count} second.",
                "Too many questions in this channel; ask again in {count} seconds.",
                seconds,
            )
        case "server":
            return ngettext(
                "Too many questions in this server; ask again in {count} second.",
                "Too many questions in this server; ask again in {count} seconds.",
                seconds,
            )
    return ngettext(
        "Too many questions; ask again in {count} second.",
        "Too many questions; ask again in {count} seconds.",
        seconds,
    )


class BusyError(MemberError):
    """More questions wait than may, or the bot is about to stop."""


class StoppedError(BusyError):
    """The bot is about to end."""

    def __init__(self) -> None:
        super().__init__(gettext("The bot is about to restart; ask again in a minute."))


def _now() -> float:
    return asyncio.get_running_loop().time()


class Service:
    """Answers questions over the libraries of a place, which can be exchanged while it does.

    One thread searches: Python runs one at a time anyway, and the event loop gets its turns between
    two steps of a search. `read` and `complete` are those of a Reloader, for the general library;
    `named` are the other collections, and `collect` makes the libraries of servers' own documents.
    """

    def __init__(
        self,
        read: Callable[[], Library],
        limits: Limits,
        complete: Completion | None = None,
        metrics: Metrics | None = None,
        named: Mapping[str, Named] | None = None,
        collect: Collect = library_of,
    ) -> None:
        self.metrics = metrics or Metrics()
        self._reloader = Reloader(read, complete)
        self.libraries = Libraries(self._reloader, named or {}, collect)
        self._window = Window(limits, _now)
        self.told = Told(_now)
        self.lanes = Lanes()
        self._thread = Daemons(1)
        self._waiting = 0
        self._handled = 0
        self._held_up = 0
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

    async def reload(self, origin: Origin) -> Library:
        """The collection of a place, of a reading that begins now or later; a MemberError after one
        just now."""
        return await self.before_the_end(self.libraries.reload(origin))

    async def own_changed(self, server: int) -> None:
        """Answer from what a server keeps itself by now."""
        await self.before_the_end(self.libraries.own.changed(server))

    @property
    def is_loading(self) -> bool:
        """Whether the documents are being read."""
        return self._reloader.is_loading

    @property
    def ready(self) -> Library | None:
        """The general library; None while the first one is being read."""
        return self._reloader.ready

    @property
    def is_stopping(self) -> bool:
        """Whether the bot is about to end."""
        return self._is_stopping

    async def library(self) -> Library:
        """The general library; waits for the first one. StoppedError where the bot stops."""
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

    async def ask(self, text: str, origin: Origin, after: int | None = None) -> Result[Answer]:
        """`answer` to somebody's question, which counts for their limits, in their lane."""
        self.count(origin)
        return await self._answered(text, origin, after, origin.user)

    async def answer(self, text: str, origin: Origin, after: int | None = None) -> Result[Answer]:
        """The answer of a place's libraries, whose `question` is completed from the one before.

        `after` is what that one was remembered as; the caller is in the member's lane. BusyError
        where too many wait, QuestionError where it is no question.
        """
        return await self._answered(text, origin, after)

    async def _answered(
        self, text: str, origin: Origin, after: int | None, user: int | None = None
    ) -> Result[Answer]:
        turn = completed(text, self._conversations.turn(after))

        def work(libraries: Sequence[Library]) -> Result[Answer]:
            found = best_of([Result(answer_to(turn, one.collection.ask), one) for one in libraries])
            return replace(found, turn=turn.answered(found.value.short_answer))

        return await self._searched(work, origin, user)

    def remember(self, found: Result[Answer], *keys: int) -> None:
        """Let later questions follow on from an answer; `keys` are ids of messages and threads."""
        if found.turn is not None:
            self._conversations.remember(found.turn, *keys)

    def remembers(self, key: int) -> bool:
        """Whether an answer was remembered so."""
        return self._conversations.turn(key) is not None

    async def search(self, query: str, origin: Origin, limit: int = 10) -> Result[list[Hit]]:
        """The passages for a query, which counts for their limits; with the library of the
        first."""
        self.count(origin)

        def work(libraries: Sequence[Library]) -> Result[list[Hit]]:
            found = [library.collection.search(query, limit) for library in libraries]
            first = next((n for n, hits in enumerate(found) if hits), 0)
            return Result(best_hits(found, limit), libraries[first])

        return await self._searched(work, origin, origin.user)

    async def read(
        self, work: Callable[[Sequence[Library]], Result[T]], origin: Origin
    ) -> Result[T]:
        """What some work reads in the libraries of a place."""
        return await self._searched(work, origin, origin.user)

    def count(self, origin: Origin) -> None:
        """Count a question; LimitError where it is one too many."""
        refusal = self._window.refusal(origin)
        if refusal is not None:
            raise LimitError(refusal)

    async def _searched(
        self,
        work: Callable[[Sequence[Library]], Result[T]],
        origin: Origin,
        user: int | None = None,
    ) -> Result[T]:
        if self._waiting >= QUEUE:
            raise BusyError(gettext("Too many questions are waiting; ask again in a few seconds."))
        begun = monotonic()
        run = self.metrics.timed(work)
        self._waiting += 1
        try:
            # Whoever waits for the library waits in a lane, and cannot fill the queue alone.
            async with nullcontext() if user is None else self.lanes.of(user):
                libraries = self.libraries.open_at(origin)
                if libraries is None:
                    libraries = await self._opened(origin)
                if self._stopped.is_set():
                    raise StoppedError
                loop = asyncio.get_running_loop()
                # What goes wrong there is said in the language that is spoken here.
                speaking_on = copy_context().run
                found = loop.run_in_executor(self._thread, speaking_on, run, libraries)
                return await self.before_the_end(found)
        finally:
            self._waiting -= 1
            self._times.add(monotonic() - begun)

    async def _opened(self, origin: Origin) -> list[Library]:
        # One server's may take minutes; meanwhile there is room for the questions of others.
        if self._held_up >= QUEUE // 2 and self.ready is not None:
            raise BusyError(gettext("The documents are still being opened; ask again in a minute."))
        self._held_up += 1
        try:
            return await self.before_the_end(self.libraries.at(origin))
        finally:
            self._held_up -= 1

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
        self.libraries.stop()
        # What was received just now begins at the next turn of the event loop.
        await asyncio.sleep(0)
        await self._done(_PATIENCE, lambda: self._is_busy or self.libraries.is_completing)
        self._stopped.set()
        self._thread.shutdown(cancel_futures=True)
        await self._done(_FAREWELL, lambda: self._is_busy)

    @property
    def _is_busy(self) -> bool:
        return bool(self._waiting or self._handled)

    @staticmethod
    async def _done(seconds: float, is_busy: Callable[[], bool]) -> None:
        """Wait until nothing is busy, but no longer than so many seconds."""
        end = monotonic() + seconds
        while is_busy() and monotonic() < end:
            await asyncio.sleep(0.02)
