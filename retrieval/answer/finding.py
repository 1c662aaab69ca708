"""From a question to the passages that may answer it: read, repaired, searched and scored again."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain
from math import inf

from knowledge.errors import FootnoteError
from knowledge.languages import ENGLISH
from retrieval.meaning.meaning import Near
from retrieval.questions.acronyms import Acronyms
from retrieval.questions.question import Question, readings_of
from retrieval.questions.repair import Repair, Vocabulary, repaired
from retrieval.scoring.passage_terms import PassageTermsCache
from retrieval.scoring.passages import RESCORED, Found, folded, rescored
from retrieval.scoring.weighted_question import WeightedQuestion
from retrieval.scoring.weights import Model
from retrieval.search.engine import Hit, SearchEngine
from retrieval.search.store import Store
from retrieval.text.tokens import content_terms, tokens

LONGEST_QUESTION = 1_000
"""In characters; a longer text is no question, and every word of it would be searched for."""


class QuestionError(FootnoteError):
    """A text that cannot be a question."""


class Finder:
    """Finds the passages of a store that an engine searches."""

    def __init__(self, store: Store, engine: SearchEngine) -> None:
        self._store = store
        self._engine = engine

    def read(self, text: str) -> tuple[str, tuple[Repair, ...]]:
        """The text of a question, its misspelt words repaired; QuestionError where it is none."""
        if not text.strip():
            raise QuestionError("the question is empty; ask in a few words")
        if len(text) > LONGEST_QUESTION:
            raise QuestionError(
                f"the question has {len(text):,} characters; shorten it to {LONGEST_QUESTION:,}"
            )
        self._store.expect(terms=self._terms_of(text))
        return repaired(
            text,
            self._known_term,
            lambda: self._vocabulary,
            self._stand_together,
            has_english=ENGLISH in self._languages,
        )

    def _terms_of(self, text: str) -> Iterator[str]:
        """The terms of a text in each language of the documents."""
        for language in self._languages:
            yield from content_terms(tokens(text, language))

    def knows(self, term: str) -> bool:
        """Whether the documents have a term."""
        return self._engine.knows(term)

    def idf(self, term: str) -> float:
        """How much it says that a passage holds a term."""
        return self._engine.idf(term)

    def unfound(self, text: str) -> WeightedQuestion:
        """A question for which nothing was found."""
        return WeightedQuestion(Question(text, self._languages[0]), self._engine.idf, frozenset())

    def found(
        self, text: str, limit: int, model: Model, near: Near | None = None
    ) -> tuple[list[Found], list[Hit]]:
        """The passages for the text of a question scored again by a model, and the best `limit`
        hits.

        The question is read in each language of the documents, and each passage compared with how
        it reads in its own. Those that are near are looked at too, whatever words they have.
        """
        readings = readings_of(text, self._languages)
        asked = [self._acronyms.added_to(question.terms) for question in readings.values()]
        hits = self._engine.search(
            list(dict.fromkeys(chain.from_iterable(asked))), max(limit, RESCORED)
        )
        looked_at: Sequence[Hit] = hits[:RESCORED]
        cosines: Sequence[float] = ()
        if near is not None and any(asked):
            looked_at = behind(looked_at, [Hit(one, 0.0, 0) for one in near.nearest])
            cosines = near.to([hit.passage for hit in looked_at])
        found = rescored(readings, looked_at, self._engine.idf, self._cache, model, cosines)
        best = [one.hit for one in found]
        seen = {folded(hit.passage.text) for hit in best} if len(hits) > RESCORED else set()
        for hit in hits[RESCORED:]:
            if (text_ := folded(hit.passage.text)) not in seen:
                seen.add(text_)
                # The order of the engine stays; a score there says no more than that.
                best.append(Hit(hit.passage, best[-1].score, len(best) + 1))
        return found, best[:limit]

    @cached_property
    def _acronyms(self) -> Acronyms:
        return self._store.acronyms()

    @cached_property
    def _cache(self) -> PassageTermsCache:
        return PassageTermsCache(self._acronyms, self._store.located_terms, self._store.context)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return self._store.vocabulary()

    @cached_property
    def _languages(self) -> Sequence[str]:
        return self._store.languages() or [ENGLISH]

    def _known_term(self, word: str) -> str | None:
        """The term of a word in the first language in which it is a stop word or in the documents.

        None where it is neither in any.
        """
        read = (tokens(word, language) for language in self._languages)
        return next(
            (
                one.term
                for found in read
                for one in found
                if one.is_stop_word or self._engine.knows(one.term)
            ),
            None,
        )

    def _stand_together(self, term: str, others: list[str]) -> bool:
        """Whether a passage holds `term` and one of the others."""
        hits = self._engine.search([term, *others], RESCORED)
        found = (self._cache.of(hit.passage).held for hit in hits)
        return any(term in held and not held.isdisjoint(others) for held in found)


def behind(best: Sequence[Hit], others: Sequence[Hit]) -> list[Hit]:
    """The best hits, and behind them those of the others that are none of them."""
    known = {hit.passage.id for hit in best}
    new = [hit for hit in others if hit.passage.id not in known]
    least = best[-1].score if best else inf
    ranked = enumerate(new, start=len(best) + 1)
    return [*best, *(Hit(hit.passage, min(hit.score, least), rank) for rank, hit in ranked)]
