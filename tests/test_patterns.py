"""Judged questions whose right quotes are told by regular expressions."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.terminal.cli import main
from retrieval.evaluation import measures
from retrieval.evaluation.question_sets import (
    JudgedQuestion,
    QuestionSetError,
    read_question_set,
    repeated,
)

TEXTS = st.text(alphabet="ab.A \n\t\xa0\u2003", max_size=20)
PATTERNS = st.sampled_from(["a", "b a", "A.b", "^a", "b$", r"a\b", "a +b", "(a|b){2}", r"\."])


def _asked(**judgements: object) -> JudgedQuestion:
    return JudgedQuestion.model_validate({"id": "1", "question": "a?", **judgements})


@given(TEXTS, PATTERNS)
def test_a_pattern_is_searched_whatever_case_and_white_space_are(text: str, pattern: str) -> None:
    """It is found where it is in the text on one line, with single blanks and case ignored."""
    flat = re.sub(r"\s+", " ", text).strip()
    assert measures.matches(text, [pattern]) == (re.search(pattern, flat, re.I) is not None)
    assert measures.matches(text, [pattern]) == measures.matches(text.swapcase(), [pattern])
    assert measures.matches(text, [pattern]) == measures.matches(f"\n {text}\t", [pattern])


@given(TEXTS, st.lists(PATTERNS, max_size=4))
def test_one_pattern_of_several_is_enough(text: str, patterns: list[str]) -> None:
    """Several patterns match where one of them does, and none never."""
    each = [measures.matches(text, [pattern]) for pattern in patterns]
    assert measures.matches(text, patterns) == max(each, default=0)


@given(TEXTS, st.lists(PATTERNS, max_size=2), st.lists(st.sampled_from(["b", "b b"]), max_size=2))
def test_a_text_answers_by_either(text: str, patterns: list[str], answers: list[str]) -> None:
    """It answers if it holds an answer or matches a pattern; where neither is given, never."""
    by_either = measures.contains(text, answers) or measures.matches(text, patterns)
    asked = _asked(answers=answers, patterns=patterns)
    assert asked.is_answered_by(text) == by_either


@pytest.mark.parametrize("text", ["", " \n"])
def test_nothing_answers_nothing(text: str) -> None:
    """No text is no answer, even to a pattern that matches everything."""
    assert not _asked(patterns=[".*"]).is_answered_by(text)
    assert _asked(patterns=[".*"]).is_answered_by("a")


@pytest.mark.parametrize(
    ("judgements", "declines", "judges"),
    [
        ({}, True, False),
        ({"patterns": ["a"]}, False, True),
        ({"answers": ["a"]}, False, True),
        ({"evidence": [{"document": "a.md"}]}, False, False),
    ],
)
def test_what_a_question_without_judgements_is(
    judgements: dict[str, object], declines: bool, judges: bool
) -> None:
    """Without answers, patterns and evidence it is to be declined; evidence judges no quotes."""
    assert _asked(**judgements).must_be_declined == declines
    assert _asked(**judgements).judges_quotes == judges


def test_questions_with_other_patterns_are_not_repeated() -> None:
    """A question that is judged in two ways is no repetition."""
    assert repeated([_asked(patterns=["a"]), _asked(patterns=["b"])]) == {}
    assert repeated([_asked(patterns=["a"]), _asked(patterns=["a"])]) == {"a?": 2}


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("(", "missing ), unterminated subpattern at position 0"),
        ("a{99999999999999999999}", "the repetition number is too large"),
        ("(" * 5_000 + ")" * 5_000, "maximum recursion depth exceeded"),
    ],
)
def test_a_bad_pattern_is_named_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], pattern: str, problem: str
) -> None:
    """What is no regular expression is told with file, line and reason; exit code 2."""
    good = {"id": "1", "question": "a?", "patterns": ["a|b"]}
    bad = {"id": "2", "question": "b?", "patterns": ["a", pattern]}
    path = tmp_path / "q.jsonl"
    path.write_text(f"{json.dumps(good)}\n\n{json.dumps(bad)}\n", encoding="utf-8")
    assert main(["evaluate", str(path)]) == 2
    error = capsys.readouterr().err
    start = f"q.jsonl: line 3: patterns: {pattern!r} is not a regular expression ({problem}"
    assert start in error
    assert error.count("\n") == 1


def test_patterns_alone_are_evaluated_and_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both forms of the report and `check` take questions that have patterns and no evidence."""
    monkeypatch.chdir(tmp_path)
    Path("house.md").write_text("# House\n\nThe house was built\nin 1987 by Anna Berg.\n")
    rows = [
        {"id": "1", "question": "When was the house built?", "patterns": ["BUILT in 19.7"]},
        {"id": "2", "question": "Who built the house?", "patterns": ["by \\(nobody\\)"]},
    ]
    Path("q.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    knowledge = ["--knowledge", "house.md"]
    assert main(["check", *knowledge, "q.jsonl"]) == 2  # there is no index yet
    files = ["--json", "r.json", "--html", "r.html"]
    floors = ["--floor", "recall=0.5", "--floor", "helped=0.5", "--floor", "precision=0.5"]
    assert main(["evaluate", *knowledge, "q.jsonl", *files, *floors]) == 0
    figures = json.loads(Path("r.json").read_text())["figures"]
    assert {name: figures[name]["value"] for name in ("sentence", "recall", "helped")} == {
        "sentence": 0.5,
        "recall": 0.5,
        "helped": 0.5,
    }
    assert not {"em", "f1", "hit@1"} & set(figures)
    assert "by \\(nobody\\)" in Path("r.html").read_text()
    capsys.readouterr()
    assert main(["check", *knowledge, "q.jsonl"]) == 0
    assert "all evidence found" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"id": "1", "question": "x", "pattern": ["a"]}', "did you mean 'patterns'?"),
        ('{"id": "1", "question": "x", "answer": ["a"]}', "did you mean 'answers'?"),
        ('{"id": "1", "question": "x", "patterns": [" "]}', "a pattern is empty"),
    ],
)
def test_what_would_turn_a_question_about_is_named(tmp_path: Path, line: str, problem: str) -> None:
    """A misspelt field is no field of another program, and an empty pattern matches everything."""
    file = tmp_path / "q.jsonl"
    file.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(QuestionSetError, match="line 1") as raised:
        read_question_set(file)
    assert problem in str(raised.value)
