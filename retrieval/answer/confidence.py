"""How likely it is that the best quote answers."""

import math
import re
from collections.abc import Sequence, Set

from knowledge.documents import BlockKind
from knowledge.languages import WITHOUT_BLANKS
from retrieval.questions.question import Kind, Question
from retrieval.scoring.unit_terms import UnitTerms
from retrieval.scoring.units import Candidate
from retrieval.scoring.weighted_question import WeightedQuestion
from retrieval.scoring.weights import Model, score
from retrieval.text.english_words import CURRENCIES
from retrieval.text.lexicon import part_of_speech
from retrieval.text.tokens import located_terms, terms

_FAR = 50.0
_LOOKED_AT = 30
_UNSPACED_OFFSET = -1.4
_DENIAL = re.compile(r"\b(?:not|never|no|without|nor|neither|none)\b|n't\b", re.I)
_HOW_LONG = re.compile(r"\bhow long\b(?! ago)|\bhow many (?:years|months|days|hours|weeks)\b", re.I)
_DURATION = re.compile(
    r"\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centur(?:y|ies))\b"
    r"|\b(?:since|until|till|from \d{4}|between)\b",
    re.I,
)
_HOW_MUCH = re.compile(r"\bhow much\b|\b(?:what|which) (?:sum|amount|price|cost)\b", re.I)
_AMOUNT = re.compile(
    rf"[{CURRENCIES}%]|\b(?:dollars?|euros?|pounds?|percent|million|billion|tons?)\b", re.I
)
_PARTS = {"n": "nouns", "v": "verbs", "a": "adjectives", "r": "adverbs"}


def probability(features: dict[str, float], model: Model) -> float:
    """The probability, 0 to 1, that a quote with these features answers the question."""
    # Far out the exponential would overflow.
    whole = score(features, model) + features.get("language", 0.0)
    bounded = max(-_FAR, min(_FAR, whole))
    return 1 / (1 + math.exp(-bounded))


def confidence_features(ranked: Sequence[Candidate], quote: str, short: float) -> dict[str, float]:
    """What speaks for and against what is quoted; `short` is how sure its short answer is."""
    best = ranked[0]
    asked = best.found.asked
    quoted = frozenset(terms(quote, best.passage.language))
    rival = next((one.score for one in ranked if one.passage.id != best.passage.id), None)
    return {
        "constant": 1.0,
        "language": _language_offset(best.passage.language),
        **{f"unit_{name}": value for name, value in best.features.items()},
        **{f"passage_{name}": value for name, value in best.found.features.items()},
        "score": best.score / 5,
        "passage_score": best.found.hit.score / 10,
        "ahead": (best.score - rival) / 5 if rival is not None else 1.0,
        "short": short,
        "terms": len(asked.weights) / 10,
        "mean_weight": asked.total / len(asked.weights) / 5,
        f"kind_{asked.question.kind.value}": 1.0,
        f"purpose_{asked.question.purpose}": 1.0,
        **_block(asked, best, quoted),
        **_others(ranked),
        "structured": _structured(ranked),
        **_missing(asked, best, quoted),
        **_misfits(asked.question, quote),
    }


def _block(asked: WeightedQuestion, best: Candidate, quoted: frozenset[str]) -> dict[str, float]:
    """What the block and the names above it have of the question."""
    held = asked.mask(quoted)
    share = asked.share(held)
    return {
        "block": share,
        "block_squared": share * share,
        "block_above": asked.share(held | asked.mask(best.found.terms.above)) - share,
        "block_length": min(len(quoted), 100) / 50,
        "related_block": asked.related_share(quoted),
        "similar_block": asked.similar_share(quoted),
    }


def _structured(ranked: Sequence[Candidate]) -> float:
    """The share of what fits best that is no running text: much in manuals, little in articles."""
    kinds = [one.unit.kind for one in ranked[:_LOOKED_AT]]
    return sum(kind is not BlockKind.PARAGRAPH for kind in kinds) / len(kinds)


def _others(ranked: Sequence[Candidate]) -> dict[str, float]:
    """Whether what fits next stands in the same section, in the same document, or elsewhere."""
    best = ranked[0].passage
    others = [one.passage for one in ranked[1:6]]
    return {
        "same_document": sum(one.document_id == best.document_id for one in others) / 5,
        "same_section": sum(one.section == best.section for one in others) / 5,
    }


def _language_offset(language: str) -> float:
    """What is added in scripts without blanks, to which the model was not fitted.

    So much that about as many questions without an article are declined as in English, some 97 %:
    pairs of letters are met by chance.
    """
    return _UNSPACED_OFFSET if language in WITHOUT_BLANKS else 0.0


def _missing(asked: WeightedQuestion, best: Candidate, quoted: Set[str]) -> dict[str, float]:
    """What the passage and the quote lack of the question, in words alike and related too."""
    weights = asked.weights
    held = best.found.terms.held
    missing = [term for term in weights if term not in held]
    lost = [term for term in missing if not asked.has_likeness(term, held)]
    # Names above the text hold for all of it.
    near = quoted | best.found.terms.above
    unsaid = [t for t in weights if t not in near and not asked.has_likeness(t, near)]
    found = {
        "missing": len(missing) / 5,
        "missing_most": max([weights[term] for term in missing], default=0.0) / 8,
        "lost": len(lost) / 5,
        "lost_any": float(bool(lost)),
        "lost_share": sum([weights[term] for term in lost]) / asked.total,
        "lost_most": max([weights[term] for term in lost], default=0.0) / 8,
        "unknown": sum([term not in asked.vocabulary for term in weights]) / 5,
        "unsaid": len(unsaid) / 5,
        "unsaid_share": sum([weights[term] for term in unsaid]) / asked.total,
    }
    for part, terms_ in (("lost", lost), ("unsaid", unsaid)):
        for term in terms_:
            name = f"{part}_{_sort_of(term, asked.question)}"
            found[name] = found.get(name, 0.0) + 0.2
    return found


def _sort_of(term: str, question: Question) -> str:
    """Whether a term of the question is a number, a name, or which part of speech."""
    if term in question.numbers:
        return "numbers"
    if term in question.names:
        return "names"
    return _PARTS.get(part_of_speech(term), "nouns")


def _misfits(question: Question, quote: str) -> dict[str, float]:
    """Where the quote holds nothing of the kind that the question asks for."""
    words = UnitTerms(quote, *located_terms(quote, question.language))
    names = words.names - set(question.terms)
    numbers = words.numbers - question.numbers
    kind = question.kind
    text = question.text
    has_number = words.has("number") and (bool(numbers) or not words.numbers)
    return {
        "misfit_date": float(
            kind is Kind.DATE and not (words.has("month") or (words.has("year") and numbers))
        ),
        "misfit_number": float(kind is Kind.NUMBER and not has_number),
        "misfit_duration": float(bool(_HOW_LONG.search(text)) and not _DURATION.search(quote)),
        "misfit_amount": float(bool(_HOW_MUCH.search(text)) and not _AMOUNT.search(quote)),
        "misfit_person": float(kind is Kind.PERSON and not names),
        "misfit_place": float(kind is Kind.PLACE and not names),
        "misfit_reason": float(kind is Kind.REASON and not words.has("reason")),
        "misfit_new": float(not words.set - set(question.terms)),
        "denial": float(bool(_DENIAL.search(text)) != bool(_DENIAL.search(quote))),
        "denial_asked": float(bool(_DENIAL.search(text))),
    }
