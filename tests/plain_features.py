"""The features of passages, units and spans the plain way: one candidate after the other.

Answering works out the same in columns and over sums; tests compare both, to the ninth digit, since
sums are made in another order. How words are cut, what is like them and what acronyms stand for is
the product's on both sides.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from knowledge.documents import Passage, Span, Unit
from retrieval.questions.acronyms import Acronyms
from retrieval.questions.question import Question
from retrieval.scoring.subjects import SUBJECT
from retrieval.scoring.weighted_question import WeightedQuestion
from retrieval.search.engine import terms_above
from retrieval.text.tokens import (
    bare,
    content_of,
    located_terms,
    terms,
    tokens,
    without_parts,
)

Features = dict[str, float]


class Plain:
    """A question, and passages that were found with their scores."""

    def __init__(
        self, asked: WeightedQuestion, found: Sequence[tuple[Passage, float]], acronyms: Acronyms
    ) -> None:
        self.asked = asked
        self.question = asked.question
        self.found = found
        self.acronyms = acronyms
        self.best = max(score for _, score in found) or 1.0
        lengths = [len(self.words(passage)) for passage, _ in found]
        self.mean_length = sum(lengths) / len(lengths)

    def content(self, words: Sequence[str]) -> list[str]:
        """The terms of some words, with those that acronyms stand for."""
        return list(self.acronyms.added_to(content_of(words)))

    def text(self, passage: Passage) -> list[str]:
        """The terms of the text of a passage."""
        return self.content(located_terms(passage.text, passage.language)[1])

    def words(self, passage: Passage) -> list[str]:
        """The terms of a passage, of its headings and of the lines that introduce it."""
        return [*terms_above(passage), *self.text(passage)]

    def share(self, held: Sequence[str] | set[str]) -> float:
        """The share of the question's weight that some terms have."""
        weights = self.asked.weights
        return sum(weights[term] for term in weights if term in held) / self.asked.total

    def share_of(self, part: Sequence[str] | frozenset[str], held: Sequence[str]) -> float:
        """The same of a part of the question; 1 where there is none."""
        weights = {term: self.asked.weights[term] for term in self.asked.weights if term in part}
        whole = sum(weights.values())
        return sum(weights[term] for term in weights if term in held) / whole if whole else 1.0

    def share_asked(self, text: str | None, language: str) -> float:
        """How much of a name above a text is asked for."""
        own = set(terms(text, language)) if text else set()
        return len(own & self.asked.weights.keys()) / (len(own) or 1)

    def share_above(self, text: str | None, language: str) -> float:
        """How much of the question a name above a text has."""
        return self.share(terms(text, language) if text else [])

    def share_of_subject(self, subject: frozenset[str]) -> float:
        """The share that what a sentence is about has, if all of it is asked for."""
        return self.share(set(subject)) if subject <= self.asked.weights.keys() else 0.0

    def pairs(self, *texts: Sequence[str]) -> float:
        """The share of the question's pairs that stand in some texts."""
        weights = self.asked.weights
        pairs = {pair: min(map(weights.__getitem__, pair)) for pair in self.question.pairs}
        held = {pair for text in texts for pair in pairwise(text)}
        whole = sum(pairs.values())
        return sum(pairs[pair] for pair in pairs if pair in held) / whole if whole else 0.0


def beside(passage: Passage) -> list[str]:
    """What the passages beside one are taken to hold."""
    return ["salt", "recogn"] if passage.id.endswith("1") else []


def passage_features(plain: Plain) -> Iterator[Features]:
    """The features of each passage."""
    for passage, score in plain.found:
        yield {
            **_of_words(plain, passage, score),
            **_of_names(plain, passage),
            **_of_kinds(plain, passage),
            **_of_page(plain, passage),
        }


def _of_words(plain: Plain, passage: Passage, score: float) -> Features:
    words, asked, question = plain.words(passage), plain.asked, plain.question
    held = frozenset(words)
    norm = 1.2 * (0.6 + 0.4 * len(words) / plain.mean_length)
    counts = {term: words.count(term) for term in asked.weights if term in held}
    bm25 = sum(asked.weights[t] * n * 2.2 / (n + norm) for t, n in counts.items())
    raw = {pair for unit in passage.units for pair in raw_pairs(passage, unit)}
    return {
        "engine": score / plain.best,
        "bm25": bm25 / asked.total,
        "coverage": plain.share(words),
        "coverage_count": len(counts) / len(asked.weights),
        "rarest": float(asked.rarest in held),
        "similar": asked.similar_share(held),
        "related": asked.related_share(held),
        "pairs": plain.pairs(plain.text(passage), terms_above(passage)),
        "raw_pairs": len(raw & question.raw_pairs) / (len(question.raw_pairs) or 1),
        "names": plain.share_of(question.names, words),
        "context": plain.share([*words, *beside(passage)]) - plain.share(words),
        "length": math.log(len(words) + 1) / 5,
        "best_unit": max(plain.share(unit_words(plain, passage, unit)) for unit in passage.units),
    }


def _of_names(plain: Plain, passage: Passage) -> Features:
    language, purpose = passage.language, plain.question.purpose
    heading = passage.heading[-1] if passage.heading else None
    found = {"headings": plain.share_above(" ".join(passage.heading), language)}
    for name, above in (
        ("title", passage.title),
        ("heading", heading),
        ("term", passage.explained),
    ):
        found[name] = plain.share_above(above, language)
        found[f"{name}_asked"] = plain.share_asked(above, language)
        if name != "title":
            found[f"{name}_is_asked"] = float(found[f"{name}_asked"] == 1)
    first = float(passage.id == f"{passage.document_id}#1")
    opens = float(passage.opens_section)
    found |= {"first": first, f"first_{purpose}": first, "opens": opens, f"opens_{purpose}": opens}
    found["opens_asked"] = found[f"opens_asked_{purpose}"] = opens * found["heading_asked"]
    found[f"opens_heading_{purpose}"] = opens * found["heading"]
    found[f"first_asked_{purpose}"] = first * found["title_asked"]
    found[f"first_title_{purpose}"] = first * found["title"]
    return found


def _of_kinds(plain: Plain, passage: Passage) -> Features:
    units, purpose = passage.units, plain.question.purpose
    found: Features = {}
    for kind in {unit.kind for unit in units}:
        share = sum(unit.kind is kind for unit in units) / len(units)
        found[f"is_{kind.value}"] = found[f"is_{kind.value}_{purpose}"] = share
    found["unquotable"] = sum(not unit.is_quotable for unit in units) / len(units)
    if purpose == "define":
        found["subject"] = max(_subject(plain, passage, unit) for unit in units)
    return found


def _subject(plain: Plain, passage: Passage, unit: Unit) -> float:
    """What the question has of what a unit says that it is, does or means."""
    found = SUBJECT.match(passage.quote(unit.span)[:200])
    is_prose = unit.kind.value in ("paragraph", "item", "definition")
    about = frozenset(terms(found[1], passage.language) if found and is_prose else ())
    return plain.share_of_subject(about)


def _of_page(plain: Plain, passage: Passage) -> Features:
    beside = [(p, score) for p, score in plain.found if p.document_id == passage.document_id]
    return {
        "page_coverage": plain.share([term for p, _ in beside for term in plain.words(p)]),
        "page_best": max(score for _, score in beside) / plain.best,
        "page_count": min(len(beside), 10) / 10,
    }


def _lead(passage: Passage, unit: Unit) -> list[str]:
    lead = passage.quote(unit.lead) if unit.lead else ""
    return located_terms(lead, passage.language)[1]


def _own(passage: Passage, span: Span) -> list[str]:
    """The words of a span, as they are read in the passage."""
    starts, words = located_terms(passage.text, passage.language)
    places = [start + passage.span.start for start in starts]
    return [w for n, w in zip(places, words, strict=True) if span.start <= n < span.end]


def unit_words(plain: Plain, passage: Passage, unit: Unit) -> list[str]:
    """The terms of a unit, an item's with those of the line that introduces it."""
    return plain.content([*_lead(passage, unit), *_own(passage, unit.span)])


def raw_pairs(passage: Passage, unit: Unit) -> set[tuple[str, str]]:
    """The words that follow each other in a unit, stop words counted."""
    words = [*_lead(passage, unit), *_own(passage, unit.span)]
    return set(pairwise(map(bare, words)))


def unit_features(plain: Plain, passage: Passage) -> Iterator[Features]:
    """The features of each unit of a passage by its words, and by those around it."""
    asked, question = plain.asked, plain.question
    words = [unit_words(plain, passage, unit) for unit in passage.units]
    shares = [plain.share(one) for one in words]
    for n, unit in enumerate(passage.units):
        own, share = words[n], shares[n]
        matched = [term for term in asked.weights if term in own]
        places = [own.index(term) for term in matched]
        norm = 1.2 * (0.25 + 0.75 * len(own) / 14)
        counts = {term: own.count(term) for term in matched}
        bm25 = sum(asked.weights[t] * count * 2.2 / (count + norm) for t, count in counts.items())
        new = len(own) - sum(counts.values())
        raw = raw_pairs(passage, unit) & question.raw_pairs
        yield {
            "coverage": share,
            "coverage_squared": share**2,
            "coverage_count": len(matched) / len(asked.weights),
            "covers_all": float(len(matched) == len(asked.weights)),
            "none": float(not matched),
            "bm25": bm25 / asked.total,
            "similar": asked.similar_share(frozenset(own)),
            "related": asked.related_share(frozenset(own)),
            "names": plain.share_of(question.names, own),
            "numbers": plain.share_of(question.numbers, own),
            "pairs": plain.pairs(own),
            "raw_pairs": len(raw) / (len(question.raw_pairs) or 1),
            "density": len(matched) / (max(places) - min(places) + 1) if matched[1:] else 0.0,
            "in_order": sum(a < b for a, b in pairwise(places)) / max(len(places) - 1, 1),
            "new": min(new, 20) / 20,
            "nothing_new": float(not new),
            "length": min(len(_own(passage, unit.span)), 60) / 30,
            "short": float(len(_own(passage, unit.span)) < 8),
            "rarest": float(asked.rarest in own),
            "several": 3.0 * _is_listed(passage, unit) * question.asks_for_several,
            **_around(plain, passage, words, n),
            **_named(plain, passage, n),
        }


def _is_listed(passage: Passage, unit: Unit) -> bool:
    return unit.lead is not None or any(other.lead == unit.span for other in passage.units)


def _named(plain: Plain, passage: Passage, n: int) -> Features:
    """What the passage and its names have of the question, and what the unit is in it."""
    unit, purpose, whole = passage.units[n], plain.question.purpose, plain.words(passage)
    language, kind = passage.language, passage.units[n].kind.value
    heading = passage.heading[-1] if passage.heading else None
    found = {
        "whole": plain.share(whole),
        "names_missing": 1 - plain.share_of(plain.question.names, whole),
        "heading": plain.share_above(heading, language),
        "term": plain.share_above(passage.explained, language),
        "no_heading": float(plain.share_above(heading, language) == 0),
        "introduces": float(any(other.lead == unit.span for other in passage.units)),
        f"first_{purpose}": float(n == 0),
        f"is_{kind}": 1.0,
        f"{kind}_{purpose}": 1.0,
    }
    if passage.opens_section:
        found[f"opens_{purpose}"] = float(n == 0)
        found[f"opens_asked_{purpose}"] = plain.share_asked(heading, language) * (n == 0)
    if purpose == "define":
        found["subject"] = _subject(plain, passage, unit)
    return found


def _around(plain: Plain, passage: Passage, words: Sequence[list[str]], n: int) -> Features:
    own, above = words[n], terms_above(passage)
    before = words[n - 1] if n else []
    both = [*before, *(words[n - 2] if n > 1 else [])]
    after = words[n + 1] if n + 1 < len(words) else []
    share, best = plain.share(own), max(map(plain.share, words))
    with_before = plain.share([*own, *before])
    block = [term for some in words[max(n - 2, 0) : n + 3] for term in some]
    return {
        "before": with_before - share,
        "before_2": plain.share([*own, *both]) - with_before,
        "after": plain.share([*own, *after]) - share,
        "above": plain.share([*own, *above]) - share,
        "context": plain.share([*own, *both, *above]) - share,
        "relative": share - best,
        "is_best": float(share == best),
        "before_is_best": float(bool(before) and plain.share(before) == best),
        "after_is_best": float(bool(after) and plain.share(after) == best),
        "similar_before": plain.asked.similar_share(frozenset(before)),
        "related_before": plain.asked.related_share(frozenset(before)),
        "names_context": plain.share_of(plain.question.names, [*own, *before, *above]),
        "block": plain.share(block),
        "first": float(n == 0),
        "last": float(n + 1 == len(words)),
    }


def span_features(question: Question, quote: str, first: int, last: int) -> Features:
    """The features of a span of a quote that are sums over its words or those around it; each word
    says as much as it has letters."""
    words = list(without_parts(tokens(quote, question.language)))
    gaps = [quote[one.end : two.start] for one, two in pairwise(words)]
    asked = [word.term in question.terms for word in words]
    idf = [0.0 if word.is_stop_word else float(len(word.term)) for word in words]
    inside = range(first, last + 1)
    count = len(inside)
    left = [n for n in range(first) if asked[n]]
    right = [n for n in range(last + 1, len(words)) if asked[n]]
    near = [idf[n] / (first - n) for n in left] + [idf[n] / (n - last) for n in right]
    total = sum(idf[n] for n in inside)
    return {
        "asked": sum(asked[n] for n in inside) / count,
        "asked_some": float(any(asked[n] for n in inside)),
        "idf": total / count / 5,
        "idf_sum": min(total, 30) / 20,
        "stop_words": sum(words[n].is_stop_word for n in inside) / count,
        "commas": float(any("," in gaps[n] for n in range(first, last))),
        "position": first / len(words),
        "near_left": 1 / (first - left[-1]) if left else 0.0,
        "near_right": 1 / (right[0] - last) if right else 0.0,
        "nearness": sum(near) / 10,
        "between": float(bool(left) and bool(right)),
        "after_all": float(bool(left) and not right),
    }
