"""For front ends: how much memory they may have."""

from knowledge.memory import memory_limit

__all__ = ["memory_limit"]
