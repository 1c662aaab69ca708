"""From what a person types, `DOCUMENT[:LINE]`, to a passage."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from knowledge.documents import Document, Passage
from knowledge.errors import FootnoteError
from retrieval.index.reading import Index

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


def find_place(text: str, index: Index) -> Place:
    """The passage at a place; PlaceError where there is no such document or line.

    The last `:digits` are the line, unless a document's id is the whole text.
    """
    match = None if text in index.documents else _LINE.fullmatch(text)
    name, line = (match["document"], int(match["line"])) if match else (text, None)
    id_ = name if name in index.documents else _cited(name, line, index)
    if id_ is None:
        raise PlaceError(f"there is no document {name!r}; {_nearest(name, index)}")
    document = index.documents[id_]
    passages = [entry.passage for entry in index.of_document(id_)]
    return Place(document, passages, 0 if line is None else _position(document, passages, line))


def _cited(name: str, line: int | None, index: Index) -> str | None:
    """The document whose file a citation names so; among records of one file, that of the line."""
    path = index.path_of(Path(name))
    if path is None:
        return None
    found = (entry for entry in index.of_file(path) if entry.line in (None, line))
    entry = next(found, None)
    return None if entry is None else entry.passage.document_id


def _nearest(name: str, index: Index) -> str:
    # By the end of the path too, since people type a file's name without its folders.
    known = index.files()
    named = [path for path in known if path.endswith(f"/{name}")]
    close = named or get_close_matches(name, known, n=1, cutoff=0.5)
    if close and close[0] in index.documents:
        return f"did you mean {close[0]!r}?"
    return f"one that is there: {next(iter(index.documents))!r}"


def _position(document: Document, passages: Sequence[Passage], line: int) -> int:
    """The first passage that ends on the line or after it."""
    last = document.line if document.line is not None else document.line_at(len(document.text))
    if not 1 <= line <= last or (document.line is not None and line != document.line):
        raise PlaceError(f"{document.id} has no line {line}; its last is {last}")
    if document.line is not None:
        return 0
    ends = (document.line_at(passage.span.end - 1) for passage in passages)
    return next((n for n, end in enumerate(ends) if end >= line), len(passages) - 1)
