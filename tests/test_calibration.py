"""The decision to decline, fitted to questions."""

import json
from pathlib import Path

import pytest

from bot.terminal.cli import main
from retrieval.evaluation.calibration import CalibrationError, fit
from retrieval.evaluation.figures import Scored
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
    """With 95 right above all wrong ones, 5 % wrong lets exactly five of these through."""
    fitted = fit(_questions(95, 20, 30), 0.05)
    assert fitted.threshold == pytest.approx(0.5 - 4 / 1000)


def test_what_to_expect_is_measured_on_other_questions() -> None:
    """Each question is decided by a threshold fitted to the other nine tenths."""
    fitted = fit(_questions(95, 20, 30), 0.05)
    assert fitted.to_answer == 115
    assert fitted.answered_right == 95
    assert fitted.answered == fitted.answered_right + fitted.wrong
    assert 0 < fitted.wrong <= 10


def test_too_few_questions_keep_the_default() -> None:
    """Fewer than fifty to answer or twenty to decline are refused with the numbers."""
    with pytest.raises(CalibrationError, match="49 questions to answer and 20 to decline"):
        fit(_questions(40, 9, 20), 0.05)
    with pytest.raises(CalibrationError, match="the default is kept"):
        fit(_questions(60, 0, 19), 0.05)


def test_nothing_good_enough_keeps_the_default() -> None:
    """Where even the surest answers are wrong, no threshold is made up."""
    with pytest.raises(CalibrationError, match=r"wrong more often than 0\.05"):
        fit(_questions(0, 60, 30), 0.05)


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


def test_later_answers_use_what_was_fitted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After `calibrate`, `ask` declines what is below the threshold that was stored."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOOTNOTE_DATA", str(tmp_path / "data"))
    question = "In which Egyptian town did a Mexican head of state talk with the PLO's leader?"
    assert main(["ask", question]) == 0
    assert main(["calibrate", str(PACKAGED), "--at-most-wrong", "0.05"]) == 0
    (file,) = (tmp_path / "data" / "calibrations").iterdir()
    assert shipped().threshold < json.loads(file.read_text())["threshold"] < 1
    assert main(["ask", question]) == 1
    assert "cross-validation" in capsys.readouterr().out
