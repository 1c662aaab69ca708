"""A conversation: questions that may leave out what the one before them said."""

from retrieval.answer.answer import Answer
from retrieval.answer.answering import Answerer
from retrieval.questions.follow_ups import Turn, completed


class Conversation:
    """Questions that may leave out what the one before them said; one for each person or thread."""

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer
        self._previous: Turn | None = None

    def ask(self, text: str, limit: int = 10) -> Answer:
        """The answer to a question, whose own `question` is the completed one.

        QuestionError where it is empty or too long; the conversation goes on from before it.
        """
        answer = self._answerer.answer(completed(text, self._previous), limit)
        self._previous = Turn(answer.question, answer.short_answer)
        return answer
