"""What the system refuses the command: one sentence that says so, and an exit code that is true."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from command import Run

from knowledge.loading import MATERIAL

ROOT = Path(__file__).resolve().parents[1]

PRINTING = (
    "ask 'When did Mexico open its office in Ramallah?'",
    "ask --json < questions.txt",
    "chat < questions.txt",
    "search office",
    "documents",
    "index",
    "evaluate questions.jsonl",
    "--help",
)

CLOSED = "footnote: standard output is closed; open it, or send it to /dev/null\n"
FULL = "footnote: the output cannot be written (No space left on device); send it elsewhere\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a document, questions about the packaged article, and a link to itself."""
    (tmp_path / "questions.txt").write_text("When did Mexico open its office in Ramallah?\n")
    question = {"id": "1", "question": "When did Mexico open its office?", "answers": ["2005"]}
    (tmp_path / "questions.jsonl").write_text(json.dumps(question) + "\n")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text("# Lease\n\nThe lease ends in May.\n")
    (tmp_path / "notes" / "self.md").symlink_to("self.md")
    (tmp_path / "loop").symlink_to("loop")
    return tmp_path


def ran(folder: Path, *lines: str) -> list[tuple[int, str, str]]:
    """What shells make of lines with `footnote` in them, all at once: code, output, errors."""
    started = [
        subprocess.Popen(
            ["sh", "-c", line.replace("footnote", f"'{sys.executable}' -m bot")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            cwd=folder,
        )
        for line in lines
    ]
    ended = [(process.communicate(), process) for process in started]
    return [(process.returncode, out, err) for (out, err), process in ended]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stream", "sentence", "commands"),
    [(">&-", CLOSED, PRINTING[:1] + PRINTING[-1:]), (">/dev/full", FULL, PRINTING)],
)
def test_an_output_that_cannot_be_written_is_named(
    folder: Path, stream: str, sentence: str, commands: Sequence[str]
) -> None:
    """By every command, in one sentence, and the code is neither that of a success nor of a bug."""
    for code, out, err in ran(folder, *(f"footnote {command} {stream}" for command in commands)):
        said = [line for line in err.splitlines(keepends=True) if line.startswith("footnote: ")]
        assert (code, out, said) == (2, "", [sentence])


def test_errors_that_cannot_be_written_leave_the_code(folder: Path) -> None:
    """Where there is no place to say it, the code says it still."""
    for stream in ("2>&-", "2>/dev/full"):
        wrong, right = ran(
            folder, f"footnote ask --knowledge none x {stream}", f"footnote search office {stream}"
        )
        assert wrong == (2, "", "")
        assert (right[0], right[2]) == (0, "")


@pytest.mark.parametrize("command", ["ask x", "search x", "index", "documents", "chat"])
def test_a_link_to_itself_is_no_document(run: Run, folder: Path, command: str) -> None:
    """Given by name it is named; in a folder it is left out like every link that leads nowhere."""
    result = run(*command.split(), "--knowledge", str(folder / "loop"))
    reason = "is a link that leads nowhere; check where it should lead"
    assert (result.code, result.out) == (2, "")
    assert result.err == f"footnote: {folder / 'loop'}: {reason}\n"
    assert run("search", "lease", "--knowledge", str(folder / "notes")).code == 0


def test_too_little_memory_is_named(folder: Path) -> None:
    """Before something fails that cannot be told of any more; what needs little is still done."""
    build, ask, start = ran(
        folder,
        "ulimit -v 400000; footnote index --knowledge notes",
        "ulimit -v 400000; footnote ask 'When did Mexico open its office in Ramallah?'",
        "ulimit -v 150000; footnote search office",
    )
    limit = "the memory limit of 409 MB (ulimit -v) is too low to build an index"
    assert build == (2, "", f"footnote: {limit}; allow at least 1,000 MB\n")
    assert (ask[0], ask[2]) == (0, "")
    assert "2005" in ask[1]
    limit = "the memory limit of 153 MB (ulimit -v) is too low"
    assert start == (2, "", f"footnote: {limit}; allow at least 300 MB\n")


def test_memory_that_runs_out_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is nothing to report."""

    def full(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("bot.assembly.opened", full)
    result = run("ask", "--knowledge", str(MATERIAL), "x")
    assert (result.code, result.out) == (2, "")
    assert result.err == "footnote: not enough memory; close other programs, or raise the limit\n"


def test_a_report_can_go_into_a_pipe(folder: Path) -> None:
    """Or to a device, which must not be replaced by a file."""
    line = (
        "mkfifo pipe; timeout 60 cat pipe & footnote evaluate questions.jsonl --json pipe >&2; wait"
    )
    ((code, out, _),) = ran(folder, line)
    assert code == 0
    assert json.loads(out)["figures"]["answers"]["n"] == 1
    assert (folder / "pipe").is_fifo()


def test_what_is_said_beside_an_answer_may_be_lost(folder: Path) -> None:
    """An answer does not depend on whether somebody can be told that an index was built."""
    line = (
        "FOOTNOTE_CACHE=cache footnote ask --knowledge notes 'When does the lease end?' 2>/dev/full"
    )
    ((code, shown, _),) = ran(folder, line)
    assert code == 0
    assert "The lease ends in May." in shown
