"""Judging: what counts of a block, of the sentences marked in it, and of the closest sections."""

from dataclasses import replace

import pytest
from corpora import document
from hypothesis import given
from hypothesis import strategies as st

from knowledge.documents import Document, Span
from retrieval.answer.answer import Answer, Citation, Verdict
from retrieval.answer.answering import Answerer
from retrieval.evaluation.judging import Judge, Outcome
from retrieval.evaluation.question_sets import Evidence, JudgedQuestion
from retrieval.index.memory import index_of
from retrieval.search.rank_bm25 import RankBM25Engine

COUNT = 12
SENTENCES = [f"Fact{n:02} is here." for n in range(COUNT)]
DOCUMENT = document(" ".join(SENTENCES))
INDEX = index_of([DOCUMENT])
FACTS = st.sampled_from([f"fact{n:02}" for n in range(COUNT)])
PLACES = st.integers(0, COUNT - 1)
SPANS = st.tuples(PLACES, PLACES).map(sorted).map(tuple)


def _span(first: int, last: int) -> Span:
    start, end = DOCUMENT.text.index(SENTENCES[first]), DOCUMENT.text.index(SENTENCES[last])
    return Span(start, end + len(SENTENCES[last]))


def _cited(
    block: tuple[int, int], marked: tuple[int, int] | None = None, of: Document = DOCUMENT
) -> Citation:
    """A quote from one sentence to another, some of them marked."""
    span = _span(*block)
    marks = () if marked is None else (_span(*marked),)
    return Citation(of.id, of.title, (), of.source, span, 1, span.of(of.text), marks)


class _Says(Answerer):
    """Gives one answer to everything."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(INDEX, RankBM25Engine(INDEX))
        self._answer = answer

    def answer(self, text: str, limit: int = 10) -> Answer:
        return self._answer


def _outcome(
    question: JudgedQuestion,
    quotes: list[Citation],
    nearest: list[Citation] | None = None,
    is_answered: bool = True,
) -> Outcome:
    answered = is_answered and bool(quotes)
    answer = Answer(
        question=question.question,
        verdict=Verdict.ANSWERED if answered else Verdict.DECLINED,
        confidence=0.5,
        citations=tuple(quotes) if answered else (),
        hits=(),
        withheld=() if answered else tuple(quotes),
        nearest=tuple(nearest or ()),
    )
    return Judge(INDEX, _Says(answer)).outcome(question)


def _asked(fact: str, by: str) -> JudgedQuestion:
    return JudgedQuestion.model_validate({"id": "1", "question": "a?", by: [fact]})


@st.composite
def _blocks(draw: st.DrawFn) -> Citation:
    first, last = draw(SPANS)
    marked = sorted(draw(st.tuples(st.integers(first, last), st.integers(first, last))))
    return _cited((first, last), (marked[0], marked[1]))


BY = st.sampled_from(["answers", "patterns"])


@given(FACTS, BY, _blocks(), st.lists(SPANS.map(_cited), max_size=5), st.booleans())
def test_the_scores_of_a_quote_imply_each_other(
    fact: str, by: str, block: Citation, nearest: list[Citation], is_answered: bool
) -> None:
    """Marked right is right, and with its neighbours; answered right helps."""
    scores = _outcome(_asked(fact, by), [block], nearest, is_answered).scores
    assert scores["sentence"] <= scores["neighbour"]
    assert scores["sentence"] <= scores["right"]
    assert scores["recall"] == scores["right"] * is_answered
    assert scores["recall"] <= scores["helped"]
    assert scores.get("precision") == (scores["right"] if is_answered else None)
    assert scores["recall"] <= scores["answers"]


@given(FACTS, BY, _blocks(), SPANS, st.booleans())
def test_a_longer_block_flatters_no_sentence(
    fact: str, by: str, block: Citation, around: tuple[int, int], is_answered: bool
) -> None:
    """What is quoted around the marks counts for the block, and for nothing else."""
    wide = Span(
        min(block.span.start, _span(*around).start), max(block.span.end, _span(*around).end)
    )
    longer = replace(block, span=wide, quote=wide.of(DOCUMENT.text))
    short, long = (_outcome(_asked(fact, by), [one], [], is_answered) for one in (block, longer))
    for name in ("sentence", "neighbour"):
        assert short.scores[name] == long.scores[name]
    for name in ("right", "recall", "helped"):
        assert short.scores[name] <= long.scores[name]


@given(st.integers(1, COUNT - 2), PLACES, BY)
def test_a_neighbour_is_the_sentence_before_or_after(marked: int, fact: int, by: str) -> None:
    """The sentences beside the marked one count, and none further away."""
    block = _cited((0, COUNT - 1), (marked, marked))
    scores = _outcome(_asked(f"fact{fact:02}", by), [block]).scores
    assert scores["sentence"] == (fact == marked)
    assert scores["neighbour"] == (abs(fact - marked) <= 1)
    assert scores["right"] == 1


@given(FACTS, BY, st.lists(SPANS.map(_cited), max_size=5))
def test_a_decline_helps_by_its_closest_sections(
    fact: str, by: str, nearest: list[Citation]
) -> None:
    """One of the first three is enough; what was withheld is not shown and does not count."""
    question = _asked(fact, by)
    helps = [question.is_answered_by(one.quote) for one in nearest[:3]]
    everything = [_cited((0, COUNT - 1), (0, COUNT - 1))]
    scores = _outcome(question, everything, nearest, is_answered=False).scores
    assert scores["helped"] == any(helps)
    assert scores["recall"] == 0


@pytest.mark.parametrize(
    ("words", "is_answered", "right"),
    [(150, True, 1), (151, True, 0), (40, False, 1), (41, False, 0)],
)
def test_the_end_of_a_long_quote_does_not_count(words: int, is_answered: bool, right: int) -> None:
    """An answer is read to its 150th word, one of the closest sections to its 40th."""
    of = document(" ".join(f"word{n:03}" for n in range(words)))
    whole = Span(0, len(of.text))
    quote = Citation(of.id, of.title, (), of.source, whole, 1, of.text, (whole,))
    shown = {"citations": (quote,)} if is_answered else {"nearest": (quote,)}
    verdict = Verdict.ANSWERED if is_answered else Verdict.DECLINED
    answer = Answer("a?", verdict, 0.5, **{"citations": (), "hits": (), **shown})
    judge = Judge(index_of([of]), _Says(answer))
    scores = judge.outcome(_asked(f"word{words - 1:03}", "patterns")).scores
    assert scores["helped"] == right
    assert scores["recall"] == (right if is_answered else 0)


@given(_blocks(), SPANS)
def test_evidence_alone_judges_by_place(block: Citation, place: tuple[int, int]) -> None:
    """Without answers and patterns, what shares words with the evidence is right."""
    quote = _span(*place).of(DOCUMENT.text)
    evidence = (Evidence(document=DOCUMENT.id, quote=quote),)
    question = JudgedQuestion(id="1", question="a?", evidence=evidence)
    scores = _outcome(question, [block]).scores
    meets = _span(*place).start < block.span.end and block.span.start < _span(*place).end
    assert scores["right"] == scores["recall"] == scores["precision"] == meets
    assert not {"sentence", "neighbour", "helped", "em", "f1"} & scores.keys()


@given(_blocks(), st.booleans())
def test_what_is_to_be_declined_is_never_right(block: Citation, is_answered: bool) -> None:
    """Such a question has a part in `declines`, and in `precision` where it was answered."""
    question = JudgedQuestion(id="1", question="a?")
    scores = _outcome(question, [block], [block], is_answered).scores
    assert scores["right"] == 0
    assert scores["declines"] == (not is_answered)
    assert ("precision" in scores) == is_answered
    assert not {"answers", "recall", "helped", "sentence"} & scores.keys()


def test_context_is_no_wrong_citation() -> None:
    """Of a block in several quotes, those that mark nothing claim nothing."""
    quote = SENTENCES[3]
    evidence = (Evidence(document=DOCUMENT.id, quote=quote),)
    question = JudgedQuestion(id="1", question="a?", answers=("fact03",), evidence=evidence)
    quotes = [_cited((n, n), (n, n) if n == 3 else None) for n in range(5)]
    scores = _outcome(question, quotes).scores
    assert scores["citation_precision"] == scores["citation_recall"] == 1


def test_words_that_answer_are_judged_by_answers_alone() -> None:
    """A pattern says nothing of where the words that answer begin and end."""
    block = _cited((0, 2), (1, 1))
    assert {"em", "f1"} <= _outcome(_asked("fact01", "answers"), [block]).scores.keys()
    assert not {"em", "f1"} & _outcome(_asked("fact01", "patterns"), [block]).scores.keys()
