"""Which libraries a place is answered from, each of them open only while it is asked.

A place is a channel of a server. It is answered from the documents that its server keeps itself,
and from one collection: that chosen for the channel, else that for the server, else the general
one. Direct messages, and servers where only a member installed the bot, have the general one.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from bot.daemon import in_daemon
from bot.errors import MemberError
from bot.library import Library
from bot.limits import Origin
from bot.presentation import counted
from bot.reloading import Completion, Reloader
from footnote import Document, FootnoteError

_log = logging.getLogger(__name__)

Collect = Callable[[list[Document]], Library]
"""Makes a library of documents in memory."""

Choices = Mapping[tuple[int, int], str]
"""The names of collections by server and channel; channel 0 is the whole server."""


class UnavailableKnowledgeError(MemberError):
    """The collection of a place cannot be asked: never is another one asked instead."""

    def __init__(self) -> None:
        super().__init__(
            "The knowledge for this place is not available at the moment; a moderator can see why"
            " with /footnote status."
        )


class OwnDocuments(Protocol):
    """Where documents that servers keep themselves come from."""

    def documents(self, server: int) -> list[Document]:
        """The documents of a server; it may block. No other source has documents of those ids."""


@dataclass(frozen=True, slots=True)
class Named:
    """How a collection with a name is read, and the servers that may use it; None is all."""

    read: Callable[[], Library]
    complete: Completion | None = None
    servers: frozenset[int] | None = None


class Libraries:
    """The libraries of all places; `choices` says which collection moderators chose where."""

    def __init__(self, general: Reloader, named: Mapping[str, Named], collect: Collect) -> None:
        self.choices: Choices = {}
        self.own = OwnLibraries(collect)
        self._general = general
        self._named = named
        self._open: dict[str, Reloader] = {}

    def names_for(self, server: int) -> list[str]:
        """The collections that a server may use."""
        return [name for name in self._named if self.may_use(server, name)]

    def may_use(self, server: int, name: str) -> bool:
        """Whether a collection is there for a server."""
        named = self._named.get(name)
        return named is not None and (named.servers is None or server in named.servers)

    def chosen(self, server: int | None, channel: int) -> str | None:
        """The name of the collection chosen for a place; None is the general one."""
        if server is None:
            return None
        return self.choices.get((server, channel)) or self.choices.get((server, 0))

    def open_at(self, origin: Origin) -> list[Library] | None:
        """The libraries of a place; None while one of them is not open.

        UnavailableKnowledgeError where its collection is not there.
        """
        collection = self.opened(origin)
        if collection is None or not self.own.is_made(origin.home):
            return None
        return [*self.own.made(origin.home), collection]

    def opened(self, origin: Origin) -> Library | None:
        """The collection of a place; None while it is not open, UnavailableKnowledgeError."""
        return self._reloader(origin).ready

    async def at(self, origin: Origin) -> list[Library]:
        """The libraries of a place, opened where they are not; the errors of `open_at`."""
        reloader = self._reloader(origin)
        own = await self.own.of(origin.home)
        return [*own, reloader.ready or await self._loaded(reloader)]

    async def reload(self, origin: Origin) -> Library:
        """The collection of a place, read anew, and the server's own documents with it."""
        library = await self._reloader(origin).reload()
        if origin.home is not None:
            await self.own.changed(origin.home)
        return library

    def _reloader(self, origin: Origin) -> Reloader:
        name = self.chosen(origin.home, origin.channel)
        if name is None:
            return self._general
        if origin.home is None or not self.may_use(origin.home, name):
            raise UnavailableKnowledgeError
        if name not in self._open:
            self._open[name] = Reloader(self._named[name].read, self._named[name].complete)
        return self._open[name]

    async def _loaded(self, reloader: Reloader) -> Library:
        try:
            return await asyncio.shield(reloader.load())
        except FootnoteError as error:
            if reloader is self._general:
                raise
            _log.error("a collection cannot be opened: %s", error)
            raise UnavailableKnowledgeError from error


class OwnLibraries:
    """The documents that servers keep themselves, those of each in a library in memory."""

    def __init__(self, collect: Collect) -> None:
        self._collect = collect
        self.sources: list[OwnDocuments] = []
        self._made: dict[int, Library | None] = {}
        self._making: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    def is_made(self, server: int | None) -> bool:
        """Whether it is known what a server has."""
        return server is None or not self.sources or server in self._made

    def made(self, server: int | None) -> list[Library]:
        """The library of a server, as far as it has one and it is made."""
        library = None if server is None else self._made.get(server)
        return [] if library is None else [library]

    async def of(self, server: int | None) -> list[Library]:
        """The library of a server, made where it is not; nothing for one without documents."""
        if server is not None and not self.is_made(server):
            async with self._making[server]:
                if not self.is_made(server):
                    self._made[server] = await in_daemon(partial(self._read, server))
        return self.made(server)

    async def changed(self, server: int) -> None:
        """Answer from what a server has by now; until that is made, from what it had."""
        async with self._making[server]:
            if server in self._made:
                self._made[server] = await in_daemon(partial(self._read, server))

    def _read(self, server: int) -> Library | None:
        documents = [one for source in self.sources for one in source.documents(server)]
        if not documents:
            return None
        library = self._collect(documents)
        _log.info("guild=%d has %s", server, counted(len(documents), "document"))
        return library
