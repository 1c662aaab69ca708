"""For front ends: what a message asks, and what it leaves out that was said before."""

from retrieval.questions.follow_ups import Turn, completed
from retrieval.questions.question import Kind, Question

__all__ = [
    "Kind",
    "Question",
    "Turn",
    "completed",
]
