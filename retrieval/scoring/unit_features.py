"""The features by which the sentence or item that answers is picked."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import or_

from retrieval.questions.question import Kind, Question
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

_OF_NO_KIND = {feature: 0.0 for features in _ANSWERED_BY.values() for feature, _ in features}

_SIGNS = ("points", "defines", "instructs")


@dataclass(frozen=True, slots=True)
class _Passage:
    """What all units of a passage are compared with; `held` is what each has of the question, and
    `shares` which share of its weight that is."""

    asked: WeightedQuestion
    terms: PassageTerms
    above: Mask
    heading: Mask
    raw_pairs: Set[tuple[str, str]]
    held: Sequence[Mask]
    shares: Sequence[float]
    best: float


def unit_features(
    asked: WeightedQuestion, terms: PassageTerms, passage: float
) -> Iterator[dict[str, float]]:
    """The features of each unit of a passage; `passage` is its own score, 0 for the best one."""
    held = terms.unit_masks(asked.bits)
    shares = [asked.share(mask) for mask in held]
    heading = asked.mask(terms.heading)
    of = _Passage(
        asked,
        terms,
        asked.mask(terms.above),
        heading,
        terms.raw_pairs_among(asked.question.raw_pairs),
        held,
        shares,
        max(shares),
    )
    whole = asked.mask(terms.held)
    of_passage = {
        "passage": passage,
        "whole": asked.share(whole),
        "names_missing": 1 - asked.share_of(asked.names, whole),
        "heading": asked.share(heading),
        "term": asked.share(asked.mask(terms.term)),
        "no_heading": float(not heading),
    }
    before = {"similar_before": 0.0, "related_before": 0.0}
    for number, unit in enumerate(terms.units):
        own = _own_features(of, unit, number)
        yield {
            **of_passage,
            **own,
            **before,
            **_context_features(of, number),
            **_place_features(asked.question, terms, number),
            **_kind_features(asked.question, unit),
            **_structure_features(of, number),
        }
        before = {"similar_before": own["similar"], "related_before": own["related"]}


def _own_features(of: _Passage, unit: UnitTerms, number: int) -> dict[str, float]:
    """What the unit has of the question by itself."""
    asked, held, share = of.asked, of.held[number], of.shares[number]
    own = unit.set
    question = asked.question
    matched = [term for term, bit in asked.bits.items() if bit & held]
    new = len(unit.content) - sum([len(unit.positions[term]) for term in matched])
    # What no unit of the passage has, this one does not have.
    raw_pairs = unit.raw_pairs_among(of.raw_pairs) if of.raw_pairs else ()
    return {
        "coverage": share,
        "coverage_squared": share * share,
        "coverage_count": len(matched) / len(asked.weights),
        "covers_all": float(len(matched) == len(asked.weights)),
        "none": float(not matched),
        "bm25": _bm25(asked, matched, unit),
        "similar": asked.similar_share(own),
        "related": asked.related_share(own),
        "names": asked.share_of(asked.names, held),
        "numbers": asked.share_of(asked.numbers, held),
        "rarest": float(asked.rarest in own),
        "pairs": asked.pair_share(unit.pairs_among(question.pairs)) if matched else 0.0,
        "raw_pairs": len(raw_pairs) / (len(question.raw_pairs) or 1),
        "density": _density(matched, unit),
        "in_order": _in_order(matched, unit),
        "new": min(new, 20) / 20,
        "nothing_new": float(not new),
        "directions": _directions_fit(question, unit),
    }


def _context_features(of: _Passage, number: int) -> dict[str, float]:
    """What the units around it and the headings above it add, and how it compares with them."""
    asked, held, shares, best, above = of.asked, of.held, of.shares, of.best, of.above
    units = of.terms.units
    own, share = held[number], shares[number]
    before = held[number - 1] if number else 0
    before_2 = held[number - 2] if number > 1 else 0
    is_last = number + 1 == len(held)
    after = 0 if is_last else held[number + 1]
    with_before = asked.share(own | before)
    return {
        "before": with_before - share,
        "before_2": asked.share(own | before | before_2) - with_before,
        "after": asked.share(own | after) - share,
        "above": asked.share(own | above) - share,
        "context": asked.share(own | before | before_2 | above) - share,
        "relative": share - best,
        "is_best": float(share == best),
        "before_is_best": float(
            number > 0 and bool(units[number - 1].set) and shares[number - 1] == best
        ),
        "after_is_best": float(
            not is_last and bool(units[number + 1].set) and shares[number + 1] == best
        ),
        "names_context": asked.share_of(asked.names, own | before | above),
        "referring_before": units[number].is_referring * (with_before - share),
    }


def _place_features(question: Question, terms: PassageTerms, number: int) -> dict[str, float]:
    """Where it stands, how long it is, and whether it refers to what stands before it."""
    unit, last = terms.units[number], len(terms.units) - 1
    return {
        "length": min(unit.length, 60) / 30,
        "short": float(unit.length < 8),
        "first": float(number == 0),
        "last": float(number == last),
        "referring": float(unit.is_referring),
        "after_is_referring": float(number < last and terms.units[number + 1].is_referring),
        # Threefold, since few questions to learn from ask for a list.
        "several": 3.0 * float(question.asks_for_several and terms.is_listed(number)),
    }


def _kind_features(question: Question, unit: UnitTerms) -> dict[str, float]:
    """Whether it holds what answers a question of its kind; 0 for all other kinds."""
    found = dict(_OF_NO_KIND)
    for feature, needed in _ANSWERED_BY[question.kind]:
        found[feature] = float(_holds(question, unit, needed))
    called = question.asks_what_it_is_called and unit.has("called")
    found["kind_called"] = float(called)
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


def _structure_features(of: _Passage, number: int) -> dict[str, float]:
    """What it is in its document, and what it does: defines, instructs, points elsewhere."""
    asked, terms, held = of.asked, of.terms, of.held
    unit = terms.units[number]
    kind = terms.kinds[number]
    purpose = asked.question.purpose
    around = reduce(or_, held[max(number - 2, 0) : number + 3])
    found = {
        f"is_{kind}": 1.0,
        "introduces": float(terms.introduces(number)),
        "block": asked.share(around),
    }
    if terms.opens_section:
        found[f"opens_{purpose}"] = float(number == 0)
        is_asked = of.heading.bit_count() / (len(terms.heading) or 1)
        found[f"opens_asked_{purpose}"] = is_asked * (number == 0)
    if purpose == "define":
        is_about = held[number] != 0
        found["subject"] = asked.share_of_subject(terms.subject(number)) if is_about else 0.0
    for sign in _SIGNS:
        if unit.has(sign):
            found[sign] = 1.0
            found[f"{sign}_{purpose}"] = 1.0
    found[f"first_{purpose}"] = float(number == 0)
    found[f"{kind}_{purpose}"] = 1.0
    return found


def _bm25(asked: WeightedQuestion, matched: Sequence[str], unit: UnitTerms) -> float:
    norm = _K1 * (1 - _B + _B * len(unit.content) / _USUAL_LENGTH)
    total = 0.0
    for term in matched:
        count = len(unit.positions[term])
        total += asked.weights[term] * count * (_K1 + 1) / (count + norm)
    return total / asked.total


def _density(matched: Sequence[str], unit: UnitTerms) -> float:
    """How near each other the words of the question stand: their number by the stretch's length."""
    if len(matched) < 2:
        return 0.0
    places = [unit.positions[term][0] for term in matched]
    return len(matched) / (max(places) - min(places) + 1)


def _in_order(matched: Sequence[str], unit: UnitTerms) -> float:
    """The share of neighbours among the matched words that stand in the question's order."""
    if len(matched) < 2:
        return 0.0
    places = [unit.positions[term][0] for term in matched]
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
