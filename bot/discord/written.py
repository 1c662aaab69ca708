"""Messages as they are kept where they are brought as a document: with who wrote them and when."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from footnote import Document
from footnote.contents import Message, conversation

_SOMEBODY = "a member"


@dataclass(frozen=True, slots=True)
class Written:
    """A message; `at` is its time as people read it, and `anchor` its id in a thread, else empty.

    `author` is 0, and `name` empty, where who wrote it is no longer to be named.
    """

    author: int
    name: str
    at: str
    text: str
    anchor: str = ""


def packed(messages: Sequence[Written]) -> bytes:
    """The messages as they are kept."""
    return json.dumps([asdict(message) for message in messages]).encode()


def unpacked(content: bytes) -> list[Written]:
    """The messages that were kept."""
    return [Written(**message) for message in json.loads(content)]


def without(content: bytes, author: int) -> bytes | None:
    """The messages with somebody no longer named; None where nothing of theirs is among them."""
    messages = unpacked(content)
    if all(message.author != author for message in messages):
        return None
    unnamed = [replace(m, author=0, name="") if m.author == author else m for m in messages]
    return packed(unnamed)


def document_of_message(name: str, link: str, content: bytes) -> Document:
    """A message as a document; ReadError where it has no text."""
    return conversation(name, link, [Message(message.text) for message in unpacked(content)])


def document_of_thread(name: str, link: str, content: bytes) -> Document:
    """A thread as a document, each message below its author and time; ReadError likewise."""
    messages = (
        Message(m.text, f"{m.name or _SOMEBODY}, {m.at}", m.anchor or None)
        for m in unpacked(content)
    )
    return conversation(name, link, messages)
