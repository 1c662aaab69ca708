"""Answers, hits, passages and reports as the JSON that the command prints."""

from retrieval.answer.json_records import (
    AnswerRecord,
    DifferenceRecord,
    DocumentRecord,
    FlawRecord,
    IndexRecord,
    PassageRecord,
    SearchRecord,
    SkippedRecord,
    StaleRecord,
)

__all__ = [
    "AnswerRecord",
    "DifferenceRecord",
    "DocumentRecord",
    "FlawRecord",
    "IndexRecord",
    "PassageRecord",
    "SearchRecord",
    "SkippedRecord",
    "StaleRecord",
]
