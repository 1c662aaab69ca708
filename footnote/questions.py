"""For front ends: what a message asks, and what it leaves out that was said before."""

from retrieval.questions.follow_ups import completed
from retrieval.questions.question import Kind, Question
from retrieval.questions.talk import is_talk, is_thanks
from retrieval.questions.turns import Turn

__all__ = [
    "Kind",
    "Question",
    "Turn",
    "completed",
    "is_talk",
    "is_thanks",
]
