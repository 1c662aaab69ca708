"""A conversation: questions that may leave out what the one before them said."""

from collections.abc import Callable

from retrieval.answer.answer import Answer, Verdict
from retrieval.questions.follow_ups import completed
from retrieval.questions.talk import is_talk
from retrieval.questions.turns import Turn


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
        answer = self._ask(turn.question, limit)
        self._previous = turn.answered(answer.short_answer)
        return answer
