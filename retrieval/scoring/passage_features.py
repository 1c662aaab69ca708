"""The features by which the passages that an engine found are scored again."""

import math
from collections.abc import Mapping, Sequence

from knowledge.documents import BlockKind
from retrieval.questions.question import Kind
from retrieval.scoring.features import Column
from retrieval.scoring.passage_terms import PassageTerms
from retrieval.scoring.weighted_question import Mask, WeightedQuestion

# Okapi BM25 with less regard for length than engines have.
_K1, _B = 1.2, 0.4


def passage_features(
    asked: WeightedQuestion,
    passages: Sequence[PassageTerms],
    held: Sequence[Mask],
    engine: Column,
    mean_length: float,
) -> dict[str, Column | float]:
    """The features of some passages, a value for each or one for all of them.

    `held` is what each has of the question, and `engine` its score there, as a share of the best
    one.
    """
    titles = [one.title for one in passages]
    of_titles = [asked.mask(one) for one in titles]
    title: dict[str, Column] = {
        "title": [asked.share(one) for one in of_titles],
        "title_asked": _asked(titles, of_titles),
    }
    above = _above(asked, passages)
    return {
        "engine": engine,
        **_words(asked, passages, held, mean_length),
        **title,
        **above,
        **_structure(asked, passages, title, above),
        **_units(asked, passages),
        **(_identifiers(asked, passages, held) if asked.identifiers else {}),
        "unquotable": [one.unquotable_share for one in passages],
        "kind": _kind(asked.question.kind, passages),
    }


def _words(
    asked: WeightedQuestion,
    passages: Sequence[PassageTerms],
    held: Sequence[Mask],
    mean_length: float,
) -> dict[str, Column | float]:
    """What each has of the question, alone and with the passages beside it."""
    share, question = asked.share, asked.question
    shares = [share(one) for one in held]
    each = list(zip(passages, held, strict=True))
    beside = [share(own | asked.mask(one.context)) for one, own in each]
    return {
        "bm25": [_bm25(asked, one, own, mean_length) for one, own in each],
        "coverage": shares,
        "coverage_count": [one.bit_count() / len(asked.weights) for one in held],
        "context": [both - own for both, own in zip(beside, shares, strict=True)],
        "rarest": [float(asked.rarest in one.held) for one in passages],
        "similar": [asked.similar_share(one.held) for one in passages],
        "related": [asked.related_share(one.held) for one in passages],
        "pairs": [asked.pair_share(one.pairs_among(question.pairs)) for one in passages],
        "raw_pairs": _raw_pairs(question.raw_pairs, passages),
        "names": [asked.share_of(asked.names, one) for one in held],
        "length": [math.log(one.length + 1) / 5 for one in passages],
    }


def _asked(above: Sequence[frozenset[str]], held: Sequence[Mask]) -> list[float]:
    """How much of the names above the question has."""
    return [mask.bit_count() / (len(own) or 1) for own, mask in zip(above, held, strict=True)]


def _where(flags: Column, values: Column) -> Column:
    """The values where a flag is 1, and 0 elsewhere."""
    return [flag * value for flag, value in zip(flags, values, strict=True)]


def _above(asked: WeightedQuestion, passages: Sequence[PassageTerms]) -> dict[str, Column]:
    """What the headings above and the term it explains have of the question, and it of them."""
    share, mask = asked.share, asked.mask
    found: dict[str, Column] = {"headings": [share(mask(one.headings)) for one in passages]}
    headings, explained = [one.heading for one in passages], [one.term for one in passages]
    for name, above in (("heading", headings), ("term", explained)):
        held = [mask(own) for own in above]
        found[name] = [share(one) for one in held]
        found[f"{name}_asked"] = _asked(above, held)
        found[f"{name}_is_asked"] = [float(part == 1) for part in found[f"{name}_asked"]]
    return found


def _structure(
    asked: WeightedQuestion,
    passages: Sequence[PassageTerms],
    title: Mapping[str, Column],
    above: Mapping[str, Column],
) -> dict[str, Column]:
    """What each is made of, also by what the answer is for."""
    purpose = asked.question.purpose
    first = [float(one.is_first) for one in passages]
    opens = [float(one.opens_section) for one in passages]
    found: dict[str, Column] = {
        "first": first,
        f"first_{purpose}": first,
        f"first_asked_{purpose}": _where(first, title["title_asked"]),
        f"first_title_{purpose}": _where(first, title["title"]),
        "opens": opens,
        f"opens_{purpose}": opens,
        "opens_asked": _where(opens, above["heading_asked"]),
        f"opens_heading_{purpose}": _where(opens, above["heading"]),
    }
    found[f"opens_asked_{purpose}"] = found["opens_asked"]
    of_kinds = [one.kind_shares for one in passages]
    for kind in BlockKind:
        shares = [one.get(kind, 0.0) for one in of_kinds]
        if any(shares):
            found[f"is_{kind}"] = found[f"is_{kind}_{purpose}"] = shares
    return found


def _units(asked: WeightedQuestion, passages: Sequence[PassageTerms]) -> dict[str, Column]:
    """What the best of its units has of the question, and the subject of one that defines."""
    held = [one.unit_masks(asked.bits) for one in passages]
    found: dict[str, Column] = {"best_unit": [max(map(asked.share, masks)) for masks in held]}
    if asked.question.purpose == "define":
        found["subject"] = [
            max(map(asked.share_of_subject, one.subjects(asked.bits))) for one in passages
        ]
    return found


def _identifiers(
    asked: WeightedQuestion, passages: Sequence[PassageTerms], held: Sequence[Mask]
) -> dict[str, Column]:
    """What each has of the names in code."""
    above = [asked.mask(one.headings) | asked.mask(one.term) for one in passages]
    return {
        "identifiers": [asked.share_of(asked.identifiers, one) for one in held],
        "identifiers_above": [asked.share_of(asked.identifiers, one) for one in above],
    }


def _bm25(asked: WeightedQuestion, terms: PassageTerms, held: Mask, mean_length: float) -> float:
    norm = _K1 * (1 - _B + _B * terms.length / mean_length)
    total = 0.0
    for term, bit in asked.bits.items():
        if bit & held:
            count = terms.count(term)
            total += asked.weights[term] * count * (_K1 + 1) / (count + norm)
    return total / asked.total


def _raw_pairs(
    asked: frozenset[tuple[str, str]], passages: Sequence[PassageTerms]
) -> Column | float:
    return [len(one.raw_pairs_among(asked)) / len(asked) for one in passages] if asked else 0.0


def _kind(kind: Kind, passages: Sequence[PassageTerms]) -> Column | float:
    if kind is Kind.DATE:
        return [float(one.has("year") or one.has("month")) for one in passages]
    if kind is Kind.NUMBER:
        return [float(one.has("number")) for one in passages]
    return 0.5
