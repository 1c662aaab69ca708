"""Where something stands, as it is shown and typed: `DOCUMENT[:LINE]`, and for some `#...`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from bot.texts import gettext, gettext_noop
from footnote import Citation, Document, FootnoteError, Passage, Span
from footnote.index import Index
from footnote.text import format_of

_LINE = re.compile(r"(?P<document>.+):(?P<line>\d{1,9})", re.S)
_PAGE = re.compile(r"(?P<document>.+)#page=(?P<page>\d{1,9})", re.S)
_ANCHOR = re.compile(r"(?P<document>.+?)#(?P<anchor>.+)", re.S)


class LocationError(FootnoteError):
    """A place that is not in the documents."""


@dataclass(frozen=True, slots=True)
class Location:
    """A passage of a document, by its position among the document's passages.

    `line` is the one that was asked for, if any.
    """

    document: Document
    passages: Sequence[Passage]
    position: int
    line: int | None = None

    @property
    def passage(self) -> Passage:
        """The passage itself."""
        return self.passages[self.position]

    @property
    def marked(self) -> list[Span]:
        """What can be quoted from the line: what begins on it, or else stands on it."""
        if self.line is None or self.document.line is not None:
            return []
        lines = {
            unit.span: (
                self.document.line_at(unit.span.start),
                self.document.line_at(unit.span.end - 1),
            )
            for unit in self.passage.units
        }
        begin = [span for span, (first, _) in lines.items() if first == self.line]
        return begin or [s for s, (first, last) in lines.items() if first <= self.line <= last]


def find_location(text: str, index: Index) -> Location:
    """The passage at a place; LocationError where there is no such document or line.

    The last `:digits` are the line, unless a document's id is the whole text. Of a PDF file a page
    can be named (`#page=3`), of a web page an anchor.
    """
    # Halves of characters, which a terminal hands on for other bytes than UTF-8, are in no id.
    text = text.encode(errors="replace").decode()
    is_id = text in index.documents
    anchor = None if is_id else _ANCHOR.fullmatch(text)
    if anchor is not None and (format_ := format_of(anchor["document"])):
        if format_.has_anchors:
            return _at_anchor(anchor["document"], anchor["anchor"], index)
        if page := _PAGE.fullmatch(text):
            return _on_page(page["document"], int(page["page"]), index)
    match = None if is_id else _LINE.fullmatch(text)
    name, line = (match["document"], int(match["line"])) if match else (text, None)
    document, passages = _found(name, line, index)
    if line is None:
        return Location(document, passages, 0)
    return Location(document, passages, _position(document, passages, line), line)


def location_of(citation: Citation, index: Index) -> Location:
    """The passage that a citation quotes."""
    passages = index.passages_of(citation.document_id)
    ends = (passage.span.end for passage in passages)
    last = len(passages) - 1
    position = next((n for n, end in enumerate(ends) if end > citation.span.start), last)
    return Location(index.documents[citation.document_id], passages, position, citation.line)


def shown_location(
    source: str, line: int | None, page: int | None = None, anchor: str | None = None
) -> str:
    """A place as it is shown, and can be typed: the file with the page, the anchor or the line."""
    shown = shown_file(source)
    if page is not None:
        return f"{shown}#page={page}"
    format_ = format_of(source)
    if anchor is not None and format_ is not None and format_.has_anchors:
        return f"{shown}#{anchor}"
    return f"{shown}:{line}"


def shown_file(source: str) -> str:
    """A file as it is shown: from here, where it lies below."""
    path, here = Path(source), Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _found(name: str, line: int | None, index: Index) -> tuple[Document, list[Passage]]:
    """The document that a name means, with its passages."""
    id_ = name if name in index.documents else _cited(name, line, index)
    if id_ is None:
        raise LocationError(_not_there(name, index))
    return index.documents[id_], [entry.passage for entry in index.of_document(id_)]


def _on_page(name: str, page: int, index: Index) -> Location:
    """The first passage that ends on a page or after it."""
    document, passages = _found(name, None, index)
    if not document.pages:
        raise LocationError(
            gettext(
                "{document} has no pages; give a line, as in {document}:1", document=document.id
            )
        )
    if not 1 <= page <= len(document.pages):
        raise LocationError(
            gettext(
                "{document} has no page {page}; its last page is {last}",
                document=document.id,
                page=page,
                last=len(document.pages),
            )
        )
    start = document.pages[page - 1]
    ends = (passage.span.end for passage in passages)
    last = len(passages) - 1
    return Location(
        document, passages, next((n for n, end in enumerate(ends) if end > start), last)
    )


def _at_anchor(name: str, anchor: str, index: Index) -> Location:
    """The first passage of a section."""
    document, passages = _found(name, None, index)
    places = (n for n, passage in enumerate(passages) if passage.anchor == anchor)
    place = next(places, None)
    if place is None:
        raise LocationError(
            gettext(
                "{document} has no section #{anchor}; see: footnote show {document}",
                document=document.id,
                anchor=anchor,
            )
        )
    return Location(document, passages, place)


def _cited(name: str, line: int | None, index: Index) -> str | None:
    """The document whose file a citation names so; among records of one file, that of the line."""
    path = index.path_of(Path(name))
    if path is None:
        return None
    found = (entry for entry in index.of_file(path) if entry.line in (None, line))
    entry = next(found, None)
    return None if entry is None else entry.passage.document_id


def _not_there(name: str, index: Index) -> str:
    # By the end of the path too, since people type a file's name without its folders.
    known = index.files()
    named = [path for path in known if path.endswith(f"/{name}")]
    close = named or get_close_matches(name, known, n=1, cutoff=0.5)
    if close and close[0] in index.documents:
        text = gettext_noop("there is no document {name}; did you mean {other}?")
        return gettext(text, name=repr(name), other=repr(close[0]))
    text = gettext_noop("there is no document {name}; one that exists is {other}")
    return gettext(text, name=repr(name), other=repr(next(iter(index.documents))))


def _position(document: Document, passages: Sequence[Passage], line: int) -> int:
    """The first passage that ends on the line or after it."""
    last = document.line if document.line is not None else document.line_at(len(document.text))
    if not 1 <= line <= last or (document.line is not None and line != document.line):
        raise LocationError(
            gettext(
                "{document} has no line {line}; its last line is {last}",
                document=document.id,
                line=line,
                last=last,
            )
        )
    if document.line is not None:
        return 0
    ends = (document.line_at(passage.span.end - 1) for passage in passages)
    return next((n for n, end in enumerate(ends) if end >= line), len(passages) - 1)
