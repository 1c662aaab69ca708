"""Where sentences begin and end."""

from collections.abc import Iterator

from sentencex import get_sentence_boundaries

from knowledge.documents import Span


def sentence_spans(text: str, span: Span) -> Iterator[Span]:
    """The sentences within `span` of `text`, without the blanks around them, in order."""
    for boundary in get_sentence_boundaries("en", span.of(text)):
        sentence = trimmed(
            text, span.start + boundary["start_index"], span.start + boundary["end_index"]
        )
        if sentence is not None:
            yield sentence


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
