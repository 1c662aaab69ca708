"""The engine of a cluster: OpenSearch's BM25 over our own terms."""

import math
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from retrieval.cluster.layout import matching
from retrieval.cluster.similarity import weights
from retrieval.index.layout import ALL
from retrieval.search.engine import Hit

if TYPE_CHECKING:
    from retrieval.cluster.entries import ClusterEntries

MOST_TERMS = 300
"""Terms that are searched for, the rarest: a query has at most 1,024 clauses, one a field."""

_KEPT = 20_000
"""Terms whose counts are kept."""

_AT_ONCE = 200
"""Terms that are counted by one request."""


class OpenSearchEngine:
    """The passages of an index in a cluster, scored with the statistics of all of its shards."""

    def __init__(self, entries: "ClusterEntries") -> None:
        self._entries = entries
        # They hold as long as this one does: later generations are not seen.
        self._counts: OrderedDict[str, int] = OrderedDict()

    def search(self, terms: Sequence[str], limit: int) -> list[Hit]:
        """The best `limit` of the passages that hold a term; ties in the order of the passages."""
        if limit < 1:
            return []
        self.learn(terms)
        counts = {term: self._count(term) for term in terms}
        known = [term for term, count in counts.items() if count]
        if not known:
            return []
        query = self._query(sorted(known, key=counts.__getitem__)[:MOST_TERMS])
        sort = [{"_score": "desc"}, {"file": "asc"}, {"place": "asc"}]
        hits = self._entries.search(query, limit, sort)
        return [
            Hit(self._entries.entry_of(hit).passage, hit["sort"][0], rank)
            for rank, hit in enumerate(hits, start=1)
        ]

    @cached_property
    def _weights(self) -> dict[str, float]:
        return weights(self._entries.state.saturation, self._entries.connection.version)

    def knows(self, term: str) -> bool:
        """Whether a passage holds `term`."""
        return self._count(term) > 0

    def idf(self, term: str) -> float:
        """How much it says that a passage holds `term`."""
        count = self._entries.summary.passages
        holding = self._count(term)
        return math.log1p((count - holding + 0.5) / (holding + 0.5))

    def learn(self, terms: Iterable[str]) -> None:
        """Count the passages that hold some terms, all at once."""
        unknown = [term for term in dict.fromkeys(terms) if term not in self._counts]
        for start in range(0, len(unknown), _AT_ONCE):
            some = unknown[start : start + _AT_ONCE]
            counts = self._entries.counts([matching(ALL, term) for term in some])
            self._counts.update(zip(some, counts, strict=True))

    def _count(self, term: str) -> int:
        """How many passages hold a term, over all shards."""
        if term not in self._counts:
            self.learn([term])
        self._counts.move_to_end(term)
        count = self._counts[term]
        while len(self._counts) > _KEPT:
            self._counts.popitem(last=False)
        return count

    def _query(self, terms: Sequence[str]) -> dict[str, object]:
        """What holds a term, scored in every field."""
        scored = {
            name: {"bool": {"should": [matching(name, term) for term in terms], "boost": weight}}
            for name, weight in self._weights.items()
        }
        found = {
            "must": [scored.pop(ALL)],
            "should": list(scored.values()),
            "must_not": self._entries.state.hidden(),
        }
        return {"bool": found}
