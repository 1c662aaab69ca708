"""The sections that are shown beside an answer, or where there is none."""

from pathlib import Path

from corpora import answerer_over, document, documents_at, records

from retrieval.index.memory import index_of
from retrieval.search.store import place_in

FORMATS = Path(__file__).parent / "data" / "formats"

MANUAL = """# Mill

## Grinding

The mill grinds wheat. It is driven by the brook behind the house.

## Cleaning

The mill is cleaned on Mondays with a brush.

## Oiling

The mill is oiled every week. Use the oil of walnuts.

## Selling

The mill may be sold by the council alone.

## Weather

Rain falls in autumn.
"""


def test_the_closest_sections_are_shown_with_their_lines() -> None:
    """At most three, best first, none twice, and not the one that answers."""
    answer = answerer_over(document(MANUAL, "mill.md")).answer("How is the mill oiled?")
    (cited,) = answer.citations
    assert cited.heading == ("Oiling",)
    assert len(answer.nearest) == 3
    assert {one.heading for one in answer.nearest} == {("Grinding",), ("Cleaning",), ("Selling",)}
    assert "is cleaned on Mondays" in " ".join(one.quote for one in answer.nearest)


def test_lines_around_the_best_one_are_shown_up_to_forty_words() -> None:
    """The lines after it first; a longer one is cut between words."""
    after = "It turns slowly. " * 30
    answer = answerer_over(document(f"The wheel is of oak. {after}", "a.txt")).answer("wheel oak?")
    (near,) = answer.nearest or answer.citations
    assert near.quote.startswith("The wheel is of oak.")
    endless = "wheel " + "turns " * 200
    (cut,) = answerer_over(document(f"The oak. {endless}", "a.txt")).answer("wheel of Ulm?").nearest
    assert len(cut.quote.split()) <= 40


def test_text_that_repeats_is_shown_once() -> None:
    """The same paragraph in three sections is one of the closest."""
    text = "# A\n\n" + "".join(f"## Part {n}\n\nThe wheel is of oak.\n\n" for n in range(3))
    answer = answerer_over(document(text, "a.md")).answer("Is the wheel of the mill of oak?")
    assert [one.quote for one in (*answer.citations, *answer.nearest)] == ["The wheel is of oak."]


def test_nothing_is_close_to_what_the_documents_do_not_speak_of() -> None:
    """A section that holds little of the question is none of the closest."""
    answer = answerer_over(document(MANUAL, "mill.md")).answer(
        "Which striker scored the winning goal in the rain of the cup final of 1966?"
    )
    assert answer.nearest == ()


def test_what_fits_best_is_marked_within_the_lines() -> None:
    """One mark within each quote, the sentence that fits best or as much of it as is shown."""
    text = f"{MANUAL}\n## Mending\n\nThe mill wheel {'turns ' * 60}.\n"
    nearest = answerer_over(document(text, "mill.md")).answer("Who cleaned the mill wheel?").nearest
    assert nearest
    for one in nearest:
        (mark,) = one.marks
        assert one.span.holds(mark)
    marked = [one.marked for one in nearest]
    assert any(one.startswith("The mill wheel turns") for one in marked)
    assert all(one.endswith(".") or one.startswith("The mill wheel turns") for one in marked)


def test_what_is_close_stands_where_its_document_says() -> None:
    """A section is cited from its passage alone: the same line, page and source as the whole
    document gives, whatever ends a line and whatever the file is."""
    crlf = document(MANUAL.replace("\n", "\r\n"), "crlf.md")
    old = document(MANUAL.replace("\n", "\r"), "old.md")
    documents = [crlf, old, *records(["The mill stands.", "The wheel\nturns."])]
    documents += documents_at(FORMATS / "report.pdf") + documents_at(FORMATS / "latin1.txt")
    documents += documents_at(FORMATS.parent / "beir" / "corpus.jsonl") + documents_at(
        FORMATS / "handbook.rst"
    )
    index = index_of(documents)
    looked_at = [(one, unit.span.start) for one in index.passages() for unit in one.units]
    assert len(looked_at) > 100
    for passage, start in looked_at:
        expected = place_in(index.documents[passage.document_id], start)
        assert index.place_in(passage, start) == expected
