"""For front ends: what came of making vectors."""

from retrieval.meaning.making import Made

__all__ = ["Made"]
