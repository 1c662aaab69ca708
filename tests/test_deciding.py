"""What is shown and what is withheld, how sure of the words, and answers of several made one."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from corpora import document

from knowledge.documents import Span
from retrieval.answer import asked_headings
from retrieval.answer.answer import Answer, Citation, Verdict
from retrieval.answer.answering import Answerer, Trace
from retrieval.answer.joining import answers_of, is_named, joined
from retrieval.answer.selection import Selection
from retrieval.index.memory import index_of
from retrieval.index.reading import Index

TEXT = """# Mills

## Ulm

The old mill of Ulm was built by Anna Berg in 1884.

## Bern

The forge of Bern was built by Tom Baker in 1901.

## Tools

The tools of the mill of Graz:

- a hammer of steel
- a saw of iron

## How is the mill of Linz driven?

By water alone.
"""
ASKED = "Who built the old mill of Ulm?"


@pytest.fixture(scope="module")
def index() -> Index:
    """A page with sentences, a list, and a heading that asks."""
    return index_of([document(TEXT, "mills.md")])


def _trace(index: Index, question: str, threshold: float | None = None) -> Trace:
    return Answerer(index, index.engine, threshold).trace(question)


def test_the_threshold_alone_decides(index: Index) -> None:
    """What is as sure as that is shown; a hair less, and it is withheld whole."""
    sure = _trace(index, ASKED).answer.confidence
    shown = _trace(index, ASKED, sure).answer
    withheld = _trace(index, ASKED, sure + 1e-9).answer
    assert (shown.verdict, withheld.verdict) == (Verdict.ANSWERED, Verdict.DECLINED)
    assert (shown.confidence, withheld.confidence) == (sure, sure)
    assert (shown.withheld, withheld.citations) == ((), ())
    assert shown.citations == withheld.withheld != ()
    assert (shown.hits, shown.question) == (withheld.hits, ASKED)
    assert withheld.short_confidence is None
    assert Answerer(index, index.engine).answer(ASKED) == _trace(index, ASKED).answer


def test_what_is_withheld_may_be_a_closest_section(index: Index) -> None:
    """What is cited is none; who is refused is still led to the section."""
    shown, withheld = (_trace(index, ASKED, threshold).answer for threshold in (0.0, 1.1))
    sections = [{one.section for one in answer.nearest} for answer in (shown, withheld)]
    (cited,) = {one.section for one in shown.citations}
    assert cited not in sections[0]
    assert cited in sections[1]


def test_words_are_at_most_as_sure_as_their_quote(index: Index) -> None:
    """Whole items are as sure as it; to yes or no no words answer."""
    sentence = _trace(index, ASKED, 0.0)
    assert sentence.selection is not None
    assert not sentence.selection.is_list
    assert sentence.answer.short_confidence is not None
    assert 0 < sentence.answer.short_confidence < sentence.answer.confidence
    items = _trace(index, "Which tools has the mill of Graz?", 0.0).answer
    assert items.short_answer == "a hammer of steel\na saw of iron"
    assert items.short_confidence == items.confidence
    verdict = _trace(index, "Was the old mill of Ulm built by Anna Berg?", 0.0).answer
    assert verdict.short_confidence in (0.0, None)


def test_a_heading_that_asks_the_same_makes_sure(index: Index) -> None:
    """The first paragraph below it is quoted, and nothing else is as sure for that reason."""
    asked = _trace(index, "How is the mill of Linz driven?")
    assert asked.is_asked_above
    assert asked.answer.confidence >= asked_headings.CONFIDENCE
    assert asked.answer.text == "By water alone."
    assert asked.candidates[0].is_asked_above
    assert not _trace(index, ASKED).is_asked_above
    position = [one.position for one in asked.candidates if one.is_asked_above]
    assert position == sorted(position)
    places = [(one.passage.id, one.position) for one in asked.candidates]
    assert len(places) == len(set(places)) > len(position)


def test_a_trace_says_how_its_answer_came_about(index: Index) -> None:
    """What was found, what was chosen from it, and what spoke for it."""
    trace = _trace(index, ASKED)
    assert trace.asked.question.text == ASKED
    assert [one.hit for one in trace.found[:1]] == [trace.answer.hits[0]]
    assert trace.candidates[0].quote in (trace.answer.text or "")
    assert trace.selection is not None
    assert trace.selection.units[0] in trace.candidates
    assert trace.features is not None
    assert trace.features["constant"] == 1.0
    nothing = _trace(index, "Zyzzyva qwertz?")
    assert nothing.answer == Answer(
        "Zyzzyva qwertz?", Verdict.DECLINED, 0.0, (), (), repairs=nothing.answer.repairs
    )
    assert (list(nothing.found), nothing.features, nothing.selection) == ([], None, None)


def test_a_misspelt_word_that_was_read_as_another_is_said(index: Index) -> None:
    """With the answer and with the refusal."""
    for threshold in (0.0, 1.1):
        answer = _trace(index, "Who built the old hamer?", threshold).answer
        assert [(one.asked, one.read_as) for one in answer.repairs] == [("hamer", "hammer")]
    assert _trace(index, ASKED).answer.repairs == ()


def test_words_are_less_likely_the_worse_their_sentence_fits(index: Index) -> None:
    """The best sentence has no distance to itself."""
    best, other = _trace(index, ASKED).candidates[:2]
    assert best.score > other.score
    quotes = Selection((best.unit.span,), (best, other)).quotes(best)
    assert [one.distance for one in quotes] == [0.0, best.score - other.score]
    assert [one.text for one in quotes] == [best.quote, other.quote]


def _citation(
    quote: str, start: int = 0, *, section: str = "Ulm", title: str = "Mills"
) -> Citation:
    span = Span(start, start + len(quote))
    return Citation("a.md", title, (section,), "a.md", span, 1, quote, (span,))


def _answered(*citations: Citation, confidence: float = 0.9, short: float | None = None) -> Answer:
    return Answer("Who?", Verdict.ANSWERED, confidence, citations, (), short)


def _places(citations: Sequence[Citation]) -> list[tuple[int, int]]:
    return [(one.span.start, one.span.end) for one in citations]


ONE, TWO = _citation("The mill burned."), _citation("The forge rusted.", 40, section="Bern")


def test_an_answer_of_several_is_as_sure_as_the_least_sure() -> None:
    """Its words too, of those that have some; and it is an answer, whatever the whole was."""
    whole = Answer("Who?", Verdict.DECLINED, 0.1, (), (), withheld=(ONE,))
    parts = [_answered(ONE, confidence=0.9, short=0.4), _answered(TWO, confidence=0.7, short=0.6)]
    answer = joined(whole, parts, ("the well",))
    assert (answer.verdict, answer.confidence, answer.short_confidence) == (
        Verdict.ANSWERED, 0.7, 0.4,
    )  # fmt: skip
    assert answer.citations == (ONE, TWO)
    assert (answer.withheld, answer.unanswered) == ((), ("the well",))
    assert joined(whole, [_answered(ONE), _answered(TWO, short=0.6)], ()).short_confidence == 0.6
    assert joined(whole, [_answered(ONE), _answered(TWO)], ()).short_confidence is None


def test_what_two_parts_quote_is_quoted_once_with_the_marks_of_both() -> None:
    """In the order of the first; the words of one are kept where the other has none."""
    early, late = Span(0, 8), Span(9, 16)
    first = replace(ONE, marks=(late,))
    second = replace(ONE, marks=(early, late), answering=early)
    answer = joined(_answered(ONE), [_answered(first, TWO), _answered(second)], ())
    assert _places(answer.citations) == _places([ONE, TWO])
    assert answer.citations[0].marks == (early, late)
    assert answer.citations[0].answering == early
    again = joined(
        _answered(ONE), [_answered(second), _answered(replace(first, answering=late))], ()
    )
    assert again.citations[0].answering == early
    elsewhere = replace(ONE, document_id="b.md")
    assert len(joined(_answered(ONE), [_answered(ONE), _answered(elsewhere)], ()).citations) == 2


def test_what_is_cited_by_a_part_is_no_closest_section() -> None:
    """Other sections stay as they were."""
    other = _citation("The well is dry.", 80, section="Graz")
    whole = replace(_answered(ONE), nearest=(TWO, other))
    assert joined(whole, [_answered(ONE), _answered(TWO)], ()).nearest == (other,)


def test_who_read_any_part_is_named() -> None:
    """And whether any was found by meaning; words alone are named otherwise."""
    read = replace(_answered(TWO), reader="model", has_vectors=True)
    answer = joined(_answered(ONE), [_answered(ONE), read], ())
    assert (answer.reader, answer.has_vectors, answer.is_read) == ("model", True, True)
    words = joined(_answered(ONE), [_answered(ONE), _answered(TWO)], ())
    assert (words.reader, words.has_vectors, words.is_read) == ("words", False, False)


def test_a_part_answers_only_for_what_it_names() -> None:
    """In its quote, its heading or its title, all words of it."""
    answer = _answered(_citation("It burned.", section="The mill", title="Ulm"))
    for thing in ("mill", "the mill of Ulm", "burned"):
        assert is_named(thing, answer)
        assert answers_of(thing, answer)
    assert not is_named("forge", answer)
    assert not answers_of("the mill of Bern", answer)
    declined = Answer("Who?", Verdict.DECLINED, 0.1, (), ())
    assert not answers_of("of the", declined)
