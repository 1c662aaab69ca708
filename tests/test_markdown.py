"""Markdown: every block is the literal text of the source, under the right headings."""

from pathlib import Path

import pytest

from knowledge.documents import BlockKind, Document
from knowledge.readers.markdown import read
from knowledge.source import SourceFile

PARAGRAPH, ITEM = BlockKind.PARAGRAPH, BlockKind.ITEM
HEADER, ROW, CODE = BlockKind.HEADER, BlockKind.ROW, BlockKind.CODE

Found = tuple[BlockKind, int, tuple[str, ...], str]

ARTICLE = """\
---
title: Not this one
---

# Mexico–Palestine *relations* #

Cafe\u0301 talks began
in **1975**.

History
-------

> Quoted words
> of two lines.

### Visits ###

The visitors:

- Yasser Arafat
  went on
  - in 1975
    1. to Oaxaca
  - in 1995
- Mahmoud Abbas

| Year | Aid \u00a0|
|------|-----|
| 2009 | US$1.1 million |
| 2014 | a \\| b |

```python
x = 1

y = 2
```

## Trade

1. Oil
2. 漢字 👩‍👩‍👧

End [of it][1].

[1]: https://example.org "Not quoted"
"""


def _read(path: Path, text: str) -> Document:
    path.write_bytes(text.encode())
    (document,) = read(SourceFile(path, path.name))
    return document


def _found(document: Document) -> list[Found]:
    return [
        (block.kind, block.level, block.heading, block.span.of(document.text))
        for block in document.blocks
    ]


def _literals(tmp_path: Path, text: str) -> list[str]:
    return [literal for *_, literal in _found(_read(tmp_path / "a.md", text))]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_an_article_has_its_structure(tmp_path: Path, start: str, end: str) -> None:
    """Kind, level, headings and literal of each block are right whatever the line ends."""
    text = (start + ARTICLE).replace("\n", end)
    document = _read(tmp_path / "article.md", text)
    assert document.text == text
    assert document.title == "Mexico–Palestine relations"
    visits = ("History", "Visits")
    assert _found(document) == [
        (PARAGRAPH, 0, (), f"Cafe\u0301 talks began{end}in **1975**."),
        (PARAGRAPH, 0, ("History",), f"Quoted words{end}> of two lines."),
        (PARAGRAPH, 0, visits, "The visitors:"),
        (ITEM, 0, visits, f"Yasser Arafat{end}  went on"),
        (ITEM, 1, visits, "in 1975"),
        (ITEM, 2, visits, "to Oaxaca"),
        (ITEM, 1, visits, "in 1995"),
        (ITEM, 0, visits, "Mahmoud Abbas"),
        (HEADER, 0, visits, "| Year | Aid \u00a0|"),
        (ROW, 0, visits, "| 2009 | US$1.1 million |"),
        (ROW, 0, visits, "| 2014 | a \\| b |"),
        (CODE, 0, visits, f"x = 1{end}{end}y = 2"),
        (ITEM, 0, ("Trade",), "Oil"),
        (ITEM, 0, ("Trade",), "漢字 👩‍👩‍👧"),
        (PARAGRAPH, 0, ("Trade",), "End [of it][1]."),
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# First\n\nText.\n\n# Second\n", "First"),
        ("Text.\n\n## Section\n\n# Late\n", "Late"),
        ("Set\n===\n\nText.\n", "Set"),
        ("---\ntitle: Front\n---\n\n# Heading\n", "Heading"),
        ("---\nlayout: page\ntitle: Front\n---\n\n## Section\n\nText.\n", "Front"),
        ('---\ntitle: "Quoted: front"\n---\nText.\n', "Quoted: front"),
        ("\ufeff---\r\ntitle: 'Front'  \r\n...\r\nText.\r\n", "Front"),
        ("---\nauthor: A\n---\nText.\n", "notes"),
        ("## Section\n\nText.\n", "notes"),
        ("#\n\nText.\n", "notes"),
        ("title: Text\n", "notes"),
        ("```\n# Code\n```\n\nText.\n", "notes"),
    ],
)
def test_the_title_is_the_first_that_there_is(tmp_path: Path, text: str, title: str) -> None:
    """The first heading of level 1, else the title of the front matter, else the file's name."""
    assert _read(tmp_path / "notes.md", text).title == title


@pytest.mark.parametrize("line", ["title: ", 'title: ""'])
def test_an_empty_title_is_none(tmp_path: Path, line: str) -> None:
    """Front matter with nothing for a title leaves it to the file's name."""
    assert _read(tmp_path / "notes.md", f"---\n{line}\n---\nText.\n").title == "notes"


@pytest.mark.parametrize(
    ("headings", "path"),
    [
        ("# T\n## A\n### B", ("A", "B")),
        ("# T\n## A\n### B\n## C", ("C",)),
        ("# T\n## A\n#### B\n### C", ("A", "C")),
        ("# T\n## A\n# U", ("U",)),
        ("# T\nA\n---", ("A",)),
        ("# T\n## A ##\nU\n===\n## B", ("U", "B")),
        ("# T\n## *A* `b`", ("A b",)),
        ("# T\n####### seven\n\n#tag", ()),
    ],
)
def test_the_heading_path_is_that_of_the_section(
    tmp_path: Path, headings: str, path: tuple[str, ...]
) -> None:
    """A heading ends the sections of its level and below, and the title is not in the path."""
    document = _read(tmp_path / "a.md", f"{headings}\n\nText here.\n")
    assert _found(document)[-1] == (PARAGRAPH, 0, path, "Text here.")


@pytest.mark.parametrize(
    ("text", "literals"),
    [
        ("* a\n+ b\n- c\n\nEnd", ["a", "b", "c", "End"]),
        ("3. a\n4. b\n\n1) c\n\nEnd", ["a", "b", "c", "End"]),
        ("- a\n\n- b\n\n  c\n\nEnd", ["a", "b", "c", "End"]),
        ("- - a\n  - b\n\nEnd", ["a", "b", "End"]),
        ("1. a\n   > b\n   > c\n\nEnd", ["a", "b\n   > c", "End"]),
        ("> - a\n>   - b\n\nEnd", ["a", "b", "End"]),
        ("-\ta\tb\n\nEnd", ["a\tb", "End"]),
        ("- a\nlazy\n\nEnd", ["a\nlazy", "End"]),
        ("- [x] a\n-\n- b\n\nEnd", ["[x] a", "b", "End"]),
        ("- a - a\n- > > b > b\n\nEnd", ["a - a", "b > b", "End"]),
    ],
)
def test_an_item_is_the_text_after_its_markers(
    tmp_path: Path, text: str, literals: list[str]
) -> None:
    """No item begins with the bullets, numbers and quotation marks that stand before it."""
    assert _literals(tmp_path, text) == literals


def test_nested_items_have_levels(tmp_path: Path) -> None:
    """The level of an item is the number of lists around its own."""
    document = _read(tmp_path / "a.md", "- a\n  1. b\n     - c\n  2. d\n- e\n\n> * f\n\nEnd\n")
    assert [(literal, level) for _, level, _, literal in _found(document)] == [
        *(("a", 0), ("b", 1), ("c", 2), ("d", 1), ("e", 0)),
        *(("f", 0), ("End", 0)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"{'  ' * depth}- item{depth}" for depth in range(12)) + "\n\nEnd\n",
        "> " * 21 + "item11\n\nEnd\n",
    ],
    ids=["list", "quote"],
)
def test_deep_nesting_loses_no_text(tmp_path: Path, text: str) -> None:
    """However deep a list or a block quote is nested, its innermost text is read."""
    assert [literal for literal in _literals(tmp_path, text) if "item11" in literal] == ["item11"]


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("| a | b |\n|---|:-:|\n| 1 | 2 |", [(HEADER, "| a | b |"), (ROW, "| 1 | 2 |")]),
        ("a | b\n--|--\n1 | 2", [(HEADER, "a | b"), (ROW, "1 | 2")]),
        ("| a |\n|---|", [(HEADER, "| a |")]),
        ("| a | b |\n|---|\n| 1 |", [(PARAGRAPH, "| a | b |\n|---|\n| 1 |")]),
    ],
)
def test_a_table_has_a_header_and_rows(
    tmp_path: Path, table: str, rows: list[tuple[BlockKind, str]]
) -> None:
    """Each row is a block, the line of dashes is none, and what is no table is a paragraph."""
    document = _read(tmp_path / "a.md", f"{table}\n\nEnd\n")
    found = [(kind, literal) for kind, _, _, literal in _found(document)]
    assert found == [*rows, (PARAGRAPH, "End")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("```\na\n```", "a"),
        ("~~~~ python\na\n~~~\n\n  b\n~~~~", "a\n~~~\n\n  b"),
        ("```\n\n# no heading\n- no item\n\n```", "# no heading\n- no item"),
        ("    indented\n\n    more", "indented\n\n    more"),
        ("- item\n\n  ```\n  a\n  ```", "a"),
    ],
)
def test_code_is_kept_without_its_fences(tmp_path: Path, text: str, code: str) -> None:
    """Code is one block of the lines between its fences, and nothing in it is markup."""
    document = _read(tmp_path / "a.md", f"{text}\n\nEnd\n")
    assert [lit for kind, _, _, lit in _found(document) if kind is CODE] == [code]
    assert _found(document)[-1] == (PARAGRAPH, 0, (), "End")


def test_empty_code_is_no_block(tmp_path: Path) -> None:
    """Fences with nothing between them give nothing to quote."""
    assert _literals(tmp_path, "```\n```\n\n~~~\n\n~~~\n\nEnd\n") == ["End"]


@pytest.mark.parametrize(
    "text",
    ["Text.\n\n```\ncode\n```\n", "Text.\n\n    code\n", "Text.\n\n- item\n\n# H\n\n    code"],
)
def test_code_at_the_end_of_the_file_is_read(tmp_path: Path, text: str) -> None:
    """A code block counts too where nothing follows it."""
    assert _literals(tmp_path, text)[-1] == "code"


def test_an_open_fence_keeps_its_last_line(tmp_path: Path) -> None:
    """Code whose fence is not closed goes on to the last character of the file."""
    assert _literals(tmp_path, "> Text.\n\n```\none\ntwo") == ["Text.", "one\ntwo"]


@pytest.mark.parametrize(
    ("text", "literals"),
    [
        ("> a\n> b\n\nEnd", ["a\n> b", "End"]),
        (">a\nlazy\n\nEnd", ["a\nlazy", "End"]),
        ("> a\n>\n> b\n\nEnd", ["a", "b", "End"]),
        ("> > a\n> b\n\nEnd", ["a\n> b", "End"]),
    ],
)
def test_a_quotation_is_a_paragraph(tmp_path: Path, text: str, literals: list[str]) -> None:
    """A block quote's paragraphs begin at their first word."""
    assert _literals(tmp_path, text) == literals
    assert {block.kind for block in _read(tmp_path / "a.md", text).blocks} == {PARAGRAPH}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("close", ["---", "...", "--- "])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_front_matter_is_left_out(tmp_path: Path, start: str, close: str, end: str) -> None:
    """The lines between the dashes at the beginning are in no block."""
    lines = ["---", "title: A", "tags:", "  - secret", close, "Text.", "", "---", "", "End", ""]
    assert _literals(tmp_path, start + end.join(lines)) == ["Text.", "End"]


@pytest.mark.parametrize(
    ("text", "literals"),
    [
        ("---\nopen: ended\n\nText.\n", ["open: ended", "Text."]),
        ("Text.\n\n---\na: b\n---\n", ["Text."]),
        ("----\n\nText.\n\n----\n\nEnd\n", ["Text.", "End"]),
        ("\n---\n\nText.\n\n---\n\nEnd\n", ["Text.", "End"]),
    ],
)
def test_rules_are_no_front_matter(tmp_path: Path, text: str, literals: list[str]) -> None:
    """Front matter stands on the first line between two lines of three dashes."""
    assert _literals(tmp_path, text) == literals


def test_a_rule_before_a_blank_line_is_a_rule(tmp_path: Path) -> None:
    """Text between two rules is read though the first rule begins the file."""
    assert _literals(tmp_path, "---\n\nText here.\n\n---\n\nEnd\n") == ["Text here.", "End"]


@pytest.mark.parametrize(
    "comment", ["<!-- secret -->", "<!--\nsecret\n\nsecret\n-->", "  <!-- secret\n-->"]
)
def test_comments_are_left_out(tmp_path: Path, comment: str) -> None:
    """An HTML comment is in no block, whether blank lines stand around it or not."""
    assert _literals(tmp_path, f"One.\n\n{comment}\n\nTwo.\n\nEnd\n") == ["One.", "Two.", "End"]
    assert _literals(tmp_path, f"One.\n{comment}\nTwo.\n\nEnd\n") == ["One.", "Two.", "End"]


def test_text_after_a_comment_is_kept(tmp_path: Path) -> None:
    """What follows a comment on its line is read."""
    literals = _literals(tmp_path, "<!-- note --> It opened in 2005.\n\nEnd\n")
    assert any("It opened in 2005." in literal for literal in literals)


@pytest.mark.parametrize(
    "separator", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"], ids=ascii
)
def test_code_may_hold_other_separators(tmp_path: Path, separator: str) -> None:
    """A form feed and the like are part of a line of code, not the end of one."""
    code = f"a{separator}b"
    assert _literals(tmp_path, f"```\n{code}\n```\n\nEnd\n") == [code, "End"]
    assert _literals(tmp_path, f"```\n{code}") == [code]


def test_html_in_an_item_is_an_item(tmp_path: Path) -> None:
    """An item that begins with a tag is an item, without its bullet."""
    found = _found(_read(tmp_path / "a.md", "- <div>a</div>\n- b\n\nEnd\n"))
    assert found[:-1] == [(ITEM, 0, (), "<div>a</div>"), (ITEM, 0, (), "b")]


def test_html_is_kept_as_it_is(tmp_path: Path) -> None:
    """A block of HTML that is no comment is a paragraph with its tags."""
    assert _literals(tmp_path, "<div>\nx &amp; <b>y</b>\n</div>\n\nEnd\n") == [
        "<div>\nx &amp; <b>y</b>\n</div>",
        "End",
    ]


@pytest.mark.parametrize(
    ("text", "literals"),
    [
        ("[a]: https://example.org\n\nText [a].\n", ["Text [a]."]),
        ("[a]: <b> 'Title'\n[c]: d\nText.\n", ["Text."]),
        ("[a]:\n  /b\n  (Title)\n\nText.\n", ["Text."]),
        ("- [a]: b\n- Item.\n\nText.\n", ["Item.", "Text."]),
        ("Text\n[a]: b\n", ["Text\n[a]: b"]),
        ("[a] : b\n\nText.\n", ["[a] : b", "Text."]),
    ],
)
def test_link_definitions_are_left_out(tmp_path: Path, text: str, literals: list[str]) -> None:
    """A link reference definition is in no block; what only looks like one is text."""
    assert _literals(tmp_path, text) == literals


def test_marks_inside_a_line_stay(tmp_path: Path) -> None:
    """Emphasis, links, entities and escapes are quoted as the source has them."""
    line = "**Bold** _it_ `co|de` [link](x 'y') &eacute; 1\\*2 <b>tag</b> ![image](z)"
    assert _literals(tmp_path, f"{line}\n") == [line]


def test_a_file_without_text_has_no_blocks(tmp_path: Path) -> None:
    """Headings and rules alone give a title and nothing to quote."""
    document = _read(tmp_path / "a.md", "# Title\n\n---\n\n## Section\n")
    assert (document.title, document.blocks) == ("Title", ())


def test_nothing_is_lost_behind_hopeless_nesting(tmp_path: Path) -> None:
    """A list deeper than the parser goes is read as plain text, with all that follows it."""
    nested = "".join(f"{'  ' * depth}- item {depth}\n" for depth in range(500))
    literals = _literals(tmp_path, f"{nested}\n\nThe sky is blue.\n")
    assert literals[-1] == "The sky is blue."
    assert "item 499" in literals
