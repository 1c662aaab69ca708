"""What WordNet knows of English words: which are related, and what part of speech each is.

The table is made by training/lexicon.py; SOURCES.md has its origin and licence.
"""

from bisect import bisect_left
from functools import cache, lru_cache
from pathlib import Path

_TABLE = Path(__file__).with_name("lexicon.txt")


def related(term: str) -> frozenset[str]:
    """The synonyms, derivations and irregular forms of a term; none for an unknown one."""
    return frozenset(_entry(term)[2:])


def part_of_speech(term: str) -> str:
    """What a term mostly is: n(oun), v(erb), a(djective) or r (adverb); "" for an unknown one."""
    entry = _entry(term)
    return entry[1] if entry else ""


def is_english(term: str) -> bool:
    """Whether the term is that of an English word."""
    return bool(_entry(term))


@lru_cache(maxsize=1 << 14)
def _entry(term: str) -> tuple[str, ...]:
    """The fields of a term's line; none where there is no such line."""
    # Searched, not parsed: a question has few words, and the table has tens of thousands.
    lines = _lines()
    key = f"{term} ".encode()
    place = bisect_left(lines, key)
    if place < len(lines) and lines[place].startswith(key):
        return tuple(lines[place].decode().split())
    return ()


@cache
def _lines() -> list[bytes]:
    return _TABLE.read_bytes().splitlines()
