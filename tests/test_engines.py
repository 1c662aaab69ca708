"""What every search engine must do, over all that there are."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

import pytest
from corpora import NO_WORDS, document, material, passages_from, records
from hypothesis import given, settings
from hypothesis import strategies as st
from opensearch import indexes_in

from knowledge.documents import Document, Passage
from retrieval.cluster.address import Cluster
from retrieval.index.engines import ENGINES, OPENSEARCH, UnknownEngineError, build_engine
from retrieval.index.memory import index_of
from retrieval.search.engine import Hit, SearchEngine, field_terms
from retrieval.text.tokens import analysed, terms

WORDS = ["oil", "salt", "bread", "silver", "wool"]

# Texts of few different words, so that passages share them and often are equal.
TEXTS = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join), min_size=1, max_size=8
)
QUERY = st.lists(st.sampled_from([*WORDS, "gold"]), max_size=4)

Build = Callable[[Iterable[Document]], SearchEngine]


IN_CLUSTER = pytest.param(OPENSEARCH, marks=pytest.mark.cluster)


@pytest.fixture(params=[*sorted(ENGINES), IN_CLUSTER])
def build(request: pytest.FixtureRequest) -> Iterator[Build]:
    """Builds one of the engines."""
    if request.param != OPENSEARCH:
        yield lambda documents: build_engine(request.param, index_of(documents))
        return
    with indexes_in(request.getfixturevalue("cluster")) as index_in_cluster:
        yield lambda documents: build_engine(OPENSEARCH, index_in_cluster(documents))


@pytest.fixture(params=sorted(ENGINES), scope="module")
def build_often(request: pytest.FixtureRequest) -> Build:
    """Builds one of the engines that are built in no time, for many examples."""
    return lambda documents: build_engine(request.param, index_of(documents))


def _over(build: Build, texts: Sequence[str]) -> SearchEngine:
    """The engine over a passage for each text, whose id begins with the number of the text."""
    return build(records(texts))


def _numbers(hits: Sequence[Hit]) -> list[int]:
    """The numbers of the texts that were found, best first."""
    return [int(hit.passage.document_id) for hit in hits]


def test_passages_without_words_give_no_hits(build: Build) -> None:
    """An engine over emoji alone can be asked, and counts the passages still."""
    engine = _over(build, ["🎉 🎉", "👩‍👩‍👧 !"])
    assert engine.search(["oil"], 10) == []
    assert engine.idf("oil") == pytest.approx(math.log(1 + 2.5 / 0.5))


def test_a_passage_without_words_is_never_found(build: Build) -> None:
    """Passages with words are found beside one that has none."""
    assert _numbers(_over(build, ["🎉", "oil", "!"]).search(["oil"], 10)) == [1]


def test_unknown_words_find_nothing(build: Build) -> None:
    """Words that no passage has give no hits, and change nothing beside known ones."""
    engine = _over(build, ["oil and salt", "bread"])
    assert engine.search(["gold", "myrrh"], 10) == []
    assert _numbers(engine.search(["gold", "bread"], 10)) == [1]


def test_no_terms_find_nothing(build: Build) -> None:
    """A question without terms has no hits."""
    assert _over(build, ["oil", "salt"]).search([], 10) == []


def test_ties_come_in_the_order_of_the_passages(build: Build) -> None:
    """Equal passages are found first to last."""
    engine = _over(build, ["wool", *["oil and salt"] * 12, "wool"])
    assert _numbers(engine.search(["salt"], 20)) == list(range(1, 13))
    assert _numbers(engine.search(["salt"], 5)) == list(range(1, 6))


@given(TEXTS, QUERY)
@settings(deadline=None)
def test_hits_are_the_passages_that_share_a_term(
    build_often: Build, texts: list[str], query: list[str]
) -> None:
    """Every passage with one of the terms is found if the limit allows, and no other."""
    holders = {number for number, text in enumerate(texts) if set(text.split()) & set(query)}
    found = _numbers(_over(build_often, texts).search(query, len(texts) + 1))
    assert set(found) == holders
    assert len(found) == len(holders)


@pytest.mark.slow
@given(TEXTS, QUERY, st.integers(0, 10))
@settings(deadline=None)
def test_the_limit_cuts_the_ranking(
    build_often: Build, texts: list[str], query: list[str], limit: int
) -> None:
    """With a limit come the first hits of the whole ranking, and no more."""
    engine = _over(build_often, texts)
    assert engine.search(query, limit) == engine.search(query, 100)[:limit]


@pytest.mark.slow
@given(TEXTS, QUERY)
@settings(deadline=None)
def test_ranks_follow_the_scores(build_often: Build, texts: list[str], query: list[str]) -> None:
    """Ranks count from 1, scores are positive, and none is higher than the one before."""
    hits = _over(build_often, texts).search(query, 100)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)
    assert {type(score) for score in scores} <= {float}


@pytest.mark.slow
@given(TEXTS, QUERY)
@settings(deadline=None)
def test_equal_passages_tie_in_order(
    build_often: Build, texts: list[str], query: list[str]
) -> None:
    """Of two passages with the same words the earlier one comes first, with the same score."""
    hits = _over(build_often, texts).search(query, 100)
    for first, second in pairwise(hits):
        if first.score == second.score:
            assert int(first.passage.document_id) < int(second.passage.document_id)
    scores: dict[str, set[float]] = {}
    for hit in hits:
        scores.setdefault(hit.passage.text, set()).add(hit.score)
    assert all(len(found) == 1 for found in scores.values())


@pytest.mark.slow
@given(TEXTS, QUERY)
@settings(deadline=None)
def test_two_builds_rank_alike(build_often: Build, texts: list[str], query: list[str]) -> None:
    """The same passages and terms give the same hits, to the last digit of the score."""
    assert _over(build_often, texts).search(query, 100) == _over(build_often, texts).search(
        query, 100
    )


@pytest.mark.slow
@given(TEXTS, st.sampled_from([*WORDS, "gold"]))
@settings(deadline=None)
def test_the_idf_is_the_one_that_stays_positive(
    build_often: Build, texts: list[str], term: str
) -> None:
    """The idf is ln(1 + (N - n + 0.5) / (n + 0.5)), of unknown terms too."""
    holders = sum(term in text.split() for text in texts)
    expected = math.log(1 + (len(texts) - holders + 0.5) / (holders + 0.5))
    assert _over(build_often, texts).idf(term) == pytest.approx(expected, abs=1e-9)


def test_a_term_in_every_passage_counts(build: Build) -> None:
    """What all passages hold has a positive idf, finds them all, and decides among them."""
    engine = _over(build, ["oil wool", "oil oil", "oil salt"])
    assert engine.idf("oil") > 0
    assert _numbers(engine.search(["oil"], 10)) == [1, 0, 2]


def test_a_rare_term_counts_for_more(build: Build) -> None:
    """Of two terms that a question has, the passage with the rarer one comes first."""
    engine = _over(build, ["oil wool", "oil wool", "salt wool", "oil wool"])
    assert _numbers(engine.search(["oil", "salt"], 10)) == [2, 0, 1, 3]


def test_a_short_passage_comes_before_a_long_one(build: Build) -> None:
    """Of two passages that hold a term once, the one with fewer other words fits better."""
    engine = _over(build, [f"oil {'wool ' * 40}", "oil wool"])
    assert _numbers(engine.search(["oil"], 10)) == [1, 0]


def test_a_repeated_term_finds_the_same(build: Build) -> None:
    """A term given twice finds the passages that it finds once, in the same order."""
    engine = _over(build, ["oil", "salt oil wool", "salt", "oil oil"])
    once, twice = engine.search(["oil"], 10), engine.search(["oil", "oil"], 10)
    assert _numbers(once) == _numbers(twice) == [3, 0, 1]


def test_headings_and_titles_are_searchable(build: Build) -> None:
    """A passage is found by the words of its title and of the headings above it."""
    text = "# Trade\n\n## Exports\n\n### Metals\n\nSilver.\n\n## Imports\n\nWool.\n"
    engine = build([document(text, "a.md")])
    assert [hit.passage.text for hit in engine.search(terms("exports"), 10)] == ["Silver."]
    assert [hit.passage.text for hit in engine.search(terms("metals"), 10)] == ["Silver."]
    assert [hit.passage.text for hit in engine.search(terms("trade"), 10)] == ["Wool.", "Silver."]


def test_the_line_before_a_passage_is_searchable(build: Build) -> None:
    """The later part of a long list is found by the line that introduces the list."""
    items = "\n".join(f"- {'wool ' * 9}" for _ in range(50))
    read = document(f"The exports:\n\n{items}\n\nEnd.", "a.md")
    parts = [passage.id for passage in passages_from(read) if passage.text != "End."]
    found = build([read]).search(terms("exports"), 10)
    assert sorted(hit.passage.id for hit in found) == parts
    assert len(parts) > 1


def test_a_word_of_the_heading_counts_for_more(build: Build) -> None:
    """Of two passages that hold a term as often, the one below a heading with it comes first."""
    text = "# Trade\n\n## Mills\n\nWool salt.\n\n## Wool\n\nMills salt.\n"
    hits = build([document(text, "a.md")]).search(terms("wool"), 10)
    assert [hit.passage.text for hit in hits] == ["Mills salt.", "Wool salt."]


def test_an_entry_is_found_by_its_term(build: Build) -> None:
    """The term that a definition explains counts as a heading of it."""
    page = "<dl><dt>wool</dt><dd>Salt from the sea, by the ton.</dd></dl>"
    other = "<p>Salt and wool from the sea by ton</p>"
    engine = build([document(page, "a.html"), document(other, "b.html")])
    assert [hit.passage.document_id for hit in engine.search(["wool"], 10)] == ["a.html", "b.html"]


def test_short_passages_are_ranked_by_their_neighbours_too(build: Build) -> None:
    """Of two equal passages the one beside another that holds the rest of the question is first.

    What stands in the neighbour alone is no match.
    """
    filler = " ".join(["bread"] * 25)
    text = "".join(
        f"## Part\n\nOil and {filler}.\n\n{name} {filler}.\n\n" for name in ("Silver", "Salt")
    )
    first, second, third = build([document(text, "a.md")]).search(["oil", "salt"], 10)
    assert [hit.passage.text.split()[0] for hit in (first, second, third)] == ["Salt", "Oil", "Oil"]
    assert second.passage.span.start > third.passage.span.start


def test_the_article_is_found_by_each_of_its_words(build: Build) -> None:
    """Over the packaged article a term finds just the passages that are indexed with it."""
    passages = passages_from(material())
    engine = build([material()])
    indexed = {passage.id: set(_indexed(passage)) for passage in passages}
    for term in sorted(set().union(*indexed.values())):
        found = {hit.passage.id for hit in engine.search([term], len(passages))}
        assert found == {id_ for id_, held in indexed.items() if term in held}


def _indexed(passage: Passage) -> list[str]:
    return list(field_terms(passage, analysed(passage.text, passage.language).terms, ()).all)


def test_what_is_indexed_of_a_passage() -> None:
    """The terms of the title, the headings and the line before it, then those of its text."""
    text = "# Trade\n\n## Exports\n\nSilver and wool.\n"
    (passage,) = passages_from(document(text, "a.md"))
    assert _indexed(passage) == terms("trade exports silver wool")
    (bare,) = passages_from(*records(["Oil for salt"], title=NO_WORDS))
    assert _indexed(bare) == ["oil", "salt"]


def test_an_unknown_engine_is_named() -> None:
    """The error names the engine that was asked for, and those there are."""
    with pytest.raises(UnknownEngineError) as raised:
        build_engine("rank-bm52", index_of([material()]))
    assert raised.value.name == "rank-bm52"
    assert "'rank-bm52'" in str(raised.value)
    for name in ENGINES:
        assert name in str(raised.value)


def test_tantivy_ranks_as_rank_bm25_does_up_to_its_rounding_of_lengths() -> None:
    """Over the packaged article: the same passages, and scores within the rounding.

    Tantivy keeps lengths above 40 terms in steps of up to an eighth.
    """
    index = index_of([material()])
    exact, rounded = (build_engine(name, index) for name in ("rank-bm25", "tantivy"))
    for question in (
        "Which Mexican city is twinned with Bethlehem?",
        "When did Mexico open its office in Ramallah?",
        "Who visited Palestine in 2013?",
        "Which agreements were signed?",
        "How did Mexico vote on UNESCO?",
    ):
        asked = list(dict.fromkeys(terms(question)))
        expected = {hit.passage.id: hit.score for hit in exact.search(asked, 50)}
        found = rounded.search(asked, 50)
        assert {hit.passage.id: hit.score for hit in found} == pytest.approx(expected, rel=0.07)
        assert found[0].passage == exact.search(asked, 1)[0].passage


@pytest.mark.slow
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=30), QUERY)
@settings(deadline=None)
def test_short_passages_have_the_same_scores_in_every_engine(
    texts: list[str], query: list[str]
) -> None:
    """Up to 40 terms nothing is rounded but the last digits."""
    index = index_of(records(texts))
    exact, other = (build_engine(name, index) for name in ("rank-bm25", "tantivy"))
    expected = {hit.passage.id: hit.score for hit in exact.search(query, 50)}
    found = {hit.passage.id: hit.score for hit in other.search(query, 50)}
    assert found == pytest.approx(expected, rel=1e-4)


@pytest.mark.cluster
def test_a_cluster_scores_as_tantivy_does(cluster: Cluster) -> None:
    """To the last digits, up to a factor; few of the passages have others beside them."""
    text = "".join(f"## Part\n\nOil and bread.\n\n{name} bread.\n\n" for name in WORDS)
    documents = [document(text, "a.md"), *records([" ".join(WORDS[n % 4 :]) for n in range(40)])]
    local = build_engine("tantivy", index_of(documents))
    with indexes_in(cluster) as index_in_cluster:
        engine = build_engine(OPENSEARCH, index_in_cluster(documents))
        for asked in (["oil"], ["bread", "silver"], ["part", "wool", "salt"]):
            expected = {hit.passage.id: hit.score for hit in local.search(asked, 60)}
            found = engine.search(asked, 60)
            factor = expected[found[0].passage.id] / found[0].score
            scores = {hit.passage.id: hit.score * factor for hit in found}
            assert scores == pytest.approx(expected, rel=1e-5)
