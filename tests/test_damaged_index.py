"""An index that is not what was written: it is noticed, named, and made anew; no answer differs."""

import json
import os
import random
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from command import Result, Run

from retrieval.collection import Collection
from retrieval.index import checksums, refreshing
from retrieval.index.entries import Stored
from retrieval.index.folders import index_folder
from retrieval.index.reading import Index
from retrieval.opening import open_collection
from tests.damage import WRONG, outcomes
from tests.rights import ordinary_rights

ROOT = Path(__file__).resolve().parents[1]
QUESTION = "Who planted the oak?"
COMMANDS = (
    ("ask", QUESTION, "--engine", "tantivy"),
    ("ask", QUESTION, "--engine", "rank-bm25"),
    ("search", "oak garden"),
)

Ask = Callable[..., Result]


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A folder of notes."""
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "a.md").write_text("# Lease\n\nThe lease ends in May. The rent is due on Friday.\n")
    (folder / "b.md").write_text("# Garden\n\nThe oak was planted in 1987 by Anna Berg.\n")
    (folder / "c.txt").write_text("The boiler was serviced in June.\n")
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """The folder of the indexes."""
    return tmp_path / "cache"


@pytest.fixture
def ask(run: Run, notes: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Runs a command over the notes."""
    monkeypatch.setenv("FOOTNOTE_CACHE", str(cache))
    return lambda *arguments: run(*arguments, "--knowledge", str(notes))


@pytest.fixture
def folder(ask: Ask, notes: Path, cache: Path) -> Path:
    """An index of two segments, in one of which a passage is deleted."""
    folder = index_folder(cache, notes)
    assert ask("index").code == 0
    (notes / "c.txt").write_text("The boiler was serviced in July, the lamps in August.\n")
    assert ask("index").code == 0
    assert len(list(folder.glob("*.idx"))) == 2
    assert list(folder.glob("*.del"))
    return folder


def files_of(folder: Path) -> list[Path]:
    """The files of an index that hold something."""
    return sorted(path for path in folder.iterdir() if path.stat().st_size)


def replaced(file: Path, content: bytes) -> None:
    """Another file under the name of one.

    Cut in its place, a file that a thread of Tantivy has mapped would end this process (SIGBUS).
    """
    aside = file.with_name("aside")
    aside.write_bytes(content)
    aside.replace(file)


def flipped(file: Path, place: int) -> None:
    """One byte of a file is another one."""
    content = bytearray(file.read_bytes())
    content[place] ^= 1 << place % 8
    replaced(file, bytes(content))


def scrambled(file: Path) -> None:
    """Random bytes in the place of a file's own."""
    replaced(file, random.Random(3).randbytes(file.stat().st_size))


def as_if_known(file: Path) -> None:
    """The disk changed a file without its size or time telling."""
    record = file.with_name(checksums.NAME)
    known = json.loads(record.read_bytes()[checksums.SEAL :])
    known["files"][file.name]["state"] = checksums.state_of(file)
    content = json.dumps(known).encode()
    record.write_bytes(checksums.sealed(content))


@pytest.fixture
def big(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is too big to be compared whole each time."""
    monkeypatch.setattr(checksums, "SMALL", 0)


def assert_mended(ask: Ask, command: tuple[str, ...], expected: Result, name: str) -> None:
    """A command gives what it gave, with one notice; the next one has nothing to say."""
    found = ask(*command)
    assert (found.code, found.out) == (expected.code, expected.out), name
    assert found.err.count("\n") == 1, found.err
    assert "the index was damaged" in found.err
    assert name in found.err
    assert ask(*command) == expected


@pytest.mark.slow
def test_a_flipped_byte_in_any_file_is_named_and_mended(ask: Ask, folder: Path) -> None:
    """Wherever it is: `check` names the file, and the command after it answers as before."""
    expected = [ask(*command) for command in COMMANDS]
    assert {each.code for each in expected} == {0}
    whole = folder.with_name("whole")
    shutil.copytree(folder, whole)
    number = 0
    for name in [file.name for file in files_of(folder)]:
        size = (folder / name).stat().st_size
        for place in (0, random.Random(name).randrange(size), size - 1):
            flipped(folder / name, place)
            check = ask("check")
            assert (check.code, name in check.out.replace("\n", "")) == (1, True), (name, place)
            which = number % len(COMMANDS)
            assert_mended(ask, COMMANDS[which], expected[which], name)
            number += 1
            # A thread of Tantivy may still write there, which rmtree would stumble over.
            folder.rename(folder.with_name(f"old{number}"))
            shutil.copytree(whole, folder)
    assert number > 30
    assert ask("check").code == 0


def swapped(folder: Path) -> None:
    """The postings of two segments, each in the place of the other."""
    one, other = sorted(folder.glob("*.idx"))
    one.rename(folder / "x")
    other.rename(one)
    (folder / "x").rename(other)


def zeroed(folder: Path) -> None:
    """A block of nothing."""
    file = max(folder.glob("*.term"), key=lambda path: path.stat().st_size)
    size = file.stat().st_size
    replaced(file, bytes(size // 2) + file.read_bytes()[size // 2 :])


def shortened(folder: Path) -> None:
    """Half a file."""
    file = next(folder.glob("*.store"))
    replaced(file, file.read_bytes()[: file.stat().st_size // 2])


def emptied(folder: Path) -> None:
    """Nothing of a file."""
    replaced(next(folder.glob("*.fast")), b"")


def removed(folder: Path) -> None:
    """A file that is gone."""
    next(folder.glob("*.fieldnorm")).unlink()


def all_scrambled(folder: Path) -> None:
    """Random bytes everywhere."""
    for file in files_of(folder):
        scrambled(file)


@pytest.mark.parametrize(
    "damage",
    [swapped, zeroed, shortened, emptied, removed, all_scrambled],
    ids=lambda d: d.__name__,
)
def test_other_damage_is_mended_too(ask: Ask, folder: Path, damage: Callable[[Path], None]) -> None:
    """Blocks of zeros, files that are cut, gone, or in each other's place."""
    expected = ask(*COMMANDS[0])
    damage(folder)
    assert ask("check").code == 1
    assert_mended(ask, COMMANDS[0], expected, "")


@pytest.mark.parametrize("kind", ["term", "store"])
def test_random_bytes_are_no_traceback(ask: Ask, folder: Path, notes: Path, kind: str) -> None:
    """In a process of its own, whose standard error has the one sentence."""
    expected = ask(*COMMANDS[0])
    for file in folder.glob(f"*.{kind}"):
        scrambled(file)
    command = [sys.executable, "-m", "bot", *COMMANDS[0], "--knowledge", str(notes)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout.replace("\n", "")[:40]) == (
        0, expected.out.replace("\n", "")[:40],
    )  # fmt: skip
    assert done.stderr.startswith("footnote: the index was damaged (")
    assert done.stderr.count("\n") == 1


@pytest.mark.usefixtures("big")
def test_of_a_big_index_what_has_another_time_is_compared(ask: Ask, folder: Path) -> None:
    """Its size and times tell that it was touched; untouched, it is not read."""
    expected = ask(*COMMANDS[0])
    flipped(next(folder.glob("*.idx")), 20)
    assert_mended(ask, COMMANDS[0], expected, ".idx")
    for file in folder.iterdir():
        os.utime(file)
    assert ask(*COMMANDS[0]) == expected


@pytest.mark.usefixtures("big")
@pytest.mark.parametrize("kind", ["term", "store"])
@pytest.mark.parametrize("command", COMMANDS[:2], ids=["tantivy", "rank-bm25"])
def test_of_a_big_index_what_no_time_tells_is_met_by_the_answer(
    ask: Ask, folder: Path, kind: str, command: tuple[str, ...]
) -> None:
    """The first that stumbles over it makes the index anew, and answers."""
    expected = ask(*command)
    for file in folder.glob(f"*.{kind}"):
        scrambled(file)
        as_if_known(file)
    found = ask(*command)
    assert (found.code, found.out) == (expected.code, expected.out)
    assert found.err.count("the index was damaged") == 1
    assert ask(*command) == expected


@pytest.mark.usefixtures("big")
def test_check_compares_every_byte_and_is_believed(ask: Ask, folder: Path) -> None:
    """What no time tells is found by `check`, and made anew by the command after it."""
    expected = ask(*COMMANDS[0])
    file = next(folder.glob("*.fieldnorm"))
    flipped(file, 2)
    as_if_known(file)
    assert ask(*COMMANDS[0]) == expected
    found = ask("check", "--json")
    assert found.code == 1
    assert json.loads(found.out) == {"file": str(file), "difference": "is damaged"}
    assert_mended(ask, COMMANDS[0], expected, file.name)


@pytest.fixture
def opened(notes: Path, cache: Path, folder: Path) -> Iterator[Collection]:
    """A collection that is open while its index is damaged."""
    assert folder.is_dir()
    yield open_collection(notes, engine="tantivy", cache=cache)


def test_what_is_damaged_while_it_is_open_is_made_anew(opened: Collection, folder: Path) -> None:
    """A program, or the bot, goes on with the new one."""
    expected = open_collection(opened.knowledge or "", cache=folder.parents[1]).ask(QUESTION)
    for file in folder.glob("*.store"):
        with file.open("r+b") as open_file:
            open_file.write(bytes(file.stat().st_size))
    found = opened.ask(QUESTION)
    assert (found.text, found.verdict) == (expected.text, expected.verdict)
    assert ".store" in opened.report.damaged
    assert opened.search("oak")


def test_whatever_stumbles_over_damage_is_mended(
    opened: Collection, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document that is not found where the words of its name are damaged is no error of ours."""
    of_document = Index.of_document

    def found(index: Index, document_id: str) -> Iterator[Stored]:
        is_whole = not checksums.damaged_files(folder, whole=True)
        return of_document(index, document_id) if is_whole else iter(())

    monkeypatch.setattr(Index, "of_document", found)
    flipped(next(folder.glob("*.term")), 9)
    assert "Anna Berg" in (opened.ask(QUESTION).text or "")
    assert ".term" in opened.report.damaged
    monkeypatch.setattr(Index, "of_document", lambda *_: iter(()))
    with pytest.raises(KeyError):
        open_collection(opened.knowledge or "", cache=folder.parents[1]).ask(QUESTION)


def test_an_index_that_is_removed_while_it_is_open_still_answers(
    opened: Collection, folder: Path
) -> None:
    """What was opened stays, and the next one is made."""
    shutil.rmtree(folder)
    assert "Anna Berg" in (opened.ask(QUESTION).text or "")


def test_checksums_that_were_not_written_are_made_again(ask: Ask, folder: Path) -> None:
    """A process that is killed behind its commit costs nothing; damage is noticed all the same."""
    expected = ask(*COMMANDS[0])
    record = folder / checksums.NAME
    record.unlink()
    assert ask(*COMMANDS[0]) == expected
    assert record.is_file()
    record.unlink()
    flipped(next(folder.glob("*.store")), 9)
    assert_mended(ask, COMMANDS[0], expected, ".store")


def test_several_that_find_it_damaged_all_answer(
    ask: Ask, folder: Path, notes: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One makes it anew while the others wait, whatever was damaged."""
    monkeypatch.setattr(refreshing, "PATIENCE", 500)  # a busy machine may need more than 5 s
    for kind in ("*.idx", "meta.json"):
        for file in folder.glob(kind):
            scrambled(file)
        with ThreadPoolExecutor(3) as pool:
            opened = list(pool.map(lambda _: open_collection(notes, cache=cache), range(3)))
        assert {collection.ask(QUESTION).short_answer for collection in opened} == {"Anna Berg"}
        assert sum(collection.report.is_new for collection in opened) == 1
        assert ask("check").code == 0


def test_a_folder_that_is_removed_while_it_is_made_is_made_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process removes a damaged index between two looks of Path.mkdir at its folder."""
    make = os.mkdir

    def mkdir(path: str, mode: int = 0o777) -> None:
        if Path(path) == folder and folder.exists():
            shutil.rmtree(folder)
            raise FileExistsError(path)
        make(path, mode)

    monkeypatch.setattr(os, "mkdir", mkdir)
    refreshing._store(folder)
    assert (folder / "meta.json").exists()


def test_where_nothing_can_be_written_the_remedy_is_said(ask: Ask, folder: Path) -> None:
    """One sentence, with the file and the setting."""
    file = next(folder.glob("*.term"))
    flipped(file, 5)
    for closed in (folder, folder.parent):
        closed.chmod(0o500)
    with ordinary_rights():
        found = ask(*COMMANDS[0])
    for closed in (folder, folder.parent):
        closed.chmod(0o700)
    assert (found.code, found.out, found.err.count("\n")) == (2, "", 1)
    assert f"is damaged ({file.name}) and cannot be made anew" in found.err
    assert "FOOTNOTE_CACHE" in found.err


def test_a_checksum_tells_one_content_from_another(tmp_path: Path) -> None:
    """What was sealed is given back, and nothing else."""
    content = b'{"a":1}'
    assert checksums.unsealed(checksums.sealed(content)) == content
    for wrong in (b"", b"abc", checksums.sealed(content)[:-1], zlib.crc32(b"").to_bytes(4) + b"x"):
        with pytest.raises(ValueError, match="not as it was written"):
            checksums.unsealed(wrong)


def test_the_advice_is_for_the_documents_that_were_checked(
    ask: Ask, folder: Path, notes: Path
) -> None:
    """The command that `check` names can be pasted: it builds this index, not another one."""
    flipped(next(folder.glob("*.idx")), 0)
    hint = f"footnote index --rebuild --knowledge {notes}"
    assert f"  {hint}\n" in ask("check").out


@pytest.mark.slow
@pytest.mark.parametrize("is_noticed", [True, False])
def test_no_damage_anywhere_gives_another_quote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_noticed: bool
) -> None:
    """A share of what `python tests/damage.py` tries: each byte changed, each file cut there."""
    if not is_noticed:
        monkeypatch.setattr(checksums, "SMALL", 0)
    found = outcomes(tmp_path, 397, is_noticed=is_noticed)
    assert sum(found.values()) > 80
    assert found["named"] > sum(found.values()) / 2
    assert [what for what in found if what.startswith(WRONG)] == []
