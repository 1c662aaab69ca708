"""The words within a quote that answer: a date, a number, a name, or what is new in it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from knowledge.documents import Span
from retrieval.questions import Kind, Question
from retrieval.tokens import Token, tokens

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_FULL_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:1\d|20)\d\d(?:s|\b)"
# A month alone may be a name or a verb ("May"): it counts behind "in" only.
_DATE = re.compile(
    rf"\b(?:{_DAY} {_MONTH}(?:,? {_YEAR})?|{_MONTH} {_DAY}\b(?:,? {_YEAR})?|{_MONTH},? {_YEAR}"
    rf"|(?<=[Ii]n ){_FULL_MONTH}\b|{_YEAR}(?:, {_YEAR})*)"
)
_SCALE = r"(?: (?:hundred|thousand|million|billion|trillion|percent|per cent))?"
_NUMBER = re.compile(
    rf"(?:\b[A-Z]{{1,3}})?[$€£¥]\s?\d[\d,.]*(?:[A-Za-z]{{1,3}}\b)?{_SCALE}"
    rf"|\b\d[\d,.]*(?:%|[A-Za-z]{{1,3}}\b)?{_SCALE}"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?)\b",
    re.I,
)
_IN_NAMES = frozenset(
    {"of", "for", "the", "de", "del", "la", "da", "di", "van", "von", "al", "bin"}
)


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """A span of a quote (offsets in the quote), and how likely just these words answer."""

    span: Span
    confidence: float


def short_answer(question: Question, quote: str, idf: Callable[[str], float]) -> ShortAnswer | None:
    """The best span of `quote` for the question; None where the quote says nothing new."""
    words = tokens(quote)
    asked = frozenset(question.terms)
    weights = {term: idf(term) for term in question.terms}
    places = [(n, weights[word.term]) for n, word in enumerate(words) if word.term in weights]

    def nearness(span: Span) -> float:
        """How near the words of the question are, less those in the span itself."""
        inside = [n for n, word in enumerate(words) if span.start <= word.start < span.end]
        first, last = (inside[0], inside[-1]) if inside else (0, 0)
        distances = ((max(first - n, n - last), weight) for n, weight in places)
        return sum(weight / distance for distance, weight in distances if distance > 0)

    for find, confidence in _FINDERS[question.kind]:
        spans = list(find(quote, words, asked))
        if spans:
            return ShortAnswer(max(spans, key=nearness), confidence)
    return None


def _dates(quote: str, words: list[Token], asked: frozenset[str]) -> Iterator[Span]:
    for match in _DATE.finditer(quote):
        if not asked.issuperset(word.term for word in tokens(match[0])):
            yield Span(match.start(), match.start() + len(match[0].rstrip(" ,")))


def _numbers(quote: str, words: list[Token], asked: frozenset[str]) -> Iterator[Span]:
    dates = [match.span() for match in _DATE.finditer(quote)]
    numbers = [
        Span(match.start(), match.start() + len(match[0].rstrip(".,")))
        for match in _NUMBER.finditer(quote)
        if not asked.issuperset(word.term for word in tokens(match[0]))
    ]
    plain = [n for n in numbers if not any(start <= n.start < end for start, end in dates)]
    yield from plain or numbers


def _names(quote: str, words: list[Token], asked: frozenset[str]) -> Iterator[Span]:
    """Runs of capitalised words, at least one of which the question does not have."""
    run: list[Token] = []
    for position, word in enumerate(words):
        text = quote[word.start : word.end]
        joined = bool(run) and quote[run[-1].end : word.start] in (" ", "-", ". ")
        opens_sentence = position == 0 and word.is_stop_word
        if text[0].isupper() and not opens_sentence:
            if not joined:
                yield from _name(quote, run, asked)
                run = []
            run.append(word)
        elif joined and text in _IN_NAMES:
            run.append(word)
        else:
            yield from _name(quote, run, asked)
            run = []
    yield from _name(quote, run, asked)


def _name(quote: str, run: list[Token], asked: frozenset[str]) -> Iterator[Span]:
    while run and not quote[run[-1].start].isupper():
        run = run[:-1]
    if not asked.issuperset(word.term for word in run if not word.is_stop_word):
        yield Span(run[0].start, run[-1].end)


def _new_words(quote: str, words: list[Token], asked: frozenset[str]) -> Iterator[Span]:
    """Runs of words that the question does not have, without stop words at their ends."""
    run: list[Token] = []
    for word in [*words, None]:
        if word is not None and word.term not in asked:
            run.append(word)
            continue
        while run and run[0].is_stop_word:
            run.pop(0)
        while run and run[-1].is_stop_word:
            run.pop()
        if run:
            yield Span(run[0].start, run[-1].end)
        run = []


# What to look for, in this order, with the share of questions of SQuAD 2.0's development set (the
# half given for development) for which the span that was found is a right answer to the letter.
_FINDERS = {
    Kind.DATE: ((_dates, 0.7), (_numbers, 0.1), (_new_words, 0.1)),
    Kind.NUMBER: ((_numbers, 0.5), (_new_words, 0.1)),
    Kind.PERSON: ((_names, 0.4), (_new_words, 0.1)),
    Kind.NAME: ((_names, 0.3), (_new_words, 0.1)),
    Kind.OTHER: ((_names, 0.2), (_new_words, 0.1)),
}
