"""The block around what answers: as much of the document as a person would copy."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from corpora import document, passages_from
from hypothesis import given
from hypothesis import strategies as st

from knowledge.documents import BlockKind, Document, Passage, Span
from retrieval.answer.blocks import (
    MOST_LINES,
    MOST_WORDS,
    MOST_WORDS_OF_LIST,
    block_around,
)
from retrieval.questions.question import Question

TELL = Question("Which setting is it?")
INSTRUCT = Question("How do I set it up?")

MANUAL = """# Loom

Some words first, to stand apart from what follows here.

## Threads

The loom takes two kinds of thread. Wool is the usual one, for it is strong and cheap here. Silk
tears as soon as it is dry.

Cotton shrinks when it is washed for the first time, so it is washed before it is used, and then
it is dried in the sun for a day.

## Start

To start the loom:

1. Oil the shaft.
2. Close the cover.
3. Press the green button.

## Speeds

| speed | thread |
|-------|--------|
| slow  | silk   |
| fast  | wool   |

## Test

Run the self-test:

    loom --test
    loom --report
"""

PAGE = """<h1>Options</h1><dl>
<dt>max_speed</dt><dd>The default is 40. It is given in rows a minute.</dd>
<dt>min_speed</dt><dd>The default is 4.</dd>
<dt>colour</dt><dd>The colour of the lamp that shows what the loom is doing at any moment: green
while it runs, red where it has stopped, and yellow while it waits for thread, which it does for an
hour at most before it switches itself off for the day.</dd></dl>"""


@pytest.fixture(scope="module")
def manual() -> Document:
    """A page of Markdown with prose, steps, a table and code."""
    return document(MANUAL, "loom.md")


def _block(read: Document, marked: str, question: Question = TELL) -> list[str]:
    """The quotes of the block around the unit that begins so."""
    passage, span = next(
        (passage, unit.span)
        for passage in passages_from(read)
        for unit in passage.units
        if passage.quote(unit.span).startswith(marked)
    )
    return [passage.quote(span) for span in block_around(passage, [span], question)]


def test_a_sentence_comes_with_its_paragraph(manual: Document) -> None:
    """Around a sentence is its paragraph, not the next one."""
    (paragraph,) = _block(manual, "Wool")
    assert paragraph.startswith("The loom takes two kinds")
    assert paragraph.endswith("as soon as it is dry.")
    (other,) = _block(manual, "Cotton")
    assert other.startswith("Cotton shrinks")


def test_steps_come_whole(manual: Document) -> None:
    """With the line that introduces them, whatever is asked."""
    steps = ["To start the loom:", "Oil the shaft.", "Close the cover.", "Press the green button."]
    assert _block(manual, "Close", INSTRUCT) == steps
    assert _block(manual, "Close") == steps


def test_a_row_comes_with_its_header(manual: Document) -> None:
    """And without the other rows."""
    assert _block(manual, "| fast") == ["| speed | thread |", "| fast  | wool   |"]


def test_code_comes_whole_with_the_line_above_it(manual: Document) -> None:
    """The lines of code stay lines."""
    lead, code = _block(manual, "loom --test")
    assert lead == "Run the self-test:"
    assert code.split() == ["loom", "--test", "loom", "--report"]
    assert "\n" in code


def test_a_definition_comes_with_its_term() -> None:
    """A short entry is quoted whole, and the one beside it is not."""
    read = document(PAGE, "options.html")
    whole = "The default is 40. It is given in rows a minute."
    assert _block(read, "The default is 40.") == ["max_speed", whole]
    assert _block(read, "The colour")[0] == "colour"


def test_a_list_that_is_asked_for_may_be_longer() -> None:
    """Up to so many words a list is quoted whole, and no paragraph is."""
    items = [f"part {number} of the loom is made of oak from the hills" for number in range(12)]
    text = "The parts:\n\n" + "".join(f"- {item}\n" for item in items)
    quoted = _block(document(text, "a.md"), items[3], Question("Which parts are there?"))
    assert quoted == ["The parts:", *items]
    assert MOST_WORDS < sum(len(quote.split()) for quote in quoted) <= MOST_WORDS_OF_LIST
    prose = " ".join(f"{item.capitalize()}." for item in items)
    (paragraph,) = _block(document(prose, "a.md"), "Part 3", Question("Which parts are there?"))
    assert "Part 3 of" in paragraph
    whole = len(" ".join(quoted).split())
    assert whole > len(paragraph.split())
    assert len(paragraph.split()) <= MOST_WORDS


def test_the_next_question_of_a_list_of_them_is_left_out() -> None:
    """Between short questions and answers, a block ends where the next question begins."""
    text = "How is it oiled? With a brush.\n\nHow is it washed? With soap.\n"
    assert _block(document(text, "a.md"), "With a") == ["How is it oiled? With a brush."]


WORDS = st.lists(st.sampled_from(["oil", "wool", "the red loom", "salt,"]), min_size=1, max_size=30)
SENTENCES = st.lists(WORDS.map(lambda w: f"{' '.join(w).capitalize()}."), min_size=1, max_size=6)
PIECES = st.lists(
    st.one_of(
        SENTENCES.map(" ".join),
        SENTENCES.map(lambda some: "\n".join(f"- {one}" for one in some)),
        SENTENCES.map(lambda some: "Do this:\n\n" + "\n".join(f"1. {one}" for one in some)),
        SENTENCES.map(lambda some: "\n".join(f"    {one}" for one in some)),
    ),
    min_size=1,
    max_size=5,
)


def _units(read: Document) -> Iterator[tuple[Passage, Span]]:
    for passage in passages_from(read):
        yield from ((passage, unit.span) for unit in passage.units)


@given(PIECES, st.sampled_from([TELL, INSTRUCT]))
def test_laws_of_a_block(pieces: list[str], question: Question) -> None:
    """Its spans are in order and apart, one holds what answers, and it is not too long."""
    for passage, marked in _units(document("\n\n".join(pieces), "a.md")):
        spans = block_around(passage, [marked], question)
        assert list(spans) == sorted(spans)
        assert all(one.end <= two.start for one, two in pairwise(spans))
        assert any(span.holds(marked) for span in spans)
        quotes = [passage.quote(span) for span in spans]
        assert all(quote.strip() == quote for quote in quotes)
        kinds = {passage.kind_at(span.start) for span in spans}
        if kinds == {BlockKind.PARAGRAPH} and len(passage.quote(marked).split()) <= MOST_WORDS:
            assert sum(len(quote.split()) for quote in quotes) <= MOST_WORDS
            assert len(spans) <= MOST_LINES
