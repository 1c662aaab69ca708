"""Documents out of messages that people wrote to each other."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.documents import Block, Document
from knowledge.errors import Obstacle, ReadError
from knowledge.loading import in_its_language, read_text
from knowledge.source import checksum

_BETWEEN = "\n\n"
_NAME = "message.md"


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote, in Markdown.

    `heading` says who and when, where that is to be known, and `anchor` leads to it in the address
    of the conversation.
    """

    text: str
    heading: str | None = None
    anchor: str | None = None


def conversation(name: str, url: str, messages: Iterable[Message]) -> Document:
    """The messages as one document, a section each; ReadError where none of them has text.

    A heading within a message stays below that of the message: nobody writes in another's name.
    """
    texts: list[str] = []
    blocks: list[Block] = []
    offset = section = 0
    for message in messages:
        document = _read(message)
        if document is None:
            continue
        for block in document.blocks:
            heading = _headings(message, document, block)
            blocks.append(
                replace(
                    block,
                    span=block.span.moved(offset),
                    heading=heading,
                    section=section + block.section,
                    anchor=message.anchor,
                )
            )
        section = blocks[-1].section + 1
        texts.append(document.text)
        offset += len(document.text) + len(_BETWEEN)
    if not blocks:
        raise ReadError(name, "has no text; choose another one", Obstacle.NO_TEXT)
    text = _BETWEEN.join(texts)
    # The ending says how the marks in it are shown.
    source = f"{name}.md"
    digest = checksum(text.encode())
    return in_its_language(Document(name, name, source, text, digest, tuple(blocks), url=url))


def _read(message: Message) -> Document | None:
    """A message as a document of its own; None where it has no text."""
    try:
        (document,) = read_text(_NAME, message.text)
    except ReadError:
        return None
    return document if document.blocks else None


def _headings(message: Message, document: Document, block: Block) -> tuple[str, ...]:
    above = [] if message.heading is None else [message.heading]
    if document.title != Path(_NAME).stem:
        above.append(document.title)
    return (*above, *block.heading)
