"""`footnote questions`: deciding at a terminal, and what is in the file afterwards."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from command import Run

from bot.discord.database import Asked, opened

pytest.importorskip("pty")

from typist import COMMAND, CTRL_C, Typist

from tests.postgres_server import PostgresServer

_DRAFT = ("questions", "draft", "--knowledge", "notes")
_GAPS = ("questions", "from-gaps", "--knowledge", "notes")
_KEYS = "q quit\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two documents that propose three questions."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "saw.md").write_text(
        "# Saws\n\n## Cleaning the saw\n\nUse a *soft* [brush](brush.md)\nand no water.\n\n"
        "## Sharpening the blade\n\nBring it to the front desk.\n\n"
        "## Replacing the blade\n\nLoosen the screw, and turn the blade to the left.\n",
        "utf-8",
    )
    (tmp_path / "notes" / "printer.md").write_text(
        "# Printers\n\n## How do I load filament?\n\nHeat the nozzle, then push the filament in.\n",
        "utf-8",
    )
    return tmp_path


def _typist(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> Typist:
    """Somebody at a terminal that can place its cursor, in the folder, with no settings."""
    none = {name: "" for name in os.environ if name.startswith("FOOTNOTE_") and "CACHE" not in name}
    own = {"TERM": "xterm", "COLUMNS": "80", **none, **(environment or {})}
    return Typist([COMMAND, *arguments], own, folder)


def _saved(folder: Path, name: str = "questions.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()]


def test_what_is_accepted_is_saved_at_once(folder: Path) -> None:
    """With its evidence and the tag, before the next question is decided about."""
    with _typist(folder, *_DRAFT) as terminal:
        shown = terminal.until(_KEYS)
        terminal.type("a")
        terminal.until(_KEYS)
        (question,) = _saved(folder)
        terminal.type("q")
        code, rest = terminal.ends()
    assert f"? {question['question']}" in shown
    assert question["id"] == "drafted-1"
    assert question["tags"] == ["drafted"]
    (evidence,) = question["evidence"]
    assert evidence["quote"] in (folder / "notes" / evidence["document"]).read_text("utf-8")
    assert code == 0
    assert "Saved 1 question in questions.jsonl." in rest
    assert "footnote evaluate --knowledge notes questions.jsonl" in rest


def test_a_question_can_be_edited_dropped_and_skipped(folder: Path) -> None:
    """What is skipped comes again at the end, what is dropped does not; other keys are told."""
    asked = []
    with _typist(folder, *_DRAFT) as terminal:
        for keys in ("s", "d", "x", "e", "\x15May I clean it?\r", "e", "\x15Anew?\r"):
            if keys in ("s", "d", "x", "e"):
                asked.append(terminal.until(_KEYS) if keys != "e" or len(asked) != 3 else "")
            else:
                terminal.until("? ")
            terminal.type(keys)
            if keys == "x":
                terminal.until("Press one of: a, e, d, s, q.")
        code, rest = terminal.ends()
    assert code == 0
    assert [question["question"] for question in _saved(folder)] == ["May I clean it?", "Anew?"]
    assert "Those were all." in rest
    first = next(line for line in asked[0].splitlines() if line.startswith("  ? "))
    assert first in asked[-1]
    assert "Those that you skipped:" in asked[-1]


def test_a_file_is_continued(folder: Path) -> None:
    """What it asks, or has the evidence of, is not proposed; ids go on; its lines stay."""
    line = {"id": "drafted-7", "question": "how do i load Filament", "evidence": []}
    edited = {"document": "saw.md", "quote": "Bring it to the front desk."}
    other = {"id": "b", "question": "Who sharpens?", "answers": ["desk"], "evidence": [edited]}
    before = f"{json.dumps(line)}\n{json.dumps(other)}"  # no line end
    (folder / "own.jsonl").write_text(before, "utf-8")
    with _typist(folder, *_DRAFT, "--out", "own.jsonl") as terminal:
        shown = terminal.until(_KEYS)
        terminal.type("a")
        shown += terminal.until(_KEYS)
        terminal.type("a")
        code, rest = terminal.ends()
    assert code == 0
    assert "Those were all." in rest
    assert "filament" not in shown
    assert "? How do I sharpen" not in shown
    assert (folder / "own.jsonl").read_text("utf-8").startswith(f"{before}\n")
    assert [question["id"] for question in _saved(folder, "own.jsonl")][2:] == [
        "drafted-8",
        "drafted-9",
    ]


def test_a_key_decides_about_one_question(folder: Path) -> None:
    """Those that are pressed before the next one is shown are nothing."""
    with _typist(folder, *_DRAFT) as terminal:
        terminal.until(_KEYS)
        terminal.type("aaa")
        terminal.until(_KEYS)
        terminal.type("q")
        code, rest = terminal.ends()
    assert code == 0
    assert "Saved 1 question in" in rest


def test_ctrl_c_keeps_what_was_saved(folder: Path) -> None:
    """And says so."""
    with _typist(folder, *_DRAFT) as terminal:
        terminal.until(_KEYS)
        terminal.type("a")
        terminal.until(_KEYS)
        terminal.type(CTRL_C)
        code, rest = terminal.ends()
    assert code == 130
    assert "Saved 1 question" in rest
    assert len(_saved(folder)) == 1


@pytest.mark.parametrize("command", ["draft", "from-gaps"])
def test_it_needs_a_terminal(run: Run, folder: Path, command: str) -> None:
    """One sentence and exit code 2, before anything is read or written."""
    result = run("questions", command, "--knowledge", "notes", stdin="a\n")
    assert result.code == 2
    assert result.err == (
        "footnote: this asks for a key after each question; run it in a terminal\n"
    )
    assert not (folder / "questions.jsonl").exists()


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("own.jsonl", "{", "own.jsonl: line 1: Invalid JSON"),
        ("own.json", "{}", "own.json: is no file of JSON Lines; name one (.jsonl)"),
        ("no/own.jsonl", None, "no/own.jsonl: cannot be written; choose another file"),
    ],
)
def test_a_file_that_is_no_question_set_is_left_alone(
    folder: Path, name: str, content: str | None, problem: str
) -> None:
    """It is named before the first question."""
    if content is not None:
        (folder / name).write_text(content)
    with _typist(folder, *_DRAFT, "--out", name) as terminal:
        code, shown = terminal.ends()
    assert code == 2
    assert problem in shown
    assert content is None or (folder / name).read_text() == content


def _record(folder: Path, *questions: str) -> dict[str, str]:
    """Questions that were declined in Discord; where they are kept, as a setting."""
    database = opened(None, folder / "data")
    for number, question in enumerate(questions):
        database.record(Asked(number, 1 + number % 2, 10, 7, question, False, 0.1))
    database.close()
    return {"FOOTNOTE_DATA": str(folder / "data")}


@pytest.mark.postgres
def test_gaps_are_read_from_postgresql(folder: Path, postgres: PostgresServer) -> None:
    """Where the setting names a database, that one counts, and no file."""
    _record(folder, "In the file?")
    address = postgres.new_database()
    database = opened(address, folder)
    database.record(Asked(1, 1, 10, 7, "On the server?", False, 0.1))
    database.close()
    with _typist(folder, *_GAPS, environment={"FOOTNOTE_DATABASE": address}) as terminal:
        shown = terminal.until(_KEYS)
        terminal.type("q")
        code, _ = terminal.ends()
    assert code == 0
    assert "? On the server?" in shown
    assert "In the file" not in shown


@pytest.mark.slow
def test_gaps_become_judged_questions(folder: Path) -> None:
    """By the section that answers, by words as they are shown, or as one to be declined."""
    recorded = _record(
        folder,
        "how can the filament be loaded",
        "How can filament be loaded?",
        "May I use water on the blade of the saw?",
        "Who won\nthe cup?",
    )
    with _typist(folder, *_GAPS, environment=recorded) as terminal:
        shown = terminal.until(_KEYS)
        assert "? how can the filament be loaded" in shown
        assert "declined 2 times" in shown
        assert "also: How can filament be loaded?" in shown
        assert "1. Printers › How do I load filament?" in shown
        terminal.type("1")
        assert "? May I use water" in terminal.until(_KEYS)
        terminal.type("t")
        terminal.until("Words of a document: ")
        terminal.type("a soft brush and no fire\r")
        assert "No document has these words in a row" in terminal.until(_KEYS)
        terminal.type("t")
        terminal.until("Words of a document: ")
        terminal.type("a soft brush and no water.\r")
        assert "? Who won the cup?" in terminal.until(_KEYS)
        terminal.type("m")
        code, _ = terminal.ends()
    assert code == 0
    loaded, used, won = _saved(folder)
    assert loaded["tags"] == used["tags"] == won["tags"] == ["asked"]
    (evidence,) = loaded["evidence"]
    assert evidence["document"] == "printer.md"
    assert "Heat the nozzle" in evidence["quote"]
    quote = "Use a *soft* [brush](brush.md)\nand no water."
    assert used["evidence"] == [{"document": "saw.md", "quote": quote}]
    assert won == {
        "id": "asked-3", "question": "Who won the cup?", "answers": [], "evidence": [],
        "tags": ["asked"],
    }  # fmt: skip


@pytest.mark.slow
def test_gaps_are_of_all_servers_or_of_one(folder: Path) -> None:
    """Other servers may be answered from other documents."""
    recorded = _record(folder, "Who won?", "Who lost?", "Who came?")
    everywhere = _all_shown(folder, 3, recorded)
    here = _all_shown(folder, 1, recorded, "--server", "2")
    assert all(f"? Who {did}?" in everywhere for did in ("won", "lost", "came"))
    assert "? Who lost?" in here
    assert not any(f"? Who {did}?" in here for did in ("won", "came"))
    with _typist(folder, *_GAPS, "--server", "3", environment=recorded) as terminal:
        code, shown = terminal.ends()
    assert code == 2
    assert "has no declined questions of the server 3; moderators" in shown


def _all_shown(folder: Path, count: int, recorded: dict[str, str], *options: str) -> str:
    """So many gaps, which are all that are asked about."""
    shown = ""
    with _typist(folder, *_GAPS, *options, environment=recorded) as terminal:
        for _ in range(count):
            shown += terminal.until(_KEYS)
            terminal.type("d")
        code, rest = terminal.ends()
    assert (code, "?" in rest) == (0, False)
    return shown


@pytest.mark.slow
def test_without_gaps_it_says_so(folder: Path) -> None:
    """Where nothing was recorded, and where all that was is judged; no database is made."""
    own = {"FOOTNOTE_DATA": str(folder / "data")}
    with _typist(folder, *_GAPS, environment=own) as terminal:
        code, shown = terminal.ends()
    assert code == 2
    assert "has no declined questions; moderators turn recording on with /footnote record" in shown
    assert not (folder / "data").exists()
    (folder / "questions.jsonl").write_text('{"id": "a", "question": "who won"}\n')
    with _typist(folder, *_GAPS, environment=_record(folder, "Who won?")) as terminal:
        code, shown = terminal.ends()
    assert code == 2
    assert "every question that was recorded is in questions.jsonl" in shown
