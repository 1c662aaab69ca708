"""The buttons of messages: all that a press needs stands in the button itself.

Nothing about a message is kept, so its buttons work for as long as it stands, restarts or not.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias

import discord

from bot.discord.words import AFTER, BEFORE
from bot.errors import MemberError
from bot.texts import gettext
from footnote import Span
from footnote.index import KEY_LENGTH

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
    DOCUMENTS = "documents"  # go on to another page of the list of documents
    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"
    EXPECTED = "expected"  # say what a decline should have answered
    WRONG = "wrong"  # the form of what was wrong, or expected
    UPLOADS = "uploads"  # go on to another page of the documents that moderators brought
    TEACH = "teach"  # the form of what a message teaches
    AMEND = "amend"  # the form of an entry that was taught
    TAUGHT = "taught"  # go on to another page of the entries
    PERSON = "person"  # hand a question on to a person
    REPLY = "reply"  # a person's answer: the button and its form
    LESSON = "lesson"  # one that is taught as well, likewise
    DISMISS = "dismiss"  # close a question without an answer
    SETUP = "setup"  # go on with the setup of a server
    RULES = "rules"  # go on to another page of a server's rules
    UNRULE = "unrule"  # remove the rule that was chosen on a page
    FORGET = "forget"  # delete what is kept about who presses


_KEY = rf"[\w-]{{{KEY_LENGTH}}}"
_ID = r"\d{1,20}"
_PASSAGES = rf"\d:(?:{_KEY})+"
_ARGUMENTS = {
    Action.READ: rf"{_KEY}(?::\d{{1,12}}:\d{{1,12}}(?::(?:{_KEY})+)?)?",
    Action.TURN: rf"{_KEY}(?::(?:{_KEY})+)?",
    Action.LIST: _PASSAGES,
    Action.LEAF: _PASSAGES,
    Action.DOCUMENTS: r"\d{1,9}",
    Action.HELPFUL: rf"{_ID}(?::{_ID})*",
    Action.UNHELPFUL: rf"{_ID}(?::{_ID})*",
    Action.EXPECTED: rf"{_ID}(?::{_ID})*",
    Action.WRONG: "",
    Action.UPLOADS: r"\d{1,9}",
    Action.TEACH: rf"{_ID}:{_ID}",
    Action.AMEND: _ID,
    Action.TAUGHT: r"\d{1,9}",
    Action.PERSON: rf"{_ID}(?::{_ID})*",
    Action.REPLY: _ID,
    Action.LESSON: _ID,
    Action.DISMISS: _ID,
    Action.SETUP: rf"[a-z]{{1,10}}:{_ID}:[a-z]{{1,10}}:[a-z]{{1,10}}",
    Action.RULES: r"\d{1,9}",
    Action.UNRULE: r"\d{1,9}",
    Action.FORGET: "",
}

_KEPT = {Action.TEACH, Action.AMEND, Action.REPLY, Action.LESSON, Action.DISMISS}
"""Those whose ids are looked up in the database."""

_GREATEST = 2**63 - 1
"""The greatest number that it holds."""


class BrokenControlError(MemberError):
    """A button of ours whose custom id cannot be read, such as one of another version."""

    def __init__(self) -> None:
        super().__init__(gettext("This button does not work any more; ask again."))


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
    """The control of a custom id; None where it is not one of ours.

    BrokenControlError where it is, and its action, or what that needs, is not there.
    """
    prefix, _, rest = custom_id.partition(_SEPARATOR)
    name, _, rest = rest.partition(_SEPARATOR)
    if prefix != _PREFIX:
        return None
    if name not in set(Action):
        raise BrokenControlError
    control = Control(Action(name), tuple(rest.split(_SEPARATOR)) if rest else ())
    # Digits of other scripts are no numbers here.
    if not re.fullmatch(_ARGUMENTS[control.action], rest, re.ASCII) or not _is_sound(control):
        raise BrokenControlError
    return control


def _is_sound(control: Control) -> bool:
    """Whether a span is one, a position that of a passage, and an id one that can be kept."""
    match control.action, control.arguments:
        case Action.READ, (_, start, end, *_):
            return int(start) < int(end)
        case Action.LIST | Action.LEAF, (position, keys):
            return int(position) < len(keys) // KEY_LENGTH
        case action, arguments if action in _KEPT:
            return all(int(id_) <= _GREATEST for id_ in arguments)
    return True


class Reading(NamedTuple):
    """What is to be read: a passage by its key, what was quoted from it, and the keys of the
    others that were found."""

    key: str
    mark: Span | None
    others: str


def reading_of(control: Control) -> Reading:
    """What a control to read something tells."""
    match control.arguments:
        case (key, start, end, *others):
            return Reading(key, Span(int(start), int(end)), "".join(others))
        case (key, *others):
            return Reading(key, None, "".join(others))
    raise BrokenControlError


def button(
    label: str,
    control: Control,
    *,
    is_enabled: bool = True,
) -> Button:
    """A button that carries a control."""
    return discord.ui.Button(label=label, custom_id=control.custom_id, disabled=not is_enabled)


def turns(action: Action, page: int, pages: int) -> list[Button]:
    """Lead from a page, counted from 0, to those beside it; none where it is the only one."""
    if pages == 1:
        return []
    before, after = gettext(BEFORE), gettext(AFTER)
    return [_turn(before, action, page - 1, pages), _turn(after, action, page + 1, pages)]


def _turn(label: str, action: Action, page: int, pages: int) -> Button:
    # Two buttons of a message must not have one id, not even those that lead nowhere.
    is_enabled = 0 <= page < pages
    control = Control(action, (str(page) if is_enabled else label[0],))
    return button(label, control, is_enabled=is_enabled)
