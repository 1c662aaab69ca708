"""Vectors made where they are lacking, by the command and by the bot, and by nobody else."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from command import Result, Run
from counting_reader import MODEL, CountingReader
from importing import imported

from bot.library import complete_vectors, read_library
from bot.settings import Settings
from retrieval.collection import MOST_VECTORS as MOST
from retrieval.collection import Collection
from retrieval.index.entries import key_of
from retrieval.index.refreshing import IndexWriteError
from retrieval.meaning import making
from retrieval.meaning.files import VECTORS_FILE
from retrieval.meaning.making import Made, make_vectors
from retrieval.meaning.vectors import INCOMPLETE, Vectors
from retrieval.opening import from_texts, open_collection

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A folder of notes."""
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "a.md").write_text("# Lease\n\nThe lease ends in May.\n\n## Rent\n\nIt is due.\n")
    (folder / "b.md").write_text("# Garden\n\nThe oak was planted in 1987.\n")
    (folder / "c.md").write_text("# Boiler\n\nThe boiler was serviced in June.\n")
    return folder


Make = Callable[..., Made]


@pytest.fixture
def collection(notes: Path, tmp_path: Path) -> Callable[[], Collection]:
    """Opens the notes as they are."""
    return lambda **options: open_collection(notes, cache=tmp_path / "cache", **options)


@pytest.fixture
def folder(collection: Callable[[], Collection]) -> Path:
    """The folder of their index."""
    folder = collection().folder
    assert folder is not None
    return folder


@pytest.fixture
def make(collection: Callable[[], Collection], folder: Path) -> Make:
    """Makes their vectors, by a reader."""
    return lambda reader, most=MOST, **options: make_vectors(
        collection().index, folder, reader, most, **options
    )


def of_passages(collection: Collection, folder: Path) -> dict[str, float | None]:
    """The cosine of each passage with its own text's vector, which is 1."""
    vectors = Vectors.open(folder, MODEL)
    assert vectors is not None
    assert len(vectors) == collection.passages
    found = {}
    for passage in collection.index.passages():
        asked = CountingReader().vector(making._text(passage))
        found[passage.id] = vectors.of(key_of(passage), vectors.cosines(asked))
    return found


def assert_whole(collection: Collection, folder: Path) -> None:
    """Each passage has the vector of its text."""
    cosines = of_passages(collection, folder)
    assert all(cosine is not None and cosine > 0.98 for cosine in cosines.values())


def test_each_passage_gets_the_vector_of_its_text_once(
    make: Make, collection: Callable[[], Collection], folder: Path
) -> None:
    """With title and headings; where nothing has changed, nothing is made or even looked at."""
    reader = CountingReader()
    told: list[tuple[int, int]] = []
    assert make(reader, progress=lambda *step: told.append(step)) == Made(4, MOST, 4, 4)
    assert sorted(reader.read) == [
        "Boiler: The boiler was serviced in June.",
        "Garden: The oak was planted in 1987.",
        "Lease \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} Rent: It is due.",
        "Lease: The lease ends in May.",
    ]
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert_whole(collection(), folder)
    before = (folder / VECTORS_FILE).stat()
    assert make(reader) == Made(4, MOST, 4)
    assert len(reader.read) == 4
    assert (folder / VECTORS_FILE).stat() == before


def changed(notes: Path) -> None:
    """Another sentence in one file."""
    (notes / "b.md").write_text("# Garden\n\nThe oak was planted in 1988.\n")


def added(notes: Path) -> None:
    """One file more."""
    (notes / "d.md").write_text("# Lamps\n\nThe lamps are new.\n")


def deleted(notes: Path) -> None:
    """One file less."""
    (notes / "c.md").unlink()


def moved(notes: Path) -> None:
    """A file has another name, and each of its passages another key."""
    (notes / "c.md").rename(notes / "z.md")


def retitled(notes: Path) -> None:
    """Another title, so that each passage of a file has another text, and the same key."""
    (notes / "a.md").write_text("# Let\n\nThe lease ends in May.\n\n## Rent\n\nIt is due.\n")


def touched(notes: Path) -> None:
    """The time of a file is another one, and it is read again."""
    os.utime(notes / "a.md", (1, 1))


def copied(notes: Path) -> None:
    """A file is there twice."""
    (notes / "d").mkdir()
    (notes / "d" / "c.md").write_bytes((notes / "c.md").read_bytes())


@pytest.mark.parametrize(
    ("change", "count"),
    [(changed, 1), (added, 1), (deleted, 0), (moved, 0), (retitled, 2), (touched, 0), (copied, 0)],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_only_texts_that_are_new_are_read(
    make: Make,
    notes: Path,
    collection: Callable[[], Collection],
    folder: Path,
    change: Callable[[Path], None],
    count: int,
) -> None:
    """Whatever happens to a file; each passage has its vector behind it, and no other is kept."""
    make(CountingReader())
    change(notes)
    reader = CountingReader()
    made = make(reader)
    assert (made.made, len(reader.read)) == (count, count)
    assert made.passages == made.vectors == collection().passages
    assert_whole(collection(), folder)


def test_each_passage_that_gets_a_vector_is_counted(
    make: Make, notes: Path, collection: Callable[[], Collection]
) -> None:
    """Also where two have one text, which is read once."""
    copied(notes)
    reader = CountingReader()
    made = make(reader)
    assert made.made == made.vectors == collection().passages == len(reader.read) + 1


def test_vectors_stay_while_another_process_makes_some(make: Make, folder: Path) -> None:
    """They are not taken from under it, though here they are too many."""
    make(CountingReader())
    with closing(sqlite3.connect(folder / "vectors.lock")) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        make(CountingReader(), most=0)
    assert (folder / VECTORS_FILE).exists()


def test_vectors_stay_where_every_file_is_read_again(
    make: Make, collection: Callable[..., Collection], folder: Path
) -> None:
    """The index is written anew among them, and is as whole as before."""
    make(CountingReader())
    collection(rebuild=True)
    assert make(CountingReader()).made == 0
    assert_whole(collection(refresh=False), folder)
    assert list(collection().differences()) == []


def test_vectors_go_with_an_index_that_is_damaged(
    make: Make, collection: Callable[..., Collection], folder: Path
) -> None:
    """It is made anew in another folder, and they with it."""
    make(CountingReader())
    (folder / "meta.json").write_bytes(b"{}")
    assert collection().report.damaged
    assert Vectors.open(folder, MODEL) is None
    assert make(CountingReader()).made == 4


def test_another_model_makes_its_own(
    make: Make, collection: Callable[[], Collection], folder: Path
) -> None:
    """They take the place of those that were there."""
    make(CountingReader())
    other = CountingReader()
    other.identity = "another"
    assert make(other).made == 4
    assert Vectors.open(folder, MODEL) is None
    assert make(CountingReader()).made == 4
    assert_whole(collection(), folder)


def test_damaged_vectors_are_made_again(
    make: Make, collection: Callable[[], Collection], folder: Path
) -> None:
    """As if there were none."""
    make(CountingReader())
    content = bytearray((folder / VECTORS_FILE).read_bytes())
    content[-1] ^= 1
    (folder / VECTORS_FILE).write_bytes(content)
    assert make(CountingReader()).made == 4
    assert_whole(collection(), folder)


@pytest.mark.parametrize("ended", [KeyboardInterrupt, MemoryError])
def test_what_interrupts_it_loses_nothing(make: Make, folder: Path, ended: type) -> None:
    """What was made until then is there, and only the others are made."""

    def interrupt(number: int) -> None:
        if number == 3:
            raise ended

    with pytest.raises(ended):
        make(CountingReader(interrupt))
    vectors = Vectors.open(folder, MODEL)
    assert vectors is not None
    assert (len(vectors), vectors.state) == (3, INCOMPLETE)
    assert make(CountingReader()) == Made(4, MOST, 4, 1)


KILLED = """
import os, sys
sys.path[:0] = ["tests"]
from pathlib import Path
from bot.library import complete_vectors, read_library
from bot.settings import Settings
from retrieval.opening import open_collection
from retrieval.meaning import making
from counting_reader import CountingReader
making.OFTEN = 1
reader = CountingReader(lambda number: os._exit(9) if number == 2 else None)
collection = open_collection(sys.argv[1], cache=sys.argv[2])
making.make_vectors(collection.index, collection.folder, reader, 100)
"""


def test_what_kills_it_loses_little(make: Make, notes: Path, tmp_path: Path, folder: Path) -> None:
    """What was kept is there; a file that was begun and the lock are in nobody's way."""
    command = [sys.executable, "-c", KILLED, notes, tmp_path / "cache"]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 9
    (folder / f"{VECTORS_FILE}.new").write_bytes(b"half a fi")
    assert make(CountingReader()) == Made(4, MOST, 4, 2)
    assert sorted(file.name for file in folder.glob(f"{VECTORS_FILE}*")) == [
        VECTORS_FILE,
        f"{VECTORS_FILE}.lock",
    ]


def test_of_two_at_once_one_makes_them(
    make: Make, collection: Callable[[], Collection], folder: Path
) -> None:
    """The other does not wait: it says that they are being made, and how many there are."""
    found = []

    def meanwhile(number: int) -> None:
        if number in (1, 2):
            found.append(make(CountingReader()))

    assert make(CountingReader(meanwhile)) == Made(4, MOST, 4, 4)
    assert found == [Made(4, MOST, is_elsewhere=True)] * 2
    assert_whole(collection(), folder)


@pytest.mark.parametrize("most", [0, 3])
def test_above_the_most_none_is_made_and_none_stays(make: Make, folder: Path, most: int) -> None:
    """Those of a few of many passages would find only these."""
    make(CountingReader())
    reader = CountingReader()
    assert make(reader, most=most) == Made(4, most)
    assert not (folder / VECTORS_FILE).exists()
    assert reader.read == []
    assert make(reader, most=4) == Made(4, 4, 4, 4)


def test_where_they_cannot_be_kept_the_remedy_is_said(make: Make, folder: Path) -> None:
    """One sentence, with the folder and the setting."""
    (folder / f"{VECTORS_FILE}.new").mkdir()
    with pytest.raises(IndexWriteError, match=r"vectors cannot be written \(.*FOOTNOTE_CACHE"):
        make(CountingReader())


def test_texts_in_memory_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no folder that they could be in."""
    installed(monkeypatch, CountingReader())
    collection = from_texts({"a.md": "The lease ends in May.\n"})
    assert collection.make_vectors() is None
    meaning = collection._meaning()
    assert meaning is not None
    assert meaning.vectors is None


def test_a_collection_finds_by_the_vectors_that_are_there(
    collection: Callable[[], Collection], monkeypatch: pytest.MonkeyPatch
) -> None:
    """None as long as none is made, and all of them from then on."""
    assert collection().make_vectors() is None
    installed(monkeypatch, CountingReader())
    opened = collection()
    before = opened.answerer
    assert (meaning := opened._meaning()) is not None
    assert meaning.vectors is None
    assert opened.make_vectors() == Made(4, MOST, 4, 4)
    assert opened.answerer is not before
    for again in (opened, collection()):
        assert (meaning := again._meaning()) is not None
        assert isinstance(meaning.vectors, Vectors)
        assert len(meaning.vectors) == 4


def test_an_index_that_is_damaged_meanwhile_is_made_anew(
    collection: Callable[..., Collection], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And its vectors with it."""
    installed(monkeypatch, CountingReader())
    opened = collection(engine="tantivy")
    for file in folder.glob("*.store"):
        with file.open("r+b") as open_file:
            open_file.write(bytes(file.stat().st_size))
    assert opened.make_vectors() == Made(4, MOST, 4, 4)
    assert ".store" in opened.report.damaged
    assert_whole(collection(), folder)


def test_asking_without_a_reader_imports_no_vectors() -> None:
    """Nor numpy, which takes longer than an answer."""
    _, modules = imported(
        ["ask", "When did Mexico open its office?", "--engine", "tantivy"],
        {"numpy", "retrieval.meaning.making", "retrieval.meaning.vectors"},
    )
    assert modules == []


def installed(monkeypatch: pytest.MonkeyPatch, reader: CountingReader) -> CountingReader:
    """A reader that is installed."""
    monkeypatch.setattr(Collection, "_reader", lambda _: reader)
    return reader


@pytest.fixture
def index(run: Run, notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`footnote index` over the notes."""
    monkeypatch.setenv("FOOTNOTE_CACHE", str(tmp_path / "cache"))
    return lambda *options: run("index", "--knowledge", str(notes), *options)


def test_a_new_index_says_how_more_is_found(
    run: Run, notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, where a reader is installed; nobody would know that vectors are lacking."""
    monkeypatch.setenv("FOOTNOTE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(Collection, "reader", property(lambda _: "small"))
    ask = ["ask", "--knowledge", str(notes), "When was the oak planted?"]
    assert run(*ask).err.endswith(f"make vectors once: footnote index --knowledge {notes}\n")
    added(notes)
    assert "vectors" not in run(*ask).err
    monkeypatch.setenv("FOOTNOTE_VECTORS", "3")
    monkeypatch.setenv("FOOTNOTE_CACHE", str(tmp_path / "another"))
    assert "vectors" not in run(*ask).err


def test_index_makes_vectors_and_says_how_many(
    index: Run, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a line for people and a number for programs; without a reader, with none."""
    assert "Vectors for" not in index().out
    assert json.loads(index("--json").out)["vectors"] == 0
    installed(monkeypatch, CountingReader())
    assert "\n  Vectors for 4 passages (4 made now).\n" in index().out
    assert "\n  Vectors for 4 passages.\n" in index().out
    added(notes)
    assert json.loads(index("--json").out)["vectors"] == 5


def test_index_says_why_there_are_none(index: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the setting that decides."""
    installed(monkeypatch, CountingReader())
    for most in ("3", "0"):
        monkeypatch.setenv("FOOTNOTE_VECTORS", most)
        assert (
            f"\n  No vectors: 4 passages are more than FOOTNOTE_VECTORS allows ({most}).\n"
            in index().out
        )
        assert json.loads(index("--json").out)["vectors"] == 0


def test_index_says_that_others_are_made_elsewhere(
    index: Run, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not wait for another process."""
    installed(monkeypatch, CountingReader())
    found: list[Result] = []
    monkeypatch.setattr(making, "OFTEN", 1)
    make(CountingReader(lambda number: found.append(index()) if number == 2 else None))
    expected = "\n  Vectors for 2 of 4 passages; another process is making the others.\n"
    assert expected in found[0].out


def test_index_can_be_interrupted(index: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends it at once, and what was made is not made again."""

    def interrupt(number: int) -> None:
        if number == 1:
            raise KeyboardInterrupt

    installed(monkeypatch, CountingReader(interrupt))
    assert index().code == 130
    installed(monkeypatch, CountingReader())
    assert "Vectors for 4 passages (3 made now)." in index().out


def test_other_commands_make_none(
    run: Run, notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks never waits for vectors."""
    monkeypatch.setenv("FOOTNOTE_CACHE", str(tmp_path / "cache"))
    installed(monkeypatch, CountingReader())
    assert run("ask", "When does the lease end?", "--knowledge", str(notes)).code == 0
    assert run("search", "lease", "--knowledge", str(notes)).code == 0
    assert list((tmp_path / "cache").rglob(f"{VECTORS_FILE}*")) == []


def test_a_reader_without_vectors_makes_none(index: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that only compares questions with passages."""
    installed(monkeypatch, CountingReader()).has_vectors = False
    assert "Vectors for" not in index().out


def test_the_bot_makes_vectors_once(
    notes: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is told whether there are more than there were, and reads them then; the log says how
    many there are."""
    caplog.set_level("INFO")
    settings = Settings(knowledge=notes, cache=tmp_path / "cache")
    read_library(settings)
    assert not complete_vectors(settings, lambda: None)
    reader = installed(monkeypatch, CountingReader())
    assert complete_vectors(settings, lambda: None)
    assert not complete_vectors(settings, lambda: None)
    assert len(reader.read) == 4
    assert not complete_vectors(replace(settings, vectors=3), lambda: None)
    assert caplog.messages == [
        "Vectors for 4 passages (4 made now).",
        "Vectors for 4 passages.",
        "No vectors: 4 passages are more than FOOTNOTE_VECTORS allows (3).",
    ]


def test_the_bot_waits_for_another_process(
    notes: Path, tmp_path: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looks again and again, until it is stopped or the vectors are there."""
    settings = Settings(knowledge=notes, cache=tmp_path / "cache")
    installed(monkeypatch, CountingReader())
    slept: list[float] = []
    monkeypatch.setattr("bot.library.sleep", slept.append)

    def stop() -> None:
        if len(slept) > 12:
            raise InterruptedError

    def meanwhile(number: int) -> None:
        if number == 1:
            with pytest.raises(InterruptedError):
                complete_vectors(settings, stop)

    make(CountingReader(meanwhile))
    assert slept == [1] * 13
    tries = iter([Made(4, MOST, 1, is_elsewhere=True), Made(4, MOST, 4)])
    monkeypatch.setattr(Collection, "make_vectors", lambda *_: next(tries))
    assert complete_vectors(settings, lambda: None)
