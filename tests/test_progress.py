"""How far a reading has come, as somebody who waits for it sees it."""

from pathlib import Path

import pytest

from bot.settings import can_draw
from bot.terminal.progress import Progress
from retrieval.index.refreshing import refreshed

CLEAR = "\r\x1b[K"


class Clock:
    """Tells a time that is set."""

    now = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time as a reading sees it, and 60 columns."""
    clock = Clock()
    monkeypatch.setattr("bot.terminal.progress.monotonic", clock)
    monkeypatch.setenv("COLUMNS", "60")
    return clock


def test_a_reading_that_takes_long_is_shown(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """Once it takes longer than a moment, twice a second at most; the line is gone at the end."""
    with Progress(can_draw=True) as progress:
        for _ in range(8):
            clock.now += 0.25
            progress.advance(1_000_000, 4_000_000, "a.md")
        assert capsys.readouterr().err == ""
        clock.now = 104.0
        progress.advance(2_000_000, 4_000_000, "b.md")
        shown = f"{CLEAR}reading: 50%, 0.5 MB/s, about 4 s left, b.md"
        assert capsys.readouterr().err == shown
        clock.now += 0.25
        progress.advance(2_100_000, 4_000_000, "c.md")
        assert capsys.readouterr().err == ""
    assert capsys.readouterr().err == CLEAR


def test_vectors_that_take_long_are_shown(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """How many of all, and the time that is left once that can be told."""
    with Progress(can_draw=True) as progress:
        progress.make(10, 5_000)
        assert capsys.readouterr().err == ""
        clock.now += 5
        progress.make(100, 5_000)
        assert capsys.readouterr().err == f"{CLEAR}making vectors: 100 of 5,000 passages"
        clock.now += 25
        progress.make(1_200, 5_000)
        shown = f"{CLEAR}making vectors: 1,200 of 5,000 passages, about 95 s left"
        assert capsys.readouterr().err == shown
    assert capsys.readouterr().err == CLEAR


@pytest.mark.parametrize(
    ("took", "done", "left"),
    [
        (10, 1_000_000, ""),
        (10, 49_000_000, ""),
        (10, 50_000_000, ", about 3 min left"),
        (100, 50_000_000, ", about 32 min left"),
        (1_000, 50_000_000, ", about 5 h left"),
        (10, 200_000_000, ", about 40 s left"),
    ],
)
def test_the_time_left_is_told_when_enough_is_read(
    clock: Clock, capsys: pytest.CaptureFixture[str], took: float, done: int, left: str
) -> None:
    """The first files tell little of those that follow: 72 seconds were announced as 2,504."""
    progress = Progress(can_draw=True)
    clock.now += took
    progress.advance(done, 1_000_000_000, "a.md")
    shown = capsys.readouterr().err
    assert f" MB/s{left}, a.md" in shown


def test_a_line_fits_the_terminal(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """A longer one could not be drawn over; of a name its end is shown, and nothing obeyed."""
    progress = Progress(can_draw=True)
    clock.now += 10
    progress.advance(1, 2, "x/" * 40 + "good \x1b[31m.md")
    line = capsys.readouterr().err.removeprefix(CLEAR)
    assert len(line) == 59
    assert line.endswith("/x/good \ufffd[31m.md")


def test_nothing_is_drawn_on_a_terminal_that_cannot(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """Such as that of an editor."""
    with Progress(can_draw=can_draw({"TERM": "dumb"})) as progress:
        clock.now += 10
        progress.advance(1, 2, "a.md")
    assert capsys.readouterr().err == ""


def test_a_reading_tells_which_file_is_next(tmp_path: Path) -> None:
    """With the bytes that are read of all; behind the last file that is the last one."""
    notes = tmp_path / "notes"
    notes.mkdir()
    for name in ("a.md", "b.md", "c.md"):
        (notes / name).write_text(f"The mill {name} stands.\n")
    told: list[tuple[int, int, str]] = []
    refreshed(notes, tmp_path / "index", lambda *step: told.append(step))
    assert told == [(22, 66, "b.md"), (44, 66, "c.md"), (66, 66, "c.md")]
