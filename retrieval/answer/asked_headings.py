"""Headings, titles and sentences that ask the same as the question: what follows answers it."""

import re
from collections.abc import Sequence
from itertools import pairwise

from knowledge.documents import BlockKind, Passage, Span
from knowledge.languages import ENGLISH
from retrieval.answer.blocks import BETWEEN_PARAGRAPHS, MOST_WORDS
from retrieval.questions.question import Kind, Question
from retrieval.scoring.passage_terms import ASKS
from retrieval.scoring.passages import Found
from retrieval.scoring.units import Candidate

CONFIDENCE = 0.9
"""Of the answer behind what asks the same, which need not say a word of the question."""

_ALIKE = 0.8
"""The share of terms that a heading and the question have both, of those that either has."""

_FEWEST = 2
"""Of key words."""

_NUMBER = re.compile(r"^(?:[\dA-Z]{1,3}[.)])*+[\d.)]*+\s+(?=\S)")
_LABEL = re.compile(r"^\W*(?:Q|Question)\s?\d{0,3}\s?[:.)]\W*", re.I)
_WORDS = "how|what|when|where|which|who|whom|whose|why"
_BEGINS = re.compile(
    rf"^\W*(?:{_WORDS}|am|can|could|do|does|did|had|has|have|is|are|was|were|may|might|must|shall"
    r"|should|will|would)\b",
    re.I,
)
_ASKS = re.compile(rf"\b(?:{_WORDS})\b", re.I)
_ENDS = re.compile(r"[?？؟]\W{0,9}$")
_OPENS = re.compile(r"^\W*how (?:do|can|to)\b", re.I)


def asked_above(found: Sequence[Found]) -> Found | None:
    """The first passage of the section whose heading asks the same; None where none does.

    Above all headings, that is the title. Of several sections, key words choose none.
    """
    fitting = [one for one in found if _is_asked_by_name(one)]
    if not fitting:
        return None
    best = _section(fitting[0])
    if _is_key_words(fitting[0].asked.question) and any(_section(one) != best for one in fitting):
        return None
    section = (one for one in fitting if _section(one) == best)
    return min(section, key=lambda one: one.hit.passage.span)


def _section(found: Found) -> tuple[str, tuple[str, ...]]:
    return found.hit.passage.document_id, found.hit.passage.heading


def _is_asked_by_name(found: Found) -> bool:
    passage, question = found.hit.passage, found.asked.question
    if passage.heading:
        return _asks_the_same(question, passage.heading[-1])
    return _is_no_name(passage.title) and _asks_the_same(question, passage.title)


def _is_no_name(text: str) -> bool:
    """Whether it asks beyond doubt: "Who Framed Roger Rabbit" may be a name."""
    return (_ENDS.search(text) or _OPENS.search(text)) is not None


def is_asked_before(best: Candidate) -> bool:
    """Whether the unit, or the one before it, asks the same, as in a list of questions and answers.

    What follows must not ask: that would be another question of a list without answers.
    """
    units, passage = best.passage.units, best.passage
    asked = best.found.asked.question
    for one, following in pairwise(units[max(best.position - 1, 0) : best.position + 2]):
        text, answer = passage.quote(one.span), passage.quote(following.span)
        is_question = ASKS.search(text) and not ASKS.search(answer)
        if is_question and _asks_the_same(asked, _LABEL.sub("", text)):
            return True
    return False


def _asks_the_same(question: Question, text: str) -> bool:
    bare = _NUMBER.sub("", text, count=1)
    if not (_BEGINS.search(bare) or _ENDS.search(bare)):
        return False
    other = Question(bare, question.language)
    asked, above = set(question.terms), set(other.terms)
    if not asked & above or len(asked & above) < _ALIKE * len(asked | above):
        return False
    if _is_key_words(question):
        return _is_no_name(bare) and len(asked) >= _FEWEST
    is_alike = question.asks_yes_or_no == other.asks_yes_or_no
    return is_alike and question.kind is other.kind


def _is_key_words(question: Question) -> bool:
    """Whether it leaves open what is asked about its words, as "password reset?" does."""
    text = question.text
    is_open = question.language == ENGLISH and question.kind is Kind.OTHER
    if not is_open or question.asks_yes_or_no:
        return False
    return not (_BEGINS.search(text) or _ASKS.search(text))


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
