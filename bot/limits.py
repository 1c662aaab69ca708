"""How much a minute a member, a channel and a server may ask, and who was told that it is enough.

What counts is what the bot would send: answers, hints, and what buttons open.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

WINDOW = 60.0
"""Seconds."""

_MOST_KEYS = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Questions a minute; 0 is no limit."""

    user: int = 20
    channel: int = 60
    server: int = 300


@dataclass(frozen=True, slots=True)
class Origin:
    """Who asks, and where: for a thread, its parent `channel`. Direct messages have no `server`.

    Where only a member installed the bot, it `is_guest` in the server.
    """

    user: int
    channel: int
    server: int | None = None
    is_guest: bool = False

    @property
    def home(self) -> int | None:
        """The server whose own knowledge is asked; None where it is nobody's."""
        return None if self.is_guest else self.server


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a question is one too many: whose limit it passes, and the `seconds` until the next."""

    limit: str  # a field of Limits
    seconds: float


class Window:
    """The questions of the last minute, by whom and where; times are those of `clock`."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._asked: dict[tuple[str, int], deque[float]] = {}

    def refusal(self, origin: Origin) -> Refusal | None:
        """Why a question is one too many; None counts one as asked now."""
        now = self._clock()
        keys = list(self._keys(origin))
        waits = [
            Refusal(key[0], self._wait(self._asked.get(key), limit, now)) for key, limit in keys
        ]
        longest = max(waits, key=lambda wait: wait.seconds, default=None)
        if longest is not None and longest.seconds:
            return longest
        if len(self._asked) > _MOST_KEYS:
            self._forget(now)
        for key, _ in keys:
            self._asked.setdefault(key, deque()).append(now)
        return None

    def _keys(self, origin: Origin) -> Iterable[tuple[tuple[str, int], int]]:
        named = (
            ("user", origin.user, self._limits.user),
            ("channel", origin.channel, self._limits.channel),
            ("server", origin.server, self._limits.server),
        )
        return (((kind, id_), limit) for kind, id_, limit in named if id_ is not None and limit)

    @staticmethod
    def _wait(asked: deque[float] | None, limit: int, now: float) -> float:
        while asked and asked[0] <= now - WINDOW:
            asked.popleft()
        return asked[0] + WINDOW - now if asked and len(asked) >= limit else 0.0

    def _forget(self, now: float) -> None:
        self._asked = {key: t for key, t in self._asked.items() if t and t[-1] > now - WINDOW}


class Told:
    """Who was told of a refusal in the last minute: more often, refusing would be a flood too."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._at: dict[int, float] = {}

    def is_news(self, user: int) -> bool:
        """Whether a member has not been told for a minute; from now on they have been."""
        now = self._clock()
        self._at = {user: at for user, at in self._at.items() if at > now - WINDOW}
        if user in self._at:
            return False
        self._at[user] = now
        return True
