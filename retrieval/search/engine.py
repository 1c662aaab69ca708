"""What a search engine is to the rest: some terms in, the best passages that hold them out."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from knowledge.documents import Passage
from retrieval.text.tokens import Term, terms


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


def indexed_terms(passage: Passage, words: Sequence[Term]) -> list[str]:
    """What an engine indexes of a passage: the terms of its headings, then those of its text.

    `words` are those of the text.
    """
    return [*terms_above(passage), *(term for term, is_stop_word in words if not is_stop_word)]


def terms_above(passage: Passage) -> list[str]:
    """The terms of the title, the headings and the lines that introduce a passage."""
    return _terms_above(
        " ".join((passage.title, *passage.heading, passage.lead_in)), passage.language
    )


@lru_cache(maxsize=4096)
def _terms_above(text: str, language: str) -> list[str]:
    return terms(text, language)
