"""How long answers take."""

from collections import deque

_MOST = 1_000
"""Answers that count, the latest."""


class Times:
    """Seconds that the latest answers took."""

    def __init__(self) -> None:
        self._seconds: deque[float] = deque(maxlen=_MOST)

    def add(self, seconds: float) -> None:
        """Count an answer."""
        self._seconds.append(seconds)

    def median_and_p99(self) -> tuple[float, float] | None:
        """Median and 99th percentile; None before the first answer."""
        if not self._seconds:
            return None
        ordered = sorted(self._seconds)
        return ordered[len(ordered) // 2], ordered[int(0.99 * (len(ordered) - 1))]
