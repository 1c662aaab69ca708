"""Text files: plain text, and Wikipedia's extracts with their headings."""

from pathlib import Path

import pytest

from knowledge.documents import BlockKind, Document
from knowledge.readers.text import extract_heading, read
from knowledge.source import SourceFile

PARAGRAPH, ITEM = BlockKind.PARAGRAPH, BlockKind.ITEM

Found = tuple[BlockKind, tuple[str, ...], str]

EXTRACT = """\
= Mexico–Palestine relations =

Relations began in 1975.

== History ==
Cafe\u0301 talks were held.
They went on.

=== Visits ===

The visitors were:
- Yasser Arafat (1975)
- Mahmoud Abbas (2009)

==No blanks==
E = mc\u00b2 holds here.
== Trade  ==\t

1. Oil

2) Fruit"""


def _read(path: Path, text: str) -> Document:
    path.write_bytes(text.encode())
    (document,) = read(SourceFile(path, path.name))
    return document


def _found(document: Document) -> list[Found]:
    return [(block.kind, block.heading, block.span.of(document.text)) for block in document.blocks]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\n\n", "\ufeff\n"])
def test_an_extract_has_sections(tmp_path: Path, start: str, end: str) -> None:
    """Title and heading path come from the marked lines, whatever the line ends."""
    text = (start + EXTRACT).replace("\n", end)
    document = _read(tmp_path / "extract.txt", text)
    assert document.title == "Mexico–Palestine relations"
    assert document.text == text
    assert _found(document) == [
        (PARAGRAPH, (), "Relations began in 1975."),
        (PARAGRAPH, ("History",), f"Cafe\u0301 talks were held.{end}They went on."),
        (PARAGRAPH, ("History", "Visits"), "The visitors were:"),
        (ITEM, ("History", "Visits"), "Yasser Arafat (1975)"),
        (ITEM, ("History", "Visits"), "Mahmoud Abbas (2009)"),
        (PARAGRAPH, ("No blanks",), "E = mc\u00b2 holds here."),
        (ITEM, ("Trade",), "Oil"),
        (ITEM, ("Trade",), "Fruit"),
    ]


def test_plain_text_is_named_by_its_file(tmp_path: Path) -> None:
    """Without a title on the first line the file's name without its suffix is the title."""
    assert _read(tmp_path / "notes of 2005.v2.txt", "Just text.\n").title == "notes of 2005.v2"


def test_plain_text_has_paragraphs_and_lists(tmp_path: Path) -> None:
    """Paragraphs stand between blank lines, and the line above a list is by itself."""
    document = _read(tmp_path / "a.txt", "One.\nTwo.\n\nNames:\n- A\n- B\n  b\n\nEnd.\n")
    assert _found(document) == [
        (PARAGRAPH, (), "One.\nTwo."),
        (PARAGRAPH, (), "Names:"),
        (ITEM, (), "A"),
        (ITEM, (), "B\n  b"),
        (PARAGRAPH, (), "End."),
    ]


@pytest.mark.parametrize(
    "text", ["== Section ==\nText.", "Text.\n= Title =\nMore.", "= Open\n== A ==\nText."]
)
def test_marks_without_a_title_first_are_text(tmp_path: Path, text: str) -> None:
    """Only a file that begins with a Wikipedia title has headings."""
    document = _read(tmp_path / "a.txt", text)
    assert document.title == "a"
    assert _found(document) == [(PARAGRAPH, (), text)]


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("= Title =", (1, "Title")),
        ("== Section ==", (2, "Section")),
        ("==No blanks==", (2, "No blanks")),
        ("=== A = B ===", (3, "A = B")),
        ("== x == y ==", (2, "x == y")),
        ("====== Six ======", (6, "Six")),
        (" \t== Blanks ==  ", (2, "Blanks")),
        ("\ufeff= Title =", (1, "Title")),
        ("== A ==", (2, "A")),
        ("== 漢字 e\u0301 ==", (2, "漢字 e\u0301")),
    ],
)
def test_a_heading_is_a_line_between_equal_marks(line: str, heading: tuple[int, str]) -> None:
    """The number of marks is the level, and the blanks around the text do not count."""
    assert extract_heading(line) == heading


@pytest.mark.parametrize(
    "line",
    [
        *("", "Text", "=", "==", "====", "= =", "=  =", "= T", "T =", "== T =", "= T =="),
        *("a == b", "======= Seven =======", "= T = x", "x = T ="),
    ],
)
def test_other_lines_are_no_headings(line: str) -> None:
    """Marks that do not match, or have nothing between them, make no heading."""
    assert extract_heading(line) is None
