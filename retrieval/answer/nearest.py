"""The sections closest to a question: what is shown beside an answer, or where there is none."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from knowledge.documents import Passage, Span
from retrieval.answer.answer import Citation
from retrieval.meaning.meaning import Reading
from retrieval.scoring.passages import folded
from retrieval.scoring.units import Candidate

MOST_SECTIONS = 3
MOST_WORDS = 40
"""Of the lines that are shown of a section."""

_LEAST_SHARE = 0.2
"""The share of the question's weight that a section must hold to be close to it by its words."""

_LEAST_RELEVANCE = 0.0
"""How relevant a reader must find what shares fewer: as much as that nothing is."""

_WORD = re.compile(r"\S+")
# A border, a continuation or a directive of AsciiDoc, or a line across the page.
_BORDER = re.compile(
    r"(?m)^[ \t]*(?:\+|--|([-=._*+/~])\1{3,}|[a-z]\w*::[^\s\[]*\[.*\]|\[.*\])[ \t]*\r?$"
)


@dataclass(frozen=True, slots=True)
class Closest:
    """What is shown of a section: some lines of a passage, and the part of them that fits best."""

    passage: Passage
    lines: Span
    mark: Span


def closest_sections(
    ranked: Sequence[Candidate], cited: Sequence[Citation], readings: Mapping[str, Reading]
) -> Iterator[Closest]:
    """The sections of the best units, best first, each with the lines that fit best.

    Those that are cited are left out, what repeats a part of it, and what has little of the
    question and is not relevant to it by what a reader made of the passages.
    """
    seen = {citation.section for citation in cited}
    told = [folded(citation.quote) for citation in cited]
    shown = 0
    for best in ranked:
        section = best.passage.section
        if section in seen or not _is_close(best, readings):
            continue
        span = _lines(best)
        # Manuals repeat whole paragraphs, and once is enough.
        lines = folded(best.passage.quote(span))
        if any(lines in other or other in lines for other in told):
            continue
        seen.add(section)
        told.append(lines)
        shown += 1
        # The lines hold the beginning of the unit, and all of it where it is not cut.
        mark = Span(best.unit.span.start, min(best.unit.span.end, span.end))
        yield Closest(best.passage, span, mark)
        if shown == MOST_SECTIONS:
            return


def _is_close(one: Candidate, readings: Mapping[str, Reading]) -> bool:
    reading = readings.get(one.passage.id)
    if reading is not None and reading.relevance >= _LEAST_RELEVANCE:
        return True
    asked = one.found.asked
    return asked.share(asked.mask(one.found.terms.held)) >= _LEAST_SHARE


def _lines(best: Candidate) -> Span:
    """The best unit with those after and before it, as many words as are shown."""
    passage = best.passage
    spans = [unit.span for unit in passage.units if passage.span.holds(unit.span)]
    place = spans.index(best.unit.span)
    start, end = spans[place].start, spans[place].end
    for span in spans[place + 1 :]:
        if _has_border(passage, end, span.start):
            break
        if _count(passage, Span(start, span.end)) > MOST_WORDS:
            break
        end = span.end
    for span in reversed(spans[:place]):
        if _has_border(passage, span.end, start):
            break
        if _count(passage, Span(span.start, end)) > MOST_WORDS:
            break
        start = span.start
    return _cut(passage, Span(start, end))


def _has_border(passage: Passage, end: int, start: int) -> bool:
    """Whether something stands between two units that is no text, which a quote would show."""
    return (
        _BORDER.search(passage.text[end - passage.span.start : start - passage.span.start])
        is not None
    )


def _count(passage: Passage, span: Span) -> int:
    return len(passage.quote(span).split())


def _cut(passage: Passage, span: Span) -> Span:
    """The beginning of a span, where it has more words than are shown."""
    words = list(_WORD.finditer(passage.quote(span)))
    if len(words) <= MOST_WORDS:
        return span
    return Span(span.start, span.start + words[MOST_WORDS - 1].end())
