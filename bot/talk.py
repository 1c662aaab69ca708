"""What is said back to talk that asks nothing, such as "thanks!" and "hello"."""

from footnote.questions import is_talk, is_thanks

WELCOME = "You are welcome."
HELLO = "Ask me a question, and I will look for the answer in the documents."


def said_back(text: str) -> str | None:
    """A short sentence; None where the text is no talk, but a question."""
    if not is_talk(text):
        return None
    return WELCOME if is_thanks(text) else HELLO
