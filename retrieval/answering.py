"""From a question to an answer: search, extract, then cite or decline."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from knowledge.documents import Document, Passage, Span
from knowledge.errors import FootnoteError
from retrieval.confidence import THRESHOLD, probability
from retrieval.engine import Hit, SearchEngine
from retrieval.extraction import Candidate, Extractor, select
from retrieval.questions import Question
from retrieval.short_answers import short_answer

LONGEST_QUESTION = 1_000
"""In characters; a longer text is no question, and every word of it would be searched for."""

_EXTRACTED_FROM = 10
"""Passages whose units are candidates: further ones hardly ever hold the answer."""


class QuestionError(FootnoteError):
    """A text that cannot be a question."""


class QuoteMismatchError(Exception):
    """A quote that is not what stands in its document: never shown, for it would be no citation."""


class Verdict(Enum):
    """Whether the documents answer the question."""

    ANSWERED = "answered"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and where it stands; `line` counts from 1.

    `answering` is the span of the words within the quote that answer, None where none stand out.
    `introduces` marks the line that introduces the items cited after it.
    Law: `quote == document.text[span]`.
    """

    document_id: str
    title: str
    heading: tuple[str, ...]
    source: str
    span: Span
    line: int
    quote: str
    answering: Span | None = None
    introduces: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question.

    ANSWERED has at least one citation. DECLINED has none, and `nearest` are those that came
    nearest, if any did. `confidence` (0 to 1) is how likely it is that the quote answers the
    question, or would have; `short_confidence` the same of the words that answer.
    """

    question: str
    verdict: Verdict
    confidence: float
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    short_confidence: float | None = None
    nearest: tuple[Citation, ...] = ()

    def __post_init__(self) -> None:
        if (self.verdict is Verdict.ANSWERED) != bool(self.citations):
            raise ValueError(f"{self.verdict} with {len(self.citations)} citations")

    @property
    def text(self) -> str | None:
        """The quotes, one a line; None where the question was declined."""
        return "\n".join(citation.quote for citation in self.citations) or None

    @property
    def short_answer(self) -> str | None:
        """The words that answer, one citation's a line; None where none stand out."""
        return answering_words(self.citations)


def answering_words(citations: Iterable[Citation]) -> str | None:
    """The words of the citations that answer, one citation's a line; None where none stand out."""
    parts = [c.answering.moved(-c.span.start).of(c.quote) for c in citations if c.answering]
    return "\n".join(parts) or None


class Answerer:
    """Answers questions from some documents and the engine over their passages.

    Below the `threshold` of confidence it declines.
    """

    def __init__(
        self,
        documents: Mapping[str, Document],
        engine: SearchEngine,
        threshold: float = THRESHOLD,
    ) -> None:
        self._documents = documents
        self._engine = engine
        self._threshold = threshold
        self._extractor = Extractor(engine.idf)

    def search(self, query: str, limit: int) -> list[Hit]:
        """The best `limit` passages for a query; QuestionError where it is empty or too long."""
        return self._engine.search(_checked(query).terms, limit)

    def answer(self, text: str, limit: int = 10) -> Answer:
        """The answer to a question, with at most `limit` hits.

        QuestionError where it is empty or longer than LONGEST_QUESTION.
        """
        question = _checked(text)
        hits = self._engine.search(question.terms, max(limit, _EXTRACTED_FROM))
        candidates = self._extractor.candidates(question, hits[:_EXTRACTED_FROM])
        shown = tuple(hits[:limit])
        if not candidates:
            return Answer(text, Verdict.DECLINED, 0.0, (), shown)
        best = candidates[0]
        confidence = probability(best.score)
        citations, short_confidence = self._cited(question, best, confidence)
        if confidence < self._threshold:
            return Answer(text, Verdict.DECLINED, confidence, (), shown, nearest=citations)
        return Answer(text, Verdict.ANSWERED, confidence, citations, shown, short_confidence)

    def _cited(
        self, question: Question, best: Candidate, confidence: float
    ) -> tuple[tuple[Citation, ...], float | None]:
        """The quotes with the words that answer marked, and how likely those are right."""
        passage = best.passage
        selection = select(question, best)
        # Several items answer as they stand; of one, some words do.
        marks = {span: span for span in selection.answering}
        short_confidence: float | None = confidence
        if len(marks) == 1:
            (span,) = marks
            found = short_answer(question, self._slice(passage, span), self._engine.idf)
            marks = {} if found is None else {span: found.span.moved(span.start)}
            short_confidence = None if found is None else found.confidence
        citations = (
            self._citation(passage, span, marks.get(span), span not in selection.answering)
            for span in selection.quoted
        )
        return tuple(citations), short_confidence

    def _slice(self, passage: Passage, span: Span) -> str:
        return span.of(self._documents[passage.document_id].text)

    def _citation(
        self, passage: Passage, span: Span, answering: Span | None, introduces: bool
    ) -> Citation:
        """The quote of a span of the passage's document, checked against what the index holds."""
        document = self._documents[passage.document_id]
        quote = span.of(document.text)
        if passage.span.of(document.text) != passage.text or quote != passage.quote(span):
            raise QuoteMismatchError(f"{passage.id} is not what stands in {document.source}")
        return Citation(
            document_id=document.id,
            title=document.title,
            heading=passage.heading,
            source=document.source,
            span=span,
            line=document.line_at(span.start),
            quote=quote,
            answering=answering,
            introduces=introduces,
        )


def _checked(text: str) -> Question:
    """The text as a question; QuestionError where it cannot be one."""
    if not text.strip():
        raise QuestionError("the question is empty; ask in a few words")
    if len(text) > LONGEST_QUESTION:
        raise QuestionError(
            f"the question has {len(text):,} characters; shorten it to {LONGEST_QUESTION:,}"
        )
    return Question(text)
