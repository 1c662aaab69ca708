"""Where sentences begin and end."""

import re
from collections.abc import Iterator

from sentencex import get_sentence_boundaries

from knowledge.documents import Span
from knowledge.languages import ENGLISH

# Languages that end sentences with a blank only, which may also stand within one.
_UNMARKED = {"th", "lo"}
_LONG_ENOUGH = 60
_STRETCH = 4_000
"""Characters that are divided at a time: marks without counterparts take quadratic time."""

_TITLE = re.compile(r"\b(?:Ms|Mx|Messrs)\.$")
_WORD = re.compile(r"[^\W_]")
_BLANK = re.compile(r"(?<!\d)\s+(?!\d)")


def sentence_spans(text: str, span: Span, language: str = ENGLISH) -> Iterator[Span]:
    """The sentences within `span` of `text`, without the blanks around them, in order."""
    parts = _parts if language in _UNMARKED else _sentences
    pending: Span | None = None
    for start, end in parts(text, span, language):
        sentence = trimmed(text, start, end)
        if sentence is None:
            continue
        if pending is not None and _belongs_to(text, pending, sentence):
            pending = Span(pending.start, sentence.end)
            continue
        if pending is not None:
            yield pending
        pending = sentence
    if pending is not None:
        yield pending


def _belongs_to(text: str, before: Span, piece: Span) -> bool:
    """Whether a piece is no sentence: marks only, a name behind its title, a picture's brackets."""
    if not _WORD.search(piece.of(text)):
        return True
    is_picture = before.end == piece.start and text.startswith("![", before.end - 1)
    return (
        is_picture
        or _TITLE.search(text, max(before.end - 10, before.start), before.end) is not None
    )


def _sentences(text: str, span: Span, language: str) -> Iterator[tuple[int, int]]:
    start = span.start
    while start < span.end:
        end = _end_of_stretch(text, start, span.end)
        found = [
            (start + boundary["start_index"], start + boundary["end_index"])
            for boundary in get_sentence_boundaries(language, text[start:end])
        ]
        # The last one may go on.
        if end < span.end and len(found) > 1:
            end = found.pop()[0]
        yield from found
        start = end


def _end_of_stretch(text: str, start: int, end: int) -> int:
    """Where the stretch of a text ends that is divided next: behind a blank, if it has one."""
    if end - start <= _STRETCH:
        return end
    last = start + _STRETCH
    return max(text.rfind(blank, start, last) for blank in " \n") + 1 or last


def _parts(text: str, span: Span, _: str) -> Iterator[tuple[int, int]]:
    """What stands between blanks, where it is long enough for a sentence."""
    start = span.start
    for blank in _BLANK.finditer(text, span.start, span.end):
        if blank.start() - start >= _LONG_ENOUGH:
            yield start, blank.start()
            start = blank.end()
    yield start, span.end


def trimmed(text: str, start: int, end: int) -> Span | None:
    """The span from `start` to `end` less the blanks at its ends; None if nothing is left.

    A byte order mark counts as a blank: it is part of the text, never of a quote.
    """
    while start < end and _is_blank(text[start]):
        start += 1
    while start < end and _is_blank(text[end - 1]):
        end -= 1
    return Span(start, end) if start < end else None


def _is_blank(character: str) -> bool:
    return character.isspace() or character == "\ufeff"
