"""From spans of a passage to citations, each checked against its document."""

import re
from collections.abc import Sequence
from dataclasses import replace

from knowledge.documents import Passage, Span
from retrieval.answer.answer import Citation
from retrieval.answer.blocks import lines_of
from retrieval.answer.selection import Selection
from retrieval.scoring.short_answers import ShortAnswer
from retrieval.search.store import Place, Store, place_in

_WORD = re.compile(r"[^\W\d_]{2}")


class QuoteMismatchError(Exception):
    """A quote that is not what stands in its document: never shown, for it would be no citation."""


def cited(
    store: Store,
    passage: Passage,
    block: Sequence[Span],
    selection: Selection,
    short: ShortAnswer | None,
) -> list[Citation]:
    """The block around what answers, marked there: items as they stand, or the short answer.

    QuoteMismatchError where the document no longer holds it.
    """
    found: list[Citation] = []
    leads = {unit.lead for unit in passage.units}
    for span in block:
        marks = tuple(
            Span(max(mark.start, span.start), min(mark.end, span.end))
            for mark in selection.answering
            if mark.start < span.end and span.start < mark.end
        )
        answering = None
        if selection.is_list and marks == (span,):
            answering = span
        elif short is not None and not selection.is_list and span.holds(short.span):
            answering = short.span
        citation = citation_of(store, passage, span, marks, answering)
        skips = bool(found) and _has_words(store, passage, found[-1].span, span)
        introduces = span in leads and not marks
        found.append(replace(citation, introduces=introduces, skips=skips))
    return found


def _has_words(store: Store, passage: Passage, before: Span, after: Span) -> bool:
    """Whether words stand between two spans of a document, not only marks of a list."""
    text = store.documents[passage.document_id].text
    return _WORD.search(text, before.end, after.start) is not None


def citation_of(
    store: Store,
    passage: Passage,
    span: Span,
    marks: tuple[Span, ...] = (),
    answering: Span | None = None,
) -> Citation:
    """The quote of a span of the passage's document, checked against what the index holds.

    QuoteMismatchError where the document no longer holds the passage.
    """
    document = store.documents[passage.document_id]
    quote = span.of(document.text)
    if passage.span.of(document.text) != passage.text or quote != passage.quote(span):
        raise QuoteMismatchError(f"{passage.id} is not what stands in {document.source}")
    return _citation(passage, span, place_in(document, span.start), marks, answering)


def closest_of(store: Store, passage: Passage, span: Span, mark: Span) -> Citation:
    """The quote of a span within a passage, from what the index holds of the passage alone.

    A document is read as a whole to check what answers; that is too dear for what is only near.
    """
    return _citation(passage, span, store.place_in(passage, span.start), (mark,), None)


def _citation(
    passage: Passage, span: Span, place: Place, marks: tuple[Span, ...], answering: Span | None
) -> Citation:
    return Citation(
        document_id=passage.document_id,
        title=passage.title,
        heading=passage.heading,
        source=place.source,
        span=span,
        line=place.line,
        quote=passage.quote(span),
        marks=marks,
        answering=answering,
        kind=passage.kind_at(span.start),
        page=place.page,
        anchor=passage.anchor,
        url=place.url,
        encoding=place.encoding,
        lines=lines_of(passage, span),
    )
