"""The buttons of messages: all that a press needs stands in the button itself.

Nothing about a message is kept, so its buttons work for as long as it stands, restarts or not.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import discord

LONGEST_CUSTOM_ID = 100
"""Characters that Discord allows."""

Button: TypeAlias = discord.ui.Button[discord.ui.LayoutView]

_PREFIX = "footnote"
_SEPARATOR = ":"


class Action(StrEnum):
    """What a button or a form does."""

    READ = "read"  # open the passage of a quote in its surroundings
    TURN = "turn"  # go on reading at another passage
    LIST = "list"  # open the passages that were found
    LEAF = "leaf"  # go on to another of them
    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"
    WRONG = "wrong"  # the form of what was wrong


@dataclass(frozen=True, slots=True)
class Control:
    """An action with what it needs."""

    action: Action
    arguments: tuple[str, ...] = ()

    @property
    def custom_id(self) -> str:
        """The text that Discord hands back when it is pressed."""
        return _SEPARATOR.join((_PREFIX, self.action, *self.arguments))


def control_of(custom_id: str) -> Control | None:
    """The control of a custom id; None where it is not one of ours."""
    prefix, _, rest = custom_id.partition(_SEPARATOR)
    action, *arguments = rest.split(_SEPARATOR)
    if prefix != _PREFIX or action not in set(Action):
        return None
    return Control(Action(action), tuple(arguments))


def button(
    label: str,
    control: Control,
    *,
    is_enabled: bool = True,
) -> Button:
    """A button that carries a control."""
    return discord.ui.Button(label=label, custom_id=control.custom_id, disabled=not is_enabled)
