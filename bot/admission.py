"""Whom the bot answers: everybody, or those whom the person who runs it has chosen."""

from dataclasses import dataclass

from bot.errors import MemberError
from bot.texts import gettext


class ElsewhereError(MemberError):
    """A question from where the bot does not answer."""

    def __init__(self) -> None:
        super().__init__(gettext("I do not answer here; ask the person who runs me to allow it."))


@dataclass(frozen=True, slots=True)
class Admission:
    """The servers and the members that are answered, by their ids; none: all of them."""

    servers: frozenset[int] = frozenset()
    users: frozenset[int] = frozenset()

    def admits(self, server: int | None, user: int) -> bool:
        """Whether a member is answered in a server that the bot is in; None: anywhere else.

        Elsewhere everybody is answered only if neither servers nor members were chosen.
        """
        if server is not None:
            return not self.servers or server in self.servers
        return user in self.users or not (self.users or self.servers)
