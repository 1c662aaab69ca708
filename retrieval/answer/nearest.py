"""The sections closest to a question: what is shown beside an answer, or where there is none."""

import re
from collections.abc import Collection, Iterator, Sequence

from knowledge.documents import Passage, Span
from retrieval.scoring.units import Candidate

MOST_SECTIONS = 3
MOST_WORDS = 40
"""Of the lines that are shown of a section."""

_LEAST_SHARE = 0.2
"""The share of the question's weight that a section must hold to be close to it."""

_WORD = re.compile(r"\S+")

Section = tuple[str, tuple[str, ...], str | None]
"""A document, the headings above, and the anchor."""


def section_of(passage: Passage) -> Section:
    """The section that a passage stands in."""
    return passage.document_id, passage.heading, passage.anchor


def closest_sections(
    ranked: Sequence[Candidate], without: Collection[Section]
) -> Iterator[tuple[Passage, Span]]:
    """The sections of the best units, best first, each with the lines that fit best.

    Those in `without` are left out, and so is what has little of the question.
    """
    seen = set(without)
    shown: set[str] = set()
    for best in ranked:
        section = section_of(best.passage)
        if section in seen or best.found.asked.share(best.found.terms.counts) < _LEAST_SHARE:
            continue
        seen.add(section)
        span = _lines(best)
        # Manuals repeat whole paragraphs, and once is enough.
        if (lines := best.passage.quote(span)) in shown:
            continue
        shown.add(lines)
        yield best.passage, span
        if len(shown) == MOST_SECTIONS:
            return


def _lines(best: Candidate) -> Span:
    """The best unit with those after and before it, as many words as are shown."""
    passage = best.passage
    spans = [unit.span for unit in passage.units if passage.span.holds(unit.span)]
    place = spans.index(best.unit.span)
    start, end = spans[place].start, spans[place].end
    for span in spans[place + 1 :]:
        if _count(passage, Span(start, span.end)) > MOST_WORDS:
            break
        end = span.end
    for span in reversed(spans[:place]):
        if _count(passage, Span(span.start, end)) > MOST_WORDS:
            break
        start = span.start
    return _cut(passage, Span(start, end))


def _count(passage: Passage, span: Span) -> int:
    return len(passage.quote(span).split())


def _cut(passage: Passage, span: Span) -> Span:
    """The beginning of a span, where it has more words than are shown."""
    words = list(_WORD.finditer(passage.quote(span)))
    if len(words) <= MOST_WORDS:
        return span
    return Span(span.start, span.start + words[MOST_WORDS - 1].end())
