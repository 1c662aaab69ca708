"""The search engines by name, each over an index."""

from collections.abc import Callable, Mapping

from knowledge.errors import FootnoteError
from retrieval.index.reading import Index
from retrieval.search.engine import SearchEngine

AUTO = "auto"
"""Lets the number of passages decide."""

OPENSEARCH = "opensearch"
"""Searches in a cluster, and keeps the index there: no other engine does, and it no other index."""

FEW = 100
"""Passages up to which rank-bm25 serves.

Both search them in no time, but rank-bm25 has to be made of all passages in each process, at some
0.2 ms for each, while Tantivy opens what is there.
"""


class UnknownEngineError(FootnoteError):
    """There is no engine of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"there is no engine {name!r}; use one of:"
            f" {', '.join(sorted([AUTO, OPENSEARCH, *ENGINES]))}"
        )
        self.name = name


def _rank_bm25(index: Index) -> SearchEngine:
    # Imported here since it brings numpy, which takes longer than an answer.
    from retrieval.search.rank_bm25 import RankBM25Engine

    return RankBM25Engine(index)


ENGINES: Mapping[str, Callable[[Index], SearchEngine]] = {
    "rank-bm25": _rank_bm25,
    "tantivy": lambda index: index.engine,
}


def chosen(name: str, passages: int) -> str:
    """The engine that a name stands for; UnknownEngineError where it is none."""
    if name == AUTO:
        return "rank-bm25" if passages <= FEW else "tantivy"
    if name != OPENSEARCH and name not in ENGINES:
        raise UnknownEngineError(name)
    return name


def build_engine(name: str, index: Index) -> SearchEngine:
    """The engine called `name` over an index; UnknownEngineError where there is none."""
    if name == OPENSEARCH:
        return index.engine
    if name not in ENGINES:
        raise UnknownEngineError(name)
    return ENGINES[name](index)
