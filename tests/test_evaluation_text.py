"""What `evaluate` prints: what matters first, what failed, and the rest where it is wanted."""

import json
import re
from pathlib import Path

import pytest

from bot.terminal.cli import main

TOY = Path(__file__).parent / "data" / "toy"
RESULTS = ["right", "wrong shown", "declined wrongly", "declined rightly"]


def _printed(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    asked = ["evaluate", "--knowledge", str(TOY / "garden.md"), str(TOY / "questions.jsonl")]
    capsys.readouterr()
    assert main([*asked, *options]) == 0
    return capsys.readouterr().out


def _results(report: Path) -> dict[str, list[str]]:
    """The ids of the questions by what came of them, the surest first, from the report's scores."""
    found: dict[str, list[str]] = {name: [] for name in RESULTS}
    questions = json.loads(report.read_text(encoding="utf-8"))["questions"]
    for one in sorted(questions, key=lambda one: -one["confidence"]):
        scores = one["scores"]
        is_answered = one["verdict"] == "answered"
        if is_answered:
            name = "right" if scores["right"] else "wrong shown"
        else:
            name = "declined wrongly" if "answers" in scores else "declined rightly"
        found[name].append(one["id"])
    return found


def test_what_matters_comes_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Four results with their shares and what they are of; other figures only with --all."""
    report = tmp_path / "r.json"
    printed = _printed(capsys, "--json", str(report), "--failures", "0")
    found = {name: len(ids) for name, ids in _results(report).items()}
    shown = found["right"] + found["wrong shown"]
    header, *lines = printed.split("\n\n")[0].splitlines()
    assert header.split() == ["result", "%", "95", "%", "interval", "questions"]
    assert [re.split(r"\s{2,}", line.strip())[0] for line in lines] == RESULTS
    assert lines[0].endswith(f"  {found['right']} of 7 to answer: shown and right")
    assert lines[1].endswith(f"  {found['wrong shown']} of {shown} answers shown: wrong")
    assert lines[2].endswith(f"  {found['declined wrongly']} of 7 to answer: declined")
    assert lines[3].endswith(f"  {found['declined rightly']} of 3 to decline: declined")
    assert "ndcg@10" not in printed
    assert "Failed" not in printed
    assert "ndcg@10" in _printed(capsys, "--all")


def test_what_failed_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was shown and is wrong first, then what was declined; each the surest first."""
    report = tmp_path / "r.json"
    printed = _printed(capsys, "--json", str(report))
    found = _results(report)
    failed = [*found["wrong shown"], *found["declined wrongly"]]
    assert len(failed) > 2
    assert f"Failed: {len(failed)} of 10 questions." in printed
    assert re.findall(r", id (\d+)$", printed, re.M) == failed
    where = "  Where was the apple tree planted in 1987?\n    wrong shown, confidence "
    assert where in printed
    assert "expected: by the pond" in printed
    some = _printed(capsys, "--failures", "1")
    assert re.findall(r", id (\d+)$", some, re.M) == failed[:1]
    assert f"And {len(failed) - 1} more; for all of them: --failures {len(failed)}" in some


@pytest.mark.parametrize("columns", [60, 100, 200])
def test_it_fits_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: int
) -> None:
    """Nothing but a path is wider than the terminal, and each result says what it is of."""
    monkeypatch.setenv("COLUMNS", str(columns))
    printed = _printed(capsys)
    wide = [line for line in printed.splitlines() if len(line) > columns]
    assert all(str(TOY)[:10] in line for line in wide)
    assert "to answer: shown and right" in printed


def test_nothing_failed_lists_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And of a set without questions to decline, no share of these is told."""
    monkeypatch.chdir(tmp_path)
    row = {"id": "1", "question": "How many fish does the pond hold?", "answers": ["40"]}
    Path("q.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert main(["evaluate", "--knowledge", str(TOY / "garden.md"), "q.jsonl"]) == 0
    printed = capsys.readouterr().out
    assert "1 of 1 to answer: shown and right" in printed
    assert "Failed" not in printed
    assert "to decline" not in printed
