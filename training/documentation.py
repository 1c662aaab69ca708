"""Questions over manuals, as people type them, in the two forms that they come in.

`questions.jsonl` holds questions that were written from single passages, a quote of which answers;
near misses have none. Those of the other form have regular expressions that any right quote
matches. The pages of each manual are in a folder of its own.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from retrieval.evaluation.question_sets import JudgedQuestion
from training.examples import OFF_TOPIC, Material

EVERY = 8
"""One in so many questions is asked of the next manual too, where nothing answers it."""


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
