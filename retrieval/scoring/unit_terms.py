"""What the scorers know of the words of a unit: its terms, what follows what, and its signs."""

import re
from collections.abc import Callable, Iterable, Sequence, Set
from functools import cached_property
from itertools import pairwise

from retrieval.questions.acronyms import Acronyms
from retrieval.questions.question import directions_in
from retrieval.text.english import MONTH_TERMS
from retrieval.text.english_words import COUNTS, REFERRING, YEAR
from retrieval.text.tokens import STOP, bare, content_of

_YEAR = re.compile(YEAR)
_CALLED = re.compile(r"\b(?:called|known as|named|termed|referred to as|titled|dubbed)\b|[\"“]")
_REASON = re.compile(
    r"\b(?:because|due to|since|so that|in order to|led to|caused?|results?|resulted|therefore"
    r"|thus|owing to|allow(?:s|ed|ing)?|reasons?|as a result|prevent(?:s|ed)?|to avoid)\b",
    re.I,
)
# What says where to read on, and what says what something is.
_POINTS = re.compile(
    r"\b(?:see|see also|refer to|described in|documented (?:in|at)|for more)\b", re.I
)
_DEFINES = re.compile(
    r"\b(?:is|are|means|refers to|stands for|denotes|represents|defines|specifies|describes)\b"
    r" (?:an?|the|used|what|how|whether|to)\b",
    re.I,
)
_INSTRUCTS = re.compile(
    r"^(?:to|use|run|type|press|click|choose|select|set|add|open|call|create|enter|install|make|you"
    r"|if you|first|then|in order)\b|\byou (?:can|may|must|should|need|have to)\b",
    re.I,
)
_PLACE = re.compile(r"\b(?:in|at|near|from|to|of|into|through|across|on) (?:the )?[A-Z]")
_REFERRING = REFERRING.union(f"{STOP}{word}" for word in REFERRING)
_WRITTEN = {
    "called": _CALLED,
    "reason": _REASON,
    "place": _PLACE,
    "points": _POINTS,
    "defines": _DEFINES,
    "instructs": _INSTRUCTS,
}
"""The signs that stand in a unit as it is written."""


class UnitTerms:
    """The words of a unit, an item's with those of the line that introduces it.

    `own` are its words with their `starts` in the quote, `lead` those of the line above, all as
    `located_terms` has them; without `acronyms`, none are looked for. What few questions look at is
    worked out when one does.
    """

    def __init__(
        self,
        quote: str,
        starts: Sequence[int],
        own: Sequence[str],
        acronyms: Acronyms | None = None,
        lead: Sequence[str] = (),
    ) -> None:
        self._quote = quote
        self._starts = starts
        self._own = own
        self._words = [*lead, *own] if lead else own
        content = content_of(self._words)
        self.content = acronyms.added_to(content) if acronyms else content
        self.set = frozenset(self.content)
        self.length = len(own)
        self.is_referring = not _REFERRING.isdisjoint(own[:2])
        self._signs: dict[str, bool] = {}

    @cached_property
    def names(self) -> frozenset[str]:
        """The terms of capitalised words; the first counts only where it is the whole or no
        word."""
        quote, starts, own = self._quote, self._starts, self._own
        first_counts = len(own) <= 3 or quote[starts[1]].isupper()
        return frozenset(
            word
            for place, (start, word) in enumerate(zip(starts, own, strict=True))
            if word[0] != STOP and quote[start].isupper() and (place or first_counts)
        )

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The terms of numbers."""
        words = zip(self._starts, self._own, strict=True)
        return frozenset(bare(word) for start, word in words if self._quote[start].isdigit())

    @cached_property
    def directions(self) -> frozenset[tuple[str, str]]:
        """The terms that stand behind "from" or "to", each with that."""
        return directions_in(list(map(bare, self._words)))

    def pairs_among(self, asked: Set[tuple[str, str]]) -> Set[tuple[str, str]]:
        """Those of some pairs of terms that follow each other, stop words passed over."""
        return held_among(asked, self.set, lambda: pairwise(self.content))

    def raw_pairs_among(self, asked: Set[tuple[str, str]]) -> Set[tuple[str, str]]:
        """Those of some pairs of words that follow each other, stop words counted."""
        words = list(map(bare, self._words))
        return held_among(asked, frozenset(words), lambda: pairwise(words))

    def has(self, sign: str) -> bool:
        """Whether it has a sign: "year", "month", "number", or one of those that are written."""
        if sign not in self._signs:
            written = _WRITTEN.get(sign)
            self._signs[sign] = (
                has_sign(self.numbers, self.set, sign)
                if written is None
                else written.search(self._quote) is not None
            )
        return self._signs[sign]


def has_sign(numbers: Set[str], held: Set[str], sign: str) -> bool:
    """Whether numbers and terms have the sign of a date or of a number."""
    if sign == "month":
        return not MONTH_TERMS.isdisjoint(held)
    if sign == "year":
        return any(_YEAR.fullmatch(number) for number in numbers)
    return any(not _YEAR.fullmatch(n) for n in numbers) or not COUNTS.isdisjoint(held)


def held_among(
    asked: Set[tuple[str, str]], held: Set[str], pairs: Callable[[], Iterable[tuple[str, str]]]
) -> Set[tuple[str, str]]:
    """Those of some pairs that are among others, whose terms are all held."""
    # Most texts do not even hold both terms of one.
    left = {pair for pair in asked if pair[0] in held and pair[1] in held}
    return left.intersection(pairs()) if left else left
