"""The structure of text without markup: paragraphs, list items and the path of headings."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.documents import BlockKind, line_spans
from knowledge.readers.lines import Heading, HeadingPath, no_heading, text_blocks

PARAGRAPH, ITEM = BlockKind.PARAGRAPH, BlockKind.ITEM


def _found(text: str) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.span.of(text)) for block in text_blocks(text, "Title")]


def _hash_heading(line: str) -> Heading | None:
    return (line.count("#"), line.strip("# ")) if line.startswith("#") else None


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_paragraphs_stand_between_blank_lines(start: str, end: str) -> None:
    """A line of blanks ends a paragraph, and a paragraph keeps the line ends inside it."""
    lines = ["", "  One line.", "Cafe\u0301, its second.  ", " \t", "", "Another.", ""]
    text = start + end.join(lines)
    assert _found(text) == [
        (PARAGRAPH, f"One line.{end}Cafe\u0301, its second."),
        (PARAGRAPH, "Another."),
    ]


@pytest.mark.parametrize(
    "marker", ["-", "*", "+", "•", "‣", "–", "1.", "1)", "12.", "999)", "  -", "\t•"]
)
def test_a_marked_line_is_an_item(marker: str) -> None:
    """An item is the text after its marker, without it."""
    assert _found(f"{marker} Oslo I \n{marker}\tOslo II") == [(ITEM, "Oslo I"), (ITEM, "Oslo II")]


@pytest.mark.parametrize(
    "line", ["-dash", "*star*", "1995. A year", "3.14 is pi", "- ", "1.", "(a) b"]
)
def test_a_line_without_a_marker_is_no_item(line: str) -> None:
    """A mark that no blank and text follow, or a number of four digits, begins no item."""
    assert _found(line) == [(PARAGRAPH, line.strip())]


def test_a_line_below_an_item_belongs_to_it() -> None:
    """An item goes on until the next marker or a blank line."""
    text = "- first\n  goes on\n- second\n\nAfter."
    assert _found(text) == [(ITEM, "first\n  goes on"), (ITEM, "second"), (PARAGRAPH, "After.")]


def test_the_line_above_a_list_is_a_paragraph_of_its_own() -> None:
    """Only the last line before the first item introduces it; the lines above it stay together."""
    text = "Line one.\nLine two.\nThe members:\n- Mexico\n- Palestine"
    assert _found(text) == [
        (PARAGRAPH, "Line one.\nLine two."),
        (PARAGRAPH, "The members:"),
        (ITEM, "Mexico"),
        (ITEM, "Palestine"),
    ]


def test_a_single_line_above_a_list_is_no_item() -> None:
    """A paragraph of one line stays whole before a list, with or without a blank line between."""
    expected = [(PARAGRAPH, "Members:"), (ITEM, "Mexico")]
    assert _found("Members:\n- Mexico") == expected
    assert _found("Members:\n\n- Mexico") == expected


def test_an_item_that_is_only_a_byte_order_mark_breaks_nothing() -> None:
    """A marker before a byte order mark, as in joined files, is read without an error."""
    assert (PARAGRAPH, "After.") in _found("- \ufeff\n\nAfter.")


def test_a_byte_order_mark_hides_no_item() -> None:
    """A text that begins with a list after its byte order mark has all its items."""
    assert _found("\ufeff- Mexico\n- Palestine") == [(ITEM, "Mexico"), (ITEM, "Palestine")]


def test_a_heading_ends_a_paragraph() -> None:
    """A heading needs no blank lines around it, is in no block and stands above what follows."""
    text = "Before.\n# One\nUnder one.\n## Two\n- item\n# Three\nUnder three."
    blocks = list(text_blocks(text, "Title", _hash_heading))
    assert [(block.span.of(text), block.heading) for block in blocks] == [
        ("Before.", ()),
        ("Under one.", ("One",)),
        ("item", ("One", "Two")),
        ("Under three.", ("Three",)),
    ]


@given(st.text())
def test_plain_text_has_no_headings(line: str) -> None:
    """No line of plain text is a heading."""
    assert no_heading(line) is None


@given(st.text(st.sampled_from("ab.é漢👧\u0301 \t\n\r\u00a0\u2028")))
def test_every_word_of_plain_text_is_in_a_block(text: str) -> None:
    """Blocks come in order without overlap, have no blank ends and leave out only blanks, and lines
    of one sign that part the text."""
    end = 0
    for block in text_blocks(text, "Title"):
        found = block.span.of(text)
        assert found == found.strip()
        assert end <= block.span.start
        assert not _between(text, end, block.span.start)
        end = block.span.end
    assert not _between(text, end, len(text))


@given(st.text(st.sampled_from("-*1.) \t\n\ra漢")))
def test_blocks_leave_out_nothing_but_markers(text: str) -> None:
    """Between the blocks of a text with lists there are blanks, list markers and lines of one sign
    only."""
    end = 0
    for block in text_blocks(text, "Title"):
        assert end <= block.span.start
        assert _between(text, end, block.span.start) in {"", *"-*", *_numbers(text)}
        end = block.span.end
    assert not _between(text, end, len(text))


@pytest.mark.parametrize("line", ["....", "----", "  ====  ", "****", "____"])
def test_a_line_of_one_sign_parts_the_text(line: str) -> None:
    """It is in no block; three signs are a word as any other."""
    blocks = list(text_blocks(f"One.\n{line}\nTwo.\n", "Title"))
    assert [block.span.start for block in blocks] == [0, len(line) + 6]
    (block,) = text_blocks("One.\n...\nTwo.\n", "Title")
    assert block.span.end == len("One.\n...\nTwo.")


def _between(text: str, start: int, end: int) -> str:
    """What stands there without its blanks, and without whole lines of four or more of one sign."""
    kept = [
        text[max(start, first) : min(end, last)]
        for first, last in line_spans(text)
        if not re.fullmatch(r"([=~_.*#-])\1{3,}", text[first:last].strip())
    ]
    return "\n".join(kept).strip()


def _numbers(text: str) -> set[str]:
    return {word for word in text.split() if word[-1] in ".)" and word[:-1].isdigit()}


def _path_after(*headings: Heading) -> tuple[str, ...]:
    path = HeadingPath("Title")
    for heading in headings:
        path.enter(*heading)
    return path.headings


@pytest.mark.parametrize(
    ("headings", "path"),
    [
        ([], ()),
        ([(2, "A")], ("A",)),
        ([(2, "A"), (3, "B"), (4, "C")], ("A", "B", "C")),
        ([(2, "A"), (3, "B"), (3, "C")], ("A", "C")),
        ([(2, "A"), (4, "B"), (3, "C")], ("A", "C")),
        ([(3, "A"), (2, "B")], ("B",)),
        ([(2, "A"), (2, "A")], ("A",)),
        ([(1, "Other"), (2, "A")], ("Other", "A")),
    ],
)
def test_a_heading_ends_the_sections_of_its_level_and_below(
    headings: list[Heading], path: tuple[str, ...]
) -> None:
    """The path holds the headings above a place, outermost first."""
    assert _path_after(*headings) == path


def test_the_title_is_not_in_the_path() -> None:
    """The title of level 1 is left out but ends every section; below level 1 it is a heading."""
    assert _path_after((1, "Other"), (2, "A"), (1, "Title")) == ()
    assert _path_after((1, "Title"), (2, "Title")) == ("Title",)


@given(st.lists(st.tuples(st.integers(1, 6), st.sampled_from("ABC"))))
def test_a_path_grows_by_at_most_one_heading(headings: list[Heading]) -> None:
    """The last heading passed is the innermost of the path, whatever came before."""
    path = HeadingPath("Title")
    for level, text in headings:
        before = path.headings
        path.enter(level, text)
        assert path.headings[-1] == text
        assert path.headings[:-1] == before[: len(path.headings) - 1]
        assert len(path.headings) <= level
