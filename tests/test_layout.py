"""Prose that is laid out by blanks, as in manual pages within web pages."""

import pytest
from corpora import document
from hypothesis import given
from hypothesis import strategies as st

from knowledge.documents import BlockKind
from knowledge.readers.layout import is_laid_out, parts_of

MANUAL = """
MOOR(1)                                                  MOOR(1)

NAME
       moor - tie a boat to a pier

SYNOPSIS
       moor [-v] boat

   Several boats:

       moor -a boat boat

DESCRIPTION
       The  moor(1)  command  ties  a boat to the pier with ropes that
       are long enough for the tide.

       Options:

       -a     Tie all of the boats that are given, one  after  the
              other.

              Each gets a rope of its own.

       -l metres
              The length of the rope in metres, at most:

              short  Ropes that last for a day.

              long   Ropes that last for a year or longer, and for
                     storms.

       For example:

              moor -l 12 marta

       Ropes wear out.

                                                         MOOR(1)
"""

EXPECTED = [
    (1, "NAME"),
    (BlockKind.PARAGRAPH, 0, "moor - tie a boat to a pier"),
    (1, "SYNOPSIS"),
    (BlockKind.CODE, 0, "moor [-v] boat"),
    (2, "Several boats:"),
    (BlockKind.CODE, 0, "moor -a boat boat"),
    (1, "DESCRIPTION"),
    (
        BlockKind.PARAGRAPH,
        0,
        "The moor(1) command ties a boat to the pier with ropes that are long",
    ),
    (BlockKind.PARAGRAPH, 0, "Options:"),
    (BlockKind.TERM, 0, "-a"),
    (BlockKind.DEFINITION, 1, "Tie all of the boats that are given, one after the other."),
    (BlockKind.DEFINITION, 1, "Each gets a rope of its own."),
    (BlockKind.TERM, 0, "-l metres"),
    (BlockKind.DEFINITION, 1, "The length of the rope in metres, at most:"),
    (BlockKind.TERM, 1, "short"),
    (BlockKind.DEFINITION, 2, "Ropes that last for a day."),
    (BlockKind.TERM, 1, "long"),
    (BlockKind.DEFINITION, 2, "Ropes that last for a year or longer, and for storms."),
    (BlockKind.PARAGRAPH, 0, "For example:"),
    (BlockKind.CODE, 0, "moor -l 12 marta"),
    (BlockKind.PARAGRAPH, 0, "Ropes wear out."),
]


def _parts(text: str) -> list[tuple[object, ...]]:
    found = []
    for part in parts_of(text):
        words = " ".join(part.span.of(text).split())
        kind = () if part.kind is None else (part.kind,)
        found.append((*kind, part.level, words))
    return found


def test_a_manual_page_has_sections_and_entries() -> None:
    """Capitals at the margin are headings; an option stands with what it means."""
    assert is_laid_out(MANUAL)
    found = _parts(MANUAL)
    assert len(found) == len(EXPECTED)
    for one, expected in zip(found, EXPECTED, strict=True):
        assert one[:-1] == expected[:-1]
        assert str(one[-1]).startswith(str(expected[-1]))


def test_a_manual_page_in_a_web_page() -> None:
    """Its sections stand below the heading of the page."""
    read = document(f"<h1>Boats</h1><pre>{MANUAL}</pre><p>Text.</p>", "a.html")
    headings = list(dict.fromkeys(block.heading for block in read.blocks))
    assert headings == [
        ("NAME",),
        ("SYNOPSIS",),
        ("SYNOPSIS", "Several boats:"),
        ("DESCRIPTION",),
    ]
    assert "Tie all of the boats that are given, one after the other." in read.text


def test_terms_with_a_colon_and_items_without_empty_lines() -> None:
    """Each begins on a line of its own, and goes on where the next lines are deeper."""
    text = """The program takes these options from the line that starts it, in any order :

  -f <file> : reads the moorings from a file, and from all of those that the
      file names.

  - the first rope is tied at the bow
  - the second rope is tied at the stern, and
    crosses the first one
"""
    assert is_laid_out(text)
    assert _parts(text)[1:] == [
        (BlockKind.TERM, 0, "-f <file>"),
        (
            BlockKind.DEFINITION,
            1,
            "reads the moorings from a file, and from all of those that the file names.",
        ),
        (BlockKind.ITEM, 0, "the first rope is tied at the bow"),
        (BlockKind.ITEM, 0, "the second rope is tied at the stern, and crosses the first one"),
    ]


def test_headings_stand_at_lines() -> None:
    """Below a line, or underlined."""
    text = f"""{"=" * 40}

1. Ropes

Ropes hold boats in storms and when the tide falls.

Knots
-----
Knots hold ropes as long as the ropes are dry.
They slip when it rains.
"""
    assert _parts(text) == [
        (1, "1. Ropes"),
        (BlockKind.PARAGRAPH, 0, "Ropes hold boats in storms and when the tide falls."),
        (2, "Knots"),
        (
            BlockKind.PARAGRAPH,
            0,
            "Knots hold ropes as long as the ropes are dry. They slip when it rains.",
        ),
    ]


@pytest.mark.parametrize(
    "code",
    [
        "import ropes\n\n# Tie all of the boats that are there, one by one\nfor boat in boats:\n"
        "    moor(boat)\n",
        "$ moor marta\nThe boat is tied to the pier now.\n$ moor odin\nThere is no such boat.\n",
        "[ropes]\nlength = 12\ncolour = blue\n",
        "one line of words that are no code at all",
    ],
)
def test_code_stays_code(code: str) -> None:
    """Comments and what a command says are no prose around it."""
    assert not is_laid_out(code)
    (block,) = document(f"<pre>{code}</pre>", "a.html").blocks
    assert block.kind is BlockKind.CODE


def test_what_is_coloured_is_code() -> None:
    """However much it reads like prose."""
    (block,) = document(f"<pre><span>#</span>{MANUAL}</pre>", "a.html").blocks
    assert block.kind is BlockKind.CODE


@given(
    st.lists(st.sampled_from([*MANUAL.splitlines()[2:-1], "", "=====", "- a b", "a : b", "\tx"]))
)
def test_parts_follow_each_other(lines: list[str]) -> None:
    """Whatever the lines, no part overlaps another, and no word is left out."""
    text = "\n".join(lines)
    end = 0
    for part in parts_of(text):
        assert part.span.start >= end
        end = part.span.end
    kept = "".join(part.span.of(text) for part in parts_of(text))
    assert list(filter(str.isalnum, kept)) == list(filter(str.isalnum, text))


def test_a_text_file_with_sections_has_them() -> None:
    """Underlined headings lead, and the first is the title if no other is like it."""
    text = """Harbour
=======

The harbour has room for eight boats in summer
and for four of them in winter.

Opening
-------

The harbour is open all day, but not in storms.

Prices
------

A day costs twelve crowns for each of the boats:

    pay harbour 12
"""
    read = document(text, "harbour.txt")
    assert read.title == "Harbour"
    assert [(b.kind, b.heading, b.span.of(text)[:12]) for b in read.blocks] == [
        (BlockKind.PARAGRAPH, (), "The harbour "),
        (BlockKind.PARAGRAPH, ("Opening",), "The harbour "),
        (BlockKind.PARAGRAPH, ("Prices",), "A day costs "),
        (BlockKind.CODE, ("Prices",), "pay harbour "),
    ]


def test_a_manual_page_as_a_text_file() -> None:
    """The name of the file is its title."""
    read = document(MANUAL, "moor.txt")
    assert read.title == "moor"
    assert {block.heading[0] for block in read.blocks} == {"NAME", "SYNOPSIS", "DESCRIPTION"}


def test_hopeless_layouts_lose_nothing() -> None:
    """Lines each deeper than the one above, and a line of nothing but gaps."""
    stairs = "\n".join(" " * n + f"step{n}" for n in range(2000))
    gaps = "a  " * 20_000
    for text in (stairs, f"{gaps}\n{gaps}\n"):
        kept = "".join(part.span.of(text) for part in parts_of(text))
        assert "".join(kept.split()) == "".join(text.split())
