"""Folders that are read-only or closed: what can be done is done, else it is said in a sentence."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from command import Result, Run

from bot.discord.database import opened
from retrieval.index import checksums
from tests.disks import Disk
from tests.rights import ordinary_rights

pytestmark = pytest.mark.slow

ASKING = ("ask", "search", "show", "documents", "check", "evaluate", "calibrate", "bot")
"""Commands that need an index, and no new one where the documents are as they were."""

CLOSED = {
    ("cache", 0o500): {"index": "set FOOTNOTE_CACHE to a folder that you can write to"},
    ("cache", 0o000): {
        **dict.fromkeys((*ASKING, "index"), "set FOOTNOTE_CACHE to a folder that you can write to"),
        "check": "has no index yet; build it with: footnote index",
    },
    ("data", 0o500): {
        "calibrate": "set FOOTNOTE_DATA to a folder that you can write to",
        "restore": "discord.sqlite3: cannot be read or written (Permission denied); check",
    },
    ("data", 0o000): {
        **dict.fromkeys((*ASKING, "index"), "set FOOTNOTE_DATA to a folder that you can read"),
        **dict.fromkeys(("backup", "restore"), "cannot be read or written (Permission denied)"),
    },
    ("notes", 0o500): {},
    ("notes", 0o000): dict.fromkeys(
        (*ASKING, "index"), "cannot be read (Permission denied); check that you may open it"
    ),
    ("out", 0o500): {
        "evaluate": "cannot be written (Permission denied); make room, or name another file",
        "backup": "cannot be read or written (Permission denied); check the file and its disk",
    },
    ("out", 0o000): {
        "evaluate": "cannot be written (Permission denied); make room, or name another file",
        "backup": "cannot be read or written (Permission denied); check the file and its disk",
    },
}
"""What each command says that a closed folder keeps from its work, by the folder and its mode."""

Commands = dict[str, Callable[[], Result]]


def question(number: int, *answers: str) -> str:
    """A line of a question set."""
    text = f"Who planted oak {number}?" if answers else f"Who won cup {number}?"
    fields = {"id": f"{number}", "question": text, "answers": answers, "evidence": [], "tags": []}
    return f"{json.dumps(fields)}\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The folder that everything is in."""
    return tmp_path


@pytest.fixture
def commands(run: Run, place: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """Each command, over documents, an index and a database that are there."""
    for name in ("notes", "out"):
        (place / name).mkdir()
    (place / "notes" / "a.md").write_text("# Garden\n\nThe oak was planted by Anna Berg.\n")
    questions = place / "questions.jsonl"
    asked = [question(number, "Anna Berg") for number in range(10)]
    questions.write_text("".join([*asked, *map(question, range(10, 15))]))
    monkeypatch.setenv("FOOTNOTE_CACHE", str(place / "cache"))
    monkeypatch.setenv("FOOTNOTE_DATA", str(place / "data"))
    monkeypatch.setenv("FOOTNOTE_KNOWLEDGE", str(place / "notes"))
    monkeypatch.setenv("DISCORD_TOKEN", "a.good.token")
    opened(None, place / "data").close()
    given = {
        # First, since it decides what the others answer.
        "calibrate": ("calibrate", str(questions)),
        "ask": ("ask", "Who planted the oak?"),
        "search": ("search", "oak"),
        "show": ("show", "a.md"),
        "documents": ("documents",),
        "check": ("check",),
        "evaluate": ("evaluate", str(questions), "--json", str(place / "out" / "report.json")),
        "bot": ("bot", "--check"),
        "index": ("index", "--rebuild"),
        "backup": ("backup", str(place / "out" / "backup")),
        "restore": ("restore", str(place / "saved")),
    }
    # The first calibration says another thing of what was before.
    for arguments in (("index",), given["calibrate"], ("backup", str(place / "saved"))):
        assert run(*arguments).code < 2
    return {name: lambda arguments=arguments: run(*arguments) for name, arguments in given.items()}


@contextmanager
def closed(folder: Path, mode: int) -> Iterator[None]:
    """A folder and all in it with the rights of a mode, for whoever is not root."""
    modes = {path: path.stat().st_mode for path in (folder, *folder.rglob("*"))}
    for path in reversed(modes):
        path.chmod(mode if path.is_dir() else mode & 0o444)
    try:
        with ordinary_rights():
            yield
    finally:
        for path, before in modes.items():
            path.chmod(before)


def test_a_closed_folder_is_one_sentence_or_no_obstacle(commands: Commands, place: Path) -> None:
    """Each command does what it did, or says which folder keeps it from that, and changes
    nothing."""
    expected = {command: do() for command, do in commands.items()}
    for (name, mode), remedies in CLOSED.items():
        for command, do in commands.items():
            (place / "out" / "backup").unlink(missing_ok=True)
            before = files_in(place)
            with closed(place / name, mode):
                found = do()
            which = f"{command} with {name} {mode:o}: {found}"
            said = [line for line in found.err.splitlines() if not line.startswith("Asking")]
            if command in remedies:
                assert (found.code, len(said)) == (2, 1), which
                assert remedies[command] in said[0], which
                assert files_in(place) == before, which
            else:
                assert (found.code, untimed(found)) == (
                    expected[command].code, untimed(expected[command]),
                ), which  # fmt: skip


def untimed(result: Result) -> str:
    """What was printed, but for when files were read, which building an index anew changes."""
    return re.sub(r"read \d{4}-\d\d-\d\d \d\d:\d\d", "read", result.out)


def files_in(place: Path) -> dict[str, bytes]:
    """What all files have, but for the locks of indexes and what is known of their times."""
    paths = (path for path in place.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {str(path): path.read_bytes() for path in paths if path.name != checksums.NAME}


class TestOnADisk:
    """The same on a disk that is mounted read-only, as images and snapshots are."""

    @pytest.fixture
    def place(self, disk: Disk) -> Path:
        """All of it is on the disk."""
        return disk.path

    def test_a_read_only_index_answers(self, commands: Commands, disk: Disk) -> None:
        """With the same bytes as before; what has to be written is refused in one sentence."""
        expected = {command: do() for command, do in commands.items()}
        assert [command for command, found in expected.items() if found.code] == ["calibrate"]
        (disk.path / "out" / "backup").unlink()
        with disk.read_only():
            for command in ("ask", "search", "show", "documents", "check", "bot"):
                found = commands[command]()
                assert (found.code, found.err) == (0, ""), found
                assert untimed(found) == untimed(expected[command])
            for command in ("index", "evaluate", "calibrate", "backup", "restore"):
                found = commands[command]()
                assert found.code == 2
                assert "(Read-only file system)" in found.err.splitlines()[-1]

    def test_documents_that_have_changed_are_said(self, commands: Commands, disk: Disk) -> None:
        """No answer is from what the documents said before."""
        (disk.path / "notes" / "a.md").write_text("# Garden\n\nThe oak was planted by Bo Lund.\n")
        with disk.read_only():
            found = commands["ask"]()
        assert (found.code, found.out, found.err.count("\n")) == (2, "", 1)
        assert "cannot be written (Read-only file system); free some space, or set" in found.err
        assert "Bo Lund" in commands["ask"]().out
