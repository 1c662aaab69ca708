"""Questions over manuals, as people type them, in the two forms that they come in.

`questions.jsonl` holds questions that were written from single passages, a quote of which answers;
near misses have none. Those of the other form have regular expressions that any right quote
matches. The pages of each manual are in a folder of its own.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from retrieval.evaluation.question_sets import JudgedQuestion
from training.examples import NEAR_MISS, OFF_TOPIC, Material

EVERY = 8
"""One in so many questions is asked of the next manual too, where nothing answers it."""

PAGES = 6
FEWEST = 4
LARGEST = 150_000
"""The pages of each manual that are asked alone: those with most questions, of at least so many,
and of at most so many bytes."""


def read_documentation(questions: Path, pages: Path, count: float = 1.0) -> list[Material]:
    """The questions of a file by manual, over the folders of their pages; manuals in order."""
    of_manual: dict[str, list[JudgedQuestion]] = defaultdict(list)
    with questions.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            of_manual[row.get("manual") or row["corpus"]].append(_judged(row))
    return [
        Material(manual, pages / manual, tuple(found), count, is_prose=False)
        for manual, found in sorted(of_manual.items())
    ]


def asked_elsewhere(materials: Sequence[Material]) -> Iterator[Material]:
    """Some questions of each manual, asked of the next: they are off-topic there."""
    for one, other in zip(materials, [*materials[1:], *materials[:1]], strict=True):
        moved = tuple(
            JudgedQuestion(id=f"{q.id}-elsewhere", question=q.question, tags=(OFF_TOPIC,))
            for q in one.questions[::EVERY]
            if not q.must_be_declined
        )
        yield replace(other, questions=moved)


def asked_alone(materials: Sequence[Material]) -> Iterator[Material]:
    """Some pages of each manual as all that there is, asked their own questions and as many of
    other pages, which they do not answer: people point at one page as well as at a manual."""
    for material in materials:
        asked = [question for question in material.questions if question.evidence]
        counts = Counter(question.evidence[0].document for question in asked)
        files = {page: material.knowledge / page for page, n in counts.most_common() if n >= FEWEST}
        small = (p for p, file in files.items() if file.is_file() and file.stat().st_size < LARGEST)
        for page in islice(small, PAGES):
            own = [one for one in asked if one.evidence[0].document == page]
            others = [one for one in asked if one.evidence[0].document != page]
            few = others[:: max(1, len(others) // len(own))][: len(own)]
            moved = (
                JudgedQuestion(id=f"{one.id}-alone", question=one.question, tags=(NEAR_MISS,))
                for one in few
            )
            yield replace(material, knowledge=files[page], questions=(*own, *moved))


def _judged(row: dict[str, Any]) -> JudgedQuestion:
    """The question of a line of either form."""
    if "quote" in row:
        places = [{"document": row["file"], "quote": row["quote"]}] if row["quote"] else []
        patterns = []
    else:
        places = [{"document": e["file"], "quote": e["quote"]} for e in row["evidence"]]
        patterns = row["answers"]
    kept = {"id": row["id"], "question": row["question"], "tags": [row["kind"]]}
    # What a near miss is near to is no evidence.
    evidence = [] if row["kind"] in ("near-miss", "off-topic") else places
    return JudgedQuestion.model_validate({**kept, "patterns": patterns, "evidence": evidence})
