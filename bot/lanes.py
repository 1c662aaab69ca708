"""A lane for each member: who asks for much waits for himself, and delays nobody else."""

from asyncio import Lock, sleep
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.errors import MemberError

MOST_IN_LANE = 10
"""Of one member; what is worked on is one of them."""


class CrowdedError(MemberError):
    """Too much of one member's waits."""

    def __init__(self) -> None:
        super().__init__("Your other questions are still waiting; ask again in a few seconds.")


@dataclass
class _Lane:
    lock: Lock = field(default_factory=Lock)
    inside: int = 0


class Lanes:
    """What is asked, one thing at a time for each member, in the order in which it came."""

    def __init__(self) -> None:
        self._lanes: dict[int, _Lane] = {}

    @asynccontextmanager
    async def of(self, user: int, pause: float = 0.0) -> AsyncIterator[None]:
        """Wait until what the member asked before is done; CrowdedError where that is too much.

        If more of the member waits then, it does so for `pause` seconds longer.
        """
        lane = self._lanes.setdefault(user, _Lane())
        if lane.inside >= MOST_IN_LANE:
            raise CrowdedError
        lane.inside += 1
        try:
            async with lane.lock:
                yield
                if lane.inside > 1:
                    await sleep(pause)
        finally:
            lane.inside -= 1
            if not lane.inside:
                del self._lanes[user]
