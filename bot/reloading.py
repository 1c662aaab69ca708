"""The library that questions are answered from, read anew while they are."""

import asyncio
import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

from bot.daemon import in_daemon
from bot.errors import MemberError
from bot.library import Library
from bot.presentation import counted
from bot.texts import gettext
from footnote import FootnoteError

RELOAD_AFTER = 20.0
"""Seconds between two readings: all servers share the index, and each of them can ask for one."""

_log = logging.getLogger(__name__)

Completion = Callable[[Callable[[], None]], bool]
"""Works out what takes long, and says whether there is more now than when the library was read.

What it is given is to be called often: it raises where the bot stops.
"""


class JustReloadedError(MemberError):
    """A reading is asked for too soon after the one before."""

    def __init__(self) -> None:
        super().__init__(
            gettext("The documents were reloaded just now; try again in half a minute.")
        )


class _EndedError(Exception):
    """The bot stops."""


_readings: list[None] = []
"""One for each library that is being read."""


@contextmanager
def _uncollected() -> Iterator[None]:
    """Leave what is read within out of what is looked at for garbage.

    Collecting it looks at every object there is: with 10,000 passages the event loop would stand
    still for a tenth of a second, again and again. What was read leaves memory without being
    collected; what is garbage already would stay.
    """
    _readings.append(None)
    gc.disable()
    try:
        yield
        # What another reading has begun may become garbage yet.
        if len(_readings) == 1:
            gc.collect()
            gc.freeze()
    finally:
        _readings.pop()
        if not _readings:
            gc.enable()


class Reloader:
    """Reads the library in one thread, and works out in another what takes too long to wait for.

    `ready` is the library read last; None while the first one is being read. The other one is in
    `complete`.
    """

    def __init__(self, read: Callable[[], Library], complete: Completion | None = None) -> None:
        self.ready: Library | None = None
        self._read = read
        self._complete = complete
        self._loaded: asyncio.Task[Library] | None = None
        self._completing: asyncio.Task[None] | None = None
        self._read_at = -RELOAD_AFTER
        self._is_stopping = False

    def load(self) -> "asyncio.Task[Library]":
        """Begin to read the documents, anew where they have been read; one reading at a time.

        Until it is done, `ready` is the library before, which stays where the reading fails.
        """
        if self._loaded is None or self._loaded.done():
            self._loaded = asyncio.create_task(self._load())
        return self._loaded

    async def reload(self) -> Library:
        """The library of a reading that begins now or later; JustReloadedError after one just
        now."""
        now = asyncio.get_running_loop().time()
        if not self.is_loading and now - self._read_at < RELOAD_AFTER:
            raise JustReloadedError
        library = await self._anew()
        self._read_at = asyncio.get_running_loop().time()
        return library

    @property
    def is_loading(self) -> bool:
        """Whether the documents are being read."""
        return self._loaded is not None and not self._loaded.done()

    @property
    def is_completing(self) -> bool:
        """Whether something is being worked out that the library lacks."""
        return self._completing is not None and not self._completing.done()

    def stop(self) -> None:
        """Work nothing out any more; `is_completing` says when that has come to its end."""
        self._is_stopping = True

    async def _anew(self) -> Library:
        """The library of a reading that begins now or later."""
        if self.is_loading and self._loaded is not None:
            with suppress(Exception):
                await asyncio.shield(self._loaded)
        # Whoever waited as well may have begun it.
        return await asyncio.shield(self.load())

    async def _load(self) -> Library:
        with _uncollected():
            library = await in_daemon(self._read)
        self.ready = library
        count = counted(len(library.collection.documents), "document")
        _log.info("index %s: %s", library.fingerprint, count)
        if self._complete is not None and not self.is_completing:
            self._completing = asyncio.create_task(self._completed(self._complete))
        return library

    async def _completed(self, complete: Completion) -> None:
        """Work out what the library lacks and read it again, until there is nothing to do."""
        library = None
        while library is not self.ready:
            library = self.ready
            try:
                if await in_daemon(partial(complete, self._go_on)) and not self._is_stopping:
                    await self._anew()
            except FootnoteError as error:
                _log.warning("not completed: %s", error)
            except _EndedError:
                return

    def _go_on(self) -> None:
        if self._is_stopping:
            raise _EndedError
