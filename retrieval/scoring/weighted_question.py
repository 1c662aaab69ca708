"""A question with the weight that each of its terms has in the documents."""

from collections.abc import Callable, Collection, Container, Mapping, Set
from functools import cached_property
from itertools import chain
from typing import TypeAlias

from retrieval.questions.question import Question
from retrieval.text.lexicon import related
from retrieval.text.similarity import LEAST_LENGTH, similarity

Mask: TypeAlias = int
"""Which terms of a question a text holds: a bit for each, in the order of the question.

Texts are compared with a question hundreds of times, and what several hold together is `|`.
"""


def mask_of(bits: Mapping[str, Mask], terms: Container[str]) -> Mask:
    """The bits of those terms that are among some."""
    return sum([bit for term, bit in bits.items() if term in terms])


class _Masks(dict[frozenset[str], Mask]):
    """The bits of the terms that are among some: of headings and titles that many passages share,
    found once."""

    def __init__(self, bits: Mapping[str, Mask]) -> None:
        self._bits = bits

    def __missing__(self, terms: frozenset[str]) -> Mask:
        found = self[terms] = mask_of(self._bits, terms)
        return found


class _WeightsOf(dict[Mask, float]):
    """The weights of some terms together, summed in the order of the question once for each set."""

    def __init__(self, weights: Mapping[str, float], bits: Mapping[str, Mask]) -> None:
        self._each = [(weights[term], bit) for term, bit in bits.items()]

    def __missing__(self, mask: Mask) -> float:
        found = self[mask] = sum([weight for weight, bit in self._each if bit & mask])
        return found


class _Shares(dict[Mask, float]):
    """The shares that these have of the weight of all terms."""

    def __init__(self, weights: Mapping[Mask, float], total: float) -> None:
        self._weights, self._total = weights, total

    def __missing__(self, mask: Mask) -> float:
        found = self[mask] = self._weights[mask] / self._total
        return found


class WeightedQuestion:
    """A question, how much each of its terms says, and which other words may stand for it.

    `weights` is 1 + idf: in documents on one topic its words stand in every passage and have no
    idf left, but they still tell sentences apart. `vocabulary` is the terms of the passages that
    are compared. `mask` tells which of the question's terms are among some, and `share` which share
    of its weight they have; both are lookups, since an answer takes thousands of them.
    """

    def __init__(
        self, question: Question, idf: Callable[[str], float], vocabulary: Set[str]
    ) -> None:
        self.question = question
        self.weights = {term: 1 + idf(term) for term in question.terms}
        self.total = sum(self.weights.values())
        self.vocabulary = vocabulary
        self.bits: dict[str, Mask] = {term: 1 << n for n, term in enumerate(self.weights)}
        self._weight = _WeightsOf(self.weights, self.bits)
        self.mask: Callable[[frozenset[str]], Mask] = _Masks(self.bits).__getitem__
        self.share: Callable[[Mask], float] = _Shares(self._weight, self.total).__getitem__

    def share_of_subject(self, subject: frozenset[str]) -> float:
        """The share of the question's weight that the subject of a sentence holds, if all of it is
        asked for; 0 otherwise."""
        is_asked = subject and subject <= self.weights.keys()
        return self.share(self.mask(subject)) if is_asked else 0.0

    def share_of(self, part: Mask, mask: Mask) -> float:
        """The share of the weight of one part of the question that a text holds; 1 if none is."""
        whole = self._weight[part]
        return self._weight[part & mask] / whole if whole else 1.0

    def similar_share(self, terms: Collection[str]) -> float:
        """The share that words like those of the question have, which are not there themselves."""
        if self._alike.isdisjoint(terms):
            return 0.0
        found = 0.0
        for asked, likeness in self._similar.items():
            if likeness and asked not in terms:
                best = next((alike for term, alike in likeness.items() if term in terms), 0.0)
                found += self.weights[asked] * best
        return found / self.total

    def related_share(self, terms: Collection[str]) -> float:
        """The share that words related to those of the question have, not there themselves."""
        if self._all_related.isdisjoint(terms):
            return 0.0
        found = 0.0
        for asked, others in self._related_there.items():
            if asked not in terms and any(other in terms for other in others):
                found += self.weights[asked]
        return found / self.total

    def has_likeness(self, term: str, terms: Set[str]) -> bool:
        """Whether a word like a term of the question, or related to it, is among `terms`."""
        if not terms.isdisjoint(self._related.get(term, ())):
            return True
        return not terms.isdisjoint(self._similar.get(term, ()))

    @cached_property
    def _similar(self) -> dict[str, dict[str, float]]:
        """For each term of the question the terms of the passages that are like it, the likest
        first."""
        asking = [term for term in self.weights if not term[0].isdigit()]
        by_letter = self._by_letter({term[0] for term in asking if len(term) >= LEAST_LENGTH})
        found = {}
        for asked in asking:
            others = [(similarity(asked, term), term) for term in by_letter.get(asked[0], ())]
            alike = sorted([one for one in others if one[0] and one[1] != asked], reverse=True)
            if alike:
                found[asked] = {term: likeness for likeness, term in alike}
        return found

    def _by_letter(self, letters: Set[str]) -> dict[str, list[str]]:
        """The terms of the passages that begin with one of some letters and may be like another."""
        found: dict[str, list[str]] = {letter: [] for letter in letters}
        for term in self.vocabulary:
            if term[0] in letters and len(term) >= LEAST_LENGTH:
                found[term[0]].append(term)
        return found

    @cached_property
    def _alike(self) -> frozenset[str]:
        """The terms of the passages that are like one of the question."""
        return frozenset().union(*self._similar.values())

    @cached_property
    def _related(self) -> dict[str, frozenset[str]]:
        return {asked: others for asked in self.weights if (others := related(asked))}

    @cached_property
    def _related_there(self) -> dict[str, list[str]]:
        """For each term of the question the terms of the passages that are related to it."""
        there = {asked: others & self.vocabulary for asked, others in self._related.items()}
        return {asked: list(others) for asked, others in there.items() if others}

    @cached_property
    def _all_related(self) -> frozenset[str]:
        """The terms of the passages that are related to one of the question."""
        return frozenset(chain.from_iterable(self._related_there.values()))

    @cached_property
    def rarest(self) -> str:
        """The term that says most."""
        return max(self.weights, key=lambda term: self.weights[term])

    @cached_property
    def names(self) -> Mask:
        """The names and numbers of the question."""
        return self.mask(self.question.names)

    @cached_property
    def identifiers(self) -> Mask:
        """The names in code of the question."""
        return self.mask(frozenset(self.question.identifiers))

    @cached_property
    def numbers(self) -> Mask:
        """The numbers of the question."""
        return self.mask(self.question.numbers)

    @cached_property
    def pair_weights(self) -> dict[tuple[str, str], float]:
        """Each pair of neighbouring terms with the lower of their weights."""
        return {
            pair: min(self.weights[pair[0]], self.weights[pair[1]])
            for pair in sorted(self.question.pairs)
        }

    def pair_share(self, pairs: Collection[tuple[str, str]]) -> float:
        """The share of the weight of the question's pairs that `pairs` hold."""
        if not pairs:
            return 0.0
        weights = self.pair_weights
        whole = sum(weights.values())
        return sum([weights[pair] for pair in weights if pair in pairs]) / whole if whole else 0.0
