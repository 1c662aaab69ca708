"""Passages as entries of the index, and back."""

import hashlib
import json
from base64 import urlsafe_b64encode
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from typing import Any, NamedTuple

from knowledge.documents import BlockKind, Document, Introduction, Passage, Span, Unit, line_spans
from retrieval.questions.acronyms import definitions
from retrieval.search.engine import FieldTerms, field_terms
from retrieval.text.tokens import Analysis, analysed, content_of

SHORT = 60
"""A passage of fewer terms is found by those of its neighbours too."""

KEY_LENGTH = 8
"""Characters of a passage's key: 48 bits, so that among a million passages none is like it."""


class Entry(NamedTuple):
    """A passage as it is written: the texts of its fields."""

    fields: FieldTerms
    spellings: str
    acronyms: tuple[str, ...]
    document: str
    file: str
    key: str
    place: int
    language: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A passage as it is read, with what belongs to its document.

    `before` is the text of the document from the end of the passages before it up to this one, and
    `after` that behind the last one. `place` counts the passages of the file, from 0, and `row` is
    the line of the source on which it begins, from 1. `line` is that of a document that is one
    record of its file, `url` the address that the document gives. `page` is the one that it begins
    on, and `pages` the places where pages begin in it or in what stands before and after it.
    `steps` and `packed` are the words of its text, and `context` the terms of the passages beside
    it, where it is short. `encoding` is that of the file, where it is not UTF-8.
    """

    passage: Passage
    file: str
    place: int
    before: str
    after: str
    checksum: str
    line: int | None
    row: int
    url: str | None = None
    page: int | None = None
    pages: Sequence[int] = ()
    steps: Sequence[int] = ()
    packed: str = ""
    context: Sequence[str] = ()
    encoding: str | None = None

    @property
    def order(self) -> tuple[tuple[str, ...], int]:
        """Where it stands among all passages: files by their paths, each from top to bottom."""
        return tuple(self.file.split("/")), self.place


def key_of(passage: Passage) -> str:
    """The passage's key: another one as soon as its text or its document's name changes."""
    digest = hashlib.sha256(f"{passage.id}\0{passage.text}".encode(errors="surrogateescape"))
    return urlsafe_b64encode(digest.digest())[:KEY_LENGTH].decode()


def entries_of(document: Document, file: str, first_place: int) -> Iterator[Entry]:
    """The entries of a document's passages; those of its file are counted from `first_place`."""
    # Imported here since whoever only asks cuts nothing.
    from knowledge.chunking import passages_of

    passages = list(passages_of(document))
    # The one time that the text is cut into words.
    analyses = [analysed(passage.text, passage.language) for passage in passages]
    contexts = _contexts(passages, analyses)
    rows = [start for start, _ in line_spans(document.text)]
    pages = document.pages
    end = 0
    for number, (passage, context) in enumerate(zip(passages, contexts, strict=True)):
        before = document.text[end : passage.span.start]
        # Places up to the end of the text, where pages without text begin.
        is_last = number + 1 == len(passages)
        until = len(document.text) + 1 if is_last else max(end, passage.span.end)
        own_pages = pages[bisect_left(pages, end) : bisect_left(pages, until)]
        end = max(end, passage.span.end)
        yield _entry(
            Stored(
                passage=passage,
                file=file,
                place=first_place + number,
                before=before,
                after=document.text[end:] if is_last else "",
                checksum=document.checksum,
                line=document.line,
                row=document.line or bisect_right(rows, passage.span.start),
                url=document.url,
                page=document.page_at(passage.span.start),
                pages=own_pages,
                context=context,
                encoding=document.encoding,
            ),
            () if number else tuple(_acronyms(document)),
            analyses[number],
        )


def _contexts(passages: Sequence[Passage], analyses: Sequence[Analysis]) -> Iterator[Sequence[str]]:
    """For each passage the terms of those beside it in its section; none for a long one."""
    held = [content_of(analysis.terms) for analysis in analyses]
    for number, passage in enumerate(passages):
        beside = [n for n in (number - 1, number + 1) if 0 <= n < len(passages)]
        near = [held[n] for n in beside if passages[n].heading == passage.heading]
        yield list(chain.from_iterable(near)) if len(held[number]) < SHORT else ()


def renamed(entries: Sequence[Stored], old: str, new: str) -> Iterator[Entry]:
    """The entries of a file that has another name now; those of one document are together."""
    for document_id, group in groupby(entries, key=lambda entry: entry.passage.document_id):
        own = list(group)
        # The id of a record is its own, whatever its file is called.
        id_ = new if document_id == old and own[0].line is None else document_id
        document = document_of(own, new)
        for number, entry in enumerate(own):
            passage_id = f"{id_}{entry.passage.id.removeprefix(document_id)}"
            passage = replace(entry.passage, id=passage_id, document_id=id_)
            acronyms = () if number else tuple(_acronyms(document))
            yield _entry(replace(entry, passage=passage, file=new), acronyms)


def again(entry: Stored, document: Document) -> Entry:
    """The entry of a passage of a document, as it was."""
    # The first passage is the one with nothing but the beginning of the text before it.
    is_first = entry.passage.span.start == len(entry.before)
    return _entry(entry, tuple(_acronyms(document)) if is_first else ())


def _entry(entry: Stored, acronyms: tuple[str, ...], analysis: Analysis | None = None) -> Entry:
    passage = entry.passage
    analysis = analysis or analysed(passage.text, passage.language)
    steps, packed = analysis.packed()
    body = {
        "id": passage.id,
        "document": passage.document_id,
        "title": passage.title,
        "heading": passage.heading,
        "start": passage.span.start,
        "text": passage.text,
        "units": [_unit(unit) for unit in passage.units],
        "introductions": [[_unit(i.unit), i.text] for i in passage.introductions],
        "file": entry.file,
        "place": entry.place,
        "before": entry.before,
        "after": entry.after,
        "checksum": entry.checksum,
        "line": entry.line,
        "row": entry.row,
        "steps": steps,
        "packed": packed,
        "context": " ".join(entry.context),
        "language": passage.language,
        "anchor": passage.anchor,
        "opens": passage.opens_section,
        "url": entry.url,
        "page": entry.page,
        "pages": entry.pages,
        "encoding": entry.encoding,
    }
    written = {word.casefold() for word in set(analysis.written) if word[0].isalpha()}
    return Entry(
        fields=field_terms(passage, analysis.terms, entry.context),
        spellings=" ".join(sorted(written)),
        acronyms=acronyms,
        document=passage.document_id,
        file=entry.file,
        key=key_of(passage),
        place=entry.place,
        language=passage.language,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
    )


def stored(body: bytes) -> Stored:
    """The entry of a body."""
    data: dict[str, Any] = json.loads(body)
    span = Span(data["start"], data["start"] + len(data["text"]))
    passage = Passage(
        id=data["id"],
        document_id=data["document"],
        title=data["title"],
        heading=tuple(data["heading"]),
        span=span,
        text=data["text"],
        units=tuple(_read_unit(unit) for unit in data["units"]),
        introductions=tuple(
            Introduction(_read_unit(unit), text) for unit, text in data["introductions"]
        ),
        language=data["language"],
        anchor=data["anchor"],
        opens_section=data["opens"],
    )
    return Stored(
        passage=passage,
        file=data["file"],
        place=data["place"],
        before=data["before"],
        after=data["after"],
        checksum=data["checksum"],
        line=data["line"],
        row=data["row"],
        url=data["url"],
        page=data["page"],
        pages=data["pages"],
        steps=data["steps"],
        packed=data["packed"],
        context=data["context"].split(),
        encoding=data["encoding"],
    )


def document_of(entries: Iterable[Stored], source: str) -> Document:
    """The document that some passages are all of; its blocks are not kept."""
    ordered = sorted(entries, key=lambda entry: entry.place)
    parts: list[str] = []
    end = 0
    for entry in ordered:
        begin = entry.passage.span.start
        # What it shares with the passage before it is there already.
        own = entry.passage.text[max(end - begin, 0) :]
        parts += (entry.before, own)
        end += len(entry.before) + len(own)
    text = "".join(parts)
    first = ordered[0]
    return Document(
        id=first.passage.document_id,
        title=first.passage.title,
        source=source,
        text=text + ordered[-1].after,
        checksum=first.checksum,
        blocks=(),
        line=first.line,
        language=first.passage.language,
        url=first.url,
        pages=tuple(page for entry in ordered for page in entry.pages),
        encoding=first.encoding,
    )


_KINDS = tuple(BlockKind)
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}
_READ = [(kind, is_quotable) for kind in _KINDS for is_quotable in (True, False)]
"""The kinds by what is written for them, and whether it is quotable."""


def _unit(unit: Unit) -> list[int | str]:
    number = () if unit.number is None else (unit.number,)
    lead = () if unit.lead is None else (unit.lead.start, unit.lead.end)
    kind = 2 * _NUMBERS[unit.kind] + (not unit.is_quotable)
    return [unit.span.start, unit.span.end, kind, *lead, *number]


def _read_unit(data: list[Any]) -> Unit:
    kind, is_quotable = _READ[data[2]]
    if len(data) == 3:
        return Unit(Span(data[0], data[1]), None, kind, is_quotable)
    number = data.pop() if isinstance(data[-1], str) else None
    above = Span(data[3], data[4]) if len(data) > 3 else None
    return Unit(Span(data[0], data[1]), above, kind, is_quotable, number)


def _acronyms(document: Document) -> Iterator[str]:
    for acronym, expansion in definitions(document.text, document.language):
        yield f"{acronym} {' '.join(expansion)}"
