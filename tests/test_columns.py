"""Features in columns: they are what looking at one candidate after the other gives."""

import math
import re
from collections.abc import Mapping

import plain_features as plain
import pytest
from corpora import document, material, passages_from
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.documents import Document
from retrieval.index.engines import build_engine
from retrieval.index.memory import index_of
from retrieval.questions.acronyms import Acronyms
from retrieval.questions.question import Question
from retrieval.scoring.features import Table, scores_of, together
from retrieval.scoring.passage_terms import PassageTerms, PassageTermsCache
from retrieval.scoring.passages import rescored
from retrieval.scoring.span_features import span_features
from retrieval.scoring.spans import Spans
from retrieval.scoring.unit_features import unit_features
from retrieval.scoring.weights import score, shipped

NO_ACRONYMS = Acronyms([])
ACRONYMS = Acronyms([("pla", ("palestin", "author")), ("oil", ("bread", "silver")), ("x", ("y",))])

WORDS = [
    *("oil", "salt", "bread", "silver", "the", "of", "is", "Mexico", "Palestine", "PLA", "1975"),
    *("embassy", "embassies", "recognize", "recognition", "max_size", "--max-size", "a.b"),
]
LINE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join)


@st.composite
def _pages(draw: st.DrawFn) -> str:
    """A page with headings, sentences, a nested list, a definition and a table."""
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        lines += [f"# {draw(LINE)}", "", f"{draw(LINE)} is {draw(LINE)}. {draw(LINE)}.", ""]
        lines += [f"{draw(LINE)}:", "", f"- {draw(LINE)}", f"  - {draw(LINE)}", f"- {draw(LINE)}"]
        lines += ["", f"| {draw(LINE)} | salt |", "|---|---|", f"| {draw(LINE)} | oil |", ""]
    return "\n".join(lines)


ASKED = st.tuples(
    st.sampled_from(["What is", "How do I", "Which", "", "Is", "What are the"]),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6),
).map(lambda parts: f"{parts[0]} {' '.join(parts[1])}?")


NOT_OF_WORDS = re.compile(
    r"kind|identifiers|directions|(?:after_is_)?referring|points|defines|instructs"
)
"""The features of what a text looks like, and of names in code: columns of single answers."""


def _differences(product: Mapping[str, float], expected: Mapping[str, float]) -> dict[str, object]:
    """The features that are not the same to the ninth digit; one that is not there is 0."""
    pairs = {
        name: (product.get(name, 0.0), expected.get(name, 0.0))
        for name in product.keys() | expected.keys()
        if not NOT_OF_WORDS.match(name)
    }
    return {
        name: (one, other)
        for name, (one, other) in pairs.items()
        if not math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    }


def _compared(asked: str, acronyms: Acronyms, *documents: Document) -> list[dict[str, object]]:
    """The differences of each passage that is found for a question and of each unit of it."""
    question = Question(asked)
    engine = build_engine("rank-bm25", index_of(documents))
    hits = engine.search(question.terms, 20)
    if not hits:
        return []
    cache = PassageTermsCache(acronyms, context=plain.beside)
    found = rescored({"en": question}, hits, engine.idf, cache, shipped().passages)
    by_hand = plain.Plain(found[0].asked, [(hit.passage, hit.score) for hit in hits], acronyms)
    expected = {
        hit.passage.id: features
        for hit, features in zip(hits, plain.passage_features(by_hand), strict=True)
    }
    differing = []
    for one in found:
        differing.append(_differences(one.features, expected[one.hit.passage.id]))
        terms = PassageTerms(one.hit.passage, acronyms)
        table = Table(len(terms.units), unit_features(one.asked, terms, 0.0))
        units = plain.unit_features(by_hand, one.hit.passage)
        for number, features in zip(range(len(table)), units, strict=True):
            differing.append(_differences(table.row(number), features))
    return differing


@given(page=_pages(), asked=ASKED)
@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize("acronyms", [NO_ACRONYMS, ACRONYMS])
def test_columns_hold_what_each_candidate_has(acronyms: Acronyms, page: str, asked: str) -> None:
    """Whatever a page is made of, columns and single candidates have the same features."""
    pages = document(page, "a.md"), document(f"{page}\n\nEnd.", "b.md")
    assert not any(_compared(asked, acronyms, *pages))


@pytest.mark.parametrize(
    "asked",
    [
        "When did Mexico recognize the State of Palestine?",
        "What is the Palestine Liberation Organization?",
        "How many exports were there from Mexico to Palestine in 2018?",
        "Which officials visited Ramallah and Gaza City?",
    ],
)
def test_the_packaged_article_in_columns(asked: str) -> None:
    """So it is over real text, with its own acronyms."""
    article = material()
    differing = _compared(asked, index_of([article]).acronyms(), article)
    assert len(differing) > 10
    assert not any(differing)


@given(
    asked=ASKED,
    quote=st.lists(
        st.sampled_from([*WORDS, "when", ",", ". ", "(", "June", "2,000 "]), min_size=1, max_size=25
    ).map(" ".join),
)
@settings(max_examples=100, deadline=None)
def test_spans_share_what_each_has(asked: str, quote: str) -> None:
    """What spans share, and what is a difference of sums, is what looking at one span gives."""
    question = Question(asked)
    spans = list(Spans(question, quote))
    found = list(span_features(question, quote, lambda term: float(len(term))))
    assert [span for span, _ in found] == [one.span for one in spans]
    for place, (_, parts) in zip(spans, found, strict=True):
        features = together(parts)
        expected = plain.span_features(question, quote, place.first, place.last)
        assert _differences({name: features[name] for name in expected}, expected) == {}


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("--max_time is the longest time of all.", {"max", "maxtim", "time"}),
        ("-x264opts is a list of options.", {"x264opt"}),
        ("A loom is a machine.", {"loom"}),
        ("They wove it at night.", set()),
        # An article that is a telling word in the language of the page, and a mark that is a letter
        # of a script without blanks.
        ("A cappella: Gesang ohne Instrumente, wie er in der Kirche üblich war.", {"cappella"}),
        ("・Loom: a machine for weaving cloth, which stands in the shed of the mill.", {"loom"}),
    ],
)
def test_what_a_sentence_is_about(text: str, subject: set[str]) -> None:
    """The words that it says the meaning of are read by themselves: an option without its marks."""
    (passage,) = passages_from(document(text))
    found = PassageTerms(passage, NO_ACRONYMS).subjects(subject | {"wove", "night"})
    assert found[0] == subject


def test_what_a_sentence_is_about_is_read_where_it_may_be_asked_for() -> None:
    """Only where the question has the first telling word: a subject counts if all of it is asked
    for."""
    (passage,) = passages_from(document("The wide loom is a machine. Looms are old."))
    terms = PassageTerms(passage, NO_ACRONYMS)
    assert terms.subjects({"loom"}) == [frozenset(), {"loom"}]
    assert terms.subjects({"wide"}) == [{"wide", "loom"}, frozenset()]
    assert terms.subjects({"machin", "old"}) == [frozenset(), frozenset()]


def test_a_table_is_weighed_like_its_rows() -> None:
    """The scores are those of each row by itself, and what is the same for all is one value."""
    table = Table(2, {"a": [1.0, 2.0], "b": 3.0, "c": [5.0, 7.0]})
    model = {"a": 2.0, "b": 0.5, "d": 100.0}
    assert table.scores(model) == [3.5, 5.5]
    assert [score(table.row(n), model) for n in range(2)] == [3.5, 5.5]
    assert dict(table.row(1)) == {"a": 2.0, "b": 3.0, "c": 7.0}
    assert Table(2, {"a": 1.0}).scores({}) == [0.0, 0.0]
    assert Table(0, {"a": []}).scores(model) == []


def test_parts_that_are_shared_count_as_if_they_were_each_ones_own() -> None:
    """A feature in several parts counts with their sum."""
    shared, own = {"a": 1.0, "b": 2.0}, {"b": 3.0}
    model = {"a": 10.0, "b": 1.0}
    assert scores_of([(shared, own), (shared,)], model) == [15.0, 12.0]
    assert together((shared, own)) == {"a": 1.0, "b": 5.0}
