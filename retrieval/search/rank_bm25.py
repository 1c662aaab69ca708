"""The default engine: rank-bm25, which scores every passage for every question."""

import math
from collections.abc import Sequence

import numpy as np
from rank_bm25 import BM25Okapi

from retrieval.search.engine import FIELDS, Hit, field_terms
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
        held = [
            field_terms(passage, store.located_terms(passage)[1], store.context(passage))
            for passage in self._passages
        ]
        corpora = {name: [getattr(one, name) for one in held] for name in FIELDS}
        # The library divides by the number of passages and by their mean length.
        self._fields = {
            name: _PositiveBM25(corpus, k1=K1, b=B)
            for name, corpus in corpora.items()
            if any(corpus)
        }
        self._bm25 = self._fields.get("all")

    def search(self, terms: Sequence[str], limit: int) -> list[Hit]:
        """The best `limit` of the passages that hold a term; ties in the order of the passages."""
        if self._bm25 is None:
            return []
        known = [term for term in terms if term in self._bm25.idf]
        if not known:
            return []
        scores = sum(
            FIELDS[name] * bm25.get_scores([term for term in known if term in bm25.idf])
            for name, bm25 in self._fields.items()
        )
        # What decides is what they hold, not the score.
        holders = [
            n
            for n in map(int, np.argsort(-scores, kind="stable"))
            if not self._bm25.doc_freqs[n].keys().isdisjoint(known)
        ]
        return [
            Hit(self._passages[n], float(scores[n]), rank)
            for rank, n in enumerate(holders[:limit], start=1)
        ]

    def knows(self, term: str) -> bool:
        """Whether a passage holds `term`."""
        return self._bm25 is not None and term in self._bm25.idf

    def idf(self, term: str) -> float:
        """How much it says that a passage holds `term`."""
        if self._bm25 is not None and term in self._bm25.idf:
            return float(self._bm25.idf[term])
        return math.log1p((len(self._passages) + 0.5) / 0.5)
