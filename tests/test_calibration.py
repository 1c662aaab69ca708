"""The decision to decline, fitted to questions."""

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.terminal.cli import main
from retrieval.evaluation.calibration import CalibrationError, Counts, fit
from retrieval.evaluation.figures import Scored
from retrieval.evaluation.statistics import enough, paired_difference, wilson
from retrieval.evaluation.thresholds import StoreError, store_threshold, stored_threshold
from retrieval.scoring.weights import shipped

PACKAGED = Path(__file__).parents[1] / "knowledge/questions/mexico-palestine-relations.jsonl"


def _questions(right: int, wrong: int, to_decline: int) -> list[Scored]:
    """Right answers from 0.99 down, wrong ones from 0.5 down, and those to decline from 0.4."""
    return [
        *(Scored(f"r{n}", (), 0.99 - n / 1000, {"answers": 1, "right": 1}) for n in range(right)),
        *(Scored(f"w{n}", (), 0.5 - n / 1000, {"answers": 1, "right": 0}) for n in range(wrong)),
        *(
            Scored(f"d{n}", (), 0.4 - n / 1000, {"declines": 0, "right": 0})
            for n in range(to_decline)
        ),
    ]


def test_the_threshold_allows_the_share_of_wrong_answers() -> None:
    """With 95 right above all wrong ones, 5 % wrong lets four through, and counts a fifth."""
    fitted = fit(_questions(95, 20, 30), 0.05)
    assert fitted.is_met
    assert fitted.threshold == pytest.approx(0.5 - 3 / 1000, abs=1e-6)
    assert fitted.fitted == Counts(answered=99, wrong=4)
    assert fitted.before == Counts(answered=145, wrong=50)


def test_what_to_expect_is_measured_on_other_questions() -> None:
    """Each question is decided by a threshold fitted to the other nine tenths."""
    fitted = fit(_questions(95, 20, 30), 0.05)
    assert fitted.to_answer == 115
    assert fitted.expected.right == 95
    assert 0 < fitted.expected.wrong <= 10


def test_what_is_just_answered_stays_so() -> None:
    """A confidence is rounded in reports; the threshold is below it whichever way."""
    exact = 0.1234567
    right = Scored("r", (), round(exact, 6), {"answers": 1, "right": 1})
    wrong = Scored("d", (), 0.1, {"declines": 0, "right": 0})
    assert fit([*[right] * 30, *[wrong] * 5], 0.05).threshold <= exact


def test_too_few_questions_change_nothing() -> None:
    """Fewer than ten to answer or five to decline are refused with the numbers."""
    with pytest.raises(CalibrationError, match="9 questions to answer and 5 to decline"):
        fit(_questions(5, 4, 5), 0.05)
    with pytest.raises(CalibrationError, match="nothing was changed"):
        fit(_questions(60, 0, 4), 0.05)


def test_nothing_right_changes_nothing() -> None:
    """Where no answer is right, no threshold is made up."""
    with pytest.raises(CalibrationError, match="no answer is right"):
        fit(_questions(0, 60, 30), 0.05)


def test_thirty_questions_are_enough_for_a_careful_choice() -> None:
    """Of twenty right answers one may be wrong by the next question, which 5 % just allows."""
    fitted = fit(_questions(20, 0, 10), 0.05)
    assert fitted.is_met
    assert fitted.fitted == Counts(answered=20, wrong=0)
    assert 0.4 < fitted.threshold < 0.99


@pytest.mark.parametrize("right", [1, 5, 18])
def test_what_cannot_be_met_gives_the_nearest(right: int) -> None:
    """So few right answers cannot tell that at most 5 % are wrong; the nearest shows only them."""
    fitted = fit(_questions(right, 12, 10), 0.05)
    assert not fitted.is_met
    assert fitted.nearest == pytest.approx(1 / (right + 1))
    assert fitted.fitted == Counts(answered=right, wrong=0)


def test_the_nearest_is_no_laxer_than_before() -> None:
    """Where the target is missed all the same, no question is answered that was declined before."""
    questions = [
        Scored("w", (), 0.9, {"declines": 0, "right": 0}),
        *(Scored(f"a{n}", (), 0.8, {"answers": 1, "right": 1}) for n in range(5)),
        *(Scored(f"b{n}", (), 0.2, {"answers": 0, "right": 1}) for n in range(8)),
        *(Scored(f"d{n}", (), 0.1, {"declines": 1, "right": 0}) for n in range(8)),
    ]
    fitted = fit(questions, 0.05)
    assert not fitted.is_met
    assert fitted.before == fitted.fitted == Counts(answered=6, wrong=1)
    assert fitted.threshold == pytest.approx(0.8)


@given(st.integers(0, 8), st.integers(1, 60))
def test_enough_is_just_enough(tenths: int, hundredths: int) -> None:
    """With so many the interval ends at the limit, and with one less behind it."""
    share, limit = tenths / 20, hundredths / 100
    count = enough(share, limit)
    if count is None:
        assert share >= limit
        return
    assert _high(share, count) <= limit + 1e-9
    assert count == 1 or _high(share, count - 1) > limit - 1e-9


def _high(share: float, total: int) -> float:
    """The end of Wilson's interval (1927) of a share of so many, whole or not."""
    square = 1.959963984540054**2
    spread = math.sqrt(square * share * (1 - share) / total + square**2 / (4 * total**2))
    return (share + square / (2 * total) + spread) / (1 + square / total)


def test_a_threshold_is_kept_by_path(tmp_path: Path) -> None:
    """What was stored for one path is found for it, and for no other."""
    store_threshold(tmp_path / "data", tmp_path / "a", 0.75)
    assert stored_threshold(tmp_path / "data", tmp_path / "a") == 0.75
    assert stored_threshold(tmp_path / "data", tmp_path / "b") is None


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    """A calibration that was tampered with is not used in silence."""
    path = store_threshold(tmp_path, tmp_path / "a", 0.75)
    path.write_text('{"knowledge": "a", "threshold": 7}')
    with pytest.raises(StoreError, match="is no calibration"):
        stored_threshold(tmp_path, tmp_path / "a")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Where the folder of data is a file, one sentence says so."""
    (tmp_path / "data").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        store_threshold(tmp_path / "data", tmp_path / "a", 0.75)


@pytest.mark.slow
def test_later_answers_use_what_was_fitted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After `calibrate`, `ask` declines what is below the threshold that was stored."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOOTNOTE_DATA", str(tmp_path / "data"))
    question = "In which Egyptian town did a Mexican head of state talk with the PLO's leader?"
    assert main(["ask", question]) == 0
    assert main(["calibrate", str(PACKAGED), "--at-most-wrong", "0.1"]) == 0
    (file,) = (tmp_path / "data" / "calibrations").iterdir()
    assert shipped().threshold < json.loads(file.read_text())["threshold"] < 1
    assert main(["ask", question]) == 1
    assert "cross-validation" in capsys.readouterr().out


def test_what_cannot_be_met_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The nearest is saved, with what it costs and how little is known; the exit code is 1."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOOTNOTE_DATA", str(tmp_path / "data"))
    colours = ("red", "blue", "green", "white", "black", "brown", "pink", "grey", "gold", "teal")
    built = (f"The {c} house was built by Karl {c.title()}.\n\n" for c in colours)
    Path("notes.md").write_text(f"# Houses\n\n{''.join(built)}")
    rows = [
        *({"question": f"Who built the {c} house?", "answers": [f"Karl {c}"]} for c in colours),
        *({"question": f"Who won the {c} cup in {1950 + n}?"} for n, c in enumerate(colours)),
    ]
    lines = (json.dumps({"id": str(number), **row}) for number, row in enumerate(rows))
    Path("q.jsonl").write_text("\n".join(lines))
    calibrated = ["calibrate", "--knowledge", "notes.md", "q.jsonl"]
    assert main([*calibrated, "--at-most-wrong", "0.01"]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "The target of at most 1 % wrong cannot be met: the 10 surest answers are all" in said
    assert "too few to tell. This is the nearest: about 9.1 %, counting one" in said
    assert "Of these 10 questions to answer, 10 are answered correctly (" in said
    answers = int(re.findall(r"(\d+) answers tell no more than that up to", said)[0])
    assert answers in (9, 10)
    assert f"that up to {wilson(0, answers).high * 100:.1f} % may be wrong." in said
    assert "If the share stays as it is, 381 answers would show that at most 1 % are." in said
    assert len(list((tmp_path / "data" / "calibrations").iterdir())) == 1
    assert main([*calibrated, "--at-most-wrong", "0.1"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "cannot be met" not in said
    assert "35 answers would show that at most 10 % are." in said


def test_how_many_questions_are_needed_is_computed() -> None:
    """The tables of docs/evaluation.md are those of the intervals and of the paired test."""
    text = (PACKAGED.parents[2] / "docs" / "evaluation.md").read_text(encoding="utf-8")
    section = text.split("## How many questions")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in re.findall(r"^\| \d.*$", section, re.M)]
    told, needed = [r for r in rows if "%" not in r[0]], [r for r in rows if "%" in r[0]]
    assert (len(told), len(needed)) == (7, 5)
    for count, range_, none, change in told:
        total = int(count.replace(",", ""))
        interval = wilson(round(0.8 * total), total)
        assert range_ == f"{interval.low * 100:.0f} to {interval.high * 100:.0f}"
        assert none == f"{wilson(0, total).high * 100:.1f}"
        changed = np.zeros(total)
        changed[: total // 10 : 2], changed[1 : total // 10 : 2] = 1, -1
        detectable = paired_difference(np.zeros(total), changed).detectable
        assert float(change) == pytest.approx(detectable * 100, abs=1)
    for limit, none, half in needed:
        share = int(limit.split()[0]) / 100
        assert (none, half) == (f"{enough(0, share):,}", f"{enough(share / 2, share):,}")
