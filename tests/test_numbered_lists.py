"""Steps keep their numbers: from each format to the terminal and to Discord."""

from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

import footnote
from bot.discord.quotes import quoted
from bot.presentation import block_lines, lines_near, passage_lines, running_text
from bot.terminal.rendering import answer_text
from footnote import BlockKind, Citation, Passage, Span
from knowledge.numbering import numeral
from knowledge.readers.html_lists import Lists
from retrieval.answer.blocks import lines_of

LEAD = "To tune the harp, do these steps:"

FORMATS = {
    "harp.md": (
        f"# Harp\n\n{LEAD}\n\n1. Open the case.\n2. Press the pedal.\n\n   It clicks.\n3. Go.\n",
        ["1.", "2.", "", "3."],
    ),
    "lazy.md": (f"{LEAD}\n\n4) Open the case.\n4) Press it.\n   - softly\n", ["4)", "5)", None]),
    "harp.html": (
        f"<h1>Harp</h1><p>{LEAD}</p><ol start=3><li>Open the case.<li><p>Press it.<p>It clicks."
        "<ol type=a><li>left<li>right</ol><li value=9>Turn it.</ol>",
        ["3.", "4.", "", "a.", "b.", "9."],
    ),
    "down.html": (f"<p>{LEAD}<ol reversed><li>Open the case.<li>Press it.</ol>", [None, None]),
    "list.html": (f"<p>{LEAD}<ul><li>Open the case.<li>Press it.</ul>", [None, None]),
    "sphinx.html": (f"<p>{LEAD}<ol class='lowerroman simple'><li>Open.<li>Go.</ol>", ["i.", "ii."]),
    "harp.rst": (
        f"Harp\n====\n\n{LEAD}\n\n(c) Open the case.\n(d) Press it.\n\n    It clicks.\n",
        ["(c)", "(d)", ""],
    ),
    "auto.rst": (f"Harp\n====\n\n{LEAD}\n\n#. Open the case.\n#. Press it.\n", ["1.", "2."]),
    "bullets.rst": (f"Harp\n====\n\n{LEAD}\n\n- Open the case.\n- Press it.\n", [None, None]),
    "harp.adoc": (
        f"= Harp\n\n{LEAD}\n\n. Open the case.\n. Press.\n+\nIt clicks.\n.. left\n.. right\n. Go.",
        ["1.", "2.", "", "a.", "b.", "3."],
    ),
    "told.adoc": (
        f"= Harp\n\n{LEAD}\n\n7. Open the case.\n8. Press it.\n* so\n",
        ["7.", "8.", None],
    ),
    "wiki.xml": (
        "<mediawiki><page><title>Harp</title><ns>0</ns><revision><text>"
        f"{LEAD}\n# Open the case.\n#* softly\n# Press it.\n## left\n"
        "</text></revision></page></mediawiki>",
        ["1.", None, "2.", "1."],
    ),
    "harp.txt": (f"{LEAD}\n1) Open the case.\n2) Press it.\n- softly\n", ["1)", "2)", None]),
}


def _passage(folder: Path, name: str, text: str) -> Passage:
    """The one passage of a file, as the index keeps it."""
    (folder / name).write_text(text)
    (passage,) = footnote.open(folder / name).index.passages()
    return passage


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_gives_its_numbers(tmp_path: Path, name: str) -> None:
    """What a list is numbered with, empty where an item goes on, and none where it has bullets."""
    text, numbers = FORMATS[name]
    passage = _passage(tmp_path, name, text)
    assert [unit.number for unit in passage.units if unit.kind is BlockKind.ITEM] == numbers


@pytest.mark.parametrize("name", ["harp.md", "harp.html"])
def test_steps_are_quoted_behind_their_numbers(tmp_path: Path, name: str) -> None:
    """In a terminal and in Discord, where no number is one that Discord would count on from."""
    (tmp_path / name).write_text(FORMATS[name][0])
    answer = footnote.open(tmp_path / name).ask("How do I tune the harp?")
    first, second = ("1", "2") if name == "harp.md" else ("3", "4")
    assert click.unstyle(answer_text(answer, 80)).splitlines()[:4] == [
        f"  {LEAD}",
        f"  {first}. Open the case.",
        f"  {second}. Press " + ("the pedal." if name == "harp.md" else "it."),
        "     It clicks.",
    ]
    shown = quoted(block_lines(answer.citations), 2_000).replace("**", "")
    lines = shown.splitlines()
    assert lines[1] == f"> {first}\\. Open the case."
    assert lines[3] == "> \N{EM SPACE}It clicks."


NESTED = "1. Open it.\n   1. Take the key.\n      - of brass\n\n      It turns.\n2. Go.\n"


def test_nested_steps_are_indented(tmp_path: Path) -> None:
    """Two lists whose numbers are the same can be told apart."""
    passage = _passage(tmp_path, "nested.md", f"# Harp\n\n{LEAD}\n\n{NESTED}")
    lines = passage_lines(passage, "nested.md")
    assert [line.depth for line in lines] == [0, 0, 1, 2, 1, 0]
    answer = footnote.open(tmp_path / "nested.md").ask("How do I tune the harp?")
    assert click.unstyle(answer_text(answer, 80)).splitlines()[1:6] == [
        "  1. Open it.",
        "    1. Take the key.",
        "      • of brass",
        "       It turns.",
        "  2. Go.",
    ]
    blank = "\N{EM SPACE}"
    shown = quoted(block_lines(answer.citations), 2_000).replace("**", "").splitlines()
    assert shown[2:5] == [
        f"> {blank}1\\. Take the key.",
        f"> {blank * 2}• of brass",
        f"> {blank * 2}It turns.",
    ]


@pytest.mark.parametrize("name", ["harp.md", "harp.html", "harp.adoc"])
def test_closest_sections_show_numbers_too(tmp_path: Path, name: str) -> None:
    """Several lines of a quote are parted at the items, written as the format writes them."""
    passage = _passage(tmp_path, name, FORMATS[name][0])
    span = Span(passage.units[1].span.start, passage.units[-1].span.end)
    nearest = Citation(
        document_id=name,
        title="Harp",
        heading=(),
        source=name,
        span=span,
        line=1,
        quote=passage.quote(span),
        kind=BlockKind.ITEM,
        lines=lines_of(passage, span),
    )
    signs = [line.sign for line in lines_near(nearest)]
    texts = [line.text for line in lines_near(nearest)]
    assert signs == FORMATS[name][1]
    assert texts[0] == "Open the case."
    assert "It clicks." in texts


def test_a_passage_is_read_and_listed_with_its_numbers(tmp_path: Path) -> None:
    """As a whole below "Context", and on one line beside that and in a search."""
    passage = _passage(tmp_path, "down.md", FORMATS["lazy.md"][0])
    assert [line.sign for line in passage_lines(passage, "down.md")] == [None, "4)", "5)", "•"]
    assert running_text(passage, "down.md") == f"{LEAD} 4) Open the case. 5) Press it. • softly"


def test_only_the_first_sentence_of_a_long_item_has_its_number(tmp_path: Path) -> None:
    """A long item is divided into sentences, and what follows the first one goes on in it."""
    long = " ".join(f"Turn peg number {n} a little to the left." for n in range(9))
    passage = _passage(tmp_path, "long.md", f"{LEAD}\n\n1. {long}\n2. Stop.\n")
    numbers = [unit.number for unit in passage.units if unit.number is not None]
    assert numbers == ["1.", *[""] * 8, "2."]


@pytest.mark.parametrize(
    ("value", "style", "written"),
    [
        (3, "1", "3"), (1, "a", "a"), (26, "a", "z"), (27, "a", "aa"), (703, "A", "AAA"),
        (4, "i", "iv"), (1994, "I", "MCMXCIV"), (0, "a", "0"), (-2, "i", "-2"), (4000, "i", "4000"),
    ],
)  # fmt: skip
def test_numerals_are_written_as_browsers_write_them(value: int, style: str, written: str) -> None:
    """Letters go on behind "z" with "aa", and what letters cannot say is said in figures."""
    assert numeral(value, style) == written


@given(st.text(max_size=12), st.text(max_size=12), st.sampled_from(["1", "a", "i", "x", ""]))
def test_any_attributes_give_some_number(start: str, value: str, style: str) -> None:
    """Pages write into them what they like."""
    lists = Lists()
    lists.enter("ol", {"start": start, "type": style})
    lists.begin_item({"value": value})
    assert (lists.items.take() or "").endswith(".")


@pytest.mark.parametrize(
    ("name", "is_numbered"),
    [
        ("handbook.md", True),
        ("handbook-pandoc.html", True),
        ("handbook.epub", True),
        ("handbook.rst", True),
        ("handbook.adoc", True),
        ("handbook.docx", False),
        ("handbook.odt", False),
    ],
)
def test_a_list_of_one_document_is_numbered_in_its_formats(name: str, *, is_numbered: bool) -> None:
    """As programs write them; Word and OpenDocument do not say the number itself."""
    handbook = Path(__file__).parent / "data" / "formats" / name
    passages = footnote.open(handbook).index.passages()
    lines = [line for passage in passages for line in passage_lines(passage, name)]
    labels = [line.sign for line in lines if line.text.startswith(("name of", "number of the"))]
    assert labels == (["1.", "2.", "4."] if is_numbered else ["•"] * 3)
