"""For front ends: how an answer came about."""

from retrieval.answer.answering import Trace
from retrieval.scoring.weights import Model

__all__ = [
    "Model",
    "Trace",
]
