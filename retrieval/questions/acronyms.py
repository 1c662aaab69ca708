"""Acronyms that the documents themselves define: "Palestine Liberation Organization (PLO)"."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise

from retrieval.text.tokens import terms

_ACRONYM = re.compile(r" \((?:the )?([A-Z][A-Z&]{1,8})s?\)")
_MOST_WORDS, _MOST_LETTERS = 10, 200
_SMALL = {"of", "the", "and", "for", "in", "on", "to", "de", "del", "la", "des", "du", "et", "y"}


class Acronyms:
    """Which acronym stands for which words, by the terms of both."""

    def __init__(self, defined: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        self._expansions: dict[str, set[tuple[str, ...]]] = {}
        self._by_first_term: dict[str, set[tuple[tuple[str, ...], str]]] = {}
        for acronym, expansion in defined:
            self._expansions.setdefault(acronym, set()).add(expansion)
            self._by_first_term.setdefault(expansion[0], set()).add((expansion, acronym))
        self._first_words = frozenset(chain(self._expansions, self._by_first_term))
        self._seconds = {
            first: frozenset(expansion[:2][-1] for expansion, _ in found)
            for first, found in self._by_first_term.items()
        }
        self._beginnings = {
            expansion[:2] for found in self._expansions.values() for expansion in found
        }

    def may_stand_in(self, words: frozenset[str]) -> bool:
        """Whether some words hold an acronym, or the first two of what one stands for."""
        return any(
            one in self._expansions or not self._seconds[one].isdisjoint(words)
            for one in self._first_words & words
        )

    def added_to(self, content: list[str]) -> Sequence[str]:
        """The terms with the expansion behind each acronym, the acronym behind each expansion; the
        list itself where there is neither."""
        # Hardly any text has one of them, and this looks at each word once, in native code.
        there = self._first_words.intersection(content)
        if not there or (
            self._expansions.keys().isdisjoint(there)
            and self._beginnings.isdisjoint(pairwise(content))
        ):
            return content
        found: list[str] = []
        waiting: list[tuple[int, str]] = []
        for place, term in enumerate(content):
            found.append(term)
            if term in self._expansions:
                for expansion in sorted(self._expansions[term]):
                    found.extend(expansion)
            if term in self._by_first_term:
                for expansion, acronym in sorted(self._by_first_term[term]):
                    end = place + len(expansion)
                    if tuple(content[place:end]) == expansion:
                        waiting.append((end - 1, acronym))
            if waiting:
                found.extend(acronym for end, acronym in waiting if end == place)
        return found


def definitions(text: str, language: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The terms of each acronym and of the words before it whose initials it is made of."""
    for match in _ACRONYM.finditer(text):
        letters = match[1].replace("&", "").lower()
        # Only so far back, since a text may have neither blanks nor ends of lines.
        before = text[max(match.start() - _MOST_LETTERS, 0) : match.start()].splitlines()
        words = (before[-1] if before else "").replace("-", " ").split()[-_MOST_WORDS:]
        for first in range(len(words) - 1, -1, -1):
            large = [word for word in words[first:] if word.lower() not in _SMALL]
            if words[first].lower() in _SMALL or len(large) < len(letters):
                continue
            if "".join(word[0].lower() for word in large) == letters:
                acronym = terms(match[1], language)
                expansion = terms(" ".join(words[first:]), language)
                if len(acronym) == 1 and len(expansion) > 1:
                    yield acronym[0], tuple(expansion)
            break
