"""From the best passages to the sentence or item that answers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.documents import Passage, Unit
from retrieval.scoring.passages import Found
from retrieval.scoring.unit_features import unit_features
from retrieval.scoring.weights import Model, score

PASSAGE = 1.0
"""How much better a passage is counts so much more than the model of units says.

That model is fitted to units of passages that hold an answer, and trusts the order of the passages
too little: on manuals that were left out, so much more of what is shown is right.
"""

EXTRACTED_FROM = 6
"""Passages whose units are candidates: further ones hardly ever hold the answer."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may answer: where it was found, its place in the passage, how well it fits.

    `is_asked_above` is whether the heading above it asks the same as the question.
    """

    found: Found
    position: int
    score: float
    features: dict[str, float]
    is_asked_above: bool = False

    @property
    def passage(self) -> Passage:
        """The passage that the unit stands in."""
        return self.found.hit.passage

    @property
    def unit(self) -> Unit:
        """The unit itself."""
        return self.passage.units[self.position]

    @property
    def quote(self) -> str:
        """The text of the unit."""
        return self.passage.quote(self.unit.span)


def candidates(
    found: Sequence[Found],
    model: Model,
    parts: Callable[[Found], Sequence[float]] | None = None,
) -> list[Candidate]:
    """The units of the best passages, best first; ties in the order of the passages.

    `parts` gives for each unit of a passage how much it is the part that answers, where that is
    known.
    """
    units = [
        Candidate(
            one,
            position=position,
            score=score(features, model) + PASSAGE * features["passage"],
            features=features,
        )
        for one in found[:EXTRACTED_FROM]
        for position, features in enumerate(
            _features(one, one.hit.score - found[0].hit.score, parts)
        )
        if one.terms.can_answer(position)
    ]
    return sorted(units, key=lambda candidate: -candidate.score)


def _features(
    one: Found, passage: float, parts: Callable[[Found], Sequence[float]] | None
) -> Iterator[dict[str, float]]:
    """The features of each unit of a passage."""
    found = unit_features(one.asked, one.terms, passage)
    if parts is None:
        return found
    return ({**own, "part": part} for own, part in zip(found, parts(one), strict=True))
