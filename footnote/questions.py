"""For front ends: whether a message asks and what, and what it leaves out that was said before."""

from retrieval.answer.conversation import answer_to
from retrieval.questions.follow_ups import completed
from retrieval.questions.question import looks_like_a_question
from retrieval.questions.talk import is_talk, is_thanks
from retrieval.questions.turns import Turn

__all__ = [
    "Turn",
    "answer_to",
    "completed",
    "is_talk",
    "is_thanks",
    "looks_like_a_question",
]
