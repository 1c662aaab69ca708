"""For front ends: documents in memory as a collection."""

from retrieval.opening import collection_of

__all__ = ["collection_of"]
