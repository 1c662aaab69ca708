"""Answers as text: nothing that a terminal would obey, and lines that fit."""

from corpora import document, passages_from
from hypothesis import given
from hypothesis import strategies as st

from bot.locations import Location
from bot.presentation import harmless, lines_near
from bot.terminal.rendering import answer_text, question_text, surroundings_text
from knowledge.documents import BlockKind, Span
from retrieval.answer.answer import Answer, Citation, Verdict
from retrieval.answer.citing import closest_of
from retrieval.index.memory import index_of


def _answer(quote: str, answering: Span | None, short_confidence: float) -> Answer:
    citation = Citation(
        document_id="a.txt",
        title="Title",
        heading=("Section",),
        source="a.txt",
        span=Span(10, 10 + len(quote)),
        line=3,
        quote=quote,
        answering=answering,
    )
    return Answer("?", Verdict.ANSWERED, 0.9, (citation,), (), short_confidence)


@given(st.text())
def test_harmless_text_has_no_control_characters(text: str) -> None:
    """Whatever the text, what is left can be printed and has no line ends."""
    shown = harmless(text)
    assert all(character.isprintable() or ord(character) > 0x9F for character in shown)
    assert not set(shown) & set("\n\r\t\x1b\x02\x03\u202e\u2066")
    shown.encode()


def test_how_a_question_was_understood_is_said_where_it_differs() -> None:
    """In words: neither case nor punctuation, nor blanks, count."""
    same = question_text("and  WHERE is it", 80, "And where is it?", is_shown=False)
    assert same == ""
    other = question_text("where is it?", 80, "where is the office?", is_shown=False)
    assert other == "\n  understood as: where is the office?\n"


def test_the_words_that_answer_are_bold() -> None:
    """The span of the answering words is marked, wherever the line breaks fall."""
    text = answer_text(_answer("It opened in 2005, at last.", Span(23, 27), 0.9), 80)
    assert text.splitlines() == [
        "  It opened in \x1b[1m2005\x1b[0m, at last.",
        "",
        "  — Title › Section",
        "\x1b[2m    a.txt:3\x1b[0m",
    ]


def test_unlikely_words_are_not_bold() -> None:
    """A span that is probably wrong is not marked."""
    assert "\x1b[1m" not in answer_text(_answer("It opened in 2005.", Span(23, 27), 0.1), 80)


@given(
    st.lists(st.text("abc é漢", min_size=1, max_size=12), min_size=1, max_size=60).map(" ".join),
    st.integers(20, 120),
)
def test_lines_fit_the_width(quote: str, width: int) -> None:
    """No line is longer than the width, nor than 100, unless a word is."""
    text = answer_text(_answer(f"a{quote}z", None, 0.0), width)
    longest_word = max(map(len, quote.split()), default=0) + 6
    for line in text.splitlines():
        visible = line.replace("\x1b[2m", "").replace("\x1b[0m", "")
        assert len(visible) <= max(min(width, 100), longest_word)


def test_a_quote_over_several_lines_is_shown_as_one() -> None:
    """Line ends of the source do not break the lines on the screen."""
    assert "one two three" in answer_text(_answer("one\r\n  two\n> three", None, 0.0), 80).replace(
        "> ", ""
    )


def test_text_to_the_left_keeps_its_direction() -> None:
    """A quote and a title in Arabic or Hebrew are isolated from what stands beside them."""
    answer = _answer("تأسست المكتبة في عام 1987.", Span(31, 35), 0.9)
    lines = answer_text(answer, 80).splitlines()
    assert lines[0] == "  \u2068تأسست المكتبة في عام \x1b[1m1987\x1b[0m.\u2069"
    assert lines[2] == "  — Title › Section"


def test_code_is_shown_as_it_stands() -> None:
    """What would be a mark elsewhere is none in code."""
    quote = "std::vector<int> xs = a[i][j];"
    citation = Citation("a.md", "T", (), "a.md", Span(0, len(quote)), 1, quote, kind=BlockKind.CODE)
    answer = Answer("?", Verdict.ANSWERED, 0.9, (citation,), ())
    assert quote in answer_text(answer, 80)


def test_code_keeps_its_lines() -> None:
    """Line by line with its blanks, never wrapped, and harmless, so that it can be pasted."""
    quote = f"if a:\n    \x1b[31mrun {'--long-option ' * 12}\r\n\tstop"
    citation = Citation("a.md", "T", (), "a.md", Span(0, len(quote)), 1, quote, kind=BlockKind.CODE)
    answer = Answer("?", Verdict.ANSWERED, 0.9, (citation,), ())
    assert answer_text(answer, 40).splitlines()[:3] == [
        "    if a:",
        f"        �[31mrun {'--long-option ' * 12}".rstrip(),
        "        stop",
    ]


def test_rows_of_a_closest_section_are_shown_in_columns() -> None:
    """A table is a table there too, without the marks that its format puts around cells."""
    fees = "| Member | Fee |\n|---|---|\n| Junior | 40 euros |\n| Senior | 120 euros |\n"
    club = document(f"# Club\n\n## Fees\n\nFees of a year:\n\n{fees}", "club.md")
    (passage,) = passages_from(club)
    near = closest_of(index_of([club]), passage, passage.span, passage.units[1].span)
    assert [(line.kind, line.text) for line in lines_near(near)] == [
        (BlockKind.PARAGRAPH, "Fees of a year:"),
        (BlockKind.HEADER, "Member | Fee"),
        (BlockKind.ROW, "Junior | 40 euros"),
        (BlockKind.ROW, "Senior | 120 euros"),
    ]


def test_what_follows_code_in_a_closest_section_is_text() -> None:
    """Without the fence between them."""
    text = "# Reset\n\n1. Do this:\n\n   ```sh\n   reset --all\n   ```\n\n   Then wait.\n2. Go.\n"
    reset = document(text, "a.md")
    passage = passages_from(reset)[0]
    quoted = Span(text.index("reset --all"), text.index("Then wait.") + len("Then wait."))
    near = closest_of(index_of([reset]), passage, quoted, quoted)
    assert [(line.kind, line.text) for line in lines_near(near)] == [
        (BlockKind.CODE, "reset --all"),
        (BlockKind.ITEM, "Then wait."),
    ]


def test_lines_of_scripts_without_blanks_are_broken() -> None:
    """Each letter takes two columns, and a line ends between any two."""
    lines = answer_text(_answer("图书馆每天开放" * 10, None, 0.0), 40).splitlines()
    quoted = lines[: lines.index("")]
    assert all(2 * len(line.strip()) + 2 <= 40 for line in quoted)
    assert "".join(line.strip() for line in quoted) == "图书馆每天开放" * 10


def test_what_can_be_quoted_from_a_line_is_marked() -> None:
    """The sentences that begin on the line are bold, in the passage that is marked beside it."""
    text = "The mill burned. It was\nin Ulm. Nobody died.\n\nThe oak fell.\n"
    read = document(text, "a.md")
    passages = passages_from(read)
    shown = surroundings_text(Location(read, passages, 0, line=2), 80).splitlines()
    assert "     1 ▌ The mill burned. It was" in shown
    assert "     2 ▌ in Ulm. \x1b[1mNobody died.\x1b[0m" in shown
    shown = surroundings_text(Location(read, passages, 0, line=1), 80).splitlines()
    assert "     1 ▌ \x1b[1mThe mill burned.\x1b[0m \x1b[1mIt was\x1b[0m" in shown
    assert "     2 ▌ \x1b[1min Ulm.\x1b[0m Nobody died." in shown
