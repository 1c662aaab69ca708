"""Citations: where a quote stands, what of it answers, and what is left out beside it."""

from dataclasses import replace

import pytest
from corpora import document

from knowledge.documents import BlockKind, Document, Span
from retrieval.answer.answer import Citation
from retrieval.answer.answering import Answerer
from retrieval.answer.citing import QuoteMismatchError, citation_of, cited
from retrieval.answer.selection import Selection
from retrieval.index.memory import index_of
from retrieval.index.reading import Index
from retrieval.scoring.short_answers import ShortAnswer

TEXT = """# Looms

## Speeds

The speeds of the loom are:

| speed | thread |
|-------|--------|
| slow  | silk   |
| fast  | wool   |

Oil the shaft. Close the cover.
"""


@pytest.fixture
def read() -> Document:
    """A table and two sentences."""
    return document(TEXT, "loom.md")


@pytest.fixture
def store(read: Document) -> Index:
    """An index of it."""
    return index_of([read])


def _span(quote: str) -> Span:
    start = TEXT.index(quote)
    return Span(start, start + len(quote))


def _cited(
    store: Index,
    block: list[str],
    marks: list[str],
    short: str | None = None,
    *,
    is_list: bool = False,
) -> list[Citation]:
    """Quotes of the text, the marks that answer, and the words that do, as citations."""
    spans = [_span(quote) for quote in block]
    passage = next(one for one in store.passages() if one.span.holds(spans[0]))
    ranked = Answerer(store, store.engine).trace("Which thread is for fast looms?").candidates
    units = () if is_list else tuple(ranked[:1])
    assert ranked
    words = None if short is None else ShortAnswer(_span(short), 0.5)
    selection = Selection(tuple(_span(mark) for mark in marks), units)
    return cited(store, passage, spans, selection, words)


def test_words_that_are_left_out_are_known(store: Index) -> None:
    """So that nobody takes quotes of one block for neighbours; marks of a table are no words."""
    header, slow, fast = "| speed | thread |", "| slow  | silk   |", "| fast  | wool   |"
    near = _cited(store, [header, slow, fast], [slow])
    assert [one.skips for one in near] == [False, False, False]
    far = _cited(store, [header, fast], [fast])
    assert [one.skips for one in far] == [False, True]
    # What stands before the first quote or behind the last one was never part of the block.
    (alone,) = _cited(store, [fast], [fast])
    assert alone.skips is False


def test_a_mark_lies_within_its_quote(store: Index) -> None:
    """One over several quotes is cut; one that ends where a quote begins is none of it."""
    first, second, third = "Oil the shaft", ". Close", " the cover."
    quotes = _cited(store, [first, second, third], ["the shaft. Close"])
    assert [one.marked for one in quotes] == ["the shaft", ". Close", ""]
    assert [len(one.marks) for one in quotes] == [1, 1, 0]
    other = _cited(store, [first, second, third], [" the cover."])
    assert [one.marked for one in other] == ["", "", " the cover."]
    assert [len(one.marks) for one in other] == [0, 0, 1]


def test_the_words_that_answer_stand_out_in_their_quote_alone(store: Index) -> None:
    """In no other quote, and not where whole items answer."""
    first, second = "Oil the shaft.", "Close the cover."
    quotes = _cited(store, [first, second], [second], "the cover")
    assert [one.answering for one in quotes] == [None, _span("the cover")]
    cut = _cited(store, [first, second], [second], "shaft. Close")
    assert [one.answering for one in cut] == [None, None]
    none = _cited(store, [first, second], [second])
    assert [one.answering for one in none] == [None, None]


def test_whole_items_that_answer_stand_out(store: Index) -> None:
    """Each as it stands; what is marked in part, or not at all, does not."""
    slow, fast = "| slow  | silk   |", "| fast  | wool   |"
    items = _cited(store, [slow, fast], [slow, fast], "wool", is_list=True)
    assert [one.answering for one in items] == [_span(slow), _span(fast)]
    part = _cited(store, [slow, fast], [slow, "wool"], "wool", is_list=True)
    assert [one.answering for one in part] == [_span(slow), None]


def test_what_introduces_is_known_unless_it_answers(store: Index) -> None:
    """The line above a table introduces its header, and the header its rows."""
    line, header, slow = "The speeds of the loom are:", "| speed | thread |", "| slow  | silk   |"
    quotes = _cited(store, [line, header, slow], [slow])
    assert [one.introduces for one in quotes] == [True, True, False]
    answers = _cited(store, [line, header, slow], [header])
    assert [one.introduces for one in answers] == [True, False, False]


def test_a_citation_carries_what_leads_to_its_place(read: Document) -> None:
    """Address, page, line and encoding of the document; kind and section of the quote."""
    known = replace(read, url="https://example.org/loom", encoding="cp1252", pages=(0, 20))
    store = index_of([known])
    passage = next(iter(store.passages()))
    anchored = replace(passage, anchor="speeds")
    row = _span("| fast  | wool   |")
    found = citation_of(store, anchored, row)
    assert (found.url, found.encoding) == ("https://example.org/loom", "cp1252")
    assert (found.anchor, found.heading) == ("speeds", ("Speeds",))
    assert (found.document_id, found.title, found.source) == (known.id, known.title, known.source)
    assert (found.line, found.page) == (10, 2)
    assert (found.kind, found.span) == (BlockKind.ROW, row)
    assert found.quote == "| fast  | wool   |"
    assert (found.marks, found.answering) == ((), None)


def test_a_part_of_a_unit_is_running_text(store: Index) -> None:
    """A quote that begins within a row is shown as words, not as a row of its own."""
    passage = next(iter(store.passages()))
    assert citation_of(store, passage, _span("fast  | wool")).kind is BlockKind.PARAGRAPH


def test_a_quote_is_read_in_parts_without_its_marks() -> None:
    """Cut at places of the document; code keeps what it has."""
    quote = "Oil the *long* shaft."
    shaft = Citation("a.md", "A", (), "a.md", Span(10, 10 + len(quote)), 1, quote)
    assert shaft.shown_in_parts([18, 24]) == ["Oil the ", "long", " shaft."]
    code = replace(shaft, kind=BlockKind.CODE)
    assert code.shown_in_parts([18, 24]) == ["Oil the ", "*long*", " shaft."]


@pytest.mark.parametrize("change", ["quoted", "elsewhere"])
def test_a_passage_that_is_not_in_its_document_is_not_quoted(store: Index, change: str) -> None:
    """Neither where the quote itself is another, nor where only its surroundings are."""
    passage = next(iter(store.passages()))
    word = "wool" if change == "quoted" else "silk"
    changed = replace(passage, text=passage.text.replace(word, word.upper()))
    with pytest.raises(QuoteMismatchError, match=r"loom\.md#\d+ is not what stands in .*loom\.md"):
        citation_of(store, changed, _span("| fast  | wool   |"))
