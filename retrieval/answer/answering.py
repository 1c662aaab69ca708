"""From a question to an answer: search, extract, then cite or decline."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from knowledge.documents import Span
from knowledge.errors import FootnoteError
from knowledge.languages import ENGLISH
from retrieval.answer import asked_headings
from retrieval.answer.answer import Answer, Citation, Verdict
from retrieval.answer.asked_headings import asked_above
from retrieval.answer.blocks import block_around
from retrieval.answer.citing import citation_of, cited
from retrieval.answer.confidence import confidence_features, probability
from retrieval.answer.nearest import closest_sections
from retrieval.answer.selection import Selection, select
from retrieval.questions.acronyms import Acronyms
from retrieval.questions.question import Question, readings_of
from retrieval.questions.repair import Repair, Vocabulary, repaired
from retrieval.questions.several import subquestions_of
from retrieval.scoring.passage_terms import PassageTermsCache
from retrieval.scoring.passages import RESCORED, Found, folded, rescored
from retrieval.scoring.short_answers import ShortAnswer, short_answer
from retrieval.scoring.units import Candidate, candidates
from retrieval.scoring.weighted_question import WeightedQuestion
from retrieval.scoring.weights import Weights, shipped
from retrieval.search.engine import Hit, SearchEngine
from retrieval.search.store import Store
from retrieval.text.tokens import terms, tokens

LONGEST_QUESTION = 1_000
"""In characters; a longer text is no question, and every word of it would be searched for."""

_OF_A_LIST = 0.35
"""How sure a list's items are taken to be as words that answer: there is no model of them."""


class QuestionError(FootnoteError):
    """A text that cannot be a question."""


@dataclass(frozen=True, slots=True)
class Trace:
    """An answer with how it came about; all but `answer` and `asked` empty where nothing fits.

    `asked` is the question as it reads in the language of the answer. `features` are those of the
    confidence, and `of_subquestions` the traces of the questions about each of several things,
    where the answer is made of theirs. `is_asked_above` is whether the heading above the quote asks
    the same.
    """

    answer: Answer
    asked: WeightedQuestion
    found: Sequence[Found] = ()
    candidates: Sequence[Candidate] = ()
    selection: Selection | None = None
    features: Mapping[str, float] | None = None
    of_subquestions: tuple["Trace", ...] = ()
    is_asked_above: bool = False


class Answerer:
    """Answers questions from the documents of a store and an engine over their passages.

    Below the `threshold` of confidence it declines. `weights` are those that come with Footnote,
    if no others are given.
    """

    def __init__(
        self,
        store: Store,
        engine: SearchEngine,
        threshold: float | None = None,
        weights: Weights | None = None,
    ) -> None:
        self._store = store
        self._engine = engine
        self.weights = shipped() if weights is None else weights
        self.threshold = self.weights.threshold if threshold is None else threshold

    def search(self, query: str, limit: int) -> list[Hit]:
        """The best `limit` passages for a query; QuestionError where it is empty or too long."""
        return self._search(self._read(query)[0], limit)[1]

    def found(self, text: str) -> list[Found]:
        """The passages of a question, scored again; QuestionError as `search`."""
        return self._search(self._read(text)[0], RESCORED)[0]

    def answer(self, text: str, limit: int = 10) -> Answer:
        """The answer to a question, with at most `limit` hits.

        QuestionError where it is empty or longer than LONGEST_QUESTION.
        """
        return self.trace(text, limit).answer

    def trace(self, text: str, limit: int = 10) -> Trace:
        """The answer to a question as `answer` gives it, with how it came about.

        Where the question asks the same of several things, and no quote answers for all of them,
        the answer has one quote for each; the rest of the trace is that of the whole question.
        """
        whole = self._trace(text, limit)
        return self._in_parts(whole, limit) or whole

    def _in_parts(self, whole: Trace, limit: int) -> Trace | None:
        """The answer made of one for each thing asked about; None where the whole is better."""
        things = subquestions_of(whole.asked.question.text)
        if not things or all(_is_named(thing, whole.answer) for _, thing in things):
            return None
        asked = [(thing, self._trace(part, limit)) for part, thing in things]
        kept = {thing: part for thing, part in asked if _answers_of(thing, part.answer)}
        quotes = {part.answer.text for part in kept.values()}
        if not quotes or (len(quotes) == 1 and whole.answer.citations):
            return None
        unanswered = tuple(thing for _, thing in things if thing not in kept)
        answer = _joined(whole.answer, [part.answer for part in kept.values()], unanswered)
        return replace(whole, answer=answer, of_subquestions=tuple(kept.values()))

    def _trace(self, text: str, limit: int) -> Trace:
        read, repairs = self._read(text)
        found, hits = self._search(read, limit)
        ranked = candidates(found, self.weights.units)
        if not ranked:
            answer = Answer(text, Verdict.DECLINED, 0.0, (), tuple(hits), repairs=repairs)
            nothing = WeightedQuestion(Question(read, self._languages[0]), self._engine.idf, ())
            return Trace(answer, nothing, found)
        asked = ranked[0].found.asked
        question = asked.question
        above = asked_above(found)
        below = candidates([above], self.weights.units) if above is not None else []
        if below:
            # In the order of the passage, since its first paragraph answers.
            below.sort(key=lambda one: one.position)
            others = (one for one in ranked if one.passage.id != below[0].passage.id)
            ranked = [*below, *others]
        selection = select(question, ranked, is_asked_above=bool(below))
        passage = ranked[0].passage
        quotes = selection.quotes(ranked[0])
        short = short_answer(question, quotes, self._engine.idf, self.weights.spans)
        likely = _OF_A_LIST if selection.is_list else short.confidence if short else 0.0
        block = block_around(passage, selection.answering, question)
        quote = "\n".join(passage.quote(span) for span in block)
        features = confidence_features(ranked, quote, likely)
        confidence = probability(features, self.weights.confidence)
        if below:
            confidence = max(confidence, asked_headings.CONFIDENCE)
        citations = tuple(cited(self._store, passage, block, selection, short))
        is_answered = confidence >= self.threshold
        answer = Answer(
            question=text,
            verdict=Verdict.ANSWERED if is_answered else Verdict.DECLINED,
            confidence=confidence,
            citations=citations if is_answered else (),
            hits=tuple(hits),
            short_confidence=(
                _short_confidence(question, selection, short, confidence) if is_answered else None
            ),
            withheld=() if is_answered else citations,
            nearest=self._nearest(ranked, citations if is_answered else ()),
            repairs=repairs,
        )
        return Trace(
            answer=answer,
            asked=asked,
            found=found,
            candidates=ranked,
            selection=selection,
            features=features,
            is_asked_above=bool(below),
        )

    def knows(self, term: str) -> bool:
        """Whether the documents have a term."""
        return self._engine.knows(term)

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

    def _read(self, text: str) -> tuple[str, tuple[Repair, ...]]:
        """The text of a question, its misspelt words repaired; QuestionError where it is none."""
        if not text.strip():
            raise QuestionError("the question is empty; ask in a few words")
        if len(text) > LONGEST_QUESTION:
            raise QuestionError(
                f"the question has {len(text):,} characters; shorten it to {LONGEST_QUESTION:,}"
            )
        return repaired(
            text,
            self._known_term,
            lambda: self._vocabulary,
            self._stand_together,
            has_english=ENGLISH in self._languages,
        )

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
        held = (self._cache.of(hit.passage).counts.keys() for hit in hits)
        return any(term in counts and not counts.isdisjoint(others) for counts in held)

    def _search(self, text: str, limit: int) -> tuple[list[Found], list[Hit]]:
        """The passages scored again, and the best `limit` hits.

        The question is read in each language of the documents, and each passage compared with how
        it reads in its own.
        """
        readings = readings_of(text, self._languages)
        asked = [self._acronyms.added_to(question.terms) for question in readings.values()]
        hits = self._engine.search(
            list(dict.fromkeys(chain.from_iterable(asked))), max(limit, RESCORED)
        )
        found = rescored(
            readings, hits[:RESCORED], self._engine.idf, self._cache, self.weights.passages
        )
        best = [one.hit for one in found]
        seen = {folded(hit.passage.text) for hit in best} if len(hits) > RESCORED else set()
        for hit in hits[RESCORED:]:
            if (text_ := folded(hit.passage.text)) not in seen:
                seen.add(text_)
                # The order of the engine stays; a score there says no more than that.
                best.append(Hit(hit.passage, best[-1].score, len(best) + 1))
        return found, best[:limit]

    def _nearest(
        self, ranked: Sequence[Candidate], citations: Sequence[Citation]
    ) -> tuple[Citation, ...]:
        """The closest sections beside what is cited."""
        return tuple(
            citation_of(self._store, one.passage, one.lines, (one.mark,))
            for one in closest_sections(ranked, citations)
        )


def _is_named(thing: str, answer: Answer) -> bool:
    """Whether what is asked about stands in a quote or in the headings above it."""
    told = " ".join(f"{c.title} {' '.join(c.heading)} {c.quote}" for c in answer.citations)
    return set(terms(thing)) <= set(terms(told))


def _answers_of(thing: str, answer: Answer) -> bool:
    """Whether a part is answered, and its quote tells of the thing that it asks about."""
    return bool(answer.citations) and _is_named(thing, answer)


def _joined(whole: Answer, parts: Sequence[Answer], unanswered: tuple[str, ...]) -> Answer:
    """One answer out of several, as sure as the least sure of them."""
    citations = tuple(_once(c for part in parts for c in part.citations))
    sections = {citation.section for citation in citations}
    shorts = [part.short_confidence for part in parts if part.short_confidence is not None]
    return replace(
        whole,
        verdict=Verdict.ANSWERED,
        confidence=min(part.confidence for part in parts),
        citations=citations,
        short_confidence=min(shorts, default=None),
        withheld=(),
        nearest=tuple(one for one in whole.nearest if one.section not in sections),
        unanswered=unanswered,
    )


def _once(citations: Iterable[Citation]) -> Iterable[Citation]:
    """The citations, those of one span as one with the marks of all."""
    found: dict[tuple[str, Span], Citation] = {}
    for one in citations:
        place = (one.document_id, one.span)
        before = found.get(place, one)
        marks = tuple(sorted({*before.marks, *one.marks}))
        found[place] = replace(before, marks=marks, answering=before.answering or one.answering)
    return found.values()


def _short_confidence(
    question: Question, selection: Selection, short: ShortAnswer | None, confidence: float
) -> float | None:
    """How likely it is that the marked words are right: as likely as the quote for whole items.

    No words answer a question that asks for yes or no.
    """
    if selection.is_list:
        return confidence
    if short is None:
        return None
    return 0.0 if question.asks_yes_or_no else confidence * short.confidence
