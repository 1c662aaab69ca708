"""The index on disk: what is read back, what a change costs, and what nothing can break."""

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from corpora import document, documents_at, material
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.chunking import passages_of
from knowledge.documents import Document
from knowledge.errors import FootnoteError, Obstacle, ReadError
from knowledge.loading import MATERIAL
from retrieval.index import refreshing
from retrieval.index.changes import changes_at
from retrieval.index.checking import differences
from retrieval.index.checksums import IndexDamagedError, sealed
from retrieval.index.engines import build_engine
from retrieval.index.entries import again, document_of, entries_of, stored
from retrieval.index.layout import CARRIER
from retrieval.index.manifest import IndexUseError
from retrieval.index.memory import index_of
from retrieval.index.opening import open_index
from retrieval.index.progress import Progress
from retrieval.index.reading import Index
from retrieval.index.refreshing import IndexBusyError, IndexWriteError, refreshed
from retrieval.index.report import Report
from retrieval.index.tantivy_writer import as_document
from retrieval.text.tokens import terms
from tests.rights import ordinary_rights

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A folder of three notes."""
    folder = tmp_path / "notes"
    (folder / "house").mkdir(parents=True)
    write(folder / "a.md", "# Lease\n\nThe lease ends in May. The rent is due on Friday.\n")
    write(folder / "house/b.md", "# Garden\n\nThe oak was planted in 1987 by Anna.\n")
    write(folder / "c.txt", "The boiler was serviced in June.\n")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the index is to be."""
    return tmp_path / "index"


def write(path: Path, text: str) -> None:
    """A file whose time is another one than before, whatever the clock's grain."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text, encoding="utf-8")
    stat = path.stat()
    if stat.st_mtime_ns <= before:
        os.utime(path, ns=(stat.st_atime_ns, before + 1))


def refresh(
    knowledge: Path, folder: Path, progress: Progress | None = None, *, rebuild: bool = False
) -> Report:
    """What was done to bring the index up to date."""
    return refreshed(knowledge, folder, progress, rebuild=rebuild)[1]


def opened(folder: Path, knowledge: Path) -> Index:
    """The index, which must be there."""
    index = open_index(folder, knowledge)
    assert index is not None
    return index


def opened_below(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files of a folder that are opened from now on, as they are."""
    names: list[str] = []
    read_bytes = Path.read_bytes

    def read(path: Path) -> bytes:
        if path.is_relative_to(folder):
            names.append(path.name)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", read)
    return names


def texts(index: Index) -> list[str]:
    """The texts of all passages, in order."""
    return [passage.text for passage in index.passages()]


def assert_like_new(folder: Path, knowledge: Path) -> None:
    """The index is what reading everything anew would give."""
    index = opened(folder, knowledge)
    loaded = documents_at(knowledge)
    assert list(index.passages()) == [p for d in loaded for p in passages_of(d)]
    assert list(index.documents) == [d.id for d in loaded]
    for each in loaded:
        kept = index.documents[each.id]
        assert (kept.text, kept.title, kept.source, kept.checksum, kept.line) == (
            each.text, each.title, each.source, each.checksum, each.line,
        )  # fmt: skip


def test_the_packaged_article_is_read_back_whole(folder: Path) -> None:
    """Passages, text, title, source and checksum are those of the file."""
    assert refresh(MATERIAL, folder) == Report(added=(MATERIAL.name,), is_new=True)
    assert_like_new(folder, MATERIAL)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
@settings(deadline=None, max_examples=200)
def test_a_document_is_put_together_from_its_passages(text: str) -> None:
    """Whatever it holds, no character is lost or doubled."""
    try:
        read = document(text, "a.md")
    except ReadError:
        return
    entries = [stored(entry.body) for entry in entries_of(read, "a.md", 0)]
    assert [entry.passage for entry in entries] == list(passages_of(read))
    if entries:
        assert document_of(reversed(entries), read.source).text == read.text


def test_only_what_changed_is_read(
    notes: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Added, changed and removed files are told apart, and the others are not opened."""
    first = refresh(notes, folder)
    assert first == Report(added=("a.md", "c.txt", "house/b.md"), is_new=True)
    assert_like_new(folder, notes)
    opened_files = opened_below(notes, monkeypatch)
    assert refresh(notes, folder).is_nothing
    assert opened_files == []
    write(notes / "a.md", "# Lease\n\nThe lease ends in June.\n")
    write(notes / "d.md", "# Keys\n\nThe keys hang by the door.\n")
    (notes / "c.txt").unlink()
    report = refresh(notes, folder)
    assert report == Report(added=("d.md",), changed=("a.md",), removed=("c.txt",))
    assert sorted(opened_files) == ["a.md", "d.md"]
    monkeypatch.undo()
    assert_like_new(folder, notes)


def test_a_renamed_file_is_not_read_again(
    notes: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its passages get its new name; only a title that came from the old name is read anew."""
    refresh(notes, folder)
    opened_files = opened_below(notes, monkeypatch)
    (notes / "house/b.md").rename(notes / "garden.md")
    report = refresh(notes, folder)
    assert report == Report(renamed=(("house/b.md", "garden.md"),))
    assert opened_files == []
    (notes / "c.txt").rename(notes / "boiler.txt")
    refresh(notes, folder)
    assert opened_files == ["boiler.txt"]
    monkeypatch.undo()
    assert_like_new(folder, notes)
    assert (
        opened(folder, notes).engine.search(terms("oak"), 5)[0].passage.document_id == "garden.md"
    )


def test_touching_a_file_without_changing_it_changes_no_passage(notes: Path, folder: Path) -> None:
    """It is read, and gives what it gave."""
    refresh(notes, folder)
    before = opened(folder, notes).fingerprint
    os.utime(notes / "a.md", (1, 1))
    assert refresh(notes, folder).changed == ("a.md",)
    assert opened(folder, notes).fingerprint == before
    assert_like_new(folder, notes)


def test_what_cannot_be_read_is_skipped_and_not_tried_again(notes: Path, folder: Path) -> None:
    """Its reason is kept, until the file changes."""
    write(notes / "x.bin", "?")
    write(notes / "y.md", " ")
    first = refresh(notes, folder)
    assert {each.name for each in first.skipped} == {"x.bin", "y.md"}
    again = refresh(notes, folder)
    assert again.is_nothing
    assert again.skipped == first.skipped
    write(notes / "y.md", "# Now\n\nIt has text.\n")
    assert {each.name for each in refresh(notes, folder).skipped} == {"x.bin"}
    assert_like_new(folder, notes)


def test_a_file_that_became_unreadable_leaves(notes: Path, folder: Path) -> None:
    """Its passages are found no more."""
    refresh(notes, folder)
    write(notes / "a.md", "\0")
    assert [each.name for each in refresh(notes, folder).skipped] == ["a.md"]
    assert opened(folder, notes).engine.search(["leas"], 5) == []


def test_an_empty_or_vanished_folder_wipes_nothing(notes: Path, folder: Path) -> None:
    """The index stays as it was, and what is wrong is said."""
    refresh(notes, folder)
    kept = texts(opened(folder, notes))
    away = notes.with_name("away")
    notes.rename(away)
    with pytest.raises(ReadError, match="does not exist"):
        refresh(notes, folder)
    notes.mkdir()
    with pytest.raises(ReadError, match="contains no files"):
        refresh(notes, folder)
    write(notes / "x.bin", "?")
    with pytest.raises(ReadError, match="contains no file that can be read"):
        refresh(notes, folder)
    assert texts(opened(folder, notes)) == kept
    shutil.rmtree(notes)
    away.rename(notes)
    assert refresh(notes, folder).is_nothing


def test_nothing_is_made_where_nothing_can_be_read(tmp_path: Path, folder: Path) -> None:
    """No folder of an index stays behind."""
    for knowledge in (tmp_path / "none", tmp_path / "a.bin"):
        if knowledge.suffix:
            knowledge.write_bytes(b"\0")
        with pytest.raises(ReadError):
            refresh(knowledge, folder)
        assert not folder.exists()


def test_the_index_of_another_path_is_refused(notes: Path, folder: Path) -> None:
    """A foreign index neither answers nor is written to."""
    refresh(notes, folder)
    with pytest.raises(IndexUseError, match="is the index of"):
        open_index(folder, MATERIAL)
    with pytest.raises(IndexUseError, match="is the index of"):
        refresh(MATERIAL, folder)
    assert len(texts(opened(folder, notes))) == 3


@pytest.mark.parametrize("damage", ["meta", "segment", "format", "other files", "empty"])
def test_an_index_that_cannot_be_used_is_made_anew(notes: Path, folder: Path, damage: str) -> None:
    """By somebody else's hand, a crash of the disk, or an earlier version."""
    refresh(notes, folder)
    if damage == "meta":
        (folder / "meta.json").write_text("{")
    elif damage == "segment":
        for file in folder.glob("*.store"):
            file.unlink()
    elif damage == "format":
        rewrite_manifest(folder, notes)
    elif damage == "other files":
        for file in folder.iterdir():
            # Another file, since a thread of the store may still have mapped the one that is there,
            # and reading it beyond a new end would end the process.
            file.unlink()
            file.write_bytes(b"not an index")
    else:
        for file in folder.iterdir():
            file.unlink()
    if damage in ("format", "empty"):
        assert open_index(folder, notes) is None
    else:
        with pytest.raises(IndexDamagedError, match=r"is damaged \("):
            open_index(folder, notes)
    report = refresh(notes, folder)
    assert (report.is_new, bool(report.damaged)) == (True, damage not in ("format", "empty"))
    assert_like_new(folder, notes)


def rewrite_manifest(folder: Path, knowledge: Path) -> None:
    """Give the index the manifest of an earlier format."""
    index = opened(folder, knowledge)
    manifest = json.loads(index.manifest.to_json())
    store = refreshing.tantivy.Index.open(str(folder))
    with store.writer(refreshing.HEAP, 1) as writer:
        kept = next(index.entries.matching("key", CARRIER))
        entry = again(kept, index.documents[kept.passage.document_id])
        writer.delete_documents_by_term("key", entry.key)
        carrier = as_document(entry)
        carrier.add_text("key", CARRIER)
        carrier.add_bytes("manifest", sealed(json.dumps({**manifest, "format": 0}).encode()))
        writer.add_document(carrier)
        writer.commit()


def test_no_entry_can_run_code(notes: Path, folder: Path) -> None:
    """What is kept is JSON: nothing in the folder is a pickle."""
    refresh(notes, folder)
    source = "".join(p.read_text() for p in (ROOT / "retrieval/index").glob("*.py"))
    assert "pickle" not in source
    assert "eval(" not in source


def test_those_who_ask_at_once_wait_for_the_first(
    notes: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of several that find no index one makes it, and the others find it made."""
    monkeypatch.setattr(refreshing, "PATIENCE", 500)  # a busy machine may need more than 5 s
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: refresh(notes, folder), range(4)))
    assert sorted(report.is_new for report in reports) == [False, False, False, True]
    assert opened(folder, notes).manifest.documents == 3


def test_a_file_that_changes_while_it_is_read_is_read_again(notes: Path, folder: Path) -> None:
    """What came after it was looked at is found the next time; one that is gone is named."""
    changed, gone = notes / "a.md", notes / "house" / "b.md"

    def meanwhile(*_: int) -> None:
        write(changed, "# Lease\n\nThe lease ends in November.\n")
        gone.unlink(missing_ok=True)

    refresh(notes, folder, meanwhile)
    report = refresh(notes, folder)
    assert "a.md" in report.changed
    assert "house/b.md" in report.removed
    assert "November" in opened(folder, notes).documents["a.md"].text


def test_a_file_that_can_be_read_now_is_tried_again(notes: Path, folder: Path) -> None:
    """One that was skipped for its rights, or for a library, is looked at when those are there."""
    refresh(notes, folder)
    index = opened(folder, notes)
    files = dict(index.manifest.files)
    for obstacle, mended in (
        (Obstacle.RIGHTS, True),
        (Obstacle.LIBRARY, True),
        (Obstacle.CONTENT, False),
    ):
        files["a.md"] = files["a.md"]._replace(reason="is not read", obstacle=obstacle)
        assert ("a.md" in changes_at(notes, files).read) == mended


def test_two_writers_are_told_apart(
    notes: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second waits a while, and is told to come again; who reads is not disturbed."""
    monkeypatch.setattr(refreshing, "PATIENCE", 0.2)
    refresh(notes, folder)
    index = opened(folder, notes)
    write(notes / "d.md", "# Keys\n\nThe keys hang by the door.\n")
    store = refreshing.tantivy.Index.open(str(folder))
    writer = store.writer(refreshing.HEAP, 1)
    with pytest.raises(IndexBusyError, match="another process is writing"):
        refresh(notes, folder)
    assert index.engine.search(["leas"], 1)
    del writer
    assert refresh(notes, folder).added == ("d.md",)
    assert len(texts(index)) == 3
    assert len(texts(opened(folder, notes))) == 4


def test_a_failed_writing_leaves_no_lock(
    notes: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long its error is kept: with it stay all objects of the functions that it passed."""
    monkeypatch.setattr(refreshing, "PATIENCE", 0.2)
    refresh(notes, folder)
    write(notes / "a.md", "")
    write(notes / "house/b.md", "")
    write(notes / "c.txt", "")
    kept = []
    for _ in range(2):
        with pytest.raises(ReadError, match="contains no file that can be read") as caught:
            refresh(notes, folder)
        kept.append(caught.value)
    write(notes / "c.txt", "The boiler was serviced in July.\n")
    assert "c.txt" in refresh(notes, folder).changed
    assert len(kept) == 2


@pytest.mark.parametrize("failing", ["add_document", "commit"])
def test_a_full_disk_is_one_sentence_and_leaves_the_index(
    notes: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    """The index from before answers."""
    refresh(notes, folder)
    kept = texts(opened(folder, notes))
    write(notes / "d.md", "# Keys\n\nThe keys hang by the door.\n")
    locked = refreshing._locked

    class Full:
        """A writer on a disk that is full."""

        def __init__(self, writer: object) -> None:
            self._writer = writer

        def __getattr__(self, name: str) -> object:
            if name == failing:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return getattr(self._writer, name)

    monkeypatch.setattr(refreshing, "_locked", lambda *args: Full(locked(*args)))
    with pytest.raises(IndexWriteError, match=r"No space left on device.*FOOTNOTE_CACHE"):
        refresh(notes, folder)
    monkeypatch.undo()
    assert texts(opened(folder, notes)) == kept
    assert refresh(notes, folder).added == ("d.md",)


def test_a_folder_that_is_closed_is_one_sentence(notes: Path, tmp_path: Path) -> None:
    """And names the setting."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    with ordinary_rights(), pytest.raises(IndexWriteError, match="FOOTNOTE_CACHE"):
        refresh(notes, closed / "index")


def test_a_file_in_the_place_of_the_folder_is_one_sentence(notes: Path, folder: Path) -> None:
    """And it stays."""
    folder.write_text("mine")
    with pytest.raises(FootnoteError, match="FOOTNOTE_CACHE"):
        refresh(notes, folder)
    assert folder.read_text() == "mine"


def records(count: int, title: str = "Mill") -> str:
    """A corpus of records, whose ids begin with their number."""
    rows = (
        {"_id": f"{n}-{title}", "title": title, "text": f"The {title} of place{n} is number {n}."}
        for n in range(count)
    )
    return "".join(f"{json.dumps(row)}\n" for row in rows)


@pytest.fixture
def in_small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of some thousand bytes are read as files of many millions are."""
    monkeypatch.setattr("retrieval.index.preparing._ALONE", 1_000)
    monkeypatch.setattr("retrieval.index.preparing._BATCH", 1_000)
    monkeypatch.setattr("knowledge.readers.beir._PART", 3_000)


@pytest.mark.usefixtures("in_small_parts")
def test_records_of_one_file_are_read_in_parts_and_keep_their_order(
    tmp_path: Path, folder: Path
) -> None:
    """In several processes, from parts of a few lines each."""
    corpus = tmp_path / "corpus.jsonl"
    write(corpus, records(400))
    told: list[tuple[int, int]] = []
    refresh(corpus, folder, lambda done, total, _: told.append((done, total)))
    assert_like_new(folder, corpus)
    # It is told how far it has come within the file, too.
    assert len(told) > 3
    assert told == sorted(told)
    assert told[-1] == (corpus.stat().st_size, corpus.stat().st_size)
    write(corpus, records(401))
    assert refresh(corpus, folder).changed == ("corpus.jsonl",)
    assert_like_new(folder, corpus)


@pytest.mark.slow
@pytest.mark.usefixtures("in_small_parts")
@pytest.mark.parametrize("line", ["{", '{"_id": "7-Mill", "text": "again"}'])
def test_a_file_of_records_with_a_bad_line_is_skipped_whole(
    tmp_path: Path, folder: Path, line: str
) -> None:
    """Half a corpus would answer wrongly without anybody knowing; parts or not."""
    notes = tmp_path / "notes"
    notes.mkdir()
    write(notes / "good.md", "# Good\n\nIt is good.\n")
    write(notes / "corpus.jsonl", f"{records(100)}{line}\n{records(100, 'Inn')}")
    (skipped,) = refresh(notes, folder).skipped
    assert skipped.name == "corpus.jsonl"
    assert texts(opened(folder, notes)) == ["It is good."]
    write(notes / "corpus.jsonl", records(100))
    refresh(notes, folder)
    assert len(texts(opened(folder, notes))) == 101


def test_an_id_that_two_files_have_is_refused_in_the_later_one(notes: Path, folder: Path) -> None:
    """Whether both are new or one was there."""
    write(notes / "r.jsonl", '{"_id": "1", "text": "The first is there."}\n')
    refresh(notes, folder)
    write(notes / "s.jsonl", '{"_id": "1", "text": "The second is not."}\n')
    (skipped,) = refresh(notes, folder).skipped
    assert (skipped.name, "which" in skipped.reason) == ("s.jsonl", True)
    assert opened(folder, notes).engine.search(["second"], 5) == []


def test_words_and_acronyms_are_those_of_the_documents(notes: Path, folder: Path) -> None:
    """From the index they are what the documents in memory give."""
    write(notes / "d.md", "# D\n\nThe World Food Programme (WFP) gave food to the WFP office.\n")
    refresh(notes, folder)
    index = opened(folder, notes)
    assert index.vocabulary().nearest("foood", 1, is_name=False) == "food"
    assert index.acronyms().added_to(["wfp"]) == ["wfp", "world", "food", "programm"]


def test_the_engine_ranks_as_one_over_the_same_passages(folder: Path) -> None:
    """The index's own engine finds what one in memory finds, with the same scores."""
    refresh(MATERIAL, folder)
    index = opened(folder, MATERIAL)
    memory = build_engine("tantivy", index_of([material()]))
    for query in ("office in Ramallah", "Mexico", "agreements signed", "nothing of it zzz"):
        found = index.engine.search(terms(query), 30)
        assert found == memory.search(terms(query), 30)
        for term in terms(query):
            assert index.engine.idf(term) == memory.idf(term)
            assert index.engine.knows(term) is memory.knows(term)


def test_the_manifest_finds_another_carrier(notes: Path, folder: Path) -> None:
    """Whichever files leave or change, one after the other."""
    refresh(notes, folder)
    for number, name in enumerate(("a.md", "house/b.md", "c.txt", "a.md")):
        write(notes / name, f"# Note\n\nIt is number {number}.\n")
        refresh(notes, folder)
        assert_like_new(folder, notes)
    for name in ("a.md", "house/b.md"):
        (notes / name).unlink()
        refresh(notes, folder)
        assert_like_new(folder, notes)


def test_deleted_passages_are_neither_found_nor_known(notes: Path, folder: Path) -> None:
    """Nor are their words taken for repairs that nobody can answer from."""
    refresh(notes, folder)
    (notes / "house/b.md").unlink()
    refresh(notes, folder)
    engine = opened(folder, notes).engine
    assert not engine.knows("oak")
    assert engine.search(["oak", "leas"], 5)[0].passage.document_id == "a.md"


KILLED = """
import os, signal, sys
from pathlib import Path
from retrieval.index.refreshing import refreshed

left = int(sys.argv[3])

def step(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

print("go", flush=True)
refreshed(Path(sys.argv[1]), Path(sys.argv[2]), step)
"""


def killed_after(knowledge: Path, folder: Path, *, seconds: float = 0, files: int = 0) -> bool:
    """Refresh in a process that is killed so late; whether it had ended by itself."""
    arguments = [str(knowledge), str(folder), str(files)]
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, *arguments], stdout=subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    process.stdout.readline()
    if not files:
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
    process.stdout.close()
    return process.wait() == 0


@pytest.fixture
def many(tmp_path: Path) -> Iterator[Path]:
    """A folder of 300 notes."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(300):
        write(folder / f"{number:03}.md", f"# Mill {number}\n\nThe mill of place{number} stands.\n")
    yield folder


@pytest.mark.slow
def test_killed_at_any_moment_the_index_from_before_answers(
    many: Path, folder: Path, kills: int
) -> None:
    """Nothing has to be repaired, and the next refresh makes it whole."""
    refresh(many, folder)
    chance = random.Random(7)
    for number in range(kills):
        for changed in range(0, 300, 3):
            text = f"# Mill {changed}\n\nThe mill of place{changed} stands, version{number}.\n"
            write(many / f"{changed:03}.md", text)
        before = texts(opened(folder, many))
        # By the clock it may fall into the commit or behind it, as the machine goes; by the number
        # of files that were read it never does.
        if number % 2:
            assert not killed_after(many, folder, files=chance.randint(1, 100))
        else:
            killed_after(many, folder, seconds=chance.uniform(0, 0.25))
        after = texts(opened(folder, many))
        is_after = any(f"version{number}." in text for text in after)
        expected = [p.text for d in documents_at(many) for p in passages_of(d)]
        assert after == (expected if is_after else before)
        if number % 10 == 0:
            refresh(many, folder)
            assert texts(opened(folder, many)) == expected
    refresh(many, folder)
    assert_like_new(folder, many)


def test_documents_are_loaded_when_they_are_asked_for(notes: Path, folder: Path) -> None:
    """As a mapping: by id, by number, and those that are not there are not."""
    refresh(notes, folder)
    documents = opened(folder, notes).documents
    assert len(documents) == 3
    assert "a.md" in documents
    assert "none.md" not in documents
    assert documents.get("none.md") is None
    found = documents["a.md"]
    assert isinstance(found, Document)
    assert documents["a.md"] is found


def test_check_finds_what_times_do_not_tell(notes: Path, folder: Path) -> None:
    """A file whose content changed under the same size and time, and whatever else differs."""
    write(notes / "x.bin", "?")
    write(notes / "r.jsonl", records(3))
    refresh(notes, folder)
    index = opened(folder, notes)
    assert list(differences(index, notes)) == []
    path = notes / "a.md"
    stat = path.stat()
    path.write_text(path.read_text().replace("May", "Mai"))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert refresh(notes, folder).is_nothing
    write(notes / "new.md", "# New\n\nIt is new.\n")
    (notes / "c.txt").unlink()
    write(notes / "house/b.md", "\0")
    assert {each.file: each.what for each in differences(index, notes)} == {
        "a.md": "has changed",
        "new.md": "is new",
        "c.txt": "is missing",
        "house/b.md": "is a binary file, not text; give a text file",
    }


@pytest.mark.usefixtures("in_small_parts")
def test_the_checksum_of_many_records_is_that_of_its_parts(tmp_path: Path, folder: Path) -> None:
    """However a file was read, the check compares it as one."""
    corpus = tmp_path / "corpus.jsonl"
    write(corpus, records(200))
    refresh(corpus, folder)
    assert list(differences(opened(folder, corpus), corpus)) == []
    assert opened(folder, corpus).manifest.files["corpus.jsonl"].documents == 200


def test_a_file_without_anything_to_quote_is_skipped(notes: Path, folder: Path) -> None:
    """It neither counts as a document nor stands in the way of others."""
    write(notes / "0.md", "# Only\n\n## Headings\n")
    (skipped,) = refresh(notes, folder).skipped
    assert (skipped.name, skipped.reason.partition(";")[0]) == (
        "0.md", "contains no sentence or item to quote",
    )  # fmt: skip
    for name in ("a.md", "c.txt", "house/b.md"):
        write(notes / name, f"# New\n\nThe {name} is new.\n")
        refresh(notes, folder)
    assert len(texts(opened(folder, notes))) == 3
    lonely = notes.with_name("lonely")
    lonely.mkdir()
    write(lonely / "0.md", "# Only\n")
    with pytest.raises(ReadError, match="contains no sentence or item to quote"):
        refresh(lonely, folder.with_name("other"))


def test_the_second_of_two_with_one_id_comes_in_when_the_first_leaves(
    notes: Path, folder: Path
) -> None:
    """And a check finds nothing wrong with either state."""
    write(notes / "r.jsonl", '{"_id": "1", "text": "The first is there."}\n')
    write(notes / "s.jsonl", '{"_id": "1", "text": "The second is there."}\n')
    assert [each.name for each in refresh(notes, folder).skipped] == ["s.jsonl"]
    assert list(differences(opened(folder, notes), notes)) == []
    assert refresh(notes, folder).is_nothing
    (notes / "r.jsonl").unlink()
    assert refresh(notes, folder).skipped == ()
    assert_like_new(folder, notes)


def test_a_new_name_that_is_another_ones_id_is_refused(notes: Path, folder: Path) -> None:
    """As it would be if all were read anew; the ids of records do not follow their file's name."""
    write(notes / "1.jsonl", '{"_id": "y.md", "text": "The record is there."}\n')
    write(notes / "z.jsonl", '{"_id": "z.jsonl", "text": "The name is its own."}\n')
    refresh(notes, folder)
    (notes / "a.md").rename(notes / "y.md")
    assert [each.name for each in refresh(notes, folder).skipped] == ["y.md"]
    (notes / "y.md").rename(notes / "a.md")
    (notes / "z.jsonl").rename(notes / "w.jsonl")
    refresh(notes, folder)
    assert_like_new(folder, notes)


def test_one_file_by_two_names(tmp_path: Path, folder: Path) -> None:
    """A link to a file is the file."""
    write(tmp_path / "plain.txt", "The mill stands.\n")
    (tmp_path / "link.txt").symlink_to(tmp_path / "plain.txt")
    for name in ("plain.txt", "link.txt", "plain.txt"):
        refresh(tmp_path / name, folder)
        assert texts(opened(folder, tmp_path / name)) == ["The mill stands."]


def test_the_first_of_many_is_read_alone(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a file of records, and of those beside a passage, no more is read than is asked for."""
    corpus = tmp_path / "corpus.jsonl"
    write(corpus, records(300))
    refresh(corpus, folder)
    index = opened(folder, corpus)
    read = []
    monkeypatch.setattr(
        "retrieval.index.tantivy_entries.stored", lambda body: (read.append(1), stored(body))[1]
    )
    first = next(index.of_file(corpus.name))
    assert (first.passage.document_id, first.row) == ("0-Mill", 1)
    assert next(iter(index.documents)) == "0-Mill"
    assert len(read) < 5
    assert len(list(index.of_file(corpus.name))) == 300


def test_those_beside_an_entry_are_in_its_document(notes: Path, folder: Path) -> None:
    """In the order of the text, each with its line; at the ends there is none."""
    sentences = "\n\n".join(f"{'Many words are here. ' * 12}Paragraph {n}." for n in range(4))
    write(notes / "a.md", f"# Long\n\n{sentences}\n")
    refresh(notes, folder)
    index = opened(folder, notes)
    entries = list(index.of_document("a.md"))
    assert len(entries) == 4
    for entry, after in pairwise(entries):
        assert index.after(entry) == after
        assert index.before(after) == entry
    assert index.before(entries[0]) is None
    assert index.after(entries[-1]) is None
    document = index.documents["a.md"]
    assert [e.row for e in entries] == [document.line_at(e.passage.span.start) for e in entries]
