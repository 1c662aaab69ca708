"""What would be quoted of the best of some units."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.documents import Passage, Span
from retrieval.answer.blocks import block_around
from retrieval.answer.selection import Selection, select
from retrieval.scoring.short_answers import ShortAnswer, short_answer
from retrieval.scoring.units import Candidate
from retrieval.scoring.weights import Model

_OF_A_LIST = 0.35
"""How sure a list's items are taken to be as words that answer: there is no model of them."""


@dataclass(frozen=True, slots=True)
class Block:
    """What would be quoted for the first of the units: the spans; `short` are the words that answer
    in them."""

    ranked: Sequence[Candidate]
    selection: Selection
    short: ShortAnswer | None
    spans: tuple[Span, ...]

    @property
    def passage(self) -> Passage:
        """The passage that it stands in."""
        return self.ranked[0].passage

    @property
    def quote(self) -> str:
        """The text of the spans, one a line."""
        return "\n".join(self.passage.quote(span) for span in self.spans)

    @property
    def likely(self) -> float:
        """How sure the short answer is."""
        if self.selection.is_list:
            return _OF_A_LIST
        return self.short.confidence if self.short else 0.0


def block_of(ranked: Sequence[Candidate], idf: Callable[[str], float], model: Model) -> Block:
    """What would be quoted of the first of some units, with others of its passage; `model` is that
    of the words that answer."""
    question = ranked[0].found.asked.question
    selection = select(question, ranked, is_asked_above=ranked[0].is_asked_above)
    short = short_answer(question, selection.quotes(ranked[0]), idf, model)
    spans = block_around(ranked[0].passage, selection.answering, question)
    return Block(ranked, selection, short, tuple(spans))
