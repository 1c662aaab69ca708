"""Questions in, answers out, for many at once: off the event loop, in a short queue, within limits.

Nothing here knows Discord.
"""

import asyncio
import gc
import logging
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic
from typing import TypeVar

from bot.discord.limits import Limits, Origin, Window
from bot.library import Library
from knowledge.errors import FootnoteError
from retrieval.answers import Answer
from retrieval.conversation import Turn, completed
from retrieval.engine import Hit

T = TypeVar("T")

QUEUE = 100
"""Questions that may wait; each takes milliseconds, so that the last one waits for seconds."""

_CONVERSATIONS = 10_000
_TIMES = 1_000
_PATIENCE = 5.0
"""Seconds that running answers have to finish when the bot stops."""

_log = logging.getLogger(__name__)


class LimitError(FootnoteError):
    """Too many questions in a minute; `wait` are the seconds until the next is allowed."""

    def __init__(self, wait: float) -> None:
        self.wait = wait
        seconds = max(1, round(wait))
        plural = "" if seconds == 1 else "s"
        super().__init__(f"Too many questions in a minute; ask again in {seconds} second{plural}.")


class BusyError(FootnoteError):
    """More questions wait than may, or the bot is about to stop."""


class Service:
    """Answers questions over a library that can be exchanged while it does.

    One thread searches: Python runs one at a time anyway, and the event loop gets its turns between
    two steps of a search.
    """

    def __init__(self, read: Callable[[], Library], limits: Limits) -> None:
        self._read = read
        self._window = Window(limits, lambda: asyncio.get_running_loop().time())
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="answers")
        self._library: Library | None = None
        self._loaded: asyncio.Task[Library] | None = None
        self._waiting = 0
        self._handled = 0
        self._is_stopping = False
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

    async def _load(self) -> Library:
        # Collecting garbage looks at every object there is: with 10,000 passages the event loop
        # would stand still for a tenth of a second, again and again. What was read is left out.
        gc.disable()
        try:
            library = await asyncio.to_thread(self._read)
        finally:
            gc.freeze()
            gc.enable()
        self._library = library
        _log.info("index %s: %d documents", library.fingerprint, len(library.documents))
        return library

    @property
    def is_loading(self) -> bool:
        """Whether the documents are being read."""
        return self._loaded is not None and not self._loaded.done()

    @property
    def ready(self) -> Library | None:
        """The library; None while the first one is being read."""
        return self._library

    async def library(self) -> Library:
        """The library; waits for the first one."""
        if self._library is not None:
            return self._library
        return await asyncio.shield(self.load())

    async def ask(self, text: str, origin: Origin, after: int | None = None) -> Answer:
        """The answer, whose `question` is completed from the one before.

        `after` is what that one was remembered as. LimitError or BusyError where it must not be
        asked now, QuestionError where it is none.
        """
        self._admit(origin)
        question = completed(text, None if after is None else self._turns.get(after))
        return await self._searched(lambda library: library.answerer.answer(question))

    async def again(self, text: str) -> Answer:
        """The answer to the same question in other words; it counts for no limit."""
        return await self._searched(lambda library: library.answerer.answer(text))

    def remember(self, answer: Answer, *keys: int) -> None:
        """Let later questions follow on from an answer; `keys` are ids of messages and threads."""
        for key in keys:
            self._turns[key] = Turn(answer.question, answer.short_answer)
            self._turns.move_to_end(key)
        while len(self._turns) > _CONVERSATIONS:
            self._turns.popitem(last=False)

    def remembers(self, key: int) -> bool:
        """Whether an answer was remembered so."""
        return key in self._turns

    async def search(self, query: str, origin: Origin, limit: int = 10) -> list[Hit]:
        """The passages for a query; refused like a question."""
        self._admit(origin)
        return await self._searched(lambda library: library.answerer.search(query, limit))

    def _admit(self, origin: Origin) -> None:
        if self._is_stopping:
            raise BusyError("The bot is about to restart; ask again in a minute.")
        if self._waiting >= QUEUE:
            raise BusyError("Many questions are waiting; ask again in a few seconds.")
        wait = self._window.wait(origin)
        if wait:
            raise LimitError(wait)

    async def _searched(self, work: Callable[[Library], T]) -> T:
        begun = monotonic()
        self._waiting += 1
        try:
            library = await self.library()
            return await asyncio.get_running_loop().run_in_executor(self._thread, work, library)
        finally:
            self._waiting -= 1
            self._times.append(monotonic() - begun)

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
        """Take no more questions, and give what is begun five seconds."""
        self._is_stopping = True
        end = monotonic() + _PATIENCE
        while (self._waiting or self._handled) and monotonic() < end:
            await asyncio.sleep(0.02)
        self._thread.shutdown(wait=False, cancel_futures=True)
