"""What `check` says of a question set besides stale evidence: what stands twice, what is broad."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from command import Run

from retrieval.evaluation.flaws import words_of

_FILES = ["--knowledge", "notes"]


def _notes(folder: Path, texts: Sequence[str]) -> None:
    (folder / "notes").mkdir()
    for number, text in enumerate(texts):
        (folder / "notes" / f"{number}.md").write_text(f"# Note {number}\n\n{text}\n", "utf-8")


def _set(folder: Path, *questions: dict[str, object]) -> None:
    lines = (json.dumps(question) for question in questions)
    (folder / "q.jsonl").write_text("\n\n".join(lines), "utf-8")


def test_a_question_that_stands_twice_is_named(run: Run, tmp_path: Path) -> None:
    """By line and id, whatever its case and punctuation; a set is not clean with it."""
    _notes(tmp_path, ["The lease ends in May."])
    evidence = [{"document": "0.md", "quote": "The lease ends in May."}]
    _set(
        tmp_path,
        {"id": "a", "question": "When does the lease end?", "evidence": evidence},
        {"id": "b", "question": "Who won?"},
        {"id": "c", "question": "when does the lease end", "evidence": evidence},
    )
    assert run("index", *_FILES).code == 0
    checked = run("check", *_FILES, "q.jsonl")
    assert checked.code == 1
    assert " ".join(checked.out.split()) == (
        "1 file compared; all up to date."
        " • warning: line 5 (c): asks the same as line 1 (a); delete one, or word them differently"
        " q.jsonl: all evidence found, 1 warning."
    )
    as_json = run("check", "--json", *_FILES, "q.jsonl")
    assert as_json.code == 1
    (record,) = map(json.loads, as_json.out.splitlines())
    assert (record["id"], record["line"]) == ("c", 5)
    assert "asks the same as" in record["warning"]


def test_an_answer_that_many_passages_have_is_named(run: Run, tmp_path: Path) -> None:
    """With the count and the remedy; an answer that few have is none of them."""
    _notes(tmp_path, [f"Room {n} has 4 chairs. Yes, it is room {n}." for n in range(15)])
    _set(
        tmp_path,
        {"id": "a", "question": "How many chairs has room 3?", "answers": ["4"]},
        {"id": "b", "question": "Are there chairs in room 3?", "answers": ["Yes.", "room 3 has"]},
        {"id": "c", "question": "How many chairs are in room 3?", "answers": ["Room 3 has 4"]},
        {"id": "d", "question": "Who won?"},
    )
    assert run("index", *_FILES).code == 0
    checked = run("check", *_FILES, "q.jsonl")
    assert checked.code == 1
    text = " ".join(checked.out.split())
    assert (
        "line 1 (a): the answer '4' is too broad: 15 of 15 passages have it, so a wrong quote may"
        " count as right; add the words around it" in text
    )
    assert "line 3 (b): the answer 'Yes.' is too broad: 15 of 15" in text
    assert text.count("warning:") == 2


def test_a_small_folder_has_no_broad_answers(run: Run, tmp_path: Path) -> None:
    """Where there are few passages, half of them may well say the answer."""
    _notes(tmp_path, [f"Room {n} has 4 chairs." for n in range(4)])
    _set(tmp_path, {"id": "a", "question": "How many chairs has room 3?", "answers": ["4"]})
    assert run("index", *_FILES).code == 0
    assert run("check", *_FILES, "q.jsonl").code == 0


@pytest.mark.parametrize(
    ("one", "two", "is_same"),
    [
        ("How long is it?", "how long, is it", True),
        ("哪一年？", "哪一年", True),
        ("What is C++?", "What is C?", False),  # signs are no punctuation
        ("How long is it?", "How long was it?", False),
        ("???", "!!!", False),
    ],
)
def test_questions_of_the_same_words(one: str, two: str, is_same: bool) -> None:
    """Case and punctuation are ignored in every script, and nothing else."""
    assert (words_of(one) == words_of(two)) is is_same
