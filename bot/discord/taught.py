"""What moderators have taught: questions with answers of people, quoted like documents."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.discord.database import storable
from bot.errors import MemberError
from bot.presentation import harmless
from bot.texts import gettext, ngettext, number
from footnote.text import read_text, written_words

if TYPE_CHECKING:
    from footnote import Document

MOST_TAUGHT = 500
"""Entries of a server."""

LONGEST_TAUGHT_QUESTION, LONGEST_TAUGHT_ANSWER = 300, 1_500
"""Characters."""

_LONGEST_NAME = 100
# No file has such an id: those of files are paths, and end like files.
_ID = re.compile(r"taught:\d{1,20}:(\d{4}-\d\d-\d\d):(.*)", re.DOTALL)


class UnteachableError(MemberError):
    """A question or an answer that cannot be taught."""


class TooMuchTaughtError(MemberError):
    """As many entries as a server may have."""

    def __init__(self) -> None:
        super().__init__(
            ngettext(
                "This server has {count} taught answer, which is the most; remove one with"
                " /footnote taught remove first.",
                "This server has {count} taught answers, which is the most; remove one with"
                " /footnote taught remove first.",
                MOST_TAUGHT,
            )
        )


@dataclass(frozen=True, slots=True)
class Taught:
    """An entry of a server; times are in ISO 8601, `edited_at` is empty until it is edited.

    `taught_by` is 0, and `name` empty, once that member was forgotten. `link` leads to the message
    that has the answer.
    """

    id: int
    server: int
    question: str
    answer: str
    taught_by: int
    name: str
    taught_at: str
    link: str
    edited_at: str = ""

    @property
    def credit(self) -> str:
        """Who taught it, and when."""
        return _credit(self.name, self.taught_at[:10])


def _credit(name: str, day: str) -> str:
    return gettext("taught by {name} on {day}", name=name or gettext("a moderator"), day=day)


def checked(question: str, answer: str) -> tuple[str, str]:
    """A question and an answer as they are kept; UnteachableError where nobody could be answered.

    The answer stays as it was written, but for blanks around it.
    """
    question, answer = harmless(question).strip(), storable(answer).strip()
    if not written_words(question):
        raise UnteachableError(
            gettext("The question has no words; write it as members would ask it.")
        )
    if len(question) > LONGEST_TAUGHT_QUESTION or len(answer) > LONGEST_TAUGHT_ANSWER:
        raise UnteachableError(
            gettext(
                "A question may have {question} characters, and an answer {answer}; shorten it.",
                question=number(LONGEST_TAUGHT_QUESTION),
                answer=number(LONGEST_TAUGHT_ANSWER),
            )
        )
    if not (written_words(answer) and any(_document(question, answer))):
        raise UnteachableError(
            gettext("The answer has no words that could be quoted beside a heading; write some.")
        )
    return question, answer


def documents_of(entry: Taught) -> list["Document"]:
    """An entry as a document: its text is the answer, its title and heading the question.

    None where nothing of it can be quoted, as another version may find of what this one took.
    """
    id_ = f"taught:{entry.id}:{entry.taught_at[:10]}:{entry.name[:_LONGEST_NAME]}"
    return [
        replace(document, id=id_, url=entry.link)
        for document in _document(entry.question, entry.answer)
    ]


def _document(question: str, answer: str) -> list["Document"]:
    """The one document of an answer; none where nothing of it can be quoted."""
    return [
        replace(
            document,
            title=question,
            blocks=tuple(replace(block, heading=(question,)) for block in document.blocks),
        )
        for document in read_text("taught.md", answer)
        if any(block.is_quotable for block in document.blocks)
    ]


def credit_of(document_id: str) -> str | None:
    """Who taught a document, and when; None for one that nobody taught."""
    match = _ID.fullmatch(document_id)
    return _credit(match[2], match[1]) if match else None


def as_markdown(entries: Iterable[Taught]) -> str:
    """All entries as a Markdown file, one section each."""
    return "\n".join(
        f"## {entry.question}\n\n{entry.answer}\n\n{harmless(entry.credit)}, <{entry.link}>\n"
        for entry in entries
    )


def address_of(server: int, channel: int, message: int | None) -> str:
    """Where a message can be read, or with None its channel."""
    place = f"https://discord.com/channels/{server}/{channel}"
    return place if message is None else f"{place}/{message}"
