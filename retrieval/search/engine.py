"""What a search engine is to the rest: some terms in, the best passages that hold them out."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from knowledge.documents import Passage
from retrieval.text.tokens import content_of, terms


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. Ranks count from 1; a score means nothing outside of its engine."""

    passage: Passage
    score: float
    rank: int


class SearchEngine(Protocol):
    """Ranks passages by the words that they share with a question, in the fields of FIELDS."""

    def search(self, terms: Sequence[str], limit: int) -> list[Hit]:
        """The best `limit` of the passages that hold a term; ties in the order of the passages."""

    def knows(self, term: str) -> bool:
        """Whether a passage holds `term`."""

    def idf(self, term: str) -> float:
        """How much it says that a passage holds `term`: ln(1 + (N - n + 0.5) / (n + 0.5)).

        N is the number of passages, n of those that hold the term (Robertson and Zaragoza 2009,
        with the 1 that keeps it positive, as in Lucene).
        """


@dataclass(frozen=True, slots=True)
class FieldTerms:
    """The terms of a passage by field, in the order of the text; each is ranked by itself.

    `all` are those of its title, its headings, the lines that introduce it and its text. `headings`
    are those of title and headings alone and of the term that it explains, and `context` those of
    the passages beside a short one in its section.
    """

    all: Sequence[str]
    headings: Sequence[str]
    context: Sequence[str] = ()


FIELDS = {"all": 1.0, "headings": 0.3, "context": 0.2}
"""How much the score of each field counts: that of a passage is the sum of its BM25 in each.

Only what holds a term in `all` is found.
"""


def field_terms(passage: Passage, words: Sequence[str], context: Sequence[str]) -> FieldTerms:
    """What an engine indexes of a passage; `words` are those of its text, as `located_terms` has
    them."""
    return FieldTerms(
        all=[*terms_above(passage), *content_of(words)],
        headings=_heading_terms(passage),
        context=context,
    )


def _heading_terms(passage: Passage) -> list[str]:
    above = terms_of(" ".join((passage.title, *passage.heading)), passage.language)
    term = passage.explained
    return above if term is None else [*above, *terms(term, passage.language)]


def terms_above(passage: Passage) -> list[str]:
    """The terms of the title, the headings and the lines that introduce a passage."""
    return terms_of(" ".join((passage.title, *passage.heading, passage.lead_in)), passage.language)


@lru_cache(maxsize=4096)
def terms_of(text: str, language: str) -> list[str]:
    """The content terms of a text that many passages have, which is cut once."""
    return terms(text, language)
