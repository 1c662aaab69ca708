"""BM25 as the other engines compute it, by what OpenSearch can be told of it.

Lucene's statistics are of the passages that have a field, those of the other engines of all. So a
passage that has no term in a field has one that stands for none; then the number of passages is
right, but their mean length in the field is too high. What a length counts for is told so that
both come to the same: with `t` terms and `e` passages without one, `k1' = k1 (1 - b) + k1 b (t +
e) / t` and `b' = 1 - k1 (1 - b) / k1'`.
"""

from collections.abc import Mapping

from retrieval.index.entries import Entry
from retrieval.search.engine import FIELDS

_K1, _B = 1.2, 0.75  # those of the other engines

_WITHOUT_FACTOR = 3
"""The version of OpenSearch from which on a score is not multiplied by 1 + k1."""


class Lengths:
    """How many terms some entries have in each field, and how many of them have none."""

    def __init__(self) -> None:
        self._terms = dict.fromkeys(FIELDS, 0)
        self._empty = dict.fromkeys(FIELDS, 0)

    def add(self, entry: Entry) -> None:
        """Count another entry."""
        for name in FIELDS:
            count = len(getattr(entry.fields, name))
            self._terms[name] += count
            self._empty[name] += not count

    def saturation(self) -> dict[str, float]:
        """The `k1` of each field."""
        share = {
            name: 1 + self._empty[name] / terms if terms else 1.0
            for name, terms in self._terms.items()
        }
        return {name: _K1 * (1 - _B) + _K1 * _B * one for name, one in share.items()}


def similarities(saturation: Mapping[str, float]) -> dict[str, dict[str, object]]:
    """The similarity of each field, as settings of an index; with no `k1`, as in other engines."""
    k1 = {name: saturation.get(name, _K1) for name in FIELDS}
    return {
        name: {"type": "BM25", "k1": one, "b": 1 - _K1 * (1 - _B) / one} for name, one in k1.items()
    }


def weights(saturation: Mapping[str, float], version: int) -> dict[str, float]:
    """How much the score of each field counts, so that it does not depend on its `k1`."""
    if version >= _WITHOUT_FACTOR:
        return dict(FIELDS)
    return {
        name: weight * (1 + _K1) / (1 + saturation.get(name, _K1))
        for name, weight in FIELDS.items()
    }
