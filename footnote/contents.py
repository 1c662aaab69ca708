"""For front ends: documents out of what people hand over."""

from knowledge.conversations import Message, conversation
from knowledge.loading import read_content

__all__ = ["Message", "conversation", "read_content"]
