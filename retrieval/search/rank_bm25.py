"""The default engine: rank-bm25, which scores every passage for every question."""

import math
from collections.abc import Sequence

import numpy as np
from rank_bm25 import BM25Okapi

from retrieval.search.engine import Hit, indexed_terms
from retrieval.search.store import Store

K1 = 1.2
B = 0.75


class _PositiveBM25(BM25Okapi):  # type: ignore[misc]
    """Okapi BM25 whose idf stays positive.

    The library's own is zero for a term in half of the passages and negative above.
    """

    def _calc_idf(self, nd: dict[str, int]) -> None:
        self.idf = {
            term: math.log1p((self.corpus_size - count + 0.5) / (count + 0.5))
            for term, count in nd.items()
        }


class RankBM25Engine:
    """All passages of a store in memory, scored by rank-bm25."""

    def __init__(self, store: Store) -> None:
        self._passages = list(store.passages())
        corpus = [
            indexed_terms(passage, store.located_terms(passage)[1]) for passage in self._passages
        ]
        # The library divides by the number of passages and by their mean length.
        self._bm25 = _PositiveBM25(corpus, k1=K1, b=B) if any(corpus) else None

    def search(self, terms: Sequence[str], limit: int) -> list[Hit]:
        """The best `limit` of the passages that hold a term; ties in the order of the passages."""
        if self._bm25 is None:
            return []
        known = [term for term in terms if term in self._bm25.idf]
        if not known:
            return []
        scores = self._bm25.get_scores(known)
        best = np.argsort(-scores, kind="stable")[:limit]
        # With a positive idf only passages without any of the terms score 0, and those are no
        # matches; but what decides is what they hold.
        holders = (int(n) for n in best if not self._bm25.doc_freqs[n].keys().isdisjoint(known))
        return [
            Hit(self._passages[n], float(scores[n]), rank)
            for rank, n in enumerate(holders, start=1)
        ]

    def knows(self, term: str) -> bool:
        """Whether a passage holds `term`."""
        return self._bm25 is not None and term in self._bm25.idf

    def idf(self, term: str) -> float:
        """How much it says that a passage holds `term`."""
        if self._bm25 is not None and term in self._bm25.idf:
            return float(self._bm25.idf[term])
        return math.log1p((len(self._passages) + 0.5) / 0.5)
