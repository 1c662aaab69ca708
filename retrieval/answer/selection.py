"""What is quoted: the sentence or item that fits best, with what it takes to understand it."""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.documents import BlockKind, Passage, Span, Unit
from retrieval.answer.asked_headings import first_paragraph
from retrieval.answer.blocks import LINE_END, introductions
from retrieval.questions.question import Question
from retrieval.scoring.passage_terms import ASKS
from retrieval.scoring.short_answers import Quote
from retrieval.scoring.units import Candidate
from retrieval.text.tokens import terms

# How much worse than the best sentence its neighbour may be to be quoted with it: much where the
# later of the two refers to the earlier one, little where it is a close call.
_REFERRING_MARGIN, _MARGIN = 2.5, 1.0


@dataclass(frozen=True, slots=True)
class Selection:
    """What answers: the spans, in order.

    `units` are the sentences or the item that hold the short answer; none where whole items do.
    """

    answering: tuple[Span, ...]
    units: tuple[Candidate, ...] = ()

    def quotes(self, best: Candidate) -> list[Quote]:
        """The units, with how much worse than the best candidate each fits."""
        return [
            Quote(span=one.unit.span, text=one.quote, distance=best.score - one.score)
            for one in self.units
        ]

    @property
    def is_list(self) -> bool:
        """Whether several items answer, each as it stands."""
        return not self.units


def select(
    question: Question, candidates: Sequence[Candidate], *, is_asked_above: bool = False
) -> Selection:
    """The best unit, the first of the candidates, with what belongs to it.

    A sentence comes with its neighbour where one of them is unclear without the other, or where
    they fit nearly as well. An item comes with the lines that introduce it, and with the items that
    fit the question as well as it does; the line that introduces a list comes with all its items.
    Where the heading above asks the question, its first paragraph is quoted.
    """
    best = candidates[0]
    if any(unit.lead == best.unit.span for unit in best.passage.units):
        return _all_items(best, candidates)
    if is_asked_above and best.unit.lead is None:
        return _first_below(best)
    if best.unit.lead is None or best.unit.kind is BlockKind.DEFINITION:
        return _sentences(best, candidates)
    return _fitting_items(question, best)


def _first_below(best: Candidate) -> Selection:
    """The first paragraph below a heading that asks, or the items of the list there."""
    if best.unit.kind is BlockKind.PARAGRAPH:
        paragraph = (first_paragraph(best),)
        return Selection(paragraph, units=(best,))
    units = best.passage.units
    items = tuple(u.span for u in units if (u.kind, u.lead) == (best.unit.kind, None))
    return Selection(items, units=(best,) if len(items) == 1 else ())


def _all_items(best: Candidate, candidates: Sequence[Candidate]) -> Selection:
    """The items that the best unit introduces."""
    passage = best.passage
    items = [unit for unit in passage.units if best.unit.span in introductions(passage, unit)]
    answering = [item.span for item in items if not _introduces_all(passage, item, items)]
    single = tuple(
        one for one in candidates if one.passage.id == passage.id and [one.unit.span] == answering
    )
    return Selection(tuple(answering), units=single)


def _sentences(best: Candidate, candidates: Sequence[Candidate]) -> Selection:
    """The best sentence with its neighbour; of one that asks, the sentence that answers it."""
    following = _answer_behind(best, candidates)
    if following is not None:
        spans = _joined(best.passage, [best, following])
        return Selection(spans, units=(following,))
    sentences = _with_neighbour(best, candidates)
    spans = _joined(best.passage, sentences)
    return Selection(spans, units=tuple(sentences))


def _fitting_items(question: Question, best: Candidate) -> Selection:
    """The best item and those beside it that have all the words of the question that it has."""
    passage = best.passage
    introduced_by = introductions(passage, best.unit)
    introduction = " ".join(passage.quote(span) for span in introduced_by)
    asked = set(question.terms).difference(terms(introduction, passage.language))

    def matches(unit: Unit) -> set[str]:
        return asked.intersection(terms(passage.quote(unit.span), passage.language))

    wanted = matches(best.unit)
    fitting = tuple(
        unit.span
        for unit in passage.units
        if unit.lead == best.unit.lead and (matches(unit) >= wanted if wanted else True)
    )
    return Selection(fitting, units=(best,) if len(fitting) == 1 else ())


def _answer_behind(best: Candidate, candidates: Sequence[Candidate]) -> Candidate | None:
    """The sentence behind one that asks, as in lists of questions and answers; None elsewhere."""
    if not ASKS.search(best.quote):
        return None
    following = (
        other
        for other in candidates
        if other.passage.id == best.passage.id
        and other.position == best.position + 1
        and other.unit.lead is None
        and not ASKS.search(other.quote)
    )
    return next(following, None)


def _with_neighbour(best: Candidate, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The best sentence and the neighbour that is quoted with it, if any, in order."""
    beside = [
        other
        for other in candidates
        if other.passage.id == best.passage.id
        and abs(other.position - best.position) == 1
        and not other.found.terms.is_listed(other.position)
        and not _refers_further_back(other, best)
        and other.score + _margin(best, other) > best.score
    ]
    if not beside:
        return [best]
    other = max(beside, key=lambda one: one.score + _margin(best, one))
    return sorted([best, other], key=lambda candidate: candidate.position)


def _refers_further_back(other: Candidate, best: Candidate) -> bool:
    """Whether the sentence before speaks of somebody named before it: of another, then."""
    is_before = other.position < best.position
    return is_before and other.found.terms.units[other.position].is_referring


def _joined(passage: Passage, sentences: Sequence[Candidate]) -> tuple[Span, ...]:
    """The spans of neighbours; one span where they stand in one paragraph."""
    spans = [one.unit.span for one in sentences]
    if len(spans) == 2:
        whole = Span(spans[0].start, spans[1].end)
        if not LINE_END.search(passage.quote(Span(spans[0].end, spans[1].start + 1))):
            return (whole,)
    return tuple(spans)


def _margin(one: Candidate, other: Candidate) -> float:
    later = max(one, other, key=lambda candidate: candidate.position)
    is_referring = later.found.terms.units[later.position].is_referring
    return _REFERRING_MARGIN if is_referring else _MARGIN


def _introduces_all(passage: Passage, item: Unit, items: Sequence[Unit]) -> bool:
    """Whether an item is above all others, as a header is above its rows: then it is no answer."""
    others = [other for other in items if other is not item]
    return bool(others) and all(item.span in introductions(passage, other) for other in others)
