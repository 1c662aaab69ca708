"""Blocks, closest sections and hints in a terminal, as the person who asked reads them."""

import shlex
from dataclasses import replace

import click
import pytest

from bot.presentation import MOST_NEAR_WORDS
from bot.terminal.rendering import answer_text
from retrieval.answer.nearest import MOST_WORDS
from tests.blocks import (
    CODE,
    DEFINITION,
    HEADER,
    ITEM,
    PARAGRAPH,
    ROW,
    TERM,
    answered,
    block,
    declined,
    section,
)

DIM, BOLD, END = "\x1b[2m", "\x1b[1m", "\x1b[0m"
WIDTHS = pytest.mark.parametrize("width", [60, 80, 120])


def _lines(text: str) -> list[str]:
    return click.unstyle(text).splitlines()


def test_a_term_stands_above_what_it_means() -> None:
    """The term has a line of its own, its definition stands below it, indented."""
    cited = block(
        (TERM, "Timeout"), (DEFINITION, "Seconds to wait. " * 6), marked=["Seconds to wait. " * 6]
    )
    lines = _lines(answer_text(answered(cited), 60))
    assert lines[0] == "  Timeout"
    assert lines[1].startswith("    Seconds to wait.")
    assert lines[2].startswith("    ")


def test_a_list_has_bullets_or_the_numbers_of_its_text() -> None:
    """The line above it has none, and what begins with a number needs none."""
    cited = block((PARAGRAPH, "Steps:"), (ITEM, "Stop it."), (ITEM, "2. Start it."))
    assert _lines(answer_text(answered(cited), 80))[:3] == [
        "  Steps:",
        "  • Stop it.",
        "  2. Start it.",
    ]


def test_code_with_its_lead_in_can_be_copied() -> None:
    """Line by line with its blanks, below the line that introduces it, and never styled."""
    code = "<Files x>\n    Require all granted\n\n</Files>"
    cited = block((PARAGRAPH, "Allow it:"), (CODE, code), marked=["Allow it:"])
    assert answer_text(answered(cited), 60).splitlines()[:5] == [
        "  Allow it:",
        "    <Files x>",
        "        Require all granted",
        "",
        "    </Files>",
    ]


@WIDTHS
def test_a_narrow_table_is_aligned(width: int) -> None:
    """Its columns stand below each other."""
    cited = block(
        (HEADER, "Option | Default | Meaning"),
        (ROW, "timeout | 300 | seconds"),
        (ROW, "keepalive | | whether to keep"),
        marked=["timeout | 300 | seconds"],
    )
    assert [line.rstrip() for line in _lines(answer_text(answered(cited), width))[:3]] == [
        "  Option     Default  Meaning",
        "  timeout    300      seconds",
        "  keepalive           whether to keep",
    ]


def test_the_last_column_is_wrapped() -> None:
    """Below itself, with a header or without."""
    meaning = "the seconds that the server waits for a client before it gives up"
    cited = block((HEADER, "Option | Meaning"), (ROW, f"timeout | {meaning}"))
    assert _lines(answer_text(answered(cited), 60))[:3] == [
        "  Option   Meaning",
        "  timeout  the seconds that the server waits for a client",
        "           before it gives up",
    ]
    cited = block((ROW, f"Description: | {meaning}"), (ROW, "Default: | 300"))
    assert _lines(answer_text(answered(cited), 60))[:3] == [
        "  Description:  the seconds that the server waits for a",
        "                client before it gives up",
        "  Default:      300",
    ]


def test_a_wide_table_names_its_columns() -> None:
    """Each row is a few lines, each with what its column is called."""
    meaning = "the seconds that the server waits for a client before it gives up on it"
    cited = block((HEADER, "Option | Meaning | Since"), (ROW, f"timeout | {meaning} | 2.4"))
    assert _lines(answer_text(answered(cited), 60))[:4] == [
        "  • Option: timeout",
        "    Meaning: the seconds that the server waits for a client",
        "    before it gives up on it",
        "    Since: 2.4",
    ]


def test_a_row_without_its_columns_is_one_line() -> None:
    """A row whose cells are more than the columns, or that stands alone, is as it reads."""
    cited = block((ROW, "a | b"))
    assert _lines(answer_text(answered(cited), 80))[0] == "  a | b"
    cited = block((HEADER, "x | y | z"), (ROW, "a | b"))
    assert _lines(answer_text(answered(cited), 80))[:2] == ["  x | y | z", "  a | b"]


def test_what_stands_around_the_answer_is_dim() -> None:
    """The marked sentence is plain, its words bold where likely, the rest of the block dim."""
    cited = block(
        (PARAGRAPH, "It is old. It opened in 2005. It is red."),
        marked=["It opened in 2005."],
        words="2005",
    )
    shown = f"  {DIM}It is old. {END}It opened in {BOLD}2005{END}.{DIM} It is red.{END}"
    assert answer_text(answered(cited, 0.9), 80).splitlines()[0] == shown
    shown = f"  {DIM}It is old. {END}It opened in 2005.{DIM} It is red.{END}"
    assert answer_text(answered(cited, 0.1), 80).splitlines()[0] == shown


def test_a_style_ends_with_its_line() -> None:
    """Pagers begin each line without any."""
    cited = block((PARAGRAPH, "It is red. " * 20 + "It opened."), marked=["It opened."])
    for line in answer_text(answered(cited), 60).splitlines():
        assert line.count(END) == line.count(DIM) + line.count(BOLD)


def test_a_block_that_answers_as_a_whole_has_no_marks() -> None:
    """Where all items answer, none stands out, and what introduces them is never dim."""
    cited = block((PARAGRAPH, "All:"), (ITEM, "a"), (ITEM, "b"), marked=["a", "b"])
    cited = tuple(replace(c, answering=c.marks[0] if c.marks else None) for c in cited)
    assert answer_text(answered(cited, 0.9), 80).splitlines()[:3] == ["  All:", "  • a", "  • b"]
    cited = block((TERM, "Term"), (DEFINITION, "One."), (DEFINITION, "Two."), marked=["Two."])
    lines = answer_text(answered(cited), 80).splitlines()
    assert lines[:3] == ["  Term", f"    {DIM}One.{END}", "    Two."]


@WIDTHS
def test_a_block_has_one_source(width: int) -> None:
    """However many citations it has; it is that of what answers, and two blocks have two."""
    cited = block((PARAGRAPH, "All:"), (ITEM, "a"), (ITEM, "b"), marked=["b"])
    other = block((PARAGRAPH, "Another."), heading=("Elsewhere",))
    lines = _lines(answer_text(answered(cited), width))
    assert [line for line in lines if "a.html:" in line] == ["    a.html:3"]
    lines = _lines(answer_text(answered((*cited, *other)), width))
    assert [line for line in lines if "a.html:" in line] == ["    a.html:3", "    a.html:1"]


@WIDTHS
def test_nothing_is_lost(width: int) -> None:
    """Every word of a block is shown, with its styles and without."""
    cited = block(
        (PARAGRAPH, "First the lead with its words:"),
        (TERM, "Term"),
        (DEFINITION, "What it means at some length. And more of it, which is not the answer."),
        (ITEM, "An item."),
        (CODE, "if a:\n    b"),
        (HEADER, "H1 | H2"),
        (ROW, "c1 | c2"),
        (PARAGRAPH, "One. Two."),
        (PARAGRAPH, "Three."),
        marked=["What it means at some length.", "Two."],
        words="length",
    )
    words = " ".join(c.quote for c in cited).split()
    shown = " ".join(_lines(answer_text(answered(cited, 0.9), width))).split()
    assert all(word in shown or f"{word}:" in shown for word in words if word != "|")


def test_paragraphs_are_apart() -> None:
    """An empty line stands between two of them."""
    cited = block((PARAGRAPH, "One."), (PARAGRAPH, "Two."))
    assert _lines(answer_text(answered(cited), 80))[:3] == ["  One.", "", "  Two."]


def test_a_decline_shows_the_closest_sections_as_they_read() -> None:
    """Title and heading, the place, and the lines, each of its kind, what fits best not dim."""
    meaning = "Seconds to wait. It is 300."
    near = section((TERM, "Timeout"), (DEFINITION, meaning), marked="It is 300.")
    text = answer_text(declined("How long?", near), 80)
    assert text.splitlines()[:6] == [
        "  No sure answer. The closest sections:",
        "",
        "  — Title › Section",
        f"{DIM}    a.html:1{END}",
        "    Timeout",
        f"      {DIM}Seconds to wait. {END}It is 300.",
    ]


def test_lines_of_a_text_file_are_wrapped_anew() -> None:
    """Where its author ended a line says nothing; items and paragraphs stay apart."""
    items = (ITEM, "three"), (ITEM, "four\n  five")
    lines = (PARAGRAPH, "One and\ntwo."), *items
    near = section(*lines, marked="three", source="a.md", between="\n- ")
    lines = _lines(answer_text(declined("How long?", near), 80))
    assert lines[4:7] == ["    One and two.", "    • three", "    • four five"]


def test_lines_that_are_cut_say_so() -> None:
    """The closest sections show so many words, where a sentence or code may not have ended."""
    assert MOST_NEAR_WORDS == MOST_WORDS
    words = "word " * (MOST_WORDS - 1)
    for kind, quote, last in [
        (PARAGRAPH, f"{words}cut", "cut …"),
        (PARAGRAPH, f"{words}end.", "end."),
        (PARAGRAPH, "Few words", "Few words"),
        (CODE, f"{words}\ncut", "…"),
    ]:
        (near,) = block((kind, quote))
        lines = _lines(answer_text(declined("How long?", near), 80))
        assert lines[-4].endswith(last)


def test_nothing_related_is_only_the_refusal() -> None:
    """No hint, no section."""
    assert _lines(answer_text(declined("How long?"), 80)) == ["  The documents do not answer this."]


def test_the_others_are_named_in_a_line() -> None:
    """By the last heading and the place in the documents; two of one name by their titles."""
    cited = block((PARAGRAPH, "It is."))
    one, two = (
        replace(*block((PARAGRAPH, "x"), source=f"/very/long/{n}/b.html", heading=("A", name)),
                document_id=f"{n}/b.html", title=f"Book {n}", anchor="s")
        for n, name in enumerate(["Timeouts", "Keeping alive"])
    )  # fmt: skip
    lines = _lines(answer_text(answered(cited, nearest=(one, two)), 80))
    assert lines[-1] == "  See also: Timeouts (0/b.html#s); Keeping alive (1/b.html#s)"
    assert _lines(answer_text(answered(cited, nearest=(one, two)), 50))[-2:] == [
        "  See also: Timeouts (0/b.html#s)",
        "            Keeping alive (1/b.html#s)",
    ]
    same = replace(two, heading=("B", "Timeouts"))
    lines = _lines(answer_text(answered(cited, nearest=(one, same)), 80))
    assert "Book 0 › Timeouts (0/b.html#s); Book 1 › Timeouts (1/b.html#s)" in lines[-1]
    same = replace(same, title=one.title)
    lines = _lines(answer_text(answered(cited, nearest=(one, same)), 80))
    assert lines[-1] == "  See also: Timeouts (0/b.html#s); Timeouts (1/b.html#s)"


@WIDTHS
def test_a_line_names_another_section_whole(width: int) -> None:
    """A long name is cut, and a long anchor gives way to the line, so that each fits a line."""
    cited = block((PARAGRAPH, "It is."))
    (near,) = block((PARAGRAPH, "x"), heading=("A long name " * 9,), source="library/runpy.html")
    near = replace(near, anchor="anchor" * 9)
    lines = _lines(answer_text(answered(cited, nearest=(near, near)), width))[-2:]
    assert all(len(line) <= width and line.endswith(")") for line in lines)
    near = replace(near, heading=("DeflateInflateLimitRequestBodyDirective" * 3,))
    lines = _lines(answer_text(answered(cited, nearest=(near, near)), width))[-2:]
    assert all(len(line) <= width and "DeflateInfl" in line for line in lines)


@pytest.mark.parametrize(
    "question",
    ["How long?", 'what\'s "$HOME" & `id`; rm -rf *?', "--json", "-h", "two  blanks\nand a line"],
)
def test_hints_can_be_pasted(question: str) -> None:
    """A shell reads the question and the options as they were given, in one line."""
    (near,) = block((PARAGRAPH, "x"))
    options = ["--knowledge", "my notes/it's", "--engine", "tantivy"]
    hint = _lines(answer_text(declined(question, near), 60, options))[-1]
    _, command, *rest = shlex.split(hint)
    assert command == "search"
    assert rest[:4] == options
    assert rest[-1] == " ".join(question.split())
    assert rest[4:-1] == (["--"] if question.startswith("-") else [])
