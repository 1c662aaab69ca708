"""The values that carry text: what they refuse, and where their offsets lead."""

import io
from dataclasses import FrozenInstanceError, fields
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.documents import Block, BlockKind, Document, Passage, Span, Unit, line_spans

# Line ends, and characters at which str.splitlines() breaks but an editor does not.
LINED_TEXT = st.lists(
    st.sampled_from(["\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "a", "é", "漢", "👩‍👧"])
).map("".join)


def _document(text: str, line: int | None = None) -> Document:
    return Document("a.txt", "a", "a.txt", text, "", (), line)


def _passage(text: str, span: Span) -> Passage:
    return Passage("a.txt#1", "a.txt", "a", (), span, span.of(text), (Unit(span),))


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (-2, -1), (0, 0), (5, 5), (5, 3)])
def test_a_span_refuses_bad_bounds(start: int, end: int) -> None:
    """A span is never empty, reversed or before the text, and the error names its bounds."""
    with pytest.raises(ValueError, match=f"not {start}..{end}$"):
        Span(start, end)


def test_a_span_is_half_open() -> None:
    """The character at `end` is not part of the span."""
    assert Span(1, 3).of("abcd") == "bc"


@given(st.text(), st.integers(0, 50), st.integers(1, 50), st.text())
def test_a_moved_span_covers_the_same_words(
    before: str, start: int, length: int, text: str
) -> None:
    """Text that stands further on by some characters is covered by the span moved by as many."""
    span = Span(start, start + length)
    assert span.moved(len(before)).of(before + text) == span.of(text)


def test_a_span_cannot_be_moved_before_the_text() -> None:
    """Moving keeps the bounds good."""
    with pytest.raises(ValueError, match="0 <= start < end"):
        Span(2, 4).moved(-3)


@pytest.mark.parametrize(
    ("other", "held"),
    [
        (Span(2, 6), True),
        (Span(2, 3), True),
        (Span(5, 6), True),
        (Span(1, 3), False),
        (Span(5, 7), False),
        (Span(1, 7), False),
        (Span(6, 7), False),
    ],
)
def test_a_span_holds_what_lies_wholly_inside(other: Span, held: bool) -> None:
    """A span holds itself and its parts, not what reaches over its ends."""
    assert Span(2, 6).holds(other) is held


def test_spans_sort_as_they_stand_in_the_text() -> None:
    """The earlier start comes first, then the earlier end."""
    spans = [Span(3, 4), Span(0, 9), Span(0, 2)]
    assert sorted(spans) == [Span(0, 2), Span(0, 9), Span(3, 4)]


@pytest.mark.parametrize(
    "value",
    [
        Span(0, 1),
        Block(BlockKind.PARAGRAPH, Span(0, 1)),
        Unit(Span(0, 1)),
        _document("a"),
        _passage("a", Span(0, 1)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_never_change(value: Span | Block | Unit | Document | Passage) -> None:
    """No field can be set again, and there is no place for further ones."""
    for field in fields(value):
        with pytest.raises(FrozenInstanceError):
            setattr(value, field.name, None)
    assert not hasattr(value, "__dict__")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_from_one(end: str) -> None:
    """Each kind of line end ends one line, and an empty line counts."""
    text = f"{end}two{end}three{end}{end}five"
    lines = [_document(text).line_at(text.index(word)) for word in ("two", "three", "five")]
    assert lines == [2, 3, 5]


def test_line_ends_can_be_mixed() -> None:
    """A file that several editors wrote is counted as one shows it."""
    text = "a\r\nb\rc\nd\n\re\x0cf\u2028g"
    lines = [_document(text).line_at(text.index(letter)) for letter in "abcdefg"]
    assert lines == [1, 2, 3, 4, 6, 6, 6]


@given(LINED_TEXT)
def test_a_character_stands_on_the_line_that_spans_it(text: str) -> None:
    """The line of each character is that of the line span which it lies in."""
    document = _document(text)
    for number, (start, end) in enumerate(line_spans(text), start=1):
        assert {document.line_at(offset) for offset in range(start, end)} <= {number}


def test_a_line_end_stands_on_the_line_that_it_ends() -> None:
    """Both characters of a CRLF belong to the line before them."""
    assert [_document("a\r\nb").line_at(offset) for offset in range(4)] == [1, 1, 1, 2]
    assert [_document("\r\nb").line_at(offset) for offset in range(3)] == [1, 1, 2]


@given(st.integers(1, 10**6), st.integers(0, 6))
def test_a_record_stands_on_one_line(line: int, offset: int) -> None:
    """Where the whole text is one record, every offset is on the record's line."""
    assert _document("a\nb\nc\n", line).line_at(offset) == line


@given(LINED_TEXT)
def test_line_spans_are_the_lines_of_an_editor(text: str) -> None:
    """The lines are those of Python's universal newlines, and a line end lies between two."""
    spans = list(line_spans(text))
    lines = io.StringIO(text, newline=None).read().split("\n")
    assert [text[start:end] for start, end in spans] == lines
    for (_, end), (start, _) in pairwise(spans):
        assert text[end:start] in {"\n", "\r\n", "\r"}
    assert (spans[0][0], spans[-1][1]) == (0, len(text))


def test_an_empty_text_has_one_empty_line() -> None:
    """There is always a first line."""
    assert list(line_spans("")) == [(0, 0)]


@given(st.text(min_size=4), st.data())
def test_a_quote_is_a_slice_of_the_document(text: str, data: st.DataObject) -> None:
    """What a passage quotes for a span of the document is that span of the document's text."""
    bounds = st.lists(st.integers(0, len(text)), min_size=4, max_size=4, unique=True).map(sorted)
    first, start, end, last = data.draw(bounds)
    assert _passage(text, Span(first, last)).quote(Span(start, end)) == text[start:end]


@pytest.mark.parametrize("span", [Span(3, 6), Span(6, 11), Span(0, 3), Span(10, 12)])
def test_a_passage_quotes_nothing_outside_of_itself(span: Span) -> None:
    """A span that reaches out of the passage is an error, never a shorter quote."""
    with pytest.raises(ValueError, match=r"outside of passage a\.txt#1"):
        _passage("0123456789abc", Span(4, 10)).quote(span)
