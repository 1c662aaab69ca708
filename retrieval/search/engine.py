"""What a search engine is to the rest: passages in, the best of them for some terms out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from knowledge.documents import Passage
from knowledge.errors import FootnoteError
from retrieval.text.tokens import terms


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. Ranks count from 1; a score means nothing outside of its engine."""

    passage: Passage
    score: float
    rank: int


class SearchEngine(Protocol):
    """Ranks passages by the words that they share with a question."""

    def search(self, terms: Sequence[str], limit: int) -> list[Hit]:
        """The best `limit` of the passages that hold a term; ties in the order of the passages."""

    def knows(self, term: str) -> bool:
        """Whether a passage holds `term`."""

    def idf(self, term: str) -> float:
        """How much it says that a passage holds `term`: ln(1 + (N - n + 0.5) / (n + 0.5)).

        N is the number of passages, n of those that hold the term (Robertson and Zaragoza 2009,
        with the 1 that keeps it positive, as in Lucene).
        """


class UnknownEngineError(FootnoteError):
    """There is no engine of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"there is no engine {name!r}; use one of: {', '.join(sorted([AUTO, *ENGINES]))}"
        )
        self.name = name


# By name, since an engine's library is imported only when that engine is used.
ENGINES = {"rank-bm25": "retrieval.search.rank_bm25", "tantivy": "retrieval.index.tantivy"}


AUTO = "auto"
"""Lets the number of passages decide."""

FEW = 1_000
"""Passages up to which rank-bm25 serves: so far both take the same time for a search."""


def chosen(name: str, passages: int) -> str:
    """The engine that a name stands for; UnknownEngineError where it is none."""
    if name == AUTO:
        return "rank-bm25" if passages <= FEW else "tantivy"
    if name not in ENGINES:
        raise UnknownEngineError(name)
    return name


def build_engine(name: str, passages: Iterable[Passage]) -> SearchEngine:
    """The engine called `name` over `passages`; UnknownEngineError where there is none."""
    if name not in ENGINES:
        raise UnknownEngineError(name)
    build: Callable[[Iterable[Passage]], SearchEngine] = import_module(ENGINES[name]).build
    return build(passages)


def indexed_terms(passage: Passage) -> list[str]:
    """What an engine indexes of a passage: the words of its heading path and its text."""
    above = " ".join((passage.title, *passage.heading, passage.lead_in))
    return terms(above, passage.language) + terms(passage.text, passage.language)
