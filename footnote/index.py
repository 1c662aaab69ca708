"""For front ends: passages by their keys, where everything is kept, and what was left out."""

from knowledge.errors import Obstacle
from retrieval.index.checksums import IndexDamagedError
from retrieval.index.engines import FEW
from retrieval.index.entries import KEY_LENGTH, Stored, key_of
from retrieval.index.folders import data_folder
from retrieval.index.reading import Index

__all__ = [
    "FEW",
    "KEY_LENGTH",
    "Index",
    "IndexDamagedError",
    "Obstacle",
    "Stored",
    "data_folder",
    "key_of",
]
