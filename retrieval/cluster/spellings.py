"""How words are written in the passages of a cluster, from which misspelt ones are repaired."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.cluster.entries import ClusterEntries

_MOST = 10_000

_SIGNS = re.compile(r"[^\w]")


class ClusterSpellings:
    """The spellings of an index; none is kept, since there may be millions."""

    def __init__(self, entries: "ClusterEntries") -> None:
        self._entries = entries

    def counts(self, words: list[str]) -> Mapping[str, int]:
        """Those of some words that passages have, with the number of passages."""
        terms = {"field": "spellings", "include": words, "size": len(words)}
        return self._entries.aggregated({"terms": {"spellings": words}}, terms)

    def near(self, word: str, edits: int) -> Mapping[str, int]:
        """The words within so many edits, and some others that begin with the same letter.

        The passages that have one are found by it, and are all that do: so their counts are exact.
        """
        fuzzy = {
            "value": word,
            "fuzziness": edits,
            "prefix_length": 1,
            "transpositions": True,
            "rewrite": "constant_score",
        }
        rest = f".{{{max(len(word) - 1 - edits, 0)},{len(word) - 1 + edits}}}"
        letter = _SIGNS.sub(r"\\\g<0>", word[0])
        terms = {
            "field": "spellings",
            "include": f"{letter}{rest}",
            "size": _MOST,
            "execution_hint": "map",
        }
        return self._entries.aggregated({"fuzzy": {"spellings": fuzzy}}, terms)
