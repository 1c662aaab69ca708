"""The features of what stands around the words of a quote that may answer."""

import re
from collections.abc import Iterable, Sequence

from retrieval.questions.question import Question
from retrieval.scoring.spans import REACH, Spans
from retrieval.text.english_words import (
    DETERMINERS,
    JOINS,
    LINKS,
    NAMING,
    PREPOSITIONS,
    RELATIVES,
    SCALES,
)
from retrieval.text.tokens import Token

_WHAT = re.compile(r"\b(?:what|which|how many|how much)\b", re.I)
_OPENING_QUOTES, _CLOSING_QUOTES = "\"“‘'", "\"”’'"
_OF_NAMES = ("name", "mixed")
_OF_NUMBERS = ("date", "number", "counted")
_CLASSES = (
    ("determiner", DETERMINERS),
    ("naming", NAMING),
    ("of", frozenset({"of"})),
    ("by", frozenset({"by"})),
    ("in", frozenset({"in", "at", "on"})),
    ("preposition", PREPOSITIONS),
    ("link", LINKS),
    ("join", JOINS),
    ("relative", RELATIVES),
)


class Surroundings:
    """What stands around each word of a quote, worked out once for all spans of it.

    `idf` is how much each word says, 0 for a stop word.
    """

    def __init__(self, question: Question, spans: Spans, idf: Sequence[float]) -> None:
        self._kind = question.kind.value
        self._words, self._plain, self._gaps = spans.tokens, spans.plain, spans.gaps
        self._asked, self._capital = spans.asked, spans.capital
        self._number, self._date = spans.number, spans.date
        self._idf = idf
        read = range(min(len(self._words), REACH))
        self._before = [self._what_precedes(n) for n in read]
        self._after = [self._what_follows(n) for n in read]
        self._terms = [word.term for word in self._words]
        self._term_before = _last_terms(self._words)
        self._term_after = _last_terms(self._words[::-1])[::-1]
        self._anchors = [n for n, asked in enumerate(self._asked) if asked]
        self._focus = _focus(question)
        self._last_asked = next(
            (word.term for word in reversed(question.tokens) if not word.is_stop_word), ""
        )

    def first(self, place: int) -> dict[str, float]:
        """What stands before a span that begins with a word."""
        near = [n for n in self._anchors if n < place]
        before, term = self._before[place], self._term_before[place]
        found = {
            f"before_{before}": 1.0,
            f"before_{before}_{self._kind}": 1.0,
            "near_left": 1 / (place - near[-1]) if near else 0.0,
            "nearness": sum([self._idf[n] / (place - n) for n in near]) / 10,
        }
        if term == self._last_asked:
            found["follows_last_asked"] = 1.0
        if self._focus and term == self._focus:
            found["follows_focus"] = 1.0
        return found

    def last(self, place: int) -> dict[str, float]:
        """What stands behind a span that ends with a word."""
        near = [n for n in self._anchors if n > place]
        after, term = self._after[place], self._term_after[place]
        found = {
            f"after_{after}": 1.0,
            "near_right": 1 / (near[0] - place) if near else 0.0,
            "nearness": sum([self._idf[n] / (n - place) for n in near]) / 10,
        }
        if term == self._last_asked:
            found["precedes_last_asked"] = 1.0
        if self._focus and term == self._focus:
            found["precedes_focus"] = 1.0
        return found

    def both(self, first: int, last: int, shape: str) -> dict[str, float]:
        """What stands on both sides, and whether the span ends where a phrase does."""
        has_left = bool(self._anchors) and self._anchors[0] < first
        has_right = bool(self._anchors) and self._anchors[-1] > last
        found = {
            "between": float(has_left and has_right),
            "after_all": float(has_left and not has_right),
        }
        if self._before[first] == self._after[last] == "quotation":
            found["quoted"] = 1.0
        if shape in _OF_NAMES and self._cuts_name(first, last):
            found["cuts_name"] = 1.0
        if shape in _OF_NUMBERS and self._cuts_number(first, last):
            found["cuts_number"] = 1.0
        if self._focus:
            inside = self._terms[first : last + 1]
            if inside[-1] == self._focus:
                found["ends_in_focus"] = 1.0
            elif self._focus in inside:
                found["holds_focus"] = 1.0
        return found

    def _what_precedes(self, place: int) -> str:
        """What stands right before a word."""
        gap = self._gaps[place]
        if gap:
            return "quotation" if gap[-1] in _OPENING_QUOTES else "punctuation"
        return self._class(place - 1) if place else "start"

    def _what_follows(self, place: int) -> str:
        """What stands right after a word."""
        gap = self._gaps[place + 1]
        if gap:
            return "quotation" if gap[0] in _CLOSING_QUOTES else "punctuation"
        return self._class(place + 1) if place + 1 < len(self._words) else "end"

    def _class(self, place: int) -> str:
        """What a word beside the span is."""
        plain = self._plain[place]
        for name, members in _CLASSES:
            if plain in members:
                return name
        if self._asked[place]:
            return "asked"
        if self._words[place].is_stop_word:
            return "other_stop_word"
        return "verb" if plain.endswith(("ed", "es")) else "word"

    def _cuts_name(self, first: int, last: int) -> bool:
        """Whether a capitalised word adjoins; the first word of a quote is one, name or not."""
        before, after = first - 1, last + 1
        if before > 0 and not self._gaps[first] and self._capital[before]:
            return True
        return self._adjoins(after) and self._capital[after]

    def _cuts_number(self, first: int, last: int) -> bool:
        """Whether a number, a date or what scales a number adjoins."""
        before, after = first - 1, last + 1
        if first and not self._gaps[first] and (self._number[before] or self._date[before]):
            return True
        return self._adjoins(after) and (
            self._number[after] or self._date[after] or self._plain[after] in SCALES
        )

    def _adjoins(self, place: int) -> bool:
        """Whether a word is there, with only blanks between it and the one before."""
        return place < len(self._words) and not self._gaps[place]


def _last_terms(words: Iterable[Token]) -> list[str | None]:
    """For each word the term of the last one before it that is no stop word; None without one."""
    found: list[str | None] = []
    term = None
    for word in words:
        found.append(term)
        if not word.is_stop_word:
            term = word.term
    return found


def _focus(question: Question) -> str:
    """The noun that says what is asked for: the first word after "what", "which", "how many"."""
    match = _WHAT.search(question.text)
    if match is None:
        return ""
    following = (word for word in question.tokens if word.start >= match.end())
    return next((word.term for word in following if not word.is_stop_word), "")
