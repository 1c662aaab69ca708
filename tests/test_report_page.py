"""The page that `evaluate --html` writes: it is made whatever the figures, and needs no network."""

import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.evaluation.figures import Scored, by_tag
from retrieval.evaluation.plots import tags_plot
from retrieval.evaluation.statistics import wilson

TOY = Path(__file__).parent / "data" / "toy"


@pytest.mark.parametrize("total", range(1, 61))
def test_an_interval_holds_its_share(total: int) -> None:
    """Its ends are on either side of the share, also of none and of all."""
    for right in range(total + 1):
        interval = wilson(right, total)
        assert 0 <= interval.low <= right / total <= interval.high <= 1


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_tag_may_be_all_wrong_or_all_right(share: float) -> None:
    """Tags of every size can be drawn."""
    asked = [
        Scored(f"{size}-{n}", (f"of {size}",), 0.5, {"sentence": share, "right": share})
        for size in range(1, 61)
        for n in range(size)
    ]
    assert tags_plot(by_tag(asked)).startswith("<svg")


def test_a_missing_extra_is_said_before_the_run(tmp_path: Path) -> None:
    """One sentence that names the cure, before a question is asked."""
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from bot.terminal.cli import main\n"
        "raise SystemExit(main(sys.argv[1:]))"
    )
    asked = ["evaluate", "--knowledge", str(TOY / "garden.md"), str(TOY / "questions.jsonl")]
    done = subprocess.run(
        [sys.executable, "-c", code, *asked, "--html", str(tmp_path / "r.html")],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == (
        "footnote: --html needs matplotlib; install it with: pip install 'footnote-bot[report]'\n"
    )
    assert done.stdout == ""
