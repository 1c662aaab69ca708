"""Which libraries a place is answered from, each of them open only while it is asked.

A place is a channel of a server. It is answered from the documents that its server keeps itself,
and from one collection: that chosen for the channel, else that for the server, else the general
one. Direct messages, and servers where only a member installed the bot, have the general one.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from bot.daemon import in_daemon
from bot.errors import MemberError
from bot.keeping import Kept
from bot.library import Library, complete_vectors, read_library
from bot.limits import Origin
from bot.presentation import counted
from bot.reloading import Completion, Reloader
from bot.settings import Settings, SettingsError, variable_of
from bot.texts import gettext
from footnote import Document, FootnoteError

_AGAIN = 60.0
"""Seconds after which documents that could not be read are tried again."""

_log = logging.getLogger(__name__)

Collect = Callable[[list[Document]], Library]
"""Makes a library of documents in memory."""

Choices = Mapping[tuple[int, int], str]
"""The names of collections by server and channel; channel 0 is the whole server."""


class UnavailableKnowledgeError(MemberError):
    """The collection of a place cannot be asked: never is another one asked instead."""

    def __init__(self) -> None:
        super().__init__(
            gettext(
                "The knowledge for this place is not available at the moment; a moderator can see"
                " why with /footnote status."
            )
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


def named_in(settings: Settings) -> dict[str, Named]:
    """The collections that have a name; SettingsError where the path of one does not exist."""
    servers = settings.servers_of_collections
    found = {}
    for name, path in settings.named_collections.items():
        # An index in a cluster is asked without its documents.
        if not (settings.is_shared or path.exists()):
            raise SettingsError(
                f"{variable_of('collections')} leads {name} to {path}, where nothing is; set the"
                " path of a file or a folder"
            )
        own = replace(settings, knowledge=path, questions=None, base_url=None)
        read, complete = partial(read_library, own), partial(complete_vectors, own)
        found[name] = Named(read, complete, servers.get(name))
    return found


class Libraries:
    """The libraries of all places; `choices` says which collection moderators chose where."""

    def __init__(self, general: Reloader, named: Mapping[str, Named], collect: Collect) -> None:
        self.choices: Choices = {}
        self.own = OwnLibraries(collect)
        self._general = general
        self._named = named
        self._open: Kept[str, Reloader] = Kept(lambda one: one.is_loading or one.is_completing)
        self._failed: set[str] = set()
        self._resting: set[str] = set()  # of these, not tried at the moment
        self._openings: set[asyncio.Task[None]] = set()

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

    def so_far(self, origin: Origin) -> list[Library]:
        """Those libraries of a place that are open; the errors of `open_at`."""
        collection = self.opened(origin)
        own = self.own.made(origin.home)
        return own if collection is None else [*own, collection]

    def opened(self, origin: Origin) -> Library | None:
        """The collection of a place; None while it is not open, UnavailableKnowledgeError."""
        return self._reloader(origin).ready

    def suggesting_at(self, origin: Origin) -> list[Library]:
        """The libraries of a place for what cannot wait: those that are open; others are being
        opened from now on."""
        try:
            found = self.open_at(origin)
            so_far = self.so_far(origin)
        except UnavailableKnowledgeError:
            return []
        if found is None and self._general.ready is not None:
            opening = asyncio.create_task(self._begun(origin))
            self._openings.add(opening)
            opening.add_done_callback(self._openings.discard)
        return so_far

    async def _begun(self, origin: Origin) -> None:
        # Whoever asks next is told.
        with suppress(FootnoteError):
            await self.at(origin)

    async def at(self, origin: Origin) -> list[Library]:
        """The libraries of a place, opened where they are not; the errors of `open_at`."""
        collection = await self._opened(origin)
        return [*await self.own.of(origin.home), collection]

    async def reload(self, origin: Origin) -> Library:
        """The collection of a place, read anew, and the server's own documents with it."""
        library = await self._reloader(origin).reload()
        self._opens_again(self.chosen(origin.home, origin.channel) or "")
        if origin.home is not None:
            await self.own.changed(origin.home)
        return library

    def trouble(self, origin: Origin) -> str | None:
        """Why the collection of a place cannot be asked, for moderators; None where it can."""
        name = self.chosen(origin.home, origin.channel)
        if name is None or origin.home is None:
            return None
        if not self.may_use(origin.home, name):
            return gettext("it is not there for this server any more; choose another one")
        if name in self._failed:
            return gettext(
                "it cannot be opened; the person who runs me finds the reason in the log"
            )
        return None

    def stop(self) -> None:
        """Work nothing out any more."""
        for reloader in self._all():
            reloader.stop()

    @property
    def is_completing(self) -> bool:
        """Whether something is being worked out, and does not wait for a reading."""
        # For that, nobody waits at the end.
        return any(one.is_completing and not one.is_loading for one in self._all())

    def _all(self) -> list[Reloader]:
        return [self._general, *self._open.values()]

    def _reloader(self, origin: Origin) -> Reloader:
        name = self.chosen(origin.home, origin.channel)
        if name is None:
            return self._general
        if origin.home is None or not self.may_use(origin.home, name):
            raise UnavailableKnowledgeError
        reloader = self._open.get(name)
        if reloader is None:
            reloader = Reloader(self._named[name].read, self._named[name].complete)
            self._open.put(name, reloader)
        return reloader

    async def _opened(self, origin: Origin) -> Library:
        name = self.chosen(origin.home, origin.channel)
        reloader = self._reloader(origin)
        if reloader.ready is not None:
            return reloader.ready
        if name in self._resting:
            raise UnavailableKnowledgeError
        try:
            library = await asyncio.shield(reloader.load())
        except FootnoteError as error:
            if name is None:
                raise
            if name not in self._failed:
                _log.error("the collection %s cannot be opened: %s", name, error)
            self._failed.add(name)
            self._resting.add(name)
            asyncio.get_running_loop().call_later(_AGAIN, self._resting.discard, name)
            raise UnavailableKnowledgeError from error
        self._opens_again(name or "")
        return library

    def _opens_again(self, name: str) -> None:
        self._failed.discard(name)
        self._resting.discard(name)


class OwnLibraries:
    """The documents that servers keep themselves, those of each in a library in memory."""

    def __init__(self, collect: Collect) -> None:
        self._collect = collect
        self.sources: list[OwnDocuments] = []
        self._made: Kept[int, list[Library]] = Kept(lambda _: False)
        self._making: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    def is_made(self, server: int | None) -> bool:
        """Whether it is known what a server has."""
        return server is None or not self.sources or server in self._made

    def made(self, server: int | None) -> list[Library]:
        """The library of a server, as far as it has one and it is made."""
        return [] if server is None else self._made.get(server) or []

    async def of(self, server: int | None) -> list[Library]:
        """The library of a server, made where it is not; nothing for one without documents.

        Where they cannot be read there is nothing either, for a minute: the rest is answered from.
        """
        if server is not None and not self.is_made(server):
            async with self._making[server]:
                if not self.is_made(server):
                    self._made.put(server, await self._tried(server))
        return self.made(server)

    async def changed(self, server: int) -> None:
        """Answer from what a server has by now; until that is made, from what it had."""
        async with self._making[server]:
            if server in self._made:
                try:
                    self._made.put(server, await in_daemon(partial(self._read, server)))
                except BaseException:
                    # What it had is no longer right; the next question tries again.
                    self._made.drop(server)
                    raise

    async def _tried(self, server: int) -> list[Library]:
        try:
            return await in_daemon(partial(self._read, server))
        except FootnoteError as error:
            _log.warning("guild=%d is answered without its own documents: %s", server, error)
            asyncio.get_running_loop().call_later(_AGAIN, self._made.drop, server)
            return []

    def _read(self, server: int) -> list[Library]:
        documents = [one for source in self.sources for one in source.documents(server)]
        if not documents:
            return []
        library = self._collect(documents)
        _log.info("guild=%d has %s", server, counted(len(documents), "document"))
        return [library]
