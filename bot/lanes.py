"""A lane for each member: who asks for much keeps only themselves waiting."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from bot.errors import MemberError
from bot.texts import gettext

MOST_IN_LANE = 10
"""Of one member; what is worked on is one of them."""


class CrowdedError(MemberError):
    """Too much of one member's waits."""

    def __init__(self) -> None:
        super().__init__(
            gettext("Your other questions are still waiting; ask again in a few seconds.")
        )


@dataclass
class Turn:
    """The turn of one thing: if more of the member waits, it does so for `pause` seconds longer."""

    pause: float = 0.0


@dataclass
class _Lane:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    inside: int = 0


class Lanes:
    """What is asked, one thing at a time for each member, in the order in which it came."""

    def __init__(self) -> None:
        self._lanes: dict[int, _Lane] = {}
        self._is_ending = asyncio.Event()

    def end(self) -> None:
        """Pause no more, since what waits may not wait for long."""
        self._is_ending.set()

    @asynccontextmanager
    async def of(self, user: int) -> AsyncIterator[Turn]:
        """Wait until what the member asked before is done; CrowdedError where that is too much."""
        lane = self._lanes.setdefault(user, _Lane())
        if lane.inside >= MOST_IN_LANE:
            raise CrowdedError
        lane.inside += 1
        try:
            async with lane.lock:
                turn = Turn()
                yield turn
                if lane.inside > 1 and turn.pause:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._is_ending.wait(), turn.pause)
        finally:
            lane.inside -= 1
            if not lane.inside:
                del self._lanes[user]
