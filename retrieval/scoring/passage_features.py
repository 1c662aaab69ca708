"""The features by which the passages that an engine found are scored again."""

import math

from retrieval.questions.question import Kind
from retrieval.scoring.passage_terms import PassageTerms
from retrieval.scoring.weighted_question import WeightedQuestion

# Okapi BM25 with less regard for length than engines have.
_K1, _B = 1.2, 0.4


def passage_features(
    asked: WeightedQuestion, terms: PassageTerms, engine: float, mean_length: float
) -> dict[str, float]:
    """The features of a passage; `engine` is its score there, as a share of the best one."""
    counts = terms.counts
    title = terms.title
    return {
        "engine": engine,
        "bm25": _bm25(asked, terms, mean_length) / asked.total,
        "coverage": asked.share(counts),
        "similar": asked.similar_share(counts.keys()),
        "related": asked.related_share(counts.keys()),
        "title": asked.share(title),
        "title_asked": len(title & asked.weights.keys()) / (len(title) or 1),
        "pairs": asked.pair_share(terms.pairs),
        "raw_pairs": _raw_pairs(asked.question.raw_pairs, terms),
        "names": asked.share_of(asked.names, counts),
        "length": math.log(terms.length + 1) / 5,
        "best_unit": max(terms.unit_shares(asked.weights, asked.total)),
        "kind": _kind(asked.question.kind, terms.signs),
    }


def _bm25(asked: WeightedQuestion, terms: PassageTerms, mean_length: float) -> float:
    norm = _K1 * (1 - _B + _B * terms.length / mean_length)
    counts = terms.counts
    total = 0.0
    for term, weight in asked.weights.items():
        if term in counts:
            count = counts[term]
            total += weight * count * (_K1 + 1) / (count + norm)
    return total


def _raw_pairs(asked: frozenset[tuple[str, str]], terms: PassageTerms) -> float:
    return terms.raw_pairs_among(asked) / len(asked) if asked else 0.0


def _kind(kind: Kind, signs: frozenset[str]) -> float:
    if kind is Kind.DATE:
        return float("year" in signs or "month" in signs)
    if kind is Kind.NUMBER:
        return float("number" in signs)
    return 0.5
