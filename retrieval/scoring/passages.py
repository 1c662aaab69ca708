"""The best passages of an engine, scored again by more than an engine looks at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from retrieval.questions.question import Question
from retrieval.scoring.passage_features import passage_features
from retrieval.scoring.passage_terms import PassageTerms, PassageTermsCache
from retrieval.scoring.weighted_question import WeightedQuestion
from retrieval.scoring.weights import Model, score
from retrieval.search.engine import Hit

RESCORED = 50
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
) -> list[Found]:
    """The passages by their new scores; ties keep the order of the engine.

    `readings` are the question as it reads in each language; what is in none of these is compared
    with the first of them.
    """
    terms = [cache.of(hit.passage) for hit in hits]
    # In one order, since sets have another in every process.
    vocabulary = dict.fromkeys(sorted(frozenset().union(*(one.counts for one in terms))))
    first = next(iter(readings), "")
    asked: dict[str, WeightedQuestion] = {}
    for hit in hits:
        language = hit.passage.language
        if language not in asked:
            asked[language] = WeightedQuestion(
                readings.get(language, readings[first]), idf, vocabulary
            )
    mean_length = sum(one.length for one in terms) / (len(terms) or 1)
    features = [
        passage_features(asked[hit.passage.language], one, hit.score / hits[0].score, mean_length)
        for hit, one in zip(hits, terms, strict=True)
    ]
    scores = [score(values, model) for values in features]
    order = sorted(range(len(hits)), key=lambda n: -scores[n])
    return [
        Found(
            hit=Hit(hits[n].passage, score=scores[n], rank=rank),
            asked=asked[hits[n].passage.language],
            terms=terms[n],
            features=features[n],
        )
        for rank, n in enumerate(order, start=1)
    ]
