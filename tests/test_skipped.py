"""What is said of files that are skipped: in one line, once, and in a list by reason."""

import json
from pathlib import Path

import pytest
from command import Run

from bot.terminal.skipped import skipped_line
from knowledge.errors import Obstacle
from knowledge.loading import Skipped

QUESTION = "When was the garden planted?"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A folder with one document among files of many kinds."""
    folder = tmp_path / "notes"
    (folder / "pictures").mkdir(parents=True)
    (folder / "garden.md").write_text("# Garden\n\nThe garden was planted in 1987.\n")
    for name in ("pictures/a.png", "pictures/B.JPEG", "style.css", "site.js", "font.woff2"):
        (folder / name).write_bytes(b"\x89PNG")
    for name in ("letter.doc", "LICENSE"):
        (folder / name).write_text("Words.\n")
    (folder / "big.txt").write_bytes(b"word " * 2_000_001)
    (folder / "broken.txt").write_bytes(b"a\0b")
    (folder / "empty.txt").write_bytes(b"\n")
    return folder


def _ask(run: Run) -> list[str]:
    result = run("ask", "--knowledge", "notes", QUESTION)
    assert result.code == 0
    return result.err.splitlines()


def test_one_line_counts_by_reason(run: Run, notes: Path) -> None:
    """The most frequent reason stands first."""
    assert _ask(run)[1:] == [
        "footnote: 10 files skipped: 5 images and styles, 2 of unknown formats, 1 too big,"
        " 1 without text, 1 broken; footnote index lists them"
    ]


def test_it_is_said_once(run: Run, notes: Path) -> None:
    """Whoever asks again, or whatever else has changed, is not told the same twice."""
    _ask(run)
    assert _ask(run) == []
    assert run("search", "--knowledge", "notes", "garden").err == ""
    (notes / "house.md").write_text("# House\n\nThe house was built in 1990.\n")
    (notes / "broken.txt").write_bytes(b"a\0b\0c")
    assert _ask(run) == ["footnote: updated the index: 2 files changed"]
    (notes / "style.css").unlink()
    assert _ask(run) == ["footnote: updated the index: 1 file changed"]


def test_what_is_new_is_said(run: Run, notes: Path) -> None:
    """One more skipped file, or another reason, brings the line again."""
    _ask(run)
    (notes / "c.gif").write_bytes(b"GIF")
    assert "11 files skipped: 6 images and styles" in _ask(run)[-1]
    (notes / "empty.txt").write_bytes(b"a\0b")
    assert ", 2 broken, 1 too big; " in _ask(run)[-1]


def test_index_has_said_it(run: Run, notes: Path) -> None:
    """Who has seen the list needs no line."""
    run("index", "--knowledge", "notes")
    assert _ask(run) == []


def test_a_single_file_is_named_in_the_singular(run: Run, tmp_path: Path) -> None:
    """One file is one."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "garden.md").write_text("The garden was planted in 1987.\n")
    (tmp_path / "notes" / "a.txt").write_bytes(b"a\0b")
    assert _ask(run)[1:] == ["footnote: 1 file skipped: 1 broken; footnote index lists it"]


def test_the_list_is_grouped(run: Run, notes: Path) -> None:
    """Each reason once, the formats once, and the images only counted."""
    shown = run("index", "--knowledge", "notes").out
    assert shown.partition("Skipped")[2].splitlines() == [
        " 10 files:",
        "  5 images and styles, which footnote documents lists",
        "  2 of unknown formats, to be converted to one of .adoc, .asciidoc, .csv, .docx,",
        "  .epub, .htm, .html, .jsonl, .markdown, .md, .odt, .pdf, .rst, .tsv, .txt,",
        "  .xhtml, .xml:",
        "  • LICENSE",
        "  • letter.doc",
        "  1 too big:",
        "  • big.txt is larger than 10 MB; split it",
        "  1 without text:",
        "  • empty.txt is empty; give a file with text",
        "  1 broken:",
        "  • broken.txt is a binary file, not text; give a text file",
    ]


def test_what_many_share_is_said_once(run: Run, tmp_path: Path) -> None:
    """A reason that is the same for all stands above the names."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "garden.md").write_text("The garden was planted in 1987.\n")
    for name in ("a.txt", "b.txt"):
        (tmp_path / "notes" / name).write_bytes(b"a\0b")
    shown = run("index", "--knowledge", "notes").out
    assert shown.partition("Skipped")[2].splitlines() == [
        " 2 files:",
        "  2 broken; each is a binary file, not text; give a text file:",
        "  • a.txt",
        "  • b.txt",
    ]


def test_documents_lists_all(run: Run, notes: Path) -> None:
    """There the images and styles are named too, for programs each with its reason."""
    shown = run("documents", "--knowledge", "notes").out
    assert "  5 images and styles:\n  • font.woff2\n  • pictures/B.JPEG\n" in shown
    lines = run("documents", "--json", "--knowledge", "notes").out.splitlines()
    skipped = [record for line in lines if "name" in (record := json.loads(line))]
    assert len(skipped) == 10
    assert {"name": "style.css", "reason": _NEVER} in skipped


_NEVER = "is an image, a style, a script or a recording, which are not read; give a document"


def test_an_image_by_name_is_an_error(run: Run, notes: Path) -> None:
    """Who names such a file learns that it is the wrong one."""
    result = run("ask", "--knowledge", "notes/pictures/a.png", QUESTION)
    assert (result.code, result.err) == (2, f"footnote: notes/pictures/a.png: {_NEVER}\n")


def test_a_folder_without_documents_names_the_formats_once(run: Run, tmp_path: Path) -> None:
    """The formats stand in the reason already."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.doc").write_bytes(b"Text.")
    result = run("ask", "--knowledge", "notes", QUESTION)
    assert result.code == 2
    assert result.err.count(".xhtml") == 1


def test_names_are_harmless(run: Run, tmp_path: Path) -> None:
    """What a terminal would obey in the name of a file is shown instead."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text("The garden was planted in 1987.\n")
    (tmp_path / "notes" / "b\x1b[31m.png").write_bytes(b"a")
    assert "\x1b" not in run("documents", "--knowledge", "notes").out


def test_every_reason_is_counted() -> None:
    """Whatever keeps a file from being read has a name in the line."""
    line = skipped_line([Skipped(one.value, "is not read", one) for one in Obstacle])
    assert line.count(",") == len(Obstacle) - 1


def test_of_many_files_some_are_named(run: Run, notes: Path) -> None:
    """`footnote index` names ten of each reason and says where the others are named."""
    for number in range(25):
        (notes / f"empty{number:02}.txt").write_bytes(b"\n")
    lines = run("index", "--knowledge", "notes").out.splitlines()
    assert sum("• empty" in line for line in lines) == 10
    assert "  • and 16 more, which footnote documents lists" in lines
    listed = run("documents", "--knowledge", "notes").out.splitlines()
    assert sum("• empty" in line for line in listed) == 26
