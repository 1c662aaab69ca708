"""From the best passages to the sentence or item that answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.documents import Passage, Unit
from retrieval.scoring.features import Table
from retrieval.scoring.passages import Found
from retrieval.scoring.unit_features import unit_features
from retrieval.scoring.weights import Model

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
    features: Mapping[str, float]
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
    units: list[Candidate] = []
    for one in found[:EXTRACTED_FROM]:
        passage = one.hit.score - found[0].hit.score
        columns = unit_features(one.asked, one.terms, passage)
        if parts is not None:
            columns["part"] = parts(one)
        table = Table(len(one.terms.units), columns)
        units += [
            Candidate(one, position, score + PASSAGE * passage, table.row(position))
            for position, score in enumerate(table.scores(model))
            if one.terms.can_answer(position)
        ]
    return sorted(units, key=lambda candidate: -candidate.score)
