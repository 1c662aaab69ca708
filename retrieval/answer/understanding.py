"""What a reader finds: passages near the question, in the order it reads, and what to quote."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from retrieval.answer.finding import Finder
from retrieval.answer.quoting import Block, block_of
from retrieval.meaning.meaning import Meaning, OutOfTimeError, Reading
from retrieval.scoring.passages import Found
from retrieval.scoring.units import Candidate, candidates
from retrieval.scoring.weights import Model, ReadWeights, Weights, score
from retrieval.search.engine import Hit
from retrieval.search.store import Store

READ = 10
"""Passages that are read; at some 20 ms for each, more would be waited for."""

BLOCKS = 3
"""Texts that may be quoted, each of another passage, that are read by themselves."""


COUNTED = (
    "constant",
    "language",
    "score",
    "ahead",
    "passage_score",
    "passage_near",
    "short",
    "terms",
    "block",
    "lost_share",
    "unsaid_share",
    "structured",
    "unit_part",
)
"""The features of the confidence that count beside what reading says: with all of them, it was less
often right about manuals that it did not learn from."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What is found by reading: the passages, in order, with what was made of those that were read,
    by their ids; the texts that may be quoted with the features of the choice, and the best of
    them."""

    found: Sequence[Found]
    readings: Mapping[str, Reading]
    blocks: Sequence[tuple[Block, Mapping[str, float]]]
    best: int
    has_vectors: bool

    @property
    def block(self) -> Block:
        """What is to be quoted."""
        return self.blocks[self.best][0]

    @property
    def features(self) -> Mapping[str, float]:
        """What speaks for and against it."""
        return self.blocks[self.best][1]


class Understanding:
    """Finds by meaning in a store; the weights are with those for a reader."""

    def __init__(self, store: Store, finder: Finder, meaning: Meaning, weights: Weights) -> None:
        if weights.read is None:
            raise ValueError("no weights for a reader")
        self.reader = meaning.reader
        self._store = store
        self._finder = finder
        self._meaning = meaning
        self._weights: ReadWeights = weights.read
        self._spans = weights.spans

    def found(
        self, question: str, limit: int, by_words: Sequence[Found]
    ) -> tuple[list[Found], list[Hit]] | None:
        """The passages as Finder finds them, with those that are near; None where they have no
        vectors, or the best that words found is in a language that the reader does not read."""
        if not self._reads(by_words):
            return None
        near = self._meaning.near(question, self._store)
        if near is None or not near.covers([one.hit.passage for one in by_words]):
            return None
        return self._finder.found(question, limit, self._weights.passages, near)

    def _reads(self, by_words: Sequence[Found]) -> bool:
        """Whether the best that words found, if anything, is in a language that is read."""
        return not by_words or self.reader.reads(by_words[0].hit.passage.language)

    def understood(self, question: str, by_words: Sequence[Found], limit: int) -> Understood | None:
        """What is found by reading; None where nothing is, it is in a language that the reader does
        not read, or reading takes too long.

        `by_words` are the passages that were found by words.
        """
        try:
            return self._understood(question, by_words, limit)
        except OutOfTimeError:
            return None

    def _understood(
        self, question: str, by_words: Sequence[Found], limit: int
    ) -> Understood | None:
        found = by_words
        if not self._reads(found):
            return None
        more = self.found(question, limit, by_words)
        has_vectors = more is not None
        if more is not None:
            found = more[0]
        if not found:
            return None
        reading = self._meaning.reading(question)
        readings = {one.hit.passage.id: reading.of(one.hit.passage) for one in found[:READ]}
        found = _ordered(found, readings, self._weights.order, has_vectors=has_vectors)
        ranked = candidates(found, self._weights.units, partial(_part_shares, readings))
        if not ranked:
            return None
        blocks = [block_of(some, self._finder.idf, self._spans) for some in _leading(ranked)]
        features = _block_features(
            [block.ranked[0] for block in blocks],
            readings,
            [reading.of(block.passage, [block.quote]) for block in blocks],
            has_vectors=has_vectors,
        )
        best = max(range(len(blocks)), key=lambda n: score(features[n], self._weights.blocks))
        return Understood(
            found, readings, tuple(zip(blocks, features, strict=True)), best, has_vectors
        )


def _ordered(
    found: Sequence[Found], readings: Mapping[str, Reading], model: Model, *, has_vectors: bool
) -> list[Found]:
    """The passages in the order that reading gives them; `model` is that of what was read.

    What was not read counts as read like the worst of what was.
    """
    least = min(reading.relevance for reading in readings.values())
    best = found[0].hit.score
    rows = []
    for one in found:
        reading = readings.get(one.hit.passage.id)
        relevance = least if reading is None else reading.relevance
        features = {"first": one.hit.score - best, "read": relevance / 5}
        if has_vectors:
            features |= {f"{name}_near": value for name, value in features.items()}
        rows.append((score(features, model), replace(one, features={**one.features, **features})))
    # Python's sort keeps the order of equal ones.
    rows.sort(key=lambda row: -row[0])
    return [
        replace(one, hit=replace(one.hit, score=value, rank=rank))
        for rank, (value, one) in enumerate(rows, start=1)
    ]


def _part_shares(readings: Mapping[str, Reading], one: Found) -> list[float]:
    """For each unit of a passage the logarithm of the probability that it is the part that answers;
    all alike where nothing is known of them."""
    count = len(one.terms.units)
    reading = readings.get(one.hit.passage.id)
    parts = reading.parts if reading is not None else ()
    if not parts:
        return [-math.log(count)] * count
    top = max(parts)
    whole = top + math.log(sum(math.exp(part - top) for part in parts))
    return [part - whole for part in parts]


def _leading(ranked: Sequence[Candidate]) -> Iterator[list[Candidate]]:
    """The units with the best of each of some passages first, in turn."""
    first = {one.passage.id: one for one in reversed(ranked)}
    order = list(dict.fromkeys(one.passage.id for one in ranked))
    for id_ in order[:BLOCKS]:
        yield [first[id_], *(one for one in ranked if one is not first[id_])]


def _block_features(
    candidates: Sequence[Candidate],
    readings: Mapping[str, Reading],
    blocks: Sequence[Reading],
    *,
    has_vectors: bool,
) -> list[dict[str, float]]:
    """What reading says for and against each of the texts that may be quoted, of which `blocks` are
    the readings."""
    least = min(one.relevance for one in readings.values())
    relevances = [
        readings[one.passage.id].relevance if one.passage.id in readings else least
        for one in candidates
    ]
    # How likely it is that none of them answers, as the reader was trained to tell it.
    none = -math.log1p(sum(math.exp(one.relevance) for one in readings.values()))
    return [
        {
            "fits": (one.score - candidates[0].score) / 5,
            "read_block": blocks[n].relevance / 5,
            "read_passage": relevances[n] / 5,
            "read_ahead": (blocks[n].relevance - _best(blocks, n)) / 5,
            "read_none": none / 5,
            "with_vectors": float(has_vectors),
        }
        for n, one in enumerate(candidates)
    ]


def _best(blocks: Sequence[Reading], but: int) -> float:
    """The relevance of the best of the others; that of itself where there are none."""
    others = [one.relevance for n, one in enumerate(blocks) if n != but]
    return max(others, default=blocks[but].relevance)
