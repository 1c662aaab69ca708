"""A conversation: questions that may leave out what the one before them said."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from retrieval.answer.answer import Answer, Citation, Verdict
from retrieval.questions.follow_ups import completed
from retrieval.questions.talk import is_talk
from retrieval.questions.turns import Turn
from retrieval.text.lexicon import related
from retrieval.text.tokens import terms

_MOST_NEAREST = 3


class Conversation:
    """Questions that may leave out what the one before them said; one for each person or thread."""

    def __init__(self, ask: Callable[[str, int], Answer]) -> None:
        self._ask = ask
        self._previous: Turn | None = None

    def ask(self, text: str, limit: int = 10) -> Answer:
        """The answer to a question, whose own `question` is the completed one.

        Talk such as "thanks!" is declined without a search. QuestionError where it is empty or too
        long; the conversation goes on from before it.
        """
        if is_talk(text):
            return Answer(text, Verdict.DECLINED, 0.0, (), ())
        turn = completed(text, self._previous)
        answer = answer_to(turn, lambda question: self._ask(question, limit))
        self._previous = turn.answered(answer.short_answer)
        return answer


def answer_to(turn: Turn, ask: Callable[[str], Answer]) -> Answer:
    """The answer to a turn's question; declined where it says nothing of what the turn added.

    "What about X?" is completed with the words of the question before, and these alone may find
    what answered that.
    """
    answer = ask(turn.question)
    added = _meant_by(turn.added, answer)
    if answer.verdict is Verdict.DECLINED or not added or added & _said_in(answer.citations):
        return answer
    nearest = (answer.citations[0], *answer.nearest)[:_MOST_NEAREST]
    return replace(
        answer,
        verdict=Verdict.DECLINED,
        citations=(),
        withheld=answer.citations,
        nearest=nearest,
    )


def _meant_by(text: str, answer: Answer) -> set[str]:
    """The terms of a text as the question was read, and those that mean the same."""
    for repair in answer.repairs:
        text = text.replace(repair.asked, repair.read_as)
    asked = set(terms(text))
    return asked.union(*map(related, asked))


def _said_in(citations: Iterable[Citation]) -> set[str]:
    """The terms of quotes, their headings and titles."""
    texts = (" ".join((one.quote, one.title, *one.heading)) for one in citations)
    return set(terms(" ".join(texts)))
