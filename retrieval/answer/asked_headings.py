"""Headings, titles and sentences that ask the same as the question: what follows answers it."""

import re
from collections.abc import Sequence

from knowledge.documents import BlockKind, Passage, Span
from retrieval.answer.blocks import BETWEEN_PARAGRAPHS, MOST_WORDS
from retrieval.questions.question import Question
from retrieval.scoring.passages import Found
from retrieval.scoring.units import Candidate

CONFIDENCE = 0.9
"""Of the answer behind what asks the same, which need not say a word of the question."""

_ALIKE = 0.8
"""The share of terms that a heading and the question have both, of those that either has."""

_NUMBER = re.compile(r"^(?:[\dA-Z]{1,3}[.)])*+[\d.)]*+\s+(?=\S)")
_LABEL = re.compile(r"^\W*(?:Q|Question)\b\W*", re.I)
_BEGINS = re.compile(
    r"^\W*(?:how|what|when|where|which|who|whom|whose|why|can|could|do|does|did|is|are|was|were"
    r"|should|will|may|must|has|have)\b",
    re.I,
)
_ENDS = re.compile(r"[?？؟]\W*$")


def asked_above(found: Sequence[Found]) -> Found | None:
    """The first passage of the section whose heading asks the same; None where none does.

    Above all headings, that is the title.
    """
    fitting = [
        one
        for one in found
        if _asks_the_same(one.asked.question, (one.hit.passage.title, *one.hit.passage.heading)[-1])
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


def is_asked_before(best: Candidate) -> bool:
    """Whether the unit, or the one before it, asks the same and is followed by something, as in a
    list of questions and answers."""
    followed = best.passage.units[:-1]
    asking = followed[max(best.position - 1, 0) : best.position + 1]
    asked = best.found.asked.question
    texts = (_LABEL.sub("", best.passage.quote(unit.span)) for unit in asking)
    return any(_asks_the_same(asked, text) for text in texts)


def _asks_the_same(question: Question, heading: str) -> bool:
    bare = _NUMBER.sub("", heading, count=1)
    if not (_BEGINS.search(bare) or _ENDS.search(bare)):
        return False
    other = Question(bare, question.language)
    asked, above = set(question.terms), set(other.terms)
    if not asked & above or len(asked & above) < _ALIKE * len(asked | above):
        return False
    if not _BEGINS.search(question.text):
        return True  # "password reset?" leaves open what is asked
    is_alike = question.asks_yes_or_no == other.asks_yes_or_no
    return is_alike and question.kind is other.kind


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
