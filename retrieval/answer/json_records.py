"""Answers and hits as JSON: fixed fields, and figures rounded so that the bytes are the same."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from knowledge.addresses import section_address
from knowledge.documents import Document, Passage
from retrieval.answer.answer import Answer, Citation
from retrieval.search.engine import Hit

_DIGITS = 6


class MarkRecord(BaseModel):
    """A part of a quote that answers, in characters of the document's text."""

    start: int
    end: int


class NumberRecord(BaseModel):
    """Where an item of a numbered list begins, in characters of the document's text; its number."""

    start: int
    number: str


class CitationRecord(BaseModel):
    """A quote and where it stands; `start` and `end` count characters of the document's text.

    `encoding` is that of the source, where it is not UTF-8.
    """

    document: str
    title: str
    heading: list[str]
    source: str
    start: int
    end: int
    line: int
    quote: str
    page: int | None
    url: str | None
    encoding: str | None
    marks: list[MarkRecord]
    numbers: list[NumberRecord]

    @classmethod
    def of(cls, citation: Citation) -> "CitationRecord":
        """The record of a citation."""
        return cls(
            document=citation.document_id,
            title=citation.title,
            heading=list(citation.heading),
            source=citation.source,
            start=citation.span.start,
            end=citation.span.end,
            line=citation.line,
            quote=citation.quote,
            page=citation.page,
            url=citation.address,
            encoding=citation.encoding,
            marks=[MarkRecord(start=mark.start, end=mark.end) for mark in citation.marks],
            numbers=[
                NumberRecord(start=start, number=number) for start, number in citation.numbers
            ],
        )


class HitRecord(BaseModel):
    """A passage that was found."""

    document: str
    passage: str
    start: int
    end: int
    score: float
    rank: int

    @classmethod
    def of(cls, hit: Hit) -> "HitRecord":
        """The record of a hit."""
        return cls(
            document=hit.passage.document_id,
            passage=hit.passage.id,
            start=hit.passage.span.start,
            end=hit.passage.span.end,
            score=round(hit.score, _DIGITS),
            rank=hit.rank,
        )


class SearchRecord(BaseModel):
    """A passage that was found, with its text and where it stands."""

    document: str
    passage: str
    start: int
    end: int
    score: float
    rank: int
    text: str
    heading: list[str]
    line: int
    page: int | None
    url: str | None

    @classmethod
    def of(cls, hit: Hit, document: Document) -> "SearchRecord":
        """The record of a hit in `document`."""
        passage = PassageRecord.of(hit.passage, document)
        return cls(
            **HitRecord.of(hit).model_dump(),
            text=passage.text,
            heading=passage.heading,
            line=passage.line,
            page=passage.page,
            url=passage.url,
        )


class RepairRecord(BaseModel):
    """A misspelt word and what it was read as."""

    asked: str
    read_as: str


class AnswerRecord(BaseModel):
    """What came of a question."""

    question: str
    verdict: Literal["answered", "declined"]
    text: str | None
    short_answer: str | None
    short_confidence: float | None
    confidence: float
    citations: list[CitationRecord]
    hits: list[HitRecord]
    repairs: list[RepairRecord]
    unanswered: list[str]
    nearest: list[CitationRecord]
    reader: str
    vectors: bool

    @classmethod
    def of(cls, answer: Answer) -> "AnswerRecord":
        """The record of an answer."""
        short = answer.short_confidence
        return cls(
            question=answer.question,
            verdict=answer.verdict.value,
            text=answer.text,
            short_answer=answer.short_answer,
            short_confidence=None if short is None else round(short, _DIGITS),
            confidence=round(answer.confidence, _DIGITS),
            citations=[CitationRecord.of(citation) for citation in answer.citations],
            hits=[HitRecord.of(hit) for hit in answer.hits],
            repairs=[
                RepairRecord(asked=repair.asked, read_as=repair.read_as)
                for repair in answer.repairs
            ],
            unanswered=list(answer.unanswered),
            nearest=[CitationRecord.of(citation) for citation in answer.nearest],
            reader=answer.reader,
            vectors=answer.has_vectors,
        )


class PassageRecord(BaseModel):
    """A passage in its document."""

    document: str
    passage: str
    title: str
    heading: list[str]
    source: str
    start: int
    end: int
    line: int
    page: int | None
    url: str | None
    encoding: str | None
    text: str

    @classmethod
    def of(cls, passage: Passage, document: Document) -> "PassageRecord":
        """The record of a passage of `document`."""
        return cls(
            document=document.id,
            passage=passage.id,
            title=passage.title,
            heading=list(passage.heading),
            source=document.source,
            start=passage.span.start,
            end=passage.span.end,
            line=document.line_at(passage.span.start),
            page=(page := document.page_at(passage.span.start)),
            url=(
                section_address(document.url, page, passage.anchor, document.source)
                if document.url
                else None
            ),
            encoding=document.encoding,
            text=passage.text,
        )


class SkippedRecord(BaseModel):
    """A file that gave no documents."""

    name: str
    reason: str


class DocumentRecord(BaseModel):
    """A document that is known; `read` is when its file was read."""

    document: str
    title: str
    source: str
    url: str | None
    encoding: str | None
    language: str
    passages: int
    read: datetime


class StaleRecord(BaseModel):
    """Evidence of a question set that the documents do not hold."""

    questions: str
    stale: str


class FlawRecord(BaseModel):
    """What makes a question of a set judge badly; `line` is None where the set has no lines."""

    questions: str
    id: str
    line: int | None
    warning: str


class DifferenceRecord(BaseModel):
    """A file that is not what was read."""

    file: str
    difference: str


class IndexRecord(BaseModel):
    """What the index holds, and what was done: files by their paths, renamed ones old and new.

    `vectors` are the passages that have one.
    """

    documents: int
    passages: int
    engine: str
    folder: str
    added: list[str]
    changed: list[str]
    removed: list[str]
    renamed: list[list[str]]
    skipped: list[SkippedRecord]
    vectors: int
