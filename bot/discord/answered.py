"""Which messages have been answered, and where: in memory, lost with the process."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import MemberError
from bot.texts import gettext

_MOST = 10_000
"""Messages that are remembered, the latest."""


class AnsweredError(MemberError):
    """A message that has an answer, or is getting one."""

    def __init__(self, link: str | None) -> None:
        super().__init__(
            gettext("This message has been answered already: {link}", link=link)
            if link
            else gettext("This message is being answered; look again in a moment.")
        )


class Answered:
    """Links to public answers, by the ids of the messages that they answer."""

    def __init__(self) -> None:
        self._links: OrderedDict[int, str | None] = OrderedDict()

    def note(self, message: int, link: str | None) -> None:
        """A message was answered, or with None: somebody has begun to."""
        self._links[message] = link
        while len(self._links) > _MOST:
            self._links.popitem(last=False)

    @contextmanager
    def answering(self, message: int) -> Iterator[None]:
        """What is done to answer a message, once at a time; AnsweredError where it has an answer.

        Unless one is noted meanwhile, it has none afterwards.
        """
        if message in self._links:
            raise AnsweredError(self._links[message])
        self.note(message, None)
        try:
            yield
        finally:
            if self._links.get(message) is None:
                self._links.pop(message, None)
