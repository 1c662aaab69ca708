"""Which process answers for which servers: shards, and the lease that a process has on each.

Discord sends the events of a shard to everybody who is connected for it, so that two processes
would answer each question twice.
"""

import asyncio
import logging
import os
import platform
from dataclasses import dataclass
from functools import partial
from math import inf
from time import monotonic
from uuid import uuid4

from bot.discord.store import DatabaseError, ReplacedDatabaseError, Store, Transaction
from footnote import FootnoteError

LEASE = 30.0
"""Seconds after which a lease ends that was not renewed."""

RENEW = 10.0
"""Seconds between two renewals."""

WAIT = LEASE + 1
"""Seconds after which a lease that another process still has must have been renewed."""

_LONGEST = 600.0
"""Seconds that no lease lasts for: one that seems to was taken before the clock was set back."""

_LOOK = 0.2
"""Seconds until a lease that somebody else has is looked at again."""

_PATIENCE = 5.0
"""Seconds that the database may take at the end."""

_FORGET = "delete from leases where application = ? and holder = ?"
_OTHERS = (
    "select place, shard, shards from leases"
    " where application = ? and holder <> ? and expires_at > ? and expires_at <= ? order by shard"
)
_TAKE = (
    "insert into leases (application, shard, shards, holder, place, expires_at)"
    " values (?, ?, ?, ?, ?, ?) on conflict (application, shard) do update set"
    " shards = excluded.shards, holder = excluded.holder, place = excluded.place,"
    " expires_at = excluded.expires_at"
)

_log = logging.getLogger(__name__)


class LeaseError(FootnoteError):
    """Another process answers for the same servers."""


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards of a process, out of `count`; 0: as many as Discord recommends, all in one."""

    count: int = 0
    ids: tuple[int, ...] = (0,)

    def have(self, server: int) -> bool:
        """Whether the events of a server come to one of them."""
        # https://discord.com/developers/docs/events/gateway#sharding
        return not self.count or (server >> 22) % self.count in self.ids


@dataclass(frozen=True, slots=True)
class _Held:
    """A lease that another process has."""

    place: str
    shard: int
    shards: int


class Lease:
    """The leases of a process on its shards, from `take` to `release`."""

    def __init__(self, store: Store, shards: Shards) -> None:
        self.shards = shards
        self._store = store
        self._holder = uuid4().hex
        self._application: int | None = None
        self._is_taken = False

    async def take(self, application: int) -> None:
        """Take them for an application; LeaseError where another process has one and lives.

        That is waited for: it may have been killed, or be about to stop.
        """
        self._application = application
        end = monotonic() + WAIT
        # Where the clock was set back, a lease may seem to last for days.
        held = await asyncio.to_thread(self._taken, longest=inf)
        if held is not None:
            _log.info("waiting for %s to stop", held.place)
        while held is not None:
            is_late = monotonic() >= end
            if is_late and (held := await asyncio.to_thread(self._taken)):
                raise LeaseError(self._sentence(held))
            if held is not None:
                await asyncio.sleep(_LOOK)
                held = await asyncio.to_thread(self._taken, longest=inf)
        self._is_taken = True

    async def keep(self) -> None:
        """Renew what was taken; LeaseError once another process has it.

        ReplacedDatabaseError where a database was put there that knows of no lease.
        """
        while True:
            await asyncio.sleep(RENEW)
            if not self._is_taken:
                continue
            try:
                held = await asyncio.to_thread(self._taken)
            except ReplacedDatabaseError:
                raise
            except DatabaseError as error:
                # Answers need no database. Where it is down, nobody else can take over either.
                _log.warning("the lease could not be renewed: %s", error)
                continue
            if held is not None:
                raise LeaseError(self._sentence(held))

    async def release(self) -> None:
        """Let another process take them at once; it never raises."""
        if self._application is None:
            return
        application, self._application = self._application, None

        def released(transaction: Transaction) -> None:
            transaction.execute(_FORGET, (application, self._holder))

        try:
            await asyncio.wait_for(asyncio.to_thread(self._store.write, released), _PATIENCE)
        except (DatabaseError, TimeoutError) as error:
            _log.warning("the lease could not be released: %s", error or "no answer")

    def _taken(self, longest: float = _LONGEST) -> _Held | None:
        """None where all are taken, or renewed; else what another process has, and none is.

        A lease that lasts for more than `longest` seconds counts as over.
        """
        taken = partial(self._take, longest=longest)
        return self._store.write(taken, is_alone=True)

    def _take(self, transaction: Transaction, longest: float) -> _Held | None:
        now = transaction.now()
        count = self.shards.count or 1
        values = (self._application, self._holder, now, now + longest)
        for row in transaction.execute(_OTHERS, values).fetchall():
            held = _Held(*row)
            # By another count of shards, servers are divided in another way.
            if held.shard in self.shards.ids or held.shards != count:
                return held
        place = f"process {os.getpid()} on {platform.node()}"
        for shard in self.shards.ids:
            transaction.execute(
                _TAKE, (self._application, shard, count, self._holder, place, now + LEASE)
            )
        return None

    def _sentence(self, held: _Held) -> str:
        if held.shards != (self.shards.count or 1):
            return (
                f"{held.place} runs this bot with FOOTNOTE_SHARDS={held.shards}; stop all its"
                " processes before you change that number"
            )
        if held.shards == 1:
            return f"{held.place} runs this bot already; stop it first"
        return (
            f"{held.place} runs shard {held.shard} of this bot already; stop it first, or set"
            " other FOOTNOTE_SHARD_IDS"
        )
