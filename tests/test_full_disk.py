"""A full disk, at every page that may be the last: one sentence, and nothing half written."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.discord.backups import back_up, restore
from bot.discord.database import opened
from bot.discord.store import DatabaseError
from bot.terminal.evaluate import EvaluationError, _write
from knowledge.errors import FootnoteError
from retrieval.evaluation.question_files import QuestionFile
from retrieval.evaluation.question_sets import JudgedQuestion
from retrieval.evaluation.thresholds import StoreError, store_threshold, stored_threshold
from retrieval.index.folders import index_folder
from retrieval.index.opening import open_index
from retrieval.index.refreshing import IndexWriteError, refreshed
from tests.disks import Disk
from tests.writing_on import KINDS

pytestmark = pytest.mark.slow

FULL = ("No space left", "StorageFull", "disk is full", "disk I/O error", "io::Error")
"""What the system, Tantivy and SQLite say of it."""


def until_there_is_room(disk: Disk, work: Callable[[], object], kind: type[FootnoteError]) -> int:
    """Do something with ever more room until it succeeds; how often it could not."""
    failures = 0
    while True:
        disk.leave(failures)
        try:
            work()
        except kind as error:
            said = f"{error}"
            assert any(words in said for words in FULL), said
            assert "\n" not in said
            failures += 1
        else:
            disk.clear()
            return failures


def lines_of(path: Path) -> list[str]:
    """The lines of a file."""
    return path.read_text(encoding="utf-8").splitlines()


def test_an_index_is_that_from_before(
    disk: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At whatever page it fails; where there was none, nothing is left."""
    monkeypatch.setattr("retrieval.index.refreshing.PATIENCE", 0.1)
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a.md").write_text("# Garden\n\nThe oak was planted by Anna Berg.\n")
    folder = index_folder(disk.path, notes)

    def first() -> None:
        try:
            refreshed(notes, folder)
        except IndexWriteError:
            assert open_index(folder, notes) is None
            raise

    assert until_there_is_room(disk, first, IndexWriteError) > 5
    (notes / "b.md").write_text("# Lease\n\nThe lease ends in May.\n")

    def second() -> None:
        try:
            refreshed(notes, folder)
        except IndexWriteError:
            index = open_index(folder, notes)
            assert index is not None
            assert list(index.documents) == ["a.md"]
            raise

    assert until_there_is_room(disk, second, IndexWriteError) > 2
    index = open_index(folder, notes)
    assert index is not None
    assert list(index.documents) == ["a.md", "b.md"]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_was_acknowledged_is_kept(disk: Disk, kind: str) -> None:
    """A step fails whole, and the bot goes on once there is room."""
    writing = KINDS[kind]
    database = opened(None, disk.path / "data")
    writing.step(database, 0)
    failures = 0
    for step in range(1, 60):
        disk.leave(step % 12)
        try:
            writing.step(database, step)
        except DatabaseError as error:
            failures += 1
            assert "discord.sqlite3: cannot be used as the database" in f"{error}"
            assert writing.kept(database) == writing.expected(step - 1)
            disk.clear()
            writing.step(database, step)
        assert writing.kept(database) == writing.expected(step)
    assert failures
    database.close()
    disk.clear()
    again = opened(None, disk.path / "data")
    assert writing.kept(again) == writing.expected(59)
    assert again.store.read("pragma integrity_check") == [("ok",)]
    again.close()


def test_a_new_database_is_made_once_there_is_room(disk: Disk) -> None:
    """What was begun is in nobody's way."""
    failures = until_there_is_room(
        disk, lambda: opened(None, disk.path / "data").close(), DatabaseError
    )
    assert failures > 5


def test_backups_are_whole_or_not_there(disk: Disk, tmp_path: Path) -> None:
    """And a database is that from before until it is the backup."""
    database = opened(None, tmp_path / "data")
    KINDS["feedback"].step(database, 0)
    database.close()
    copy = disk.path / "copy"

    def copying() -> None:
        try:
            back_up(tmp_path / "data", copy)
        except DatabaseError:
            assert [path.name for path in disk.path.iterdir()] == [".filling"]
            raise

    assert until_there_is_room(disk, copying, DatabaseError) > 5
    other = opened(None, disk.path / "data")
    other.close()
    assert until_there_is_room(disk, lambda: restore(disk.path / "data", copy), DatabaseError) > 5
    restored = opened(None, disk.path / "data")
    assert KINDS["feedback"].kept(restored) == KINDS["feedback"].expected(0)
    restored.close()


def test_exports_are_those_from_before(disk: Disk) -> None:
    """A report, a calibration and a question set have all of what is new, or nothing."""
    report = disk.path / "report.json"
    report.write_text("before\n")

    def reporting() -> None:
        try:
            _write(report, ["x" * 5_000, "y" * 5_000])
        except EvaluationError:
            assert report.read_text() == "before\n"
            raise

    assert until_there_is_room(disk, reporting, EvaluationError) == 3
    notes = disk.path / "notes"
    store_threshold(disk.path, notes, 0.25)

    def calibrating() -> None:
        try:
            store_threshold(disk.path, notes, 0.5)
        except StoreError:
            assert stored_threshold(disk.path, notes) == 0.25
            raise

    assert until_there_is_room(disk, calibrating, StoreError) == 1
    questions = QuestionFile(disk.path / "questions.jsonl")
    known = JudgedQuestion(id="1", question="Who?", answers=["x" * 3_000])

    def adding() -> None:
        try:
            questions.add(known.model_copy(update={"id": "2", "question": "When?"}))
        except FootnoteError:
            assert [json.loads(line)["id"] for line in lines_of(questions.path)] == ["1"]
            raise

    questions.add(known)
    assert until_there_is_room(disk, adding, FootnoteError) == 1
    assert len(QuestionFile(questions.path).questions) == 2
