"""The features by which the passages that an engine found are scored again."""

import math

from retrieval.questions.question import Kind
from retrieval.scoring.passage_terms import PassageTerms
from retrieval.scoring.weighted_question import Mask, WeightedQuestion

# Okapi BM25 with less regard for length than engines have.
_K1, _B = 1.2, 0.4


def passage_features(
    asked: WeightedQuestion, terms: PassageTerms, engine: float, mean_length: float
) -> dict[str, float]:
    """The features of a passage; `engine` is its score there, as a share of the best one."""
    held = asked.mask(terms.held)
    share = asked.share(held)
    title = asked.mask(terms.title)
    of_units = terms.unit_masks(asked.bits)
    return {
        "engine": engine,
        "bm25": _bm25(asked, terms, held, mean_length) / asked.total,
        "coverage": share,
        "coverage_count": held.bit_count() / len(asked.weights),
        "context": asked.share(held | asked.mask(terms.context)) - share,
        "rarest": float(asked.rarest in terms.held),
        "similar": asked.similar_share(terms.held),
        "related": asked.related_share(terms.held),
        "title": asked.share(title),
        "title_asked": title.bit_count() / (len(terms.title) or 1),
        **_above(asked, terms),
        "unquotable": terms.unquotable_share,
        **_structure(asked, terms, held, of_units),
        "pairs": asked.pair_share(terms.pairs_among(asked.question.pairs)),
        "raw_pairs": _raw_pairs(asked.question.raw_pairs, terms),
        "names": asked.share_of(asked.names, held),
        "length": math.log(terms.length + 1) / 5,
        "best_unit": max(map(asked.share, of_units), default=0.0),
        "kind": _kind(asked.question.kind, terms),
    }


def _above(asked: WeightedQuestion, terms: PassageTerms) -> dict[str, float]:
    """What the headings above and the term it explains have of the question, and it of them."""
    found = {"headings": asked.share(asked.mask(terms.headings))}
    for name, above in (("heading", terms.heading), ("term", terms.term)):
        held = asked.mask(above)
        found[name] = asked.share(held)
        found[f"{name}_asked"] = held.bit_count() / (len(above) or 1)
        found[f"{name}_is_asked"] = float(found[f"{name}_asked"] == 1)
    return found


def _structure(
    asked: WeightedQuestion, terms: PassageTerms, held: Mask, of_units: list[Mask]
) -> dict[str, float]:
    """What it is made of, also by what the answer is for."""
    purpose = asked.question.purpose
    found = {
        "first": float(terms.is_first),
        f"first_{purpose}": float(terms.is_first),
        "opens": float(terms.opens_section),
        f"opens_{purpose}": float(terms.opens_section),
    }
    if terms.opens_section:
        heading = asked.mask(terms.heading)
        found["opens_asked"] = heading.bit_count() / (len(terms.heading) or 1)
        found[f"opens_asked_{purpose}"] = found["opens_asked"]
        found[f"opens_heading_{purpose}"] = asked.share(heading)
    if terms.is_first:
        title = asked.mask(terms.title)
        found[f"first_asked_{purpose}"] = title.bit_count() / (len(terms.title) or 1)
        found[f"first_title_{purpose}"] = asked.share(title)
    if purpose == "define":
        # What a unit without a word of the question is about is not asked for.
        subjects = (terms.subject(n) for n, mask in enumerate(of_units) if mask)
        found["subject"] = max(map(asked.share_of_subject, subjects), default=0.0)
    for kind, share in terms.kind_shares.items():
        found[f"is_{kind}"] = share
        found[f"is_{kind}_{purpose}"] = share
    if asked.identifiers:
        above = asked.mask(terms.headings) | asked.mask(terms.term)
        found["identifiers"] = asked.share_of(asked.identifiers, held)
        found["identifiers_above"] = asked.share_of(asked.identifiers, above)
    return found


def _bm25(asked: WeightedQuestion, terms: PassageTerms, held: Mask, mean_length: float) -> float:
    norm = _K1 * (1 - _B + _B * terms.length / mean_length)
    total = 0.0
    for term, bit in asked.bits.items():
        if bit & held:
            count = terms.count(term)
            total += asked.weights[term] * count * (_K1 + 1) / (count + norm)
    return total


def _raw_pairs(asked: frozenset[tuple[str, str]], terms: PassageTerms) -> float:
    return len(terms.raw_pairs_among(asked)) / len(asked) if asked else 0.0


def _kind(kind: Kind, terms: PassageTerms) -> float:
    if kind is Kind.DATE:
        return float(terms.has("year") or terms.has("month"))
    if kind is Kind.NUMBER:
        return float(terms.has("number"))
    return 0.5
