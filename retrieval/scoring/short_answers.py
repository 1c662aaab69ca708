"""The words within a quote that answer: a date, a number, a name, or what is new in it."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.documents import Span
from retrieval.questions.question import Question
from retrieval.scoring.features import Parts, scores_of
from retrieval.scoring.span_features import span_features
from retrieval.scoring.weights import Model

_COMPARED = 12


@dataclass(frozen=True, slots=True)
class Quote:
    """Where a sentence stands, its text, and how much worse than the best one it fits."""

    span: Span
    text: str
    distance: float


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """A span of the document, and how likely just these words answer if the quote does."""

    span: Span
    confidence: float


def short_answer(
    question: Question,
    quotes: Sequence[Quote],
    idf: Callable[[str], float],
    model: Model,
) -> ShortAnswer | None:
    """The best span of some sentences.

    Of the likeliest spans it is the one that shares most with all of them, weighted by how likely
    they are: the minimum of the Bayes risk under F1 (Kumar and Byrne 2004). None where the quotes
    say nothing new.
    """
    found = list(candidate_spans(question, quotes, idf))
    if not found:
        return None
    spans = [span for span, _ in found]
    scores = scores_of([parts for _, parts in found], model)
    highest = max(scores)
    powers = [math.exp(one - highest) for one in scores]
    total = sum(powers)
    likeliest = sorted(range(len(spans)), key=lambda n: -powers[n])[:_COMPARED]

    def gain(n: int) -> float:
        return sum([powers[m] * _overlap(spans[n], spans[m]) for m in likeliest])

    best = max(likeliest, key=gain)
    return ShortAnswer(spans[best], powers[best] / total)


def candidate_spans(
    question: Question, quotes: Sequence[Quote], idf: Callable[[str], float]
) -> Iterator[tuple[Span, Parts]]:
    """The spans, in the document, that may answer, with their features."""
    for quote in quotes:
        of_quote = {
            "best_sentence": float(quote.distance == 0),
            "distance": quote.distance / 3,
        }
        for span, parts in span_features(question, quote.text, idf):
            yield span.moved(quote.span.start), (of_quote, *parts)


def _overlap(one: Span, two: Span) -> float:
    """The F1 of two spans, in characters."""
    shared = min(one.end, two.end) - max(one.start, two.start)
    return 2 * max(shared, 0) / (one.end - one.start + two.end - two.start)
