"""For front ends: documents out of what people hand over, and how many passages they have."""

from knowledge.chunking import passages_of
from knowledge.conversations import Message, conversation
from knowledge.loading import read_content

__all__ = ["Message", "conversation", "passages_of", "read_content"]
