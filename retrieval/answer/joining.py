"""Answers about several things, made into one."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from knowledge.documents import Span
from retrieval.answer.answer import Answer, Citation, Verdict
from retrieval.meaning.loading import WORDS
from retrieval.text.tokens import terms


def is_named(thing: str, answer: Answer) -> bool:
    """Whether what is asked about stands in a quote or in the headings above it."""
    told = " ".join(f"{c.title} {' '.join(c.heading)} {c.quote}" for c in answer.citations)
    return set(terms(thing)) <= set(terms(told))


def answers_of(thing: str, answer: Answer) -> bool:
    """Whether a part is answered, and its quote tells of the thing that it asks about."""
    return bool(answer.citations) and is_named(thing, answer)


def joined(whole: Answer, parts: Sequence[Answer], unanswered: tuple[str, ...]) -> Answer:
    """One answer out of several, as sure as the least sure of them."""
    citations = tuple(_once(c for part in parts for c in part.citations))
    sections = {citation.section for citation in citations}
    shorts = [part.short_confidence for part in parts if part.short_confidence is not None]
    return replace(
        whole,
        verdict=Verdict.ANSWERED,
        confidence=min(part.confidence for part in parts),
        citations=citations,
        short_confidence=min(shorts, default=None),
        withheld=(),
        nearest=tuple(one for one in whole.nearest if one.section not in sections),
        unanswered=unanswered,
        reader=next((part.reader for part in parts if part.is_read), WORDS),
        has_vectors=any(part.has_vectors for part in parts),
    )


def _once(citations: Iterable[Citation]) -> Iterable[Citation]:
    """The citations, those of one span as one with the marks of all."""
    found: dict[tuple[str, Span], Citation] = {}
    for one in citations:
        place = (one.document_id, one.span)
        before = found.get(place, one)
        marks = tuple(sorted({*before.marks, *one.marks}))
        found[place] = replace(before, marks=marks, answering=before.answering or one.answering)
    return found.values()
