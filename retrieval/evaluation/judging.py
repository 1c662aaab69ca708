"""From a question and its answer to scores: what was right, by the judgements of the set."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from knowledge.documents import Document, Span
from knowledge.languages import ENGLISH
from knowledge.unmarking import readable
from retrieval.answer.answer import Answer, Citation, Verdict, answering_words
from retrieval.answer.answering import Answerer
from retrieval.answer.nearest import MOST_SECTIONS, MOST_WORDS
from retrieval.evaluation import measures
from retrieval.evaluation.evidence import Places
from retrieval.evaluation.question_sets import Evidence, JudgedQuestion
from retrieval.index.reading import Index
from retrieval.search.engine import Hit

DEPTH = 100
"""Ranks of documents that ranking measures and runs go down to."""

_HITS = 10
_SOME = 50
"""Questions that a process is given at a time."""

READ_OF_ANSWER = 150
"""Words of an answer, and of each of the closest sections, that count as read by a person."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a judged question.

    `scores` holds the values, by name, of the figures that the question has a part in. `quoted` is
    the best quote, declined or not, and `ranking` the documents by their best passage.
    """

    question: JudgedQuestion
    answer: Answer
    scores: Mapping[str, float]
    quoted: str
    ranking: tuple[str, ...]


class Judge:
    """Asks judged questions and scores what comes of them, over the documents of an index."""

    def __init__(self, index: Index, answerer: Answerer) -> None:
        self._index = index
        self._answerer = answerer
        self._evidence = Places(index)
        self._units: dict[str, list[Span]] = {}

    def outcome(self, question: JudgedQuestion) -> Outcome:
        """Ask the question and score the answer."""
        answer = self._answerer.answer(question.question, DEPTH)
        hits = answer.hits
        answer = replace(answer, hits=hits[:_HITS])
        ranking = tuple(dict.fromkeys(hit.passage.document_id for hit in hits))
        right = self._is_right(question, answer.best_quotes)
        scores = {
            **self._ranking_scores(question, hits, ranking),
            **self._quote_scores(question, answer),
            **_decision_scores(question, answer, right),
        }
        if question.judges_quotes:
            scores["helped"] = float(scores["recall"] == 1 or self._is_near(question, answer))
        return Outcome(question, answer, scores, _text(answer.best_quotes), ranking)

    def _ranking_scores(
        self, question: JudgedQuestion, hits: Sequence[Hit], ranking: Sequence[str]
    ) -> dict[str, float]:
        relevant = [evidence for evidence in question.evidence if evidence.grade > 0]
        if not relevant:
            return {}
        places = [self._places(evidence) for evidence in relevant]
        found = [
            frozenset(
                number
                for number, (evidence, spans) in enumerate(zip(relevant, places, strict=True))
                if evidence.document == hit.passage.document_id
                and (spans is None or any(hit.passage.span.holds(span) for span in spans))
            )
            for hit in hits
        ]
        grades: dict[str, int] = {}
        for evidence in question.evidence:
            grades[evidence.document] = max(grades.get(evidence.document, 0), evidence.grade)
        return {
            "hit@1": measures.hit(found, 1),
            "hit@5": measures.hit(found, 5),
            "recall@5": measures.recall(found, len(relevant), 5),
            "rr@10": measures.reciprocal_rank(found, 10),
            "ndcg@10": measures.ndcg(ranking, grades, 10),
            "ap": measures.average_precision(ranking, grades),
        }

    def _quote_scores(self, question: JudgedQuestion, answer: Answer) -> dict[str, float]:
        scores: dict[str, float] = {}
        quotes = answer.best_quotes
        if quotes:
            scores["fidelity"] = float(all(self._is_slice(citation) for citation in quotes))
        if question.judges_quotes:
            marked = "\n".join(c.marked for c in quotes)
            sentence = self._is_answered(question, marked, quotes)
            neighbour = sentence or self._is_answered(question, self._widened(quotes), quotes)
            scores |= {"sentence": float(sentence), "neighbour": float(neighbour)}
        if question.answers:
            words, language = answering_words(quotes) or "", self._language_of(quotes)
            scores["em"] = measures.exact_match(words, question.answers, language)
            scores["f1"] = measures.f1(words, question.answers, language)
        if question.evidence and answer.citations:
            scores |= self._citation_scores(question, answer.citations)
        return scores

    def _citation_scores(
        self, question: JudgedQuestion, citations: Sequence[Citation]
    ) -> dict[str, float]:
        """Precision over the quotes with marks, recall over the evidence."""
        relevant = [evidence for evidence in question.evidence if evidence.grade > 0]
        fits = [[self._supports(c, evidence) for evidence in relevant] for c in citations]
        # What marks nothing is context, which claims nothing.
        of_marked = [fit for fit, c in zip(fits, citations, strict=True) if c.marks] or fits
        return {
            "citation_precision": sum(map(any, of_marked)) / len(of_marked),
            "citation_recall": sum(map(any, zip(*fits, strict=True))) / len(relevant),
        }

    def _supports(self, citation: Citation, evidence: Evidence) -> bool:
        """Whether a citation is in the evidence's document and shares words with its quote."""
        if citation.document_id != evidence.document:
            return False
        places = self._places(evidence)
        return places is None or any(
            span.start < citation.span.end and citation.span.start < span.end for span in places
        )

    def _is_right(self, question: JudgedQuestion, quotes: Sequence[Citation]) -> bool:
        """Whether the quoted block answers.

        It holds an answer or matches a pattern; where there are neither, it stands where the
        evidence is.
        """
        if question.judges_quotes:
            read = _beginning(_text(quotes), READ_OF_ANSWER)
            return self._is_answered(question, read, quotes)
        return any(self._supports(c, e) for c in quotes for e in question.evidence if e.grade > 0)

    def _is_near(self, question: JudgedQuestion, answer: Answer) -> bool:
        """Whether what is shown of one of the closest sections answers."""
        return any(
            self._is_answered(question, _beginning(near.quote, MOST_WORDS), [near])
            for near in answer.nearest[:MOST_SECTIONS]
        )

    def _is_answered(self, question: JudgedQuestion, text: str, quotes: Sequence[Citation]) -> bool:
        """Whether a text of some quotes answers, as it stands or as people read it."""
        if not quotes:
            return False
        language = self._language_of(quotes)
        texts = (text, readable(text, quotes[0].source))
        return any(question.is_answered_by(one, language) for one in texts)

    def _places(self, evidence: Evidence) -> list[Span] | None:
        """Where the quote of some evidence stands; None where the whole document is evidence."""
        if evidence.quote is None:
            return None
        return self._evidence.of(evidence.document, evidence.quote)

    def _language_of(self, quotes: Sequence[Citation]) -> str:
        return self._index.documents[quotes[0].document_id].language if quotes else ENGLISH

    def _is_slice(self, citation: Citation) -> bool:
        return citation.span.of(self._index.documents[citation.document_id].text) == citation.quote

    def _widened(self, quotes: Sequence[Citation]) -> str:
        """The marks, each with the unit before and the unit after it."""
        return "\n".join(
            self._with_neighbours(self._index.documents[citation.document_id], mark)
            for citation in quotes
            for mark in citation.marks
        )

    def _with_neighbours(self, document: Document, mark: Span) -> str:
        units = self._units_of(document)
        first = max((unit.start for unit in units if unit.end <= mark.start), default=mark.start)
        last = min((unit.end for unit in units if unit.start >= mark.end), default=mark.end)
        return document.text[first:last]

    def _units_of(self, document: Document) -> list[Span]:
        if document.id not in self._units:
            passages = self._index.passages_of(document.id)
            self._units[document.id] = [unit.span for p in passages for unit in p.units]
        return self._units[document.id]


def _decision_scores(question: JudgedQuestion, answer: Answer, right: bool) -> dict[str, float]:
    is_answered = answer.verdict is Verdict.ANSWERED
    scores = {"right": float(right)}
    if is_answered:
        scores["precision"] = float(right)
    if question.must_be_declined:
        return {**scores, "declines": float(not is_answered)}
    return {**scores, "answers": float(is_answered), "recall": float(is_answered and right)}


def _text(quotes: Sequence[Citation]) -> str:
    return "\n".join(citation.quote for citation in quotes)


def _beginning(text: str, words: int) -> str:
    """The first so many words of a text."""
    return " ".join(text.split()[:words])


def judge_all(
    questions: Sequence[JudgedQuestion],
    build: Callable[[], Judge],
    processes: int,
    on_progress: Callable[[int], object],
) -> list[Outcome]:
    """The outcomes in the order of the questions, the same whatever the number of processes.

    `build` makes the judge, once in each process, and has to be picklable for more than one.
    `on_progress` is told how many more are done.
    """
    outcomes: list[Outcome] = []
    if processes == 1:
        judge = build()
        for question in questions:
            outcomes.append(judge.outcome(question))
            on_progress(1)
        return outcomes
    # Imported here since most question sets are small.
    from knowledge.workers import in_processes

    tasks = (partial(_outcomes, questions[n : n + _SOME]) for n in range(0, len(questions), _SOME))
    for found in in_processes(tasks, processes, ahead=4 * processes, start=partial(_start, build)):
        outcomes += found
        on_progress(len(found))
    return outcomes


_judge: Judge | None = None  # of a worker process


def _start(build: Callable[[], Judge]) -> None:
    global _judge
    _judge = build()


def _outcomes(questions: Sequence[JudgedQuestion]) -> list[Outcome]:
    assert _judge is not None, "the process was not started by judge_all"  # noqa: S101 (a mistake of ours)
    return [_judge.outcome(question) for question in questions]
