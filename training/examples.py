"""Examples to learn from: judged questions, asked with the weights that there are so far."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path

from knowledge.documents import Passage
from knowledge.loading import MATERIAL
from retrieval.answer.answering import Answerer, Trace
from retrieval.answer.blocks import block_around
from retrieval.evaluation import measures
from retrieval.evaluation.question_sets import PACKAGED, JudgedQuestion, read_question_set
from retrieval.index.engines import AUTO, build_engine, chosen
from retrieval.index.reading import Index
from retrieval.opening import open_collection
from retrieval.scoring.features import together
from retrieval.scoring.short_answers import candidate_spans
from retrieval.scoring.units import Candidate
from retrieval.scoring.weights import Weights
from retrieval.search.engine import Hit, SearchEngine
from training.learning import Choice, Decision

LEAVING_OUT = 400
"""Passages to look through for those that are not left out."""


class Without:
    """An engine as if some documents were not there; the idf stays that of all."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self.is_left_out: Callable[[str], bool] = lambda document: False
        self.idf, self.knows = engine.idf, engine.knows

    def search(self, terms: Sequence[str], limit: int) -> list[Hit]:
        """The best `limit` of the passages that are not left out."""
        hits = self._engine.search(terms, limit + LEAVING_OUT)
        kept = [hit for hit in hits if not self.is_left_out(hit.passage.document_id)]
        return [replace(hit, rank=rank) for rank, hit in enumerate(kept[:limit], start=1)]


@dataclass(frozen=True)
class Material:
    """A set of questions over its documents; `groups` are what folds never split.

    Each question counts `count` times. `is_prose` is whether a sentence answers by itself.
    """

    name: str
    knowledge: Path
    questions: tuple[JudgedQuestion, ...]
    count: float = 1.0
    is_prose: bool = True

    def __reduce__(self) -> tuple[type["Material"], tuple[object, ...]]:
        """How another process gets it, without what was opened here."""
        return Material, tuple(getattr(self, one.name) for one in fields(self))

    @cached_property
    def index(self) -> Index:
        """The documents and their passages."""
        return open_collection(self.knowledge).index

    @cached_property
    def engine(self) -> SearchEngine:
        """The engine over all of them, the one that answers from so many."""
        return build_engine(chosen(AUTO, self.index.summary.passages), self.index)

    def answerer(self, weights: Weights, engine: SearchEngine | None = None) -> Answerer:
        """An Answerer over the documents."""
        return Answerer(self.index, engine or self.engine, weights=weights)

    @cached_property
    def groups(self) -> dict[str, str]:
        """The article of each question: where none is said, that of the question before it.

        So the first of an article's questions, if it has no evidence, is taken for one of the
        article before: 75 of the 3,168 in squad2-dev at most.
        """
        found, article = {}, ""
        for question in self.questions:
            if question.evidence:
                article = article_of(question.evidence[0].document)
            found[question.id] = article
        return found


def article_of(document: str) -> str:
    """The article that a paragraph is of ("Normans#3"); other documents are their own."""
    return document.partition("#")[0]


def read_material(folder: Path, name: str, corpus: str | None = None) -> Material:
    """A set of questions and its documents, which may be those of another set."""
    questions = read_question_set(folder / f"{name}.questions.jsonl").questions
    return Material(name, folder / f"{corpus or name}.corpus.jsonl", questions)


def packaged(tag: str) -> Material:
    """The packaged questions with a tag."""
    found = read_question_set(PACKAGED).questions
    return Material("packaged", MATERIAL, tuple(q for q in found if tag in q.tags))


def traces(
    answerer: Answerer, questions: Iterable[JudgedQuestion]
) -> Iterator[tuple[JudgedQuestion, Trace]]:
    """Each question for which something was found."""
    for question in questions:
        trace = answerer.trace(question.question)
        if trace.found:
            yield question, trace


def passage_choices(
    material: Material, questions: Iterable[JudgedQuestion], weights: Weights
) -> Iterator[Choice]:
    """The passages that an engine found for each question with evidence."""
    answerer = material.answerer(weights)
    for question in questions:
        if question.evidence and (found := answerer.found(question.question)):
            right = [is_right_passage(question, one.hit.passage) for one in found]
            yield Choice.of([one.features for one in found], right, material.count)


def is_right_passage(question: JudgedQuestion, passage: Passage) -> float:
    """Whether a passage answers, 1 or 0: by its text, or by its document where none is quoted."""
    if not question.answers and any(one.quote for one in question.evidence):
        return float(answers(question, f"{passage.lead_in}\n{passage.text}", passage.language))
    return float(
        any(one.grade > 0 and one.document == passage.document_id for one in question.evidence)
    )


def unit_choices(
    material: Material, questions: Iterable[JudgedQuestion], weights: Weights
) -> Iterator[Choice]:
    """The units of the best passages, for each question that says what answers it.

    In prose of encyclopedias only the unit itself is right, in manuals half so the block around it.
    """
    for question, trace in traces(material.answerer(weights), filter(says_what_answers, questions)):
        right = [
            (1 + answers(question, one.quote, one.passage.language)) / 2
            if answers(question, _block(one), one.passage.language)
            else 0.0
            for one in trace.candidates
        ]
        if material.is_prose:
            right = [float(value == 1) for value in right]
        yield Choice.of([one.features for one in trace.candidates], right, material.count)


def _block(one: Candidate) -> str:
    return "\n".join(
        one.passage.quote(span)
        for span in block_around(one.passage, [one.unit.span], one.found.asked.question)
    )


_LEAST = 25
"""Letters of a text that is right since it is a part of what was quoted."""


def says_what_answers(question: JudgedQuestion) -> bool:
    """Whether it is known which quotes are right."""
    return question.judges_quotes or any(one.quote for one in question.evidence)


def answers(question: JudgedQuestion, text: str, language: str) -> bool:
    """Whether a text answers: by answers and patterns, or as it holds the quote or is in it."""
    if question.judges_quotes:
        return question.is_answered_by(text, language)
    held = " ".join(text.split())
    quotes = (" ".join(one.quote.split()) for one in question.evidence if one.quote)
    return any(quote in held or (len(held) >= _LEAST and held in quote) for quote in quotes)


def span_choices(
    material: Material, questions: Iterable[JudgedQuestion], weights: Weights
) -> Iterator[Choice]:
    """The spans of what would be quoted, for each question with answers."""
    answerable = [question for question in questions if question.answers]
    for question, trace in traces(material.answerer(weights), answerable):
        if trace.selection is None:
            continue
        best = trace.candidates[0]
        text = material.index.documents[best.passage.document_id].text
        quotes = trace.selection.quotes(best)
        found = list(candidate_spans(trace.asked.question, quotes, material.engine.idf))
        features = [together(parts) for _, parts in found]
        right = [measures.exact_match(span.of(text), question.answers) for span, _ in found]
        if features:
            yield Choice.of(features, right)


OFF_TOPIC, NEAR_MISS, UNANSWERABLE, ANSWERABLE = (
    "off-topic",
    "near-miss",
    "unanswerable",
    "to-answer",
)


def decisions(
    material: Material, questions: Iterable[JudgedQuestion], weights: Weights
) -> Iterator[tuple[str, JudgedQuestion, Trace, bool]]:
    """Each question as it is, and each one to answer again without its paragraph or its article.

    What is left out is no negative where the quote still holds an answer; those are passed over.
    """
    engine = Without(material.engine)
    whole, partly = material.answerer(weights), material.answerer(weights, engine)
    for question in questions:
        kind = kind_of(question)
        if kind is ANSWERABLE and not says_what_answers(question):
            continue
        trace = whole.trace(question.question)
        # An answer made of several has no features of its own.
        if trace.selection is None or trace.of_subquestions:
            continue
        yield kind, question, trace, is_right(question, trace)
        if kind is ANSWERABLE and question.evidence and "#" in question.evidence[0].document:
            gold = question.evidence[0].document
            article = article_of(gold)
            for name, is_left_out in (
                (NEAR_MISS, lambda document, gold=gold: document == gold),
                (OFF_TOPIC, lambda document, article=article: article_of(document) == article),
            ):
                engine.is_left_out = is_left_out
                again = partly.trace(question.question)
                if again.selection and not again.of_subquestions and not is_right(question, again):
                    yield name, question, again, False


def kind_of(question: JudgedQuestion) -> str:
    """Whether a question is to be answered, and if not, why nothing answers it."""
    if not question.must_be_declined:
        return ANSWERABLE
    return next((kind for kind in (NEAR_MISS, OFF_TOPIC) if kind in question.tags), UNANSWERABLE)


def is_right(question: JudgedQuestion, trace: Trace) -> bool:
    """Whether the quote answers."""
    text = "\n".join(citation.quote for citation in trace.answer.best_quotes)
    return answers(question, text, trace.asked.question.language)


def as_decision(trace: Trace, right: bool, weight: float) -> Decision:
    """An example for the confidence."""
    assert trace.features is not None, "nothing was found"
    return Decision(dict(trace.features), float(right), weight)
