"""What writers add to CommonMark: terms with what they mean, and notes."""

import pytest
from corpora import document
from hypothesis import given
from hypothesis import strategies as st

from knowledge.documents import BlockKind

PARAGRAPH, TERM, DEFINITION = BlockKind.PARAGRAPH, BlockKind.TERM, BlockKind.DEFINITION
ITEM, CODE = BlockKind.ITEM, BlockKind.CODE


def _blocks(text: str) -> list[tuple[BlockKind, int, str]]:
    read = document(text, "a.md")
    return [(block.kind, block.level, block.span.of(text)) for block in read.blocks]


def test_terms_stand_with_what_they_mean() -> None:
    """Each meaning begins with a colon, right below its terms or behind an empty line."""
    text = """Words:

Pier
Jetty
: Where boats
  are tied.
: Also a person.

Rope

:   Ties boats.

End: no term.
"""
    assert _blocks(text) == [
        (PARAGRAPH, 0, "Words:"),
        (TERM, 0, "Pier"),
        (TERM, 0, "Jetty"),
        (DEFINITION, 1, "Where boats\n  are tied."),
        (DEFINITION, 1, "Also a person."),
        (TERM, 0, "Rope"),
        (DEFINITION, 1, "Ties boats."),
        (PARAGRAPH, 0, "End: no term."),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "!!! note\n    Moor twice.\n\n    - at the bow\n\nMore.",
            [(PARAGRAPH, "Moor twice."), (ITEM, "at the bow"), (PARAGRAPH, "More.")],
        ),
        (
            '!!! warning "Storms"\n\n    Moor twice.\n',
            [(PARAGRAPH, '"Storms"'), (PARAGRAPH, "Moor twice.")],
        ),
        ("??? tip\n    Moor twice.\n", [(PARAGRAPH, "Moor twice.")]),
        ("> [!NOTE]\n> Moor twice.\n> Or more.\n", [(PARAGRAPH, "Moor twice.\n> Or more.")]),
        (":::note\nMoor twice.\n:::\n\nMore.", [(PARAGRAPH, "Moor twice."), (PARAGRAPH, "More.")]),
        ("> **Note** Moor twice.", [(PARAGRAPH, "**Note** Moor twice.")]),
        ("```\n!!! note\n    a\n:::\n```\n", [(CODE, "!!! note\n    a\n:::")]),
    ],
)
def test_what_stands_in_a_box_is_text(text: str, expected: list[tuple[BlockKind, str]]) -> None:
    """The marks of a note are no words of it, and what is indented in it is no code."""
    assert [(kind, literal) for kind, _, literal in _blocks(text)] == expected


LINES = [
    "!!! note",
    "    text one",
    ": meaning",
    "term",
    "",
    "> [!TIP]",
    "> quoted",
    ":::",
    "```",
    "- a",
]


@given(st.lists(st.sampled_from(LINES)))
def test_blocks_follow_each_other(lines: list[str]) -> None:
    """Whatever the lines, no block overlaps another, and words are not lost."""
    text = "\n".join(["# Title", "", "text", "", *lines])
    end = 0
    blocks = document(text, "a.md").blocks
    for block in blocks:
        assert block.span.start >= end
        end = block.span.end
    kept = " ".join(block.span.of(text) for block in blocks)
    for word in ("one", "meaning", "term", "quoted"):
        assert kept.count(word) == text.count(word)
