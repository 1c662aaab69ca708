"""What was asked before, for questions that follow on from it: in memory, lost with the process."""

from collections import OrderedDict

from footnote.questions import Turn

_MOST = 10_000
"""Answers that are remembered, the latest."""


class Conversations:
    """Questions by the ids of the messages and threads in which they were answered."""

    def __init__(self) -> None:
        self._turns: OrderedDict[int, Turn] = OrderedDict()

    def remember(self, turn: Turn, *keys: int) -> None:
        """Let later questions follow on from one."""
        for key in keys:
            self._turns[key] = turn
            self._turns.move_to_end(key)
        while len(self._turns) > _MOST:
            self._turns.popitem(last=False)

    def turn(self, key: int | None) -> Turn | None:
        """The question that was answered there last; None where none is remembered."""
        return None if key is None else self._turns.get(key)
