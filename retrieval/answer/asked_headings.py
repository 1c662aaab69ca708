"""Headings that ask: what stands below one that asks the same as the question answers it."""

import re
from collections.abc import Sequence

from knowledge.documents import BlockKind, Passage, Span
from retrieval.answer.blocks import BETWEEN_PARAGRAPHS, MOST_WORDS
from retrieval.questions.question import Question
from retrieval.scoring.passages import Found
from retrieval.scoring.units import Candidate

CONFIDENCE = 0.9
"""Of the answer below such a heading, which need not say a word of the question."""

_ALIKE = 0.8
"""The share of terms that a heading and the question have both, of those that either has."""

_NUMBER = re.compile(r"^(?:[\dA-Z]{1,3}[.)])*+[\d.)]*+\s+(?=\S)")
_ASKS = re.compile(
    r"[?？؟]\W*$|^\W*(?:how|what|when|where|which|who|whom|whose|why|can|could|do|does|did|is|are|was"
    r"|were|should|will|may|must|has|have)\b",
    re.I,
)


def asked_above(found: Sequence[Found]) -> Found | None:
    """The first passage of the section whose heading asks the same; None where none does."""
    fitting = [
        one
        for one in found
        if (heading := one.hit.passage.heading) and _asks_the_same(one.asked.question, heading[-1])
    ]
    if not fitting:
        return None
    best = fitting[0].hit.passage
    section = (
        one
        for one in fitting
        if (one.hit.passage.document_id, one.hit.passage.heading)
        == (best.document_id, best.heading)
    )
    return min(section, key=lambda one: one.hit.passage.span)


def _asks_the_same(question: Question, heading: str) -> bool:
    bare = _NUMBER.sub("", heading, count=1)
    if not _ASKS.search(bare):
        return False
    other = Question(bare, question.language)
    asked, above = set(question.terms), set(other.terms)
    if not asked & above or question.asks_yes_or_no != other.asks_yes_or_no:
        return False
    return question.kind is other.kind and len(asked & above) >= _ALIKE * len(asked | above)


def first_paragraph(first: Candidate) -> Span:
    """The paragraph that a unit begins, or the whole sentences of it that are not too many."""
    passage = first.passage
    start, end = first.unit.span.start, first.unit.span.end
    for unit in passage.units[first.position + 1 :]:
        is_within = unit.kind is BlockKind.PARAGRAPH and unit.lead is None
        if not is_within or _ends(passage, end, unit.span):
            break
        if len(passage.quote(Span(start, unit.span.end)).split()) > MOST_WORDS:
            break
        end = unit.span.end
    return Span(start, end)


def _ends(passage: Passage, end: int, following: Span) -> bool:
    """Whether a paragraph ends between two units."""
    offset = passage.span.start
    between = passage.text[end - offset : following.start - offset]
    return BETWEEN_PARAGRAPHS.search(between) is not None
