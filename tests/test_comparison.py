"""Two runs over the same questions: what changed in each figure, and what chance would explain."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.terminal.cli import main
from retrieval.evaluation.comparison import compared
from retrieval.evaluation.figures import Scored, figures

TOY = Path(__file__).parent / "data" / "toy"


def _run(shown: Iterable[int], right: Iterable[int], confidence: float = 0.5) -> list[Scored]:
    """Forty questions to answer, of which some are answered, and some of these right."""
    shown, right = set(shown), set(right)
    return [
        Scored(
            str(n),
            (),
            confidence,
            {
                "right": float(n in right),
                "answers": float(n in shown),
                "recall": float(n in shown & right),
                **({"precision": float(n in right)} if n in shown else {}),
            },
        )
        for n in range(40)
    ]


def test_a_share_of_what_is_shown_changes_with_what_is_shown() -> None:
    """Precision compares what each run showed, not only what both did."""
    old = _run(shown=range(19), right=range(6))
    new = _run(shown=[*range(6), *range(8, 19)], right=range(6))
    before, now = (figures(run)["precision"].value for run in (old, new))
    change = compared(old, new).changes["precision"]
    assert (change.before, change.now) == (before, now)
    assert change.difference.value == pytest.approx(now - before)
    interval = change.difference.interval
    assert 0 <= interval.low < change.difference.value < interval.high
    assert change.difference.p_value < 1


def test_a_large_change_of_what_is_shown_is_significant() -> None:
    """Where all that was wrong is declined now, precision rose by more than chance."""
    old = _run(shown=range(40), right=range(20))
    new = _run(shown=range(20), right=range(20))
    changes = compared(old, new).changes
    assert changes["precision"].difference.value == 0.5
    assert changes["precision"].difference.is_significant
    assert changes["recall"].difference.value == 0
    assert changes["recall"].difference.p_value == 1


def test_chance_is_not_significant() -> None:
    """One wrong answer less of forty proves nothing."""
    change = compared(_run(range(40), range(20)), _run(range(39), range(20))).changes["precision"]
    assert change.difference.value > 0
    assert not change.difference.is_significant


def test_only_questions_of_both_runs_are_compared() -> None:
    """A question that one of them lacks has no part in any change."""
    old, new = _run(range(40), range(20)), _run(range(40), range(20))
    comparison = compared(old[:30], new[10:])
    assert comparison.questions == 20
    assert comparison.changes["recall"].before == comparison.changes["recall"].now == 0.5
    assert comparison.is_unchanged


def test_a_run_that_showed_nothing_has_no_share_of_it() -> None:
    """Then there is nothing to compare."""
    changes = compared(_run(range(0), range(20)), _run(range(40), range(20))).changes
    assert "precision" not in changes
    assert changes["recall"].difference.value == 0.5


def _evaluate(*options: str, questions: Path = TOY / "questions.jsonl") -> int:
    return main(["evaluate", "--knowledge", str(TOY / "garden.md"), str(questions), *options])


@pytest.mark.slow
def test_an_unchanged_run_says_so_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Compared with its own report there is no table of zeros."""
    monkeypatch.chdir(tmp_path)
    file = "report.json"
    assert _evaluate("--json", file) == 0
    plain = capsys.readouterr().out
    assert _evaluate("--baseline", file) == 0
    line = "  Nothing changed from report.json: all 10 questions score the same."
    assert capsys.readouterr().out == f"{plain}\n{line}\n"


def test_an_unchanged_part_is_not_called_the_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the sets differ, it is said how many questions were compared."""
    file = str(tmp_path / "report.json")
    some = tmp_path / "some.jsonl"
    lines = (TOY / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    some.write_text("\n".join(lines[:6]), encoding="utf-8")
    assert _evaluate("--json", file, questions=some) == 0
    capsys.readouterr()
    assert _evaluate("--baseline", file) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "the 6 of 10 questions that both runs have score the same" in said


@pytest.mark.slow
def test_results_come_first_in_a_comparison(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was shown wrong is told as such, and the other figures only with --all."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "60")
    assert _evaluate("--json", "report.json") == 0
    Path("garden.md").write_text("# Garden\n\nThe pond holds 40 fish.\n", encoding="utf-8")
    lines = (TOY / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [{**json.loads(line), "evidence": []} for line in lines]
    Path("q.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    capsys.readouterr()
    compare = ["evaluate", "--knowledge", "garden.md", "q.jsonl", "--baseline", "report.json"]
    assert main(compare) == 0
    table = capsys.readouterr().out.split("  change ")[1].split("\n\n")[0].splitlines()
    assert len(max(table, key=len)) <= 60
    names = [line.split("  ")[1].removesuffix(" *") for line in table[1:]]
    assert names[:4] == ["right", "wrong shown", "declined wrongly", "declined rightly"]
    right = next(line for line in table if line.startswith("  right"))
    assert "  -" in right
    assert "fidelity" not in names
    assert main([*compare, "--all"]) == 0
    assert "  fidelity " in capsys.readouterr().out.split("  change ")[1]


def test_so_few_questions_are_said_to_tell_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No change is as large as more than all points, and no star is explained that is not there."""
    monkeypatch.chdir(tmp_path)
    Path("garden.md").write_text("# Garden\n\nThe pond holds 40 fish.\n", encoding="utf-8")
    row = {"id": "1", "question": "How many fish does the pond hold?"}
    rows = [{**row, "answers": ["40"]}, {**row, "id": "2", "answers": ["40 fish"]}]
    for name, answers in (("old", ["50"]), ("new", ["40"])):
        rows[0]["answers"] = answers
        Path(f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    compare = ["evaluate", "--knowledge", "garden.md"]
    assert main([*compare, "old.jsonl", "--json", "report.json"]) == 0
    capsys.readouterr()
    assert main([*compare, "new.jsonl", "--baseline", "report.json"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "in points: over 100, over 100." in said
    assert "* More" not in said
