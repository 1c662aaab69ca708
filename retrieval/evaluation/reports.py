"""A run over a question set as JSON: figures, also by tag, and what came of each question."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ValidationError

from knowledge.errors import FootnoteError
from retrieval.answer.answer import Answer
from retrieval.answer.json_records import AnswerRecord
from retrieval.evaluation.figures import Figure, Scored, by_tag
from retrieval.evaluation.judging import Outcome

_DIGITS = 6


class ReportError(FootnoteError):
    """A file that is no report."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """How many words answers have: half of them at most so many, and nine in ten."""

    median: float
    ninth_decile: float


def lengths(answers: Iterable[Answer]) -> Lengths | None:
    """The lengths of the answers that are shown; None where all questions were declined."""
    counts = [len(answer.text.split()) for answer in answers if answer.text]
    if not counts:
        return None
    return Lengths(float(np.median(counts)), float(np.percentile(counts, 90, method="higher")))


class _FigureRecord(BaseModel):
    value: float
    low: float
    high: float
    n: int

    @classmethod
    def of(cls, figure: Figure) -> "_FigureRecord":
        low, high = figure.interval.low, figure.interval.high
        return cls(
            value=round(figure.value, _DIGITS),
            low=round(low, _DIGITS),
            high=round(high, _DIGITS),
            n=figure.count,
        )


class _ScoredRecord(BaseModel):
    id: str
    tags: tuple[str, ...] = ()
    confidence: float
    scores: dict[str, float]


class _Report(BaseModel):
    questions: list[_ScoredRecord]


def scored(outcomes: Sequence[Outcome]) -> list[Scored]:
    """The outcomes as figures see them, rounded as they are written."""
    return [
        Scored(
            outcome.question.id,
            outcome.question.tags,
            round(outcome.answer.confidence, _DIGITS),
            {name: round(score, _DIGITS) for name, score in outcome.scores.items()},
        )
        for outcome in outcomes
    ]


def report_json(
    outcomes: Sequence[Outcome], found: Mapping[str, Figure], knowledge: Path | None
) -> str:
    """The report: the same bytes for the same documents, questions and code, wherever they lie.

    Sources are given as paths in the folder of the documents, or beside a single one.
    """
    base = knowledge if knowledge is None or knowledge.is_dir() else knowledge.parent
    words = lengths(outcome.answer for outcome in outcomes)
    report = {
        "figures": _records(found),
        "tags": {tag: _records(of_tag) for tag, of_tag in by_tag(scored(outcomes)).items()},
        "words": asdict(words) if words else None,
        "questions": [_question_record(outcome, base) for outcome in outcomes],
    }
    return json.dumps(report, ensure_ascii=False, indent=1)


def _records(found: Mapping[str, Figure]) -> dict[str, Any]:
    return {name: _FigureRecord.of(figure).model_dump() for name, figure in found.items()}


def _question_record(outcome: Outcome, base: Path | None) -> dict[str, Any]:
    """The fields of `ask`, the tags and scores, and the best quote even where it was declined."""
    answer = AnswerRecord.of(outcome.answer).model_dump()
    if base is not None:
        for citation in (*answer["citations"], *answer["nearest"]):
            citation["source"] = Path(os.path.relpath(citation["source"], base)).as_posix()
    return {
        "id": outcome.question.id,
        **answer,
        "tags": list(outcome.question.tags),
        "quoted": outcome.quoted,
        "scores": {name: round(score, _DIGITS) for name, score in outcome.scores.items()},
    }


def read_report(path: Path) -> list[Scored]:
    """The questions of an earlier report; ReportError where the file is none."""
    try:
        report = _Report.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ReportError(f"{path}: cannot be read ({error.strerror})") from error
    except ValidationError as error:
        raise ReportError(
            f"{path}: is no report; make one with: footnote evaluate --json"
        ) from error
    return [Scored(q.id, q.tags, q.confidence, q.scores) for q in report.questions]
