"""From the best passages to the sentence or item that answers, and the units to quote with it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.documents import Passage, Span, Unit
from retrieval.engine import Hit
from retrieval.questions import Kind, Question, directions_in
from retrieval.tokens import content_terms, terms, tokens

# How much each feature adds to the score of a candidate. Found by hand and by coordinate search
# on the half of SQuAD 2.0's development set that development data is taken from.
WEIGHTS = {
    "passage_score": 0.20,
    "coverage": 0.50,
    "coverage_before": 0.45,
    "coverage_after": -0.20,
    "bm25": 0.50,
    "pairs": 0.17,
    "kind": 0.10,
    "passage_coverage": 0.30,
    "length": -0.05,
    "directions": 0.15,
    "names_missing": -0.2,
    "several": 0.50,
}

_FEW_WORDS = 3

# BM25 over units: Okapi's k1 and b, and the length in terms of an ordinary sentence.
_K1, _B, _USUAL_LENGTH = 1.2, 0.75, 14


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may answer: the passage, the unit's place in it, and how well it fits."""

    passage: Passage
    position: int
    score: float

    @property
    def unit(self) -> Unit:
        """The unit itself."""
        return self.passage.units[self.position]


class Extractor:
    """Scores the units of passages; keeps the words of the passages that it met last."""

    _KEPT = 4096

    def __init__(self, idf: Callable[[str], float]) -> None:
        self._idf = idf
        self._words: dict[str, _Words] = {}

    def candidates(self, question: Question, hits: Sequence[Hit]) -> list[Candidate]:
        """The units of the passages in `hits`, best first; ties in the order of the hits."""
        # The 1: in documents on one topic its words stand in every passage and have no idf left,
        # but they still tell sentences apart.
        weights = {term: 1 + self._idf(term) for term in question.terms}
        found = [
            Candidate(hit.passage, position, _score(features))
            for hit in hits
            for position, features in enumerate(
                self._features(question, hit, hits[0].score, weights)
            )
        ]
        return sorted(found, key=lambda candidate: -candidate.score)

    def _features(
        self, question: Question, hit: Hit, best_score: float, weights: dict[str, float]
    ) -> Iterator[dict[str, float]]:
        """The features of each unit of a passage; coverages are shares of the question's idf."""
        words = self._words_of(hit.passage)
        asked = weights.keys()
        total = sum(weights.values())

        def share(terms: Iterable[str]) -> float:
            # Summed in one order, since sets have another in every process.
            return sum(weights[term] for term in question.terms if term in terms) / total

        passage_coverage = share(words.all)
        names_missing = float(len(question.names - words.all))
        for position, unit in enumerate(hit.passage.units):
            own = words.with_lead[position]
            found = asked & set(own)
            before = (asked & words.unit_set(position - 1)) - found
            after = (asked & words.unit_set(position + 1)) - found - before
            yield {
                "passage_score": hit.score / best_score,
                "coverage": share(found),
                "coverage_before": share(before),
                "coverage_after": share(after),
                "bm25": _bm25(own, weights) / total,
                "pairs": _pairs(question, own),
                "kind": _kind_fit(question.kind, hit.passage.quote(unit.span)),
                "passage_coverage": passage_coverage,
                "length": min(len(words.units[position]), 60) / 30,
                "names_missing": names_missing,
                "directions": _directions_fit(question, words.directions[position]),
                "several": float(question.asks_for_several and words.is_listed(position)),
            }

    def _words_of(self, passage: Passage) -> "_Words":
        words = self._words.get(passage.id)
        if words is None:
            if len(self._words) == self._KEPT:
                self._words.clear()
            words = self._words[passage.id] = _Words(passage)
        return words


def _score(features: dict[str, float]) -> float:
    return sum(WEIGHTS[name] * value for name, value in features.items())


class _Words:
    """The terms of a passage's units."""

    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        self.units: list[list[str]] = []
        self.with_lead: list[list[str]] = []
        self.directions: list[frozenset[tuple[str, str]]] = []
        for unit in passage.units:
            own = tokens(passage.quote(unit.span))
            # An item is quoted with the line that introduces it: that line's words are its own.
            lead = tokens(passage.quote(unit.lead)) if unit.lead else []
            self.units.append(content_terms(own))
            self.with_lead.append(content_terms(lead + own))
            self.directions.append(directions_in(lead + own))
        above = terms(" ".join((passage.title, *passage.heading, passage.lead_in)))
        self.all = frozenset(above).union(*self.units)
        self._leads = frozenset(unit.lead for unit in passage.units)

    def unit_set(self, position: int) -> frozenset[str]:
        """The terms of the unit at `position`; none where there is no unit."""
        in_range = 0 <= position < len(self.units)
        return frozenset(self.units[position]) if in_range else frozenset()

    def is_listed(self, position: int) -> bool:
        """Whether the unit is an item or the line that introduces some."""
        unit = self._passage.units[position]
        return unit.lead is not None or unit.span in self._leads


def _bm25(words: Sequence[str], weights: dict[str, float]) -> float:
    norm = _K1 * (1 - _B + _B * len(words) / _USUAL_LENGTH)
    counts = ((weight, words.count(term)) for term, weight in weights.items())
    return sum(weight * count * (_K1 + 1) / (count + norm) for weight, count in counts)


def _pairs(question: Question, words: Sequence[str]) -> float:
    """The share of the question's pairs of terms that stand in `words` side by side too."""
    if not question.pairs:
        return 0.0
    return len(question.pairs.intersection(pairwise(words))) / len(question.pairs)


def _directions_fit(question: Question, found: frozenset[tuple[str, str]]) -> float:
    """1 where all goes the way that the question says, -1 where it goes the other way."""
    if not question.directions:
        return 0.0
    opposite = {"from": "to", "to": "from"}
    fits = sum(
        (pair in found) - ((opposite[pair[0]], pair[1]) in found) for pair in question.directions
    )
    return fits / len(question.directions)


def _kind_fit(kind: Kind, quote: str) -> float:
    """1 where the quote holds what the question asks for, -1 where not, 0 where all may do."""
    if kind in (Kind.DATE, Kind.NUMBER):
        return 1.0 if any(character.isdigit() for character in quote) else -1.0
    if kind is Kind.PERSON:
        words = quote.split()
        # A sentence begins with a capital letter in any case; an item of a word or two is a name.
        named = words if len(words) <= _FEW_WORDS else words[1:]
        return 1.0 if any(word[0].isupper() for word in named) else -1.0
    return 0.0


@dataclass(frozen=True, slots=True)
class Selection:
    """What is quoted: the spans in order, and those of them that answer by themselves."""

    quoted: tuple[Span, ...]
    answering: tuple[Span, ...]


def select(question: Question, best: Candidate) -> Selection:
    """The best unit with what belongs to it.

    An item comes with the lines that introduce it, and with the items that fit the question as
    well as it does; the line that introduces a list comes with all its items.
    """
    passage = best.passage
    units = passage.units
    if _has_items(units, best.unit.span):
        items = [unit for unit in units if best.unit.span in _introductions(passage, unit)]
        answering = [item.span for item in items if not _introduces_all(passage, item, items)]
        introduced_by = _introductions(passage, best.unit)
        quoted = (*introduced_by, best.unit.span, *(item.span for item in items))
        return Selection(quoted, tuple(answering))
    if best.unit.lead is None:
        return Selection((best.unit.span,), (best.unit.span,))
    introduced_by = _introductions(passage, best.unit)
    known = set(terms(" ".join(passage.quote(span) for span in introduced_by)))
    asked = set(question.terms) - known

    def matches(unit: Unit) -> set[str]:
        return asked.intersection(terms(passage.quote(unit.span)))

    wanted = matches(best.unit)
    fitting = [
        unit.span
        for unit in units
        if unit.lead == best.unit.lead and (matches(unit) >= wanted if wanted else True)
    ]
    return Selection((*introduced_by, *fitting), tuple(fitting))


def _has_items(units: Sequence[Unit], span: Span) -> bool:
    return any(unit.lead == span for unit in units)


def _introduces_all(passage: Passage, item: Unit, items: Sequence[Unit]) -> bool:
    """Whether an item is above all others, as a header is above its rows: then it is no answer."""
    others = [other for other in items if other is not item]
    return bool(others) and all(item.span in _introductions(passage, other) for other in others)


def _introductions(passage: Passage, unit: Unit) -> list[Span]:
    """The lines that introduce a unit, outermost first."""
    above = {introduction.unit.span: introduction.unit for introduction in passage.introductions}
    above |= {other.span: other for other in passage.units}
    lines: list[Span] = []
    lead = unit.lead
    while lead is not None:
        lines.insert(0, lead)
        lead = above[lead].lead
    return lines
