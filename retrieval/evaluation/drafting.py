"""Questions proposed out of documents, for whoever makes a question set of their own."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from knowledge.documents import BlockKind, Passage, Span
from knowledge.languages import ENGLISH
from retrieval.answer.answer import Citation
from retrieval.answer.citing import citation_of
from retrieval.evaluation.defaults import defaults_in
from retrieval.evaluation.definitions import definitions_in
from retrieval.evaluation.facts import facts_in
from retrieval.evaluation.flaws import words_of
from retrieval.evaluation.headings import asks, bare, question_of
from retrieval.evaluation.names import Asked, Form, is_opening
from retrieval.evaluation.question_sets import DRAFTED, Evidence, JudgedQuestion
from retrieval.index.reading import Index

_MOST_WORDS = 80
# What is told beside, or elsewhere.
_ASIDE = re.compile(
    r"(?i:tip|note|warning|caution|important|hint)\b[:!]?(?:\s+[A-Z]|$)|Figure \d|See |Left:"
    r"|This (?:section|chapter|page|appendix|document|article|part)\b"
)
_AT_A_TIME = 50_000
"""Passages that are looked through before the first proposal."""

_MOST_PLACES = 3
"""A question that more places answer is too vague to be judged by its evidence."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question with what answers it: a part of a passage, and where else the question is asked.

    Law: `quote` stands in the document exactly once.
    """

    question: str
    form: Form
    passage: Passage
    span: Span
    others: tuple[Evidence, ...] = ()

    @property
    def quote(self) -> str:
        """The words that answer."""
        return self.passage.quote(self.span)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Every place that answers."""
        return (Evidence(document=self.passage.document_id, quote=self.quote), *self.others)

    def cited(self, index: Index) -> Citation:
        """The words that answer, as an answer cites them."""
        return citation_of(index, self.passage, self.span)

    def judged(self, id_: str, question: str | None = None) -> JudgedQuestion:
        """The question of a set, worded otherwise if somebody did."""
        return JudgedQuestion(
            id=id_, question=question or self.question, evidence=self.evidence, tags=(DRAFTED,)
        )


def proposals(index: Index, known: Iterable[str] = ()) -> Iterator[Proposal]:
    """Questions that the documents answer, without those `known`; the same each time.

    One of each document in turn, of the form that was proposed least, from a section that was not
    proposed from yet, so that the first fifty are about as much as possible.
    """
    seen = {words_of(question) for question in known}
    for batch in _batches(index):
        found = [p for p in _merged(batch) if words_of(p.question) not in seen]
        seen.update(words_of(proposal.question) for proposal in found)
        for proposal in _spread(found):
            if (unique := _unique(proposal, index)) is not None:
                yield unique


def _batches(index: Index) -> Iterator[list[Proposal]]:
    """What so many passages propose at a time, files in an order that says nothing."""
    batch: list[Proposal] = []
    passages = 0
    for file in sorted(index.files(), key=_shuffled):
        for entry in index.of_file(file):
            batch += _proposed(entry.passage)
            passages += 1
            if passages == _AT_A_TIME:
                yield batch
                batch, passages = [], 0
    yield batch


def _shuffled(text: str) -> bytes:
    """A key that puts texts into an order of no meaning, which is always the same."""
    return hashlib.sha256(text.encode(errors="surrogateescape")).digest()


def _proposed(passage: Passage) -> Iterator[Proposal]:
    """The questions that a passage answers."""
    heading = (passage.title, *passage.heading)[-1] if is_opening(passage) else None
    if heading is not None and (answer := _opening(passage)):
        question = (
            question_of(heading, passage.text)
            if passage.language == ENGLISH
            else bare(heading)
            if asks(heading)
            else None
        )
        if question is not None:
            yield Proposal(question, Form.HEADING, passage, answer)
    if passage.language == ENGLISH:
        for asked in _asked_by(passage):
            yield Proposal(asked.question, asked.form, passage, asked.span)


def _asked_by(passage: Passage) -> Iterator[Asked]:
    """The questions that the sentences, terms and rows of an English passage answer."""
    yield from definitions_in(passage)
    yield from defaults_in(passage)
    yield from facts_in(passage)


def _opening(passage: Passage) -> Span | None:
    """The lines below a heading, as many as a person would copy; None where none can be quoted."""
    units = passage.units
    if not units[0].is_quotable or units[0].kind is BlockKind.TERM:
        return None  # a term begins a list of what there is
    if _ASIDE.match(passage.quote(units[0].span)):
        return None
    end, words = units[0].span.end, 0
    for unit in units:
        words += len(passage.quote(unit.span).split())
        if not unit.is_quotable or (words > _MOST_WORDS and unit is not units[0]):
            break
        end = unit.span.end
    return Span(units[0].span.start, end)


def _merged(found: Iterable[Proposal]) -> Iterator[Proposal]:
    """Each question once, with all places that answer it; those of too many places left out."""
    by_words: dict[str, list[Proposal]] = {}
    for proposal in found:
        by_words.setdefault(words_of(proposal.question), []).append(proposal)
    for same in by_words.values():
        first, *others = {(p.passage.document_id, p.quote): p for p in same}.values()
        if len(others) < _MOST_PLACES:
            places = tuple(e for other in others for e in other.evidence)
            yield Proposal(first.question, first.form, first.passage, first.span, places)


def _spread(found: Iterable[Proposal]) -> Iterator[Proposal]:
    """The proposals in the order in which they are made."""
    by_document = {
        id_: list(of_document)
        for id_, of_document in groupby(found, key=lambda p: p.passage.document_id)
    }
    made: Counter[object] = Counter()
    while by_document:
        for id_, left in list(by_document.items()):
            best = min(
                left,
                key=lambda p: (made[p.passage.section], made[p.form], _shuffled(p.question)),
            )
            left.remove(best)
            made[best.passage.section] += 1
            made[best.form] += 1
            yield best
            if not left:
                del by_document[id_]


def _unique(proposal: Proposal, index: Index) -> Proposal | None:
    """The proposal with evidence that stands once in its document, longer if need be."""
    text = index.documents[proposal.passage.document_id].text
    starts = [u.span.start for u in proposal.passage.units if u.span.start < proposal.span.start]
    for start in (proposal.span.start, *reversed(starts)):
        span = Span(start, proposal.span.end)
        if text.count(proposal.passage.quote(span)) == 1:
            return replace(proposal, span=span)
    return None
