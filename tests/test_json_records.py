"""Answers and hits as JSON: the fields that other programs rely on, and the same bytes always."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from corpora import answerer_over, document, material, passages_from

from knowledge.documents import BlockKind, Span
from retrieval.answer.answer import Answer, Citation, QuotedLine, Verdict
from retrieval.answer.answering import Answerer
from retrieval.answer.json_records import (
    AnswerRecord,
    CitationRecord,
    HitRecord,
    IndexRecord,
    PassageRecord,
    SearchRecord,
    SkippedRecord,
)
from retrieval.search.engine import Hit

ANSWER_FIELDS = [
    "question",
    "verdict",
    "text",
    "short_answer",
    "short_confidence",
    "confidence",
    "citations",
    "hits",
    "repairs",
    "unanswered",
    "nearest",
    "reader",
    "vectors",
]
CITATION_FIELDS = [
    "document",
    "title",
    "heading",
    "source",
    "start",
    "end",
    "line",
    "quote",
    "page",
    "url",
    "encoding",
    "marks",
    "numbers",
]
HIT_FIELDS = ["document", "passage", "start", "end", "score", "rank"]

MILLS = "# Mills\n\n## Ulm\n\nThe mill of Ulm was built by Anna Berg in 1884.\n"

QUESTIONS = [
    "Which Mexican officials have visited Palestine?",
    "Who visited Palestine from Mexico in 2013?",
    "What are the main exports from Palestine to Mexico?",
    "How much did Mexico contribute to the World Food Programme in December 2008?",
    "Where did Luis Echeverría and Yasser Arafat have a meeting in August 1975?",
    "Which bilateral agreements were signed?",
    "When did Mexico recognize Palestine?",
    "What is the capital of Australia?",
    "Which painter made the Mona Lisa for the Senate, the Governor of Ramallah, the Secretariat of "
    "Health, the World Food Programme and the General Assembly of the United Nations in 2014?",
    "🎉",
]

# Prints the record of each answer, and below it the scores of all units that might have been it.
ASK = """
import sys
from corpora import answerer_over, material
from retrieval.answer.json_records import AnswerRecord

answerer = answerer_over(material())
for line in sys.stdin.buffer.read().decode().splitlines():
    trace = answerer.trace(line)
    record = AnswerRecord.of(trace.answer).model_dump_json()
    scores = str([candidate.score for candidate in trace.candidates])
    sys.stdout.buffer.write(f"{record}\\n{scores}\\n".encode())
"""


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    """Answers from the packaged article."""
    return answerer_over(material())


def test_an_answered_question() -> None:
    """The record of an answer has the fixed fields in their order, with the answer's values."""
    mills = document(MILLS, "mills.md")
    record = AnswerRecord.of(answerer_over(mills).answer("Who built the mill of Ulm?"))
    written = json.loads(record.model_dump_json())
    assert list(written) == ANSWER_FIELDS
    assert written["question"] == "Who built the mill of Ulm?"
    assert written["verdict"] == "answered"
    assert written["text"] == "The mill of Ulm was built by Anna Berg in 1884."
    assert written["short_answer"] == "Anna Berg"
    assert written["citations"] == [
        {
            "document": "mills.md",
            "title": "Mills",
            "heading": ["Ulm"],
            "source": mills.source,
            "start": 17,
            "end": 64,
            "line": 5,
            "quote": "The mill of Ulm was built by Anna Berg in 1884.",
            "page": None,
            "url": None,
            "encoding": None,
            "marks": [{"start": 17, "end": 64}],
            "numbers": [],
        }
    ]
    (hit,) = written["hits"]
    assert {name: hit[name] for name in HIT_FIELDS if name != "score"} == {
        "document": "mills.md",
        "passage": "mills.md#1",
        "start": 17,
        "end": 64,
        "rank": 1,
    }


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_fields_are_fixed(answerer: Answerer, question: str) -> None:
    """Every record has all of the fields in their order, null where there is nothing to say."""
    answer = answerer.answer(question)
    written = json.loads(AnswerRecord.of(answer).model_dump_json())
    assert list(written) == ANSWER_FIELDS
    shown = [*written["citations"], *written["nearest"]]
    assert all(list(citation) == CITATION_FIELDS for citation in shown)
    for citation in shown:
        for mark in citation["marks"]:
            assert citation["start"] <= mark["start"] < mark["end"] <= citation["end"]
    assert all(list(hit) == HIT_FIELDS for hit in written["hits"])
    assert written["verdict"] == answer.verdict.value
    assert written["text"] == answer.text
    assert written["short_answer"] == answer.short_answer
    assert [hit["rank"] for hit in written["hits"]] == [hit.rank for hit in answer.hits]


def test_a_declined_question(answerer: Answerer) -> None:
    """What is declined has a confidence and hits, but no text and no guess."""
    record = AnswerRecord.of(answerer.answer("Which painter made the Mona Lisa in Ramallah?"))
    assert record.verdict == "declined"
    assert (record.text, record.short_answer, record.short_confidence) == (None, None, None)
    assert record.citations == []
    assert record.hits
    assert 0 <= record.confidence <= 1


def test_figures_are_rounded() -> None:
    """Scores and confidences have six digits, so that they are written alike everywhere."""
    (passage,) = passages_from(document("Mexico met Palestine."))
    hit = Hit(passage, 2.00000049999, 1)
    citation = Citation("notes.txt", "notes", (), "notes.txt", Span(0, 6), 1, "Mexico")
    answer = Answer("Who?", Verdict.ANSWERED, 0.9876543219, (citation,), (hit,), 1 / 3)
    record = AnswerRecord.of(answer)
    assert record.confidence == 0.987654
    assert record.short_confidence == 0.333333
    assert record.hits[0].score == 2.0


def test_a_citation() -> None:
    """Offsets count from the beginning, lines from 1; what goes on in an item has no number."""
    marks = (Span(5, 8),)
    citation = Citation("a.md", "T", ("A", "B"), "docs/a.md", Span(5, 9), 2, "oil.", marks)
    lines = QuotedLine(Span(5, 6), BlockKind.ITEM, "2."), QuotedLine(Span(8, 9), BlockKind.ITEM, "")
    citation = replace(citation, lines=lines)
    assert CitationRecord.of(citation).model_dump() == {
        "document": "a.md",
        "title": "T",
        "heading": ["A", "B"],
        "source": "docs/a.md",
        "start": 5,
        "end": 9,
        "line": 2,
        "quote": "oil.",
        "page": None,
        "url": None,
        "encoding": None,
        "marks": [{"start": 5, "end": 8}],
        "numbers": [{"start": 5, "number": "2."}],
    }


def test_a_hit_with_its_text() -> None:
    """The record of a search is that of a hit, then the passage's text and where it stands."""
    mills = document(MILLS, "mills.md")
    (passage,) = passages_from(mills)
    hit = Hit(passage, 1.25, 3)
    record = SearchRecord.of(hit, mills).model_dump()
    assert list(record) == [*HIT_FIELDS, "text", "heading", "line", "page", "url"]
    assert record == {
        **HitRecord.of(hit).model_dump(),
        "text": "The mill of Ulm was built by Anna Berg in 1884.",
        "heading": ["Ulm"],
        "line": 5,
        "page": None,
        "url": None,
    }
    assert record["score"] == 1.25
    assert record["rank"] == 3


def test_a_passage_in_its_document() -> None:
    """A passage is told with its headings, its place and the line that it begins on."""
    mills = document(MILLS, "mills.md")
    (passage,) = passages_from(mills)
    assert PassageRecord.of(passage, mills).model_dump() == {
        "document": "mills.md",
        "passage": "mills.md#1",
        "title": "Mills",
        "heading": ["Ulm"],
        "source": mills.source,
        "start": 17,
        "end": 64,
        "line": 5,
        "page": None,
        "url": None,
        "encoding": None,
        "text": "The mill of Ulm was built by Anna Berg in 1884.",
    }


def test_what_was_read() -> None:
    """What was indexed is told in numbers, what was skipped by name."""
    skipped = [SkippedRecord(name="a.png", reason="is a binary file")]
    record = IndexRecord(
        documents=2,
        passages=9,
        engine="rank-bm25",
        folder="/cache",
        added=["a.md"],
        changed=[],
        removed=["b.md"],
        renamed=[["c.md", "d.md"]],
        skipped=skipped,
        vectors=9,
    )
    assert json.loads(record.model_dump_json()) == {
        "documents": 2,
        "passages": 9,
        "engine": "rank-bm25",
        "folder": "/cache",
        "added": ["a.md"],
        "changed": [],
        "removed": ["b.md"],
        "renamed": [["c.md", "d.md"]],
        "skipped": [{"name": "a.png", "reason": "is a binary file"}],
        "vectors": 9,
    }


def test_accents_stay_as_they_are(answerer: Answerer) -> None:
    """A record is one line of JSON in which the letters of the quotes stand unescaped."""
    line = AnswerRecord.of(answerer.answer(QUESTIONS[4])).model_dump_json()
    assert "Luis Echeverría" in line
    assert len(line.splitlines()) == 1


@pytest.mark.slow
def test_the_bytes_do_not_depend_on_the_process() -> None:
    """Ten questions give the same JSON whatever order a process keeps its sets in.

    So do the scores of the units, whose last digit can decide between two of them.
    """
    outputs = {_answered_by_a_process(seed) for seed in "012"}
    (output,) = outputs
    written = [json.loads(line) for line in output.splitlines()[::2]]
    assert [record["question"] for record in written] == QUESTIONS
    assert {record["verdict"] for record in written} == {"answered", "declined"}


def _answered_by_a_process(seed: str) -> bytes:
    tests = Path(__file__).parent
    paths = os.pathsep.join([str(tests.parent), str(tests)])
    return subprocess.run(
        [sys.executable, "-c", ASK],
        input="\n".join(QUESTIONS).encode(),
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
