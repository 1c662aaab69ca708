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
        "coverage_count": sum(term in counts for term in asked.weights) / len(asked.weights),
        "context": asked.share(counts.keys() | terms.context) - asked.share(counts),
        "rarest": float(asked.rarest in counts),
        "similar": asked.similar_share(counts.keys()),
        "related": asked.related_share(counts.keys()),
        "title": asked.share(title),
        "title_asked": asked.share_asked(title),
        **_above(asked, terms),
        "unquotable": terms.unquotable_share,
        **_structure(asked, terms),
        "pairs": asked.pair_share(terms.pairs_among(asked.question.pairs)),
        "raw_pairs": _raw_pairs(asked.question.raw_pairs, terms),
        "names": asked.share_of(asked.names, counts),
        "length": math.log(terms.length + 1) / 5,
        "best_unit": terms.best_unit_share(asked.weights, asked.total),
        "kind": _kind(asked.question.kind, terms),
    }


def _above(asked: WeightedQuestion, terms: PassageTerms) -> dict[str, float]:
    """What the headings above and the term it explains have of the question, and it of them."""
    found = {"headings": asked.share(terms.headings)}
    for name, above in (("heading", terms.heading), ("term", terms.term)):
        found[name] = asked.share(above)
        found[f"{name}_asked"] = asked.share_asked(above)
        found[f"{name}_is_asked"] = float(found[f"{name}_asked"] == 1)
    return found


def _structure(asked: WeightedQuestion, terms: PassageTerms) -> dict[str, float]:
    """What it is made of, also by what the answer is for."""
    purpose = asked.question.purpose
    found = {
        "first": float(terms.is_first),
        f"first_{purpose}": float(terms.is_first),
        "opens": float(terms.opens_section),
        f"opens_{purpose}": float(terms.opens_section),
    }
    if terms.opens_section:
        found["opens_asked"] = asked.share_asked(terms.heading)
        found[f"opens_asked_{purpose}"] = found["opens_asked"]
        found[f"opens_heading_{purpose}"] = asked.share(terms.heading)
    if terms.is_first:
        found[f"first_asked_{purpose}"] = asked.share_asked(terms.title)
        found[f"first_title_{purpose}"] = asked.share(terms.title)
    if purpose == "define":
        found["subject"] = max(map(asked.share_of_subject, terms.subjects))
    for kind, share in terms.kind_shares.items():
        found[f"is_{kind.value}"] = share
        found[f"is_{kind.value}_{purpose}"] = share
    if asked.identifiers:
        found["identifiers"] = asked.share_of(asked.identifiers, terms.counts)
        found["identifiers_above"] = asked.share_of(asked.identifiers, terms.headings | terms.term)
    return found


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
    return len(terms.raw_pairs_among(asked)) / len(asked) if asked else 0.0


def _kind(kind: Kind, terms: PassageTerms) -> float:
    if kind is Kind.DATE:
        return float(terms.has("year") or terms.has("month"))
    if kind is Kind.NUMBER:
        return float(terms.has("number"))
    return 0.5
