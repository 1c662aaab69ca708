"""From a question to an answer: search, extract, then cite or decline."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from retrieval.answer import asked_headings
from retrieval.answer.answer import Answer, Citation, Verdict
from retrieval.answer.asked_headings import asked_above
from retrieval.answer.citing import cited, closest_of
from retrieval.answer.confidence import confidence_features, probability
from retrieval.answer.finding import Finder, behind
from retrieval.answer.joining import answers_of, is_named, joined
from retrieval.answer.nearest import closest_sections
from retrieval.answer.quoting import Block, block_of
from retrieval.answer.selection import Selection
from retrieval.answer.understanding import COUNTED, Understanding
from retrieval.meaning.meaning import Meaning, Reading
from retrieval.questions.question import Question
from retrieval.questions.repair import Repair
from retrieval.questions.several import subquestions_of
from retrieval.scoring.passages import RESCORED, Found
from retrieval.scoring.short_answers import ShortAnswer
from retrieval.scoring.units import Candidate, candidates
from retrieval.scoring.weighted_question import WeightedQuestion
from retrieval.scoring.weights import Weights, shipped
from retrieval.search.engine import Hit, SearchEngine
from retrieval.search.store import Store
from retrieval.text.tokens import STOP


@dataclass(frozen=True, slots=True)
class Trace:
    """An answer with how it came about; all but `answer` and `asked` empty where nothing fits.

    `asked` is the question as it reads in the language of the answer. `features` are those of the
    confidence, and `of_subquestions` the traces of the questions about each of several things,
    where the answer is made of theirs. `is_asked_above` is whether what stands above the quote asks
    the same, `readings` what a reader made of the passages, by their ids, and `blocks` what
    it chose from, each with the features of the choice.
    """

    answer: Answer
    asked: WeightedQuestion
    found: Sequence[Found] = ()
    candidates: Sequence[Candidate] = ()
    selection: Selection | None = None
    features: Mapping[str, float] | None = None
    of_subquestions: tuple["Trace", ...] = ()
    is_asked_above: bool = False
    readings: Mapping[str, Reading] = field(default_factory=dict)
    blocks: Sequence[tuple[Block, Mapping[str, float]]] = ()


class Answerer:
    """Answers questions from the documents of a store and an engine over their passages.

    Below the `threshold` of confidence it declines, that of the weights unless another is given.
    `weights` are those that come with Footnote, if no others are given. With `meaning` what words
    are not sure of is read.
    """

    def __init__(
        self,
        store: Store,
        engine: SearchEngine,
        threshold: float | None = None,
        weights: Weights | None = None,
        meaning: Meaning | None = None,
    ) -> None:
        self._store = store
        self._threshold = threshold
        self.weights = shipped() if weights is None else weights
        self._finder = Finder(store, engine)
        # What a reader makes of a passage says nothing without weights for it.
        self._reading = (
            None
            if meaning is None or self.weights.read is None
            else Understanding(store, self._finder, meaning, self.weights)
        )

    def search(self, query: str, limit: int) -> list[Hit]:
        """The best `limit` passages for a query; QuestionError where it is empty or too long."""
        return self._found(self._finder.read(query)[0], limit)[1]

    def found(self, text: str) -> list[Found]:
        """The passages of a question, scored again; QuestionError as `search`."""
        return self._found(self._finder.read(text)[0], RESCORED)[0]

    def _found(self, text: str, limit: int) -> tuple[list[Found], list[Hit]]:
        """The passages by their words, and by how near they are where that is known."""
        by_words = self._finder.found(text, limit, self.weights.passages)
        if self._reading is None:
            return by_words
        return self._reading.found(text, limit, by_words[0]) or by_words

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
        if not things or all(is_named(thing, whole.answer) for _, thing in things):
            return None
        asked = [(thing, self._trace(part, limit)) for part, thing in things]
        kept = {thing: part for thing, part in asked if answers_of(thing, part.answer)}
        quotes = {part.answer.text for part in kept.values()}
        if not quotes or (len(quotes) == 1 and whole.answer.citations):
            return None
        unanswered = tuple(thing for _, thing in things if thing not in kept)
        answer = joined(whole.answer, [part.answer for part in kept.values()], unanswered)
        return replace(whole, answer=answer, of_subquestions=tuple(kept.values()))

    def _trace(self, text: str, limit: int) -> Trace:
        """The answer that words find, or where they are not sure, what a reader finds."""
        read, repairs = self._finder.read(text)
        found, hits = self._finder.found(read, limit, self.weights.passages)
        asking = _Asking(text, repairs, tuple(hits), found)
        ranked = self._ranked(candidates(found, self.weights.units), found)
        by_words = self._by_words(asking, ranked) if ranked else None
        trace = self._by_meaning(asking, read, limit, by_words) or by_words
        if trace is not None:
            return trace
        answer = Answer(text, Verdict.DECLINED, 0.0, (), tuple(hits), repairs=repairs)
        return Trace(answer, self._finder.unfound(read), found)

    def _ranked(self, ranked: list[Candidate], found: Sequence[Found]) -> list[Candidate]:
        """The units, before them those below a heading that asks the same."""
        above = asked_above(found)
        below = candidates([above], self.weights.units) if above is not None else []
        # In the order of the passage, since its first paragraph answers.
        below.sort(key=lambda one: one.position)
        others = (one for one in ranked if not below or one.passage.id != below[0].passage.id)
        return [*(replace(one, is_asked_above=True) for one in below), *others]

    def _by_words(self, asking: "_Asking", ranked: Sequence[Candidate]) -> Trace:
        words = self._store.located_terms(ranked[0].passage)[1]
        self._store.expect(
            terms=(word for word in words if word[0] != STOP),
            documents=(ranked[0].passage.document_id,),
        )
        block = block_of(ranked, self._finder.idf, self.weights.spans)
        features = confidence_features(ranked, block.quote, block.likely)
        confidence = probability(features, self.weights.confidence)
        return self._answered(asking, block, features, confidence, self.weights.threshold)

    def _by_meaning(
        self, asking: "_Asking", read: str, limit: int, by_words: Trace | None
    ) -> Trace | None:
        """The answer that a reader finds; None where there is none, or no need of it."""
        reading, weights = self._reading, self.weights.read
        if reading is None or weights is None:
            return None
        if by_words is not None and (
            by_words.is_asked_above or by_words.answer.confidence >= weights.sure
        ):
            return None
        understood = reading.understood(read, asking.found, limit)
        if understood is None:
            return None
        block = understood.block
        told = confidence_features(block.ranked, block.quote, block.likely)
        features = {
            **{name: told[name] for name in COUNTED if name in told},
            **understood.features,
            **_agreement(block.ranked[0], by_words),
        }
        confidence = probability(features, weights.confidence)
        hits = tuple(behind([one.hit for one in understood.found], asking.hits)[:limit])
        asking = replace(asking, hits=hits, found=understood.found, readings=understood.readings)
        trace = self._answered(asking, block, features, confidence, weights.threshold)
        answer = replace(
            trace.answer, reader=reading.reader.name, has_vectors=understood.has_vectors
        )
        return replace(trace, answer=answer, blocks=understood.blocks)

    def _answered(
        self,
        asking: "_Asking",
        block: Block,
        features: Mapping[str, float],
        confidence: float,
        threshold: float,
    ) -> Trace:
        """The answer that quotes a block, where it is sure enough."""
        best = block.ranked[0]
        is_asked_above = best.is_asked_above or asked_headings.is_asked_before(best)
        if is_asked_above:
            confidence = max(confidence, asked_headings.CONFIDENCE)
        asked = block.ranked[0].found.asked
        citations = tuple(
            cited(self._store, block.passage, block.spans, block.selection, block.short)
        )
        is_answered = confidence >= (threshold if self._threshold is None else self._threshold)
        shown = citations if is_answered else ()
        answer = Answer(
            question=asking.text,
            verdict=Verdict.ANSWERED if is_answered else Verdict.DECLINED,
            confidence=confidence,
            citations=shown,
            hits=asking.hits,
            short_confidence=(
                _short_confidence(asked.question, block.selection, block.short, confidence)
                if is_answered
                else None
            ),
            withheld=() if is_answered else citations,
            nearest=self._nearest(block.ranked, shown, asking.readings),
            repairs=asking.repairs,
        )
        return Trace(
            answer=answer,
            asked=asked,
            found=asking.found,
            candidates=block.ranked,
            selection=block.selection,
            features=features,
            is_asked_above=is_asked_above,
            readings=asking.readings,
        )

    def knows(self, term: str) -> bool:
        """Whether the documents have a term."""
        return self._finder.knows(term)

    def _nearest(
        self,
        ranked: Sequence[Candidate],
        citations: Sequence[Citation],
        readings: Mapping[str, Reading],
    ) -> tuple[Citation, ...]:
        """The closest sections beside what is cited."""
        return tuple(
            closest_of(self._store, one.passage, one.lines, one.mark)
            for one in closest_sections(ranked, citations, readings)
        )


@dataclass(frozen=True, slots=True)
class _Asking:
    """What was asked, what was found, and what a reader made of it."""

    text: str
    repairs: tuple[Repair, ...]
    hits: tuple[Hit, ...]
    found: Sequence[Found]
    readings: Mapping[str, Reading] = field(default_factory=dict)


def _agreement(best: Candidate, by_words: Trace | None) -> dict[str, float]:
    """Whether words find the same, and how sure of it they are."""
    # Words that find nothing are as unsure as words can be.
    confidence = 0.0 if by_words is None else by_words.answer.confidence
    bounded = min(max(confidence, 0.01), 0.99)
    odds = math.log(bounded / (1 - bounded)) / 5
    if by_words is None:
        return {"words_odds": odds}
    first = by_words.candidates[0]
    is_same = first.passage.id == best.passage.id
    return {
        "words_same": float(is_same),
        "words_same_unit": float(is_same and first.position == best.position),
        "words_odds": odds,
        "words_odds_same": odds * is_same,
    }


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
