"""Files and databases that vanish, or are locked, while they are used."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.discord.database import FILE, Asked, opened
from bot.discord.store import UnreachableDatabaseError
from knowledge.errors import FootnoteError, ReadError
from knowledge.loading import Skipped, names_at
from retrieval.index import changes, refreshing
from retrieval.index.changes import Changes, changes_at
from retrieval.opening import open_collection

QUESTION = "Who planted the oak?"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A folder of two notes."""
    folder = tmp_path / "notes"
    (folder / "house").mkdir(parents=True)
    (folder / "a.md").write_text("# Garden\n\nThe oak was planted by Anna Berg.\n")
    (folder / "house" / "b.md").write_text("# House\n\nThe door is made of ash.\n")
    return folder


@pytest.fixture
def after_listing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Has something happen once files were listed, before any of them is read."""

    def happens(what: Callable[[], object]) -> None:
        def listed(*arguments: object) -> Changes:
            found = changes_at(*arguments)  # type: ignore[arg-type]
            what()
            return found

        monkeypatch.setattr(refreshing, "changes_at", listed)

    return happens


def test_a_file_that_vanishes_is_skipped_and_then_gone(
    notes: Path, tmp_path: Path, after_listing: Callable[[Callable[[], object]], None]
) -> None:
    """The others answer; the next time nobody knows of it any more."""
    after_listing(lambda: shutil.rmtree(notes / "house", ignore_errors=True))
    collection = open_collection(notes, cache=tmp_path / "cache", reader="words")
    assert "Anna Berg" in (collection.ask(QUESTION).text or "")
    assert [(each.name, each.reason) for each in collection.report.skipped] == [
        ("house/b.md", "does not exist; check the path"),
    ]  # fmt: skip
    assert collection.refresh().skipped == ()


def test_where_all_vanish_the_index_stays(
    notes: Path, tmp_path: Path, after_listing: Callable[[Callable[[], object]], None]
) -> None:
    """One sentence says so, and nothing is forgotten."""
    expected = open_collection(notes, cache=tmp_path / "cache", reader="words").ask(QUESTION)
    for name in ("a.md", "house/b.md"):
        (notes / name).write_text((notes / name).read_text() + "\nIt is old.\n")
    after_listing(lambda: shutil.rmtree(notes, ignore_errors=True))
    with pytest.raises(FootnoteError, match=r"notes: does not exist|contains no file"):
        open_collection(notes, cache=tmp_path / "cache", reader="words")
    kept = open_collection(notes, cache=tmp_path / "cache", reader="words", refresh=False)
    assert kept.ask(QUESTION).text == expected.text


def test_a_database_that_is_locked_is_said_and_used_again(tmp_path: Path) -> None:
    """What was to be written is not there in part, and reading goes on."""
    database = opened(None, tmp_path)
    database.record(Asked(1, 1, 10, 7, "Question 1?", False, 0.1))
    database.store.read("pragma busy_timeout = 50")
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(UnreachableDatabaseError, match="another program keeps the database"):
            database.record(Asked(2, 1, 10, 7, "Question 2?", False, 0.1))
        assert len(database.declined(1)) == 1
        other.execute("rollback")
    database.record(Asked(3, 1, 10, 7, "Question 3?", False, 0.1))
    assert [question for question, _ in database.declined(1)] == ["Question 1?", "Question 3?"]
    database.close()


def test_a_folder_that_vanishes_while_it_is_listed(
    notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named as one that is not there."""

    def listed(path: Path) -> tuple[list[str], list[Skipped]]:
        found = names_at(path)
        shutil.rmtree(notes, ignore_errors=True)
        return found

    monkeypatch.setattr(changes, "names_at", listed)
    with pytest.raises(ReadError, match="does not exist"):
        open_collection(notes, cache=tmp_path / "cache", reader="words")


def test_what_somebody_else_has_written_meanwhile_is_not_written_again(
    notes: Path, tmp_path: Path, after_listing: Callable[[Callable[[], object]], None]
) -> None:
    """Whoever gets the lock looks again where the index is another one than was opened."""
    cache = tmp_path / "cache"
    before = open_collection(notes, cache=cache, reader="words").passages
    (notes / "new.md").write_text("# Shed\n\nThe shed is locked at night.\n", encoding="utf-8")
    others = [lambda: open_collection(notes, cache=cache, reader="words")]
    after_listing(lambda: others.pop()() if others else None)
    collection = open_collection(notes, cache=cache, reader="words")
    assert collection.passages == before + 1
    found = [passage.id for passage in collection.index.passages()]
    assert len(found) == len(set(found)) == before + 1
