"""The features by which the sentence or item that answers is picked."""

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise
from operator import or_

from retrieval.questions.question import Kind, Question
from retrieval.scoring.features import Column
from retrieval.scoring.passage_terms import PassageTerms
from retrieval.scoring.unit_terms import UnitTerms
from retrieval.scoring.weighted_question import Mask, WeightedQuestion

_K1, _B, _USUAL_LENGTH = 1.2, 0.75, 14

_ANSWERED_BY: dict[Kind, tuple[tuple[str, str], ...]] = {
    Kind.DATE: (("kind_date", "date"), ("kind_date_year", "year")),
    Kind.NUMBER: (("kind_number", "number"), ("kind_number_digits", "new number")),
    Kind.PERSON: (("kind_person", "new name"),),
    Kind.PLACE: (("kind_place", "place"), ("kind_place_name", "new name")),
    Kind.NAME: (("kind_name", "new name"),),
    Kind.REASON: (("kind_reason", "reason"),),
    Kind.OTHER: (("kind_other_name", "new name"), ("kind_other_number", "new number")),
    Kind.MANNER: (("kind_manner_number", "new number"),),
}
"""The features of units that answer a question of a kind, each with what the unit must hold."""


def unit_features(
    asked: WeightedQuestion, terms: PassageTerms, passage: float
) -> dict[str, Column | float]:
    """The features of the units of a passage, a value for each or one for all of them.

    `passage` is the score of the passage, 0 for the best one.
    """
    held = terms.unit_masks(asked.bits)
    shares = [asked.share(mask) for mask in held]
    whole = asked.mask(terms.held)
    return {
        "passage": passage,
        "whole": asked.share(whole),
        "names_missing": 1 - asked.share_of(asked.names, whole),
        **_own(asked, terms, held, shares),
        **_context(asked, terms, held, shares),
        **_place(asked.question, terms),
        **_kind(asked.question, terms.units),
        **_structure(asked, terms, held),
        **_signs(asked.question.purpose, terms.units),
    }


def _own(
    asked: WeightedQuestion, terms: PassageTerms, held: Sequence[Mask], shares: Column
) -> dict[str, Column]:
    """What each has of the question by itself."""
    units, bits = terms.units, asked.bits.items()
    each = [
        (unit, [term for term, bit in bits if bit & mask] if mask else [])
        for unit, mask in zip(units, held, strict=True)
    ]
    all_of_them = len(asked.weights)
    counts = [len(matched) for _, matched in each]
    return {
        "coverage": shares,
        "coverage_squared": [share * share for share in shares],
        "coverage_count": [count / all_of_them for count in counts],
        "covers_all": [float(count == all_of_them) for count in counts],
        "none": [float(not count) for count in counts],
        "names": [asked.share_of(asked.names, mask) for mask in held],
        "numbers": [asked.share_of(asked.numbers, mask) for mask in held],
        "rarest": [float(asked.rarest in unit.set) for unit in units],
        **_alike(asked, units),
        **_order(asked, each),
        "raw_pairs": _raw_pairs(asked.question.raw_pairs, terms),
    }


def _alike(asked: WeightedQuestion, units: Sequence[UnitTerms]) -> dict[str, Column]:
    """What words have that are like those of the question or related to them, also in the unit
    before."""
    similar = [asked.similar_share(unit.set) for unit in units]
    related = [asked.related_share(unit.set) for unit in units]
    return {
        "similar": similar,
        "related": related,
        "similar_before": [0.0, *similar[:-1]],
        "related_before": [0.0, *related[:-1]],
    }


def _order(
    asked: WeightedQuestion, each: Sequence[tuple[UnitTerms, list[str]]]
) -> dict[str, Column]:
    """How often and in which order the words of the question stand there, and how many others."""
    question = asked.question
    new = [
        len(unit.content) - sum([unit.content.count(term) for term in matched])
        for unit, matched in each
    ]
    return {
        "bm25": [_bm25(asked, matched, unit) for unit, matched in each],
        "pairs": [
            asked.pair_share(unit.pairs_among(question.pairs)) if matched else 0.0
            for unit, matched in each
        ],
        "density": [_density(matched, unit) for unit, matched in each],
        "in_order": [_in_order(matched, unit) for unit, matched in each],
        "new": [min(own, 20) / 20 for own in new],
        "nothing_new": [float(not own) for own in new],
        "directions": [_directions_fit(question, unit) for unit, _ in each],
    }


def _raw_pairs(asked: frozenset[tuple[str, str]], terms: PassageTerms) -> Column:
    """The share of the pairs of words that each has."""
    # What no unit of the passage has, none of them has to be asked for.
    there = terms.raw_pairs_among(asked)
    if not there:
        return [0.0] * len(terms.units)
    return [len(unit.raw_pairs_among(there)) / len(asked) for unit in terms.units]


def _context(
    asked: WeightedQuestion, terms: PassageTerms, held: Sequence[Mask], shares: Column
) -> dict[str, Column]:
    """What the units around each and the headings above add, and how it compares with them."""
    share, above, best = asked.share, asked.mask(terms.above), max(shares)
    before = [0, *held[:-1]]
    both = [0, *before[:-1]]
    both = [one | two for one, two in zip(before, both, strict=True)]
    with_before = [share(own | one) for own, one in zip(held, before, strict=True)]
    with_both = [share(own | two) for own, two in zip(held, both, strict=True)]
    with_after = [share(own | one) for own, one in zip(held, [*held[1:], 0], strict=True)]
    with_above = [share(own | above) for own in held]
    with_all = [share(own | two | above) for own, two in zip(held, both, strict=True)]
    is_best = [float(own == best) for own in shares]
    # A unit of nothing but stop words is never counted as one of the best.
    counted = [
        float(bool(unit.set) and own) for unit, own in zip(terms.units, is_best, strict=True)
    ]
    added = _less(with_before, shares)
    return {
        "before": added,
        "before_2": _less(with_both, with_before),
        "after": _less(with_after, shares),
        "above": _less(with_above, shares),
        "context": _less(with_all, shares),
        "relative": [own - best for own in shares],
        "is_best": is_best,
        "before_is_best": [0.0, *counted[:-1]],
        "after_is_best": [*counted[1:], 0.0],
        "names_context": [
            asked.share_of(asked.names, own | one | above)
            for own, one in zip(held, before, strict=True)
        ],
        "referring_before": [
            unit.is_referring * one for unit, one in zip(terms.units, added, strict=True)
        ],
    }


def _less(one: Column, other: Column) -> Column:
    return [a - b for a, b in zip(one, other, strict=True)]


def _place(question: Question, terms: PassageTerms) -> dict[str, Column | float]:
    """Where each stands, how long it is, and whether it refers to what stands before it."""
    units = terms.units
    lengths = [unit.length for unit in units]
    referring = [float(unit.is_referring) for unit in units]
    several = question.asks_for_several
    return {
        "length": [min(length, 60) / 30 for length in lengths],
        "short": [float(length < 8) for length in lengths],
        "first": _first(units),
        "last": _first(units)[::-1],
        "referring": referring,
        "after_is_referring": [*referring[1:], 0.0],
        # Threefold, since few questions to learn from ask for a list.
        "several": [3.0 * terms.is_listed(n) for n in range(len(units))] if several else 0.0,
    }


def _first(units: Sequence[UnitTerms]) -> Column:
    """1 for the first, and 0 for the others."""
    return [1.0, *[0.0] * (len(units) - 1)]


def _kind(question: Question, units: Sequence[UnitTerms]) -> dict[str, Column]:
    """Whether each holds what answers a question of its kind."""
    found: dict[str, Column] = {
        feature: [float(_holds(question, unit, needed)) for unit in units]
        for feature, needed in _ANSWERED_BY[question.kind]
    }
    if question.asks_what_it_is_called:
        found["kind_called"] = [float(unit.has("called")) for unit in units]
    return found


def _holds(question: Question, unit: UnitTerms, needed: str) -> bool:
    """Whether it holds what is needed, of names and numbers such that are not in the question."""
    match needed:
        case "new number":
            return not unit.numbers.issubset(question.numbers)
        case "new name":
            return not unit.names.issubset(question.terms)
        case "year":
            return unit.has("year") and _holds(question, unit, "new number")
        case "date":
            return _holds(question, unit, "year") or unit.has("month")
        case "place":
            return unit.has("place") and _holds(question, unit, "new name")
        case _:
            return unit.has(needed)


def _structure(
    asked: WeightedQuestion, terms: PassageTerms, held: Sequence[Mask]
) -> dict[str, Column | float]:
    """What each is in its document."""
    share, purpose, kinds = asked.share, asked.question.purpose, terms.kinds
    heading = asked.mask(terms.heading)
    first = _first(terms.units)
    found: dict[str, Column | float] = {
        "introduces": [float(terms.introduces(n)) for n in range(len(held))],
        "block": [share(reduce(or_, held[max(n - 2, 0) : n + 3])) for n in range(len(held))],
        "heading": share(heading),
        "term": share(asked.mask(terms.term)),
        "no_heading": float(not heading),
        f"first_{purpose}": first,
    }
    if terms.opens_section:
        is_asked = heading.bit_count() / (len(terms.heading) or 1)
        found[f"opens_{purpose}"] = first
        found[f"opens_asked_{purpose}"] = [is_asked * flag for flag in first]
    if purpose == "define":
        found["subject"] = [asked.share_of_subject(one) for one in terms.subjects(asked.bits)]
    for kind in dict.fromkeys(kinds):
        found[f"is_{kind}"] = found[f"{kind}_{purpose}"] = [float(one is kind) for one in kinds]
    return found


def _signs(purpose: str, units: Sequence[UnitTerms]) -> dict[str, Column]:
    """What each does: points elsewhere, defines, instructs."""
    found: dict[str, Column] = {}
    for sign in ("points", "defines", "instructs"):
        found[sign] = found[f"{sign}_{purpose}"] = [float(unit.has(sign)) for unit in units]
    return found


def _bm25(asked: WeightedQuestion, matched: Sequence[str], unit: UnitTerms) -> float:
    norm = _K1 * (1 - _B + _B * len(unit.content) / _USUAL_LENGTH)
    total = 0.0
    for term in matched:
        count = unit.content.count(term)
        total += asked.weights[term] * count * (_K1 + 1) / (count + norm)
    return total / asked.total


def _density(matched: Sequence[str], unit: UnitTerms) -> float:
    """How near each other the words of the question stand: their number by the stretch's length."""
    if len(matched) < 2:
        return 0.0
    places = [unit.content.index(term) for term in matched]
    return len(matched) / (max(places) - min(places) + 1)


def _in_order(matched: Sequence[str], unit: UnitTerms) -> float:
    """The share of neighbours among the matched words that stand in the question's order."""
    if len(matched) < 2:
        return 0.0
    places = [unit.content.index(term) for term in matched]
    return sum([a < b for a, b in pairwise(places)]) / (len(matched) - 1)


def _directions_fit(question: Question, unit: UnitTerms) -> float:
    """1 where all goes the way that the question says, -1 where it goes the other way."""
    if not question.directions:
        return 0.0
    found = unit.directions
    opposite = {"from": "to", "to": "from"}
    fits = sum(
        (pair in found) - ((opposite[pair[0]], pair[1]) in found) for pair in question.directions
    )
    return fits / len(question.directions)
