"""How much words are alike by their letters."""

from functools import lru_cache

LEAST_LENGTH = 4
"""Letters of a term that can be like another one."""

_LEAST_SIMILARITY = 0.5


@lru_cache(maxsize=1 << 12)
def _grams(term: str) -> frozenset[str]:
    """The runs of three letters of a term, its beginning marked."""
    marked = f"^{term}"
    return frozenset(marked[n : n + 3] for n in range(len(marked) - 2))


@lru_cache(maxsize=1 << 14)
def similarity(one: str, two: str) -> float:
    """The Dice coefficient of two terms' runs of three letters; 0 where they share little.

    It finds words of one root that stem apart ("invad", "invas").
    """
    if min(len(one), len(two)) < LEAST_LENGTH or one[0] != two[0]:
        return 0.0
    first, second = _grams(one), _grams(two)
    dice = 2 * len(first & second) / (len(first) + len(second))
    return dice if dice >= _LEAST_SIMILARITY else 0.0
