"""Answers and closest sections as Discord messages: blocks as they read, within every limit."""

import re
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.messages import Pages, Shown
from bot.discord.quotes import quoted, quoted_as_written
from bot.library import Library
from bot.presentation import block_lines, passage_lines
from knowledge.documents import BlockKind
from retrieval.answer.answer import Answer, Citation
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
from tests.corpora import document, passages_from
from tests.discord_laws import broken_by, texts_in

LONG = 2_000


def message(answer: Answer, question: str | None = None) -> dict[str, Any]:
    """The body of the message that shows an answer without hits, and so without buttons."""
    view = Pages(cast(Library, None)).answer(answer, Shown((), question))
    return {
        "components": view.to_components(),
        "flags": 1 << 15,
        "allowed_mentions": {"parse": []},
    }


def said(answer: Answer) -> str:
    """Its texts."""
    return texts_in(message(answer)["components"])


def shown(citations: tuple[Citation, ...], limit: int = LONG, likely: float = 0.0) -> list[str]:
    """The lines of a block."""
    return quoted(block_lines(citations, likely), limit, ", see there").splitlines()


def test_each_kind_of_line_reads_as_in_the_document() -> None:
    """Terms above what they mean, items with bullets or their numbers, code fenced."""
    cited = block(
        (PARAGRAPH, "All of it:"),
        (ITEM, "an item"),
        (ITEM, "2. a numbered one"),
        (TERM, "Timeout"),
        (DEFINITION, "Seconds."),
        (CODE, "if a:\n    b"),
        (PARAGRAPH, "One."),
        (PARAGRAPH, "Two."),
    )
    assert shown(cited) == [
        "> All of it:",
        "> • an item",
        "> 2\\. a numbered one",
        "> Timeout",
        "> \N{EM SPACE}Seconds.",
        "```",
        "if a:",
        "    b",
        "```",
        "> One.",
        "> ",
        "> Two.",
    ]


def test_a_passage_is_read_as_a_block_is() -> None:
    """What was quoted from it is bold, and code stays code."""
    page = document(
        "# T\n\nDo it so:\n\n```\nif a:\n    b\n```\n\nIt is *old*. It is red.\n", "a.md"
    )
    first, second = passages_from(page)
    assert quoted(passage_lines(first, "a.md"), LONG).splitlines() == [
        "> Do it so:",
        "```",
        "if a:",
        "    b",
        "```",
    ]
    mark = second.units[1].span
    assert quoted(passage_lines(second, "a.md", mark), LONG) == "> It is old. **It is red.**"


def test_rows_name_their_columns() -> None:
    """A header says what each cell is, where there is one that fits."""
    cited = block((HEADER, "Name | Default | Use"), (ROW, "a | 1 | x"), (ROW, "b | | y"))
    assert shown(cited) == ["> • Name: a · Default: 1 · Use: x", "> • Name: b · Use: y"]
    cited = block((HEADER, "x | y"), (ROW, "a | b | c"))
    assert shown(cited) == ["> x · y", "> • a · b · c"]
    assert shown(block((ROW, "Default: | 300"))) == ["> • Default: 300"]


def test_what_answers_is_bold_in_a_block_that_holds_more() -> None:
    """The marked sentence, or the words within it where they are likely; a whole block has none."""
    text = "It is old. It opened in 2005. It is red."
    cited = block((PARAGRAPH, text), marked=["It opened in 2005."], words="2005")
    assert shown(cited) == ["> It is old. **It opened in 2005.** It is red."]
    assert shown(cited, likely=0.9) == ["> It is old. It opened in **2005**. It is red."]
    assert shown(block((PARAGRAPH, text), marked=[text])) == [f"> {text}"]


def test_a_block_that_is_too_long_keeps_what_answers() -> None:
    """Code is cut before text, and text that does not answer is left out and counted."""
    cited = block(
        (PARAGRAPH, "Do it so:"),
        *((ITEM, f"{n}: {'no ' * 50}") for n in range(9)),
        (CODE, "x = 1\n" * 300),
        (ITEM, "this one"),
        marked=["this one"],
    )
    lines = shown(cited, 900)
    assert len("\n".join(lines)) <= 900
    assert lines[0] == "> Do it so:"
    assert "> • **this one**" in lines
    assert re.fullmatch(r"> … and \d more, see there", lines[-1])
    (only,) = (shown(block((CODE, "x = 1\n" * 300)), 400),)
    assert len("\n".join(only)) <= 400
    assert (only[0], only[-2:]) == ("```", ["…", "```"])


def test_what_answers_far_back_in_a_long_paragraph_is_shown() -> None:
    """With the words around it."""
    cited = block(
        (PARAGRAPH, f"{'before ' * 300}It opened in 2005. {'after ' * 300}"),
        marked=["It opened in 2005."],
    )
    (line,) = shown(cited, 500)
    assert len(line) <= 500
    assert line.startswith("> … before")
    assert "before **It opened in 2005.** after" in line
    assert line.endswith("…")


@given(st.text(st.sampled_from("ab `~#-*_>\n@<1."), max_size=200), st.integers(100, 400))
def test_what_a_person_wrote_is_cut_behind_a_line(text: str, limit: int) -> None:
    """Whatever it is made of, it keeps within its limit, and how many lines are left is said."""
    quote = quoted_as_written(text, limit, ", see there")
    assert len(quote) <= limit
    assert quote == quoted_as_written(text, 10_000) or "… and " in quote or " …" in quote


def test_a_short_room_holds_the_first_lines_of_what_a_person_wrote() -> None:
    """Counted are lines with words, and code as one."""
    text = "First.\n\n```\ncode\n```\n" + "Second and so on.\n\n" * 4
    assert quoted_as_written(text, 60 + 50, ", see there").splitlines() == [
        "> First.",
        "```",
        "code",
        "```",
        "> Second and so on.",
        "> … and 3 more, see there",
    ]


def test_a_block_has_one_source() -> None:
    """Below the block, as a link where there is an address; the page of what answers, the section,
    or, where there is none, the line."""
    cited = block((PARAGRAPH, "All:"), (ITEM, "a"), (ITEM, "b"), marked=["b"])
    text = said(answered(cited))
    assert text.count("Title › Section") == 1
    assert "-# — Title › Section\n" in text
    alone = tuple(replace(one, heading=()) for one in cited)
    assert "-# — Title · line 3\n" in said(answered(alone))
    paged = tuple(replace(one, page=7) for one in cited)
    assert "-# — Title › Section · page 7\n" in said(answered(paged))
    addressed = tuple(replace(one, url="https://a.b/c.html") for one in cited)
    assert "[Title › Section](<https://a.b/c.html" in said(answered(addressed))


def test_the_others_are_named_once_in_a_line() -> None:
    """By the last heading, as links, below how sure the answer is."""
    cited = block((PARAGRAPH, "It is."))
    near = tuple(
        replace(*block((PARAGRAPH, "x"), heading=("A", name)), url=url)
        for name, url in (("Timeouts", "https://a.b/c.html"), ("Keeping alive", None))
    )
    text = said(answered(cited, nearest=near))
    assert text.splitlines()[-1] == "-# See also: [Timeouts](<https://a.b/c.html>), Keeping alive"
    assert text.lower().count("see also") == 1


def test_a_decline_names_the_closest_sections_above_their_lines() -> None:
    """Title and heading as a link, then what fits best; nothing related, only the refusal."""
    meaning = "Seconds to wait. It is 300."
    near = section((TERM, "Timeout"), (DEFINITION, meaning), marked="It is 300.")
    linked = replace(near, url="https://a.b/c.html")
    lines = said(declined("How long?", linked, near)).splitlines()
    assert lines[0] == "No sure answer. The closest sections:"
    assert lines[1].startswith("[Title › Section](<https://a.b/c.html")
    assert lines[2:4] == ["> Timeout", "> \N{EM SPACE}Seconds to wait. **It is 300.**"]
    assert lines[4] == "Title › Section"
    assert lines[-1] == "-# Rephrase the question, or ask a person."
    assert said(declined("How long?")) == "The documents do not answer this."


_HOSTILE = st.lists(
    st.sampled_from(
        ["@everyone", "<@1>", "discord.gg/x", "```", "**", "> ", "# ", "|", "[a](https://b.c)",
         "\\", "`", "\n", " ", "word", "x" * 300, "https://a.b/c_d", "-# ", "1. "],
    ),
    min_size=1, max_size=40,
).map("".join).filter(lambda text: text.strip() != "")  # fmt: skip


@pytest.mark.slow
@given(
    st.lists(st.tuples(st.sampled_from(BlockKind), _HOSTILE), min_size=1, max_size=12),
    st.integers(0, 11),
    st.floats(0, 1),
)
def test_whatever_is_quoted_keeps_the_laws(
    lines: list[tuple[BlockKind, str]], at: int, likely: float
) -> None:
    """No ping, no link, no text over the limit, however long and hostile the block is."""
    text = lines[min(at, len(lines) - 1)][1]
    cited = block(*lines, marked=[text[: len(text) // 2 + 1]], words=text[:3], source="a.md")
    near = tuple(replace(one, marks=(), answering=None) for one in cited[:3])
    for answer in (answered(cited, likely, near), declined("Why?", *near)):
        assert broken_by("POST", "/channels/1/messages", message(answer)) == []


@pytest.mark.parametrize("letter", ["a", "*", "@", "漢"])
def test_long_titles_and_addresses_leave_room(letter: str) -> None:
    """Many sources, each with a title, a heading and an address without end, fit a message."""

    def cited(number: int) -> Citation:
        heading = (letter * 500, str(number))
        (one,) = block((PARAGRAPH, f"{letter * 9} " * 200), heading=heading)
        return replace(one, title=letter * 400, url=f"https://a.b/{'x' * 280}")

    near = tuple(cited(number) for number in range(10, 13))
    many = answered(tuple(cited(number) for number in range(6)), nearest=near)
    many = replace(many, unanswered=(letter * 400,))
    for answer in (many, declined("Why?", *near)):
        body = message(answer, letter * 1_000)
        assert broken_by("POST", "/channels/1/messages", body) == []


def test_a_title_that_is_the_first_heading_is_said_once() -> None:
    """In the source of an answer, as in the terminal."""
    cited = block((PARAGRAPH, "It is."), heading=("Title", "Section"))
    assert "-# — Title › Section\n" in said(answered(cited))
