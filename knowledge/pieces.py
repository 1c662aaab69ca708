"""Long text in pieces that are cut at the ends of sentences or of lines, never within a word."""

import re
from collections.abc import Iterator, Sequence

from knowledge.documents import Document, Span, line_spans
from knowledge.languages import UNSPACED
from knowledge.sentences import sentence_spans, trimmed

# In words. The sizes come from a comparison on long scientific papers: near 200 words with 40 of
# overlap finds as well as whole paragraphs, and smaller pieces find worse.
LONG = 200
OVERLAP = 40
SHORT_STRETCH = 40
"""Code is cut at an empty line behind so many words."""

# Where there are no blanks, two letters count as a word; what is far too long to be one is several.
_LONGEST = 30
_WORD = re.compile(
    rf"[{UNSPACED}]{{1,2}}[^\s{UNSPACED}]{{,{_LONGEST}}}|[^\s{UNSPACED}]{{1,{_LONGEST}}}"
)


def windows(text: str, spans: Sequence[Span]) -> Iterator[tuple[Sequence[Span], int]]:
    """Runs of up to LONG words, each beginning with about OVERLAP words of the one before, with how
    many each has."""
    counts = [word_count(text, span) for span in spans]
    first = 0
    while True:
        end, total = first + 1, counts[first]
        while end < len(spans) and total + counts[end] <= LONG:
            total += counts[end]
            end += 1
        yield spans[first:end], total
        if end == len(spans):
            return
        first = _next_start(counts, first, end)


def _next_start(counts: Sequence[int], first: int, end: int) -> int:
    """Where the window after `first` to `end` starts: near OVERLAP words back, if more fits in."""
    starts = [start for start in range(first + 1, end) if sum(counts[start : end + 1]) <= LONG]
    starts.append(end)
    return min(starts, key=lambda start: abs(sum(counts[start:end]) - OVERLAP))


def sentences(document: Document, span: Span) -> Iterator[Span]:
    """The sentences in a span, one that is too long in parts."""
    for sentence in sentence_spans(document.text, span, document.language):
        yield from _pieces(document.text, sentence)


def _pieces(text: str, sentence: Span) -> Iterator[Span]:
    """The sentence, or its parts of LONG words where it is longer than that."""
    # A word takes two characters with the blank behind it: hardly any sentence can be too long.
    if sentence.end - sentence.start < 2 * LONG and sentence.of(text).isascii():
        yield sentence
        return
    found = list(_WORD.finditer(text, sentence.start, sentence.end))
    for first in range(0, len(found), LONG):
        yield Span(found[first].start(), found[min(first + LONG, len(found)) - 1].end())


def word_count(text: str, span: Span) -> int:
    """The words in a span, in a script without blanks the pairs of letters."""
    return _count(span.of(text))


def _count(text: str) -> int:
    if not text.isascii():
        return len(_WORD.findall(text))
    words = text.split()
    if max(map(len, words), default=0) <= _LONGEST:
        return len(words)
    return sum([-(-len(word) // _LONGEST) for word in words])


def stretches(text: str, code: Span) -> Iterator[Span]:
    """The parts of some code between empty lines, as many together as have up to LONG words.

    Where there are no empty lines, they are as many lines.
    """
    start, total = code.start, 0
    is_cut = False
    for first, end in line_spans(code.of(text)):
        line = text[code.start + first : code.start + end]
        count = _count(line)
        is_cut = is_cut or (not line.strip() and total > SHORT_STRETCH)
        if line.strip() and (is_cut or total + count > LONG) and total:
            stretch = trimmed(text, start, code.start + first)
            if stretch is not None:
                yield stretch
            start, total, is_cut = code.start + first, 0, False
        total += count
    last = trimmed(text, start, code.end)
    if last is not None:
        yield last
