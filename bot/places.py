"""From what a person types, `DOCUMENT[:LINE]`, to a passage."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from knowledge.chunking import passages_of
from knowledge.documents import Document, Passage
from knowledge.errors import FootnoteError

_LINE = re.compile(r"(?P<document>.+):(?P<line>\d{1,9})", re.S)


class PlaceError(FootnoteError):
    """A place that is not in the documents."""


@dataclass(frozen=True, slots=True)
class Place:
    """A passage of a document, by its position among the document's passages."""

    document: Document
    passages: Sequence[Passage]
    position: int

    @property
    def passage(self) -> Passage:
        """The passage itself."""
        return self.passages[self.position]


def find_place(text: str, documents: Mapping[str, Document]) -> Place:
    """The passage at a place; PlaceError where there is no such document or line.

    The last `:digits` are the line, unless a document's id is the whole text.
    """
    match = None if text in documents else _LINE.fullmatch(text)
    name, line = (match["document"], int(match["line"])) if match else (text, None)
    document = documents.get(name) or _cited(name, line, documents)
    if document is None:
        raise PlaceError(f"there is no document {name!r}; {_nearest(name, documents)}")
    passages = list(passages_of(document))
    if not passages:
        raise PlaceError(f"{name} has no text to show")
    return Place(document, passages, 0 if line is None else _position(document, passages, line))


def _cited(name: str, line: int | None, documents: Mapping[str, Document]) -> Document | None:
    """The document whose file a citation names so; among records of one file, that of the line."""
    path = Path(name).absolute()
    found = [d for d in documents.values() if Path(d.source).absolute() == path]
    if len(found) > 1:
        found = [document for document in found if document.line == line]
    return found[0] if found else None


def _nearest(name: str, documents: Mapping[str, Document]) -> str:
    # By the end of the id too, since people type a file's name without its folders.
    named = [known for known in documents if known.endswith(f"/{name}")]
    close = named or get_close_matches(name, documents, n=1, cutoff=0.5)
    return (
        f"did you mean {close[0]!r}?" if close else f"one that is there: {next(iter(documents))!r}"
    )


def _position(document: Document, passages: Sequence[Passage], line: int) -> int:
    """The first passage that ends on the line or after it."""
    last = document.line if document.line is not None else document.line_at(len(document.text))
    if not 1 <= line <= last or (document.line is not None and line != document.line):
        raise PlaceError(f"{document.id} has no line {line}; its last is {last}")
    if document.line is not None:
        return 0
    ends = (document.line_at(passage.span.end - 1) for passage in passages)
    return next((n for n, end in enumerate(ends) if end >= line), len(passages) - 1)
