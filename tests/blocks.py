"""Blocks as they are cited: a document made of lines of given kinds, and the citations of these."""

from collections.abc import Sequence
from dataclasses import replace

from knowledge.documents import BlockKind, Span
from retrieval.answer.answer import Answer, Citation, QuotedLine, Verdict

TERM, DEFINITION, CODE = BlockKind.TERM, BlockKind.DEFINITION, BlockKind.CODE
HEADER, ROW = BlockKind.HEADER, BlockKind.ROW
ITEM, PARAGRAPH = BlockKind.ITEM, BlockKind.PARAGRAPH


def block(
    *lines: tuple[BlockKind, str],
    marked: Sequence[str] = (),
    words: str | None = None,
    source: str = "a.html",
    heading: tuple[str, ...] = ("Section",),
) -> tuple[Citation, ...]:
    """Citations of lines one after the other; `marked` and `words` are parts of their texts."""
    citations = []
    start = 0
    for kind, text in lines:
        span = Span(start, start + len(text))
        marks = tuple(_span(text, mark, start) for mark in marked if mark in text)
        is_lead = kind in (TERM, HEADER) or (kind is PARAGRAPH and text.endswith(":"))
        citations.append(
            Citation(
                document_id=source,
                title="Title",
                heading=heading,
                source=source,
                span=span,
                line=1 + len(citations),
                quote=text,
                marks=marks,
                answering=_span(text, words, start) if words and words in text else None,
                introduces=is_lead and not marks,
                kind=kind,
            )
        )
        start = span.end + 1
    return tuple(citations)


def section(
    *lines: tuple[BlockKind, str], marked: str, source: str = "a.html", between: str = "\n"
) -> Citation:
    """One of the closest sections: a quote of several lines, a part of which fits best."""
    quote = between.join(text for _, text in lines)
    (whole,) = block((lines[0][0], quote), marked=[marked], source=source)
    parts, start = [], 0
    for kind, text in lines:
        parts.append(QuotedLine(Span(start, start + len(text)), kind))
        start += len(text) + len(between)
    return replace(whole, lines=tuple(parts))


def answered(
    citations: tuple[Citation, ...],
    short_confidence: float | None = None,
    nearest: tuple[Citation, ...] = (),
) -> Answer:
    """An answer that is shown with these citations."""
    return Answer("?", Verdict.ANSWERED, 0.9, citations, (), short_confidence, nearest=nearest)


def declined(question: str, *nearest: Citation) -> Answer:
    """A question that is declined, with the closest sections."""
    return Answer(question, Verdict.DECLINED, 0.1, (), (), nearest=nearest)


def _span(text: str, part: str, start: int) -> Span:
    return Span(text.index(part), text.index(part) + len(part)).moved(start)
