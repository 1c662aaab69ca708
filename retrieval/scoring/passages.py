"""The best passages of an engine, scored again by more than an engine looks at."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from retrieval.questions.question import Question
from retrieval.scoring.features import Column, Row, Table
from retrieval.scoring.passage_features import passage_features
from retrieval.scoring.passage_terms import PassageTerms, PassageTermsCache
from retrieval.scoring.weighted_question import Mask, WeightedQuestion
from retrieval.scoring.weights import Model
from retrieval.search.engine import Hit

RESCORED = 30
"""Passages that are scored again; what an engine ranks below them hardly ever answers."""


@dataclass(frozen=True, slots=True)
class Found:
    """A passage with its terms and its features; `hit` has the new score and rank.

    `asked` is the question as it reads in the language of the passage.
    """

    hit: Hit
    asked: WeightedQuestion
    terms: PassageTerms
    features: Mapping[str, float]


def rescored(
    readings: Mapping[str, Question],
    hits: Sequence[Hit],
    idf: Callable[[str], float],
    cache: PassageTermsCache,
    model: Model,
    near: Sequence[float] = (),
) -> list[Found]:
    """The passages by their new scores, one of each text; ties keep the order of the engine.

    `readings` are the question as it reads in each language; what is in none of these is compared
    with the first of them. `near` is how near each passage is to it, where that is known.
    """
    terms = [cache.of(hit.passage) for hit in hits]
    vocabulary = frozenset[str]().union(*(one.held for one in terms))
    first = next(iter(readings), "")
    mean_length = sum(one.length for one in terms) / (len(terms) or 1)
    best = max((hit.score for hit in hits), default=0.0) or 1.0
    scored: dict[int, tuple[float, WeightedQuestion, Row]] = {}
    for language, places in _by_language(hits).items():
        asked = WeightedQuestion(readings.get(language, readings[first]), idf, vocabulary)
        columns = _columns(
            asked, [hits[n] for n in places], [terms[n] for n in places], best, mean_length
        )
        if near:
            columns["near"] = [5 * near[n] for n in places]
        table = Table(len(places), columns)
        for row, (n, score) in enumerate(zip(places, table.scores(model), strict=True)):
            scored[n] = score, asked, table.row(row)
    return list(_found(hits, terms, scored))


def _columns(
    asked: WeightedQuestion,
    hits: Sequence[Hit],
    terms: Sequence[PassageTerms],
    best: float,
    mean_length: float,
) -> dict[str, Column | float]:
    """The features of some passages in one language; `best` is the best score of the engine."""
    held = [asked.mask(one.held) for one in terms]
    engine = [hit.score / best for hit in hits]
    return {
        **passage_features(asked, terms, held, engine, mean_length),
        **_pages(asked, [hit.passage.document_id for hit in hits], held, engine),
    }


def _by_language(hits: Sequence[Hit]) -> dict[str, list[int]]:
    """The places of the hits in each language."""
    places: dict[str, list[int]] = {}
    for n, hit in enumerate(hits):
        places.setdefault(hit.passage.language, []).append(n)
    return places


def _found(
    hits: Sequence[Hit],
    terms: Sequence[PassageTerms],
    scored: Mapping[int, tuple[float, WeightedQuestion, Row]],
) -> Iterator[Found]:
    """The hits by their new scores, one of each text."""
    order = sorted(range(len(hits)), key=lambda n: -scored[n][0])
    for rank, (n, best) in enumerate(_one_of_each_text(hits, order), start=1):
        _, asked, features = scored[n]
        yield Found(Hit(hits[n].passage, scored[best][0], rank), asked, terms[n], features)


def folded(text: str) -> str:
    """A text without regard to its white space: what two passages with one text share."""
    return " ".join(text.split())


def _one_of_each_text(hits: Sequence[Hit], order: Sequence[int]) -> list[tuple[int, int]]:
    """The positions in order; of the passages with one text that on the page with fewest hits, and
    with it the best of them, whose place and score it has.

    That page is the closest to the question: one that holds all chapters has hits of all of them.
    """
    on_page = Counter(hit.passage.document_id for hit in hits)
    alike: dict[str, list[int]] = {}
    for n in order:
        alike.setdefault(folded(hits[n].passage.text), []).append(n)
    return [
        (min(places, key=lambda n: on_page[hits[n].passage.document_id]), places[0])
        for places in alike.values()
    ]


def _pages(
    asked: WeightedQuestion, pages: Sequence[str], held: Sequence[Mask], engine: Column
) -> dict[str, Column]:
    """What the passages found of each one's document have of the question together."""
    together: dict[str, Mask] = {}
    best: dict[str, float] = {}
    for page, mask, score in zip(pages, held, engine, strict=True):
        together[page] = together.get(page, 0) | mask
        best[page] = max(best.get(page, 0.0), score)
    count = Counter(pages)
    return {
        "page_coverage": [asked.share(together[page]) for page in pages],
        "page_best": [best[page] for page in pages],
        "page_count": [min(count[page], 10) / 10 for page in pages],
    }
