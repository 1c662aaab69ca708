"""What came of a question set: an outcome for each question, and the figures over all."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from retrieval.evaluation.figures import Figure, Scored, by_tag, counted, figures
from retrieval.evaluation.judging import Outcome
from retrieval.evaluation.reports import Lengths, lengths, report_json, scored


@dataclass(frozen=True)
class Evaluation:
    """The outcomes in the order of the questions; `knowledge` is the path that was asked.

    Each part is worked out when it is first asked for.
    """

    outcomes: tuple[Outcome, ...]
    knowledge: Path | None = None

    @cached_property
    def scored(self) -> list[Scored]:
        """The outcomes as figures see them."""
        return scored(self.outcomes)

    @cached_property
    def counted(self) -> Sequence[Scored]:
        """Those that the figures are over: without the drafted, if others are to be answered."""
        return counted(self.scored)

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Each figure by its name, with its 95 % interval and the number of questions."""
        return figures(self.counted)

    @cached_property
    def tags(self) -> dict[str, dict[str, Figure]]:
        """The figures over the questions of each tag."""
        return by_tag(self.scored)

    @cached_property
    def words(self) -> Lengths | None:
        """How many words the answers have; None where all questions were declined."""
        return lengths(outcome.answer for outcome in self.outcomes)

    def to_json(self) -> str:
        """Figures and outcomes as `evaluate --json` writes them, without paths of the machine."""
        return report_json(self.outcomes, self.figures, self.knowledge)
