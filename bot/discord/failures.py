"""What goes wrong, as a sentence for the person, and for the log without words."""

import logging

import discord
from discord import app_commands

from bot.discord.markdown import shortened
from bot.discord.store import DatabaseError
from bot.errors import MemberError
from bot.locations import LocationError
from bot.metrics import Metrics
from bot.texts import gettext, gettext_noop
from footnote import FootnoteError, QuestionError, UnavailableError

_log = logging.getLogger(__name__)

_LONGEST_SENTENCE = 500

_CHANGED = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)
"""Discord, or a client of it, still has a command as it was in another version."""

_REFUSALS = (MemberError, QuestionError, LocationError, app_commands.CheckFailure, *_CHANGED)

UNFORESEEN = gettext_noop(
    "Something went wrong; the log has the error. Try again in a minute, or tell a moderator."
)


NOT_NOW = gettext_noop("Searching is not possible right now; try again in a minute.")

FOR_THE_OPERATOR = gettext_noop(
    "Something is wrong with my setup; please tell the person who runs me. The log has the details."
)


def sentence_for(error: BaseException) -> str:
    """What a person can do about an error, as Markdown."""
    error = getattr(error, "original", error)
    if isinstance(error, MemberError | QuestionError | LocationError):
        text = shortened(str(error), _LONGEST_SENTENCE)
        # Names of files begin as they are written.
        if text.partition(" ")[0].isalpha():
            text = text[0].upper() + text[1:]
        return text if text.endswith((".", "!", "?")) else f"{text}."
    if isinstance(error, UnavailableError) and not isinstance(error, DatabaseError):
        return gettext(NOT_NOW)
    if isinstance(error, FootnoteError):
        return gettext(FOR_THE_OPERATOR)
    if isinstance(error, app_commands.MissingPermissions):
        return gettext(
            "Only members with the permission Manage Server can do that; ask a moderator."
        )
    if isinstance(error, app_commands.NoPrivateMessage):
        return gettext("This works only in a server.")
    if isinstance(error, app_commands.TransformerError):
        return gettext("Discord sent an unexpected value; choose one from the list and try again.")
    if isinstance(error, _CHANGED):
        return gettext("This command has changed; reload Discord (Ctrl+R) and try again.")
    if isinstance(error, discord.Forbidden):
        return gettext(
            "I am missing a permission here; a moderator can grant me View Channel, Send Messages,"
            " Send Messages in Threads, Create Public Threads and Read Message History."
        )
    return gettext(UNFORESEEN)


def log(error: BaseException, where: str, metrics: Metrics) -> None:
    """Count it; one line for what people do, the place in the code for what went wrong.

    What an error says may hold words of a question, and is left to the level of debugging; what
    is for the operator is said.
    """
    error = getattr(error, "original", error)
    kind = type(error).__name__
    if isinstance(error, _REFUSALS):
        metrics.refused(error)
        _log.info("%s refused: %s", where, kind)
        return
    metrics.failed(error)
    if isinstance(error, FootnoteError):
        _log.error("%s failed: %s", where, error)
        return
    _log.error("%s failed: %s", where, kind, exc_info=_unsaid(error))
    _log.debug("%s said: %s", kind, error)


def _unsaid(error: BaseException) -> BaseException:
    """An error of the same name and place in the code that says nothing."""
    kind = type(error)
    silent: BaseException = type(kind.__name__, (Exception,), {"__module__": kind.__module__})()
    return silent.with_traceback(error.__traceback__)
