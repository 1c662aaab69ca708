"""A question with the weight that each of its terms has in the documents."""

from collections.abc import Callable, Collection, Set
from functools import cached_property

from retrieval.questions.question import Question
from retrieval.text.lexicon import related
from retrieval.text.similarity import similarity


class WeightedQuestion:
    """A question, how much each of its terms says, and which other words may stand for it.

    `weights` is 1 + idf: in documents on one topic its words stand in every passage and have no
    idf left, but they still tell sentences apart. `vocabulary` is the terms of the passages that
    are compared.
    """

    def __init__(
        self, question: Question, idf: Callable[[str], float], vocabulary: Set[str]
    ) -> None:
        self.question = question
        self.weights = {term: 1 + idf(term) for term in question.terms}
        self.total = sum(self.weights.values())
        self.vocabulary = vocabulary

    def share(self, terms: Collection[str]) -> float:
        """The share of the question's weight that `terms` hold."""
        # Summed in the order of the question, since sets have another in every process.
        weights = self.weights
        return sum([weights[term] for term in weights if term in terms]) / self.total

    def share_asked(self, terms: Set[str]) -> float:
        """The share of some terms that the question has; 0 where there are none."""
        return len(terms & self.weights.keys()) / (len(terms) or 1)

    def share_of_subject(self, subject: Set[str]) -> float:
        """The share of the question's weight that the subject of a sentence holds, if all of it is
        asked for; 0 otherwise."""
        return self.share(subject) if subject and subject <= self.weights.keys() else 0.0

    def share_of(self, part: Collection[str], terms: Collection[str]) -> float:
        """The share of the weight of one part of the question that `terms` hold; 1 if none is."""
        whole = held = 0.0
        for term in part:
            whole += self.weights[term]
            if term in terms:
                held += self.weights[term]
        return held / whole if whole else 1.0

    def similar_share(self, terms: Collection[str]) -> float:
        """The share that words like those of the question have, which are not there themselves."""
        found = 0.0
        for asked, likeness in self._similar.items():
            if likeness and asked not in terms:
                best = max([likeness[term] for term in likeness.keys() & terms], default=0.0)
                found += self.weights[asked] * best
        return found / self.total

    def related_share(self, terms: Collection[str]) -> float:
        """The share that words related to those of the question have, not there themselves."""
        found = 0.0
        for asked, others in self._related.items():
            if asked not in terms and not others.isdisjoint(terms):
                found += self.weights[asked]
        return found / self.total

    def has_likeness(self, term: str, terms: Set[str]) -> bool:
        """Whether a word like a term of the question, or related to it, is among `terms`."""
        if not terms.isdisjoint(self._related.get(term, ())):
            return True
        return not terms.isdisjoint(self._similar.get(term, ()))

    @cached_property
    def _similar(self) -> dict[str, dict[str, float]]:
        """For each term of the question the terms of the passages that are like it."""
        by_letter: dict[str, list[str]] = {term[0]: [] for term in self.weights}
        for term in self.vocabulary:
            if term[0] in by_letter:
                by_letter[term[0]].append(term)
        return {
            asked: {
                term: likeness
                for term in by_letter[asked[0]]
                if term != asked and (likeness := similarity(asked, term))
            }
            for asked in self.weights
            if not asked[0].isdigit()
        }

    @cached_property
    def _related(self) -> dict[str, frozenset[str]]:
        return {asked: others for asked in self.weights if (others := related(asked))}

    @cached_property
    def rarest(self) -> str:
        """The term that says most."""
        return max(self.weights, key=lambda term: self.weights[term])

    @cached_property
    def names(self) -> list[str]:
        """The names and numbers of the question, in order."""
        return [term for term in self.weights if term in self.question.names]

    @cached_property
    def identifiers(self) -> list[str]:
        """The names in code of the question, in order."""
        return [term for term in self.weights if term in self.question.identifiers]

    @cached_property
    def numbers(self) -> list[str]:
        """The numbers of the question, in order."""
        return [term for term in self.weights if term in self.question.numbers]

    @cached_property
    def pair_weights(self) -> dict[tuple[str, str], float]:
        """Each pair of neighbouring terms with the lower of their weights."""
        return {
            pair: min(self.weights[pair[0]], self.weights[pair[1]])
            for pair in sorted(self.question.pairs)
        }

    def pair_share(self, pairs: Collection[tuple[str, str]]) -> float:
        """The share of the weight of the question's pairs that `pairs` hold."""
        weights = self.pair_weights
        whole = sum(weights.values())
        return sum([weights[pair] for pair in weights if pair in pairs]) / whole if whole else 0.0
