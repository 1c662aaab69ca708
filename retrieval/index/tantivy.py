"""The engine for many passages: Tantivy, over an index on disk or in memory, fed our own terms."""

import math
from collections.abc import Callable, Sequence
from itertools import takewhile

import tantivy

from knowledge.documents import Passage
from retrieval.index.layout import ALL, matching
from retrieval.index.searcher import Searcher
from retrieval.search.engine import FIELDS, Hit

Order = tuple[tuple[str, ...], int]
"""Where a passage stands among all; what tells two passages with the same score apart."""

_MORE = 16
"""Entries read beyond the limit, so that a tie there is seen."""


class TantivyEngine:
    """The passages of a searcher, scored by Tantivy's BM25 (k1 1.2, b 0.75).

    Its idf is ours; its lengths are rounded above 40 terms. Of entries that were deleted since,
    Tantivy still counts the terms until it merges what they stand in. `read` gives the passage at
    an address with its place among all, and `count` is the number of passages.
    """

    def __init__(
        self,
        searcher: Searcher,
        read: Callable[[tantivy.DocAddress], tuple[Passage, Order]],
        count: int,
    ) -> None:
        self._searcher = searcher
        self._read = read
        self._count = count

    def search(self, terms: Sequence[str], limit: int) -> list[Hit]:
        """The best `limit` of the passages that hold a term; ties in the order of the passages."""
        if limit < 1 or not terms:
            return []
        query = _query(terms)
        found = self._best(query, limit)
        read = [(score, *self._read(address)) for score, address in found]
        read.sort(key=lambda one: (-one[0], one[2]))
        return [
            Hit(passage, score, rank)
            for rank, (score, passage, _) in enumerate(read[:limit], start=1)
        ]

    def _best(self, query: tantivy.Query, limit: int) -> list[tuple[float, tantivy.DocAddress]]:
        """At least the best `limit`, with all that tie with the last of them."""
        wanted = limit + _MORE
        while True:
            hits = self._searcher.search(query, wanted)
            if len(hits) < wanted or hits[limit - 1][0] != hits[-1][0]:
                break
            wanted *= 2
        last = hits[limit - 1][0] if len(hits) > limit else 0.0
        return list(takewhile(lambda hit: hit[0] >= last, hits))

    def knows(self, term: str) -> bool:
        """Whether a passage holds `term`."""
        if not self._searcher.doc_freq(ALL, term):
            return False
        # Those that hold it may be deleted.
        return bool(self._searcher.search(matching(ALL, term), 1))

    def idf(self, term: str) -> float:
        """How much it says that a passage holds `term`."""
        holding = min(self._searcher.doc_freq(ALL, term), self._count)
        return math.log1p((self._count - holding + 0.5) / (holding + 0.5))


def _query(terms: Sequence[str]) -> tantivy.Query:
    """What holds a term, scored in every field."""
    should, must = tantivy.Occur.Should, tantivy.Occur.Must
    of_field = {
        name: tantivy.Query.boost_query(
            tantivy.Query.boolean_query([(should, matching(name, term)) for term in terms]), weight
        )
        for name, weight in FIELDS.items()
    }
    return tantivy.Query.boolean_query(
        [(must if name == ALL else should, query) for name, query in of_field.items()]
    )
