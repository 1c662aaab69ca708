"""The best passages of an engine, scored again by more than an engine looks at."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from retrieval.questions.question import Question
from retrieval.scoring.passage_features import passage_features
from retrieval.scoring.passage_terms import PassageTerms, PassageTermsCache
from retrieval.scoring.weighted_question import Mask, WeightedQuestion
from retrieval.scoring.weights import Model, score
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
    features: dict[str, float]


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
    asked: dict[str, WeightedQuestion] = {}
    for hit in hits:
        language = hit.passage.language
        if language not in asked:
            asked[language] = WeightedQuestion(
                readings.get(language, readings[first]), idf, vocabulary
            )
    mean_length = sum(one.length for one in terms) / (len(terms) or 1)
    pages = _pages(asked, hits, terms)
    best = max((hit.score for hit in hits), default=0.0) or 1.0
    features = [
        {
            **passage_features(asked[hit.passage.language], one, hit.score / best, mean_length),
            **pages[hit.passage.document_id],
        }
        for hit, one in zip(hits, terms, strict=True)
    ]
    for values, cosine in zip(features, near, strict=False):
        values["near"] = 5 * cosine
    scores = [score(values, model) for values in features]
    order = sorted(range(len(hits)), key=lambda n: -scores[n])
    return [
        Found(
            hit=Hit(hits[n].passage, score=scores[best], rank=rank),
            asked=asked[hits[n].passage.language],
            terms=terms[n],
            features=features[n],
        )
        for rank, (n, best) in enumerate(_one_of_each_text(hits, order), start=1)
    ]


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
    asked: Mapping[str, WeightedQuestion], hits: Sequence[Hit], terms: Sequence[PassageTerms]
) -> dict[str, dict[str, float]]:
    """For each document what its passages that were found have of the question together."""
    held: dict[str, Mask] = {}
    best: dict[str, float] = {}
    count: dict[str, int] = {}
    languages: dict[str, str] = {}
    top = max((hit.score for hit in hits), default=0.0) or 1.0
    for hit, one in zip(hits, terms, strict=True):
        page = hit.passage.document_id
        held[page] = held.get(page, 0) | asked[hit.passage.language].mask(one.held)
        best[page] = max(best.get(page, 0.0), hit.score / top)
        count[page] = count.get(page, 0) + 1
        languages[page] = hit.passage.language
    return {
        page: {
            "page_coverage": asked[languages[page]].share(held[page]),
            "page_best": best[page],
            "page_count": min(count[page], 10) / 10,
        }
        for page in held
    }
