"""What is said back to talk that asks nothing, such as "thanks!", "hello" and "help"."""

import re

from bot.texts import gettext, gettext_noop
from footnote.questions import is_talk, is_thanks

WELCOME = gettext_noop("You are welcome.")
HELLO = gettext_noop("Ask me a question, and I will look for the answer in the documents.")

_HELP = re.compile(
    r"\W*(?:(?:please )?help(?: me)?(?: please)?|how (?:do|can) i use (?:you|this)"
    r"|what (?:can|do) you do|what are you|who are you"
    r"|hilfe|was kannst du|ayuda|qué puedes hacer|aide|que peux[- ]tu faire"
    r"|ajuda|o que você (?:pode fazer|faz))\W*",
    re.I,
)


def asks_for_help(text: str) -> bool:
    """Whether a text only asks what the bot can do."""
    return _HELP.fullmatch(" ".join(text.split())) is not None


def said_back(text: str) -> str | None:
    """A short sentence; None where the text is no talk, but a question."""
    if not is_talk(text):
        return None
    return gettext(WELCOME if is_thanks(text) else HELLO)
