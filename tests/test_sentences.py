"""Sentences: laws of their offsets in any text, and where they do not end."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.documents import Span
from knowledge.sentences import sentence_spans, trimmed

BLANKS = "\ufeff" + "".join(filter(str.isspace, map(chr, range(sys.maxunicode + 1))))

# Any characters at all, and often those that offsets and sentence ends go wrong at.
TEXT = st.lists(
    st.characters(exclude_categories=["Cs"])
    | st.sampled_from(
        [*" \t\n\r.!?…。؟।\"'”()[]", "\r\n", "\r\n\r\n", "\ufeff", "\u200b", "\u2028"]
    )
    | st.sampled_from(
        ["Dr. ", "U.S. ", "Word ", "e\u0301", "👩‍👩‍👧", "🇲🇽", "漢字", "عربي", "हिन्दी"]
    ),
    max_size=60,
).map("".join)


def _sentences(text: str) -> list[str]:
    return [span.of(text) for span in sentence_spans(text, Span(0, len(text)))]


@given(TEXT.filter(bool))
@settings(max_examples=500)
def test_sentences_cover_the_text(text: str) -> None:
    """Sentences come in order without overlap, have no blank ends and leave out only blanks."""
    spans = list(sentence_spans(text, Span(0, len(text))))
    end = 0
    for span in spans:
        assert not text[end : span.start].strip(BLANKS)
        assert span.of(text) == span.of(text).strip(BLANKS)
        assert end <= span.start
        end = span.end
    assert not text[end:].strip(BLANKS)


@given(TEXT, TEXT.filter(bool), TEXT)
def test_sentences_do_not_depend_on_what_surrounds_the_span(
    before: str, text: str, after: str
) -> None:
    """The sentences of a stretch are those of the same text alone, moved to where it stands."""
    span = Span(len(before), len(before) + len(text))
    alone = [s.moved(len(before)) for s in sentence_spans(text, Span(0, len(text)))]
    assert list(sentence_spans(before + text + after, span)) == alone


@pytest.mark.parametrize(
    "sentences",
    [
        ["He lives in the U.S. with his aunt.", "She is from the U.K. too."],
        ["In the U.S. Senate he spoke.", "Then he left."],
        ["Dr. Smith came.", "He sat down."],
        ["Mr. and Mrs. Jones arrived.", "They stayed."],
        ["Aid was US$1.1 million in 2009.", "It grew."],
        ["J. R. R. Tolkien wrote it.", "No. 5 won."],
        ["See Fig. 3 for the rest.", "It is clear."],
    ],
)
def test_an_abbreviation_ends_no_sentence(sentences: list[str]) -> None:
    """A full stop after an abbreviation, an initial or inside a number does not split."""
    assert _sentences(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("He lives in the U.S. It is large.", ["He lives in the U.S.", "It is large."]),
        ("One came! Did two? Three.", ["One came!", "Did two?", "Three."]),
        ('He said "Go." Then he left.', ['He said "Go."', "Then he left."]),
        ("这是第一句。这是第二句。", ["这是第一句。", "这是第二句。"]),
        ("هل هذا سؤال؟ نعم.", ["هل هذا سؤال؟", "نعم."]),
        ("Cafe\u0301 opens. E\u0301cole closes.", ["Cafe\u0301 opens.", "E\u0301cole closes."]),
        ("👩‍👩‍👧 came. 🎉 Party!", ["👩‍👩‍👧 came.", "🎉 Party!"]),
        ("\ufeffFirst one. Second one.", ["First one.", "Second one."]),
        ("Two\r\nlines here. Next\r\none.\r\n", ["Two\r\nlines here.", "Next\r\none."]),
        ("No full stop", ["No full stop"]),
    ],
)
def test_sentences_are_found_in_many_scripts(text: str, sentences: list[str]) -> None:
    """Sentence ends of several scripts split, and every character of the source is kept."""
    assert _sentences(text) == sentences


@pytest.mark.parametrize("text", [" ", "\r\n\r\n", "\ufeff \t", "\u00a0\u2003"])
def test_blanks_are_no_sentence(text: str) -> None:
    """A stretch without text has no sentences."""
    assert _sentences(text) == []


@given(TEXT, st.integers(0, 20), st.integers(0, 20))
def test_trimming_removes_the_blanks_at_the_ends_only(text: str, start: int, length: int) -> None:
    """What is left is the stretch less the blanks around it, at its place; None if nothing is."""
    start = min(start, len(text))
    end = min(start + length, len(text))
    span = trimmed(text, start, end)
    if span is None:
        assert not text[start:end].strip(BLANKS)
    else:
        assert span.of(text) == text[start:end].strip(BLANKS)
        assert not text[start : span.start].strip(BLANKS)
        assert not text[span.end : end].strip(BLANKS)


def test_a_long_text_is_divided_in_stretches() -> None:
    """At the same places as in one, and a quotation mark that nobody closes hides few of them."""
    sentence = "The mill burned in 1884, on a Sunday. "
    text = sentence * 1_000
    spans = list(sentence_spans(text, Span(0, len(text))))
    assert [span.of(text) for span in spans] == [sentence.strip()] * 1_000
    text = f"“{text}"
    assert len(list(sentence_spans(text, Span(0, len(text))))) > 800


def test_a_sentence_may_be_longer_than_a_stretch() -> None:
    """It is cut behind a word, and without blanks anywhere, but nothing is lost."""
    for text in ("word " * 3_000, "x" * 10_000, "é\n" * 5_000):
        spans = list(sentence_spans(text, Span(0, len(text))))
        assert len(spans) > 2
        held = "".join("".join(span.of(text).split()) for span in spans)
        assert held == "".join(text.split())
        assert {len(word) for span in spans for word in span.of(text).split()} & {1, 4, 4_000}
