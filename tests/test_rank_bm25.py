"""The default engine: its scores are BM25's, written anew here."""

import math
from collections.abc import Sequence

import pytest
from corpora import material, records
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.memory import index_of
from retrieval.search.engine import FIELDS, field_terms
from retrieval.search.rank_bm25 import RankBM25Engine
from retrieval.text.tokens import terms

WORDS = ["oil", "salt", "bread", "silver", "wool"]
TEXTS = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=20).map(" ".join), min_size=1, max_size=12
)


def _bm25(corpus: Sequence[Sequence[str]], query: Sequence[str]) -> list[float]:
    """The score of each text: BM25 with k1 1.2 and b 0.75, and the idf that stays positive."""
    mean = sum(map(len, corpus)) / len(corpus)

    def score(words: Sequence[str], term: str) -> float:
        n, tf = sum(term in other for other in corpus), words.count(term)
        idf = math.log(1 + (len(corpus) - n + 0.5) / (n + 0.5))
        return idf * tf * (1.2 + 1) / (tf + 1.2 * (1 - 0.75 + 0.75 * len(words) / mean))

    return [sum(score(words, term) for term in query) for words in corpus]


def test_a_score_by_hand() -> None:
    """Two texts of one and three words, and a term that stands once in the shorter."""
    (hit,) = RankBM25Engine(index_of(records(["oil", "salt wool bread"]))).search(["oil"], 10)
    # idf ln(1 + 1.5 / 1.5) = ln 2; length 1 of a mean of 2, so 1.2 * (0.25 + 0.375) = 0.75.
    assert hit.score == pytest.approx(math.log(2) * 2.2 / 1.75, abs=1e-12)


@pytest.mark.slow
@given(TEXTS, st.lists(st.sampled_from([*WORDS, "gold"]), max_size=5))
def test_scores_are_those_of_bm25(texts: list[str], query: list[str]) -> None:
    """Over any corpus the scores are those of the formula; a term given twice counts twice."""
    expected = _bm25([text.split() for text in texts], query)
    hits = RankBM25Engine(index_of(records(texts))).search(query, len(texts))
    scores = {int(hit.passage.document_id): hit.score for hit in hits}
    for number, score in enumerate(expected):
        assert scores.get(number, 0.0) == pytest.approx(score, abs=1e-9)


@pytest.mark.parametrize(
    "question",
    [
        "Which Mexican officials have visited Palestine?",
        "How much did Mexico give to UNRWA in 2017?",
        "mexico palestine",
        "Echeverria Arafat Alexandria 1975",
        "What is the capital of Australia, if not Ramallah?",
    ],
)
def test_scores_over_the_article(question: str) -> None:
    """The packaged article is ranked as by the formula, the earlier passage first in a tie."""
    index = index_of([material()])
    passages = list(index.passages())
    held = [
        field_terms(passage, index.located_terms(passage)[1], index.context(passage))
        for passage in passages
    ]
    of_fields = [
        [weight * score for score in _bm25([getattr(one, name) for one in held], terms(question))]
        for name, weight in FIELDS.items()
    ]
    # What stands in the context alone is no match.
    expected = [sum(scores) if scores[0] else 0.0 for scores in zip(*of_fields, strict=True)]
    order = sorted(range(len(passages)), key=lambda n: (-round(expected[n], 9), n))
    hits = RankBM25Engine(index).search(terms(question), len(passages))
    assert [hit.passage.id for hit in hits] == [passages[n].id for n in order if expected[n]]
    for hit, n in zip(hits, order, strict=False):
        assert hit.score == pytest.approx(expected[n], abs=1e-9)
