"""The spans of a quote that may answer a question, and what each of its words is."""

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from operator import gt, or_
from typing import NamedTuple

from knowledge.documents import Span
from retrieval.questions.question import Kind, Question
from retrieval.text.english_words import (
    CURRENCIES,
    INITIALS,
    MAGNITUDE,
    MONTH,
    MONTHS,
    NUMBERS,
    SCALES,
    YEAR,
)
from retrieval.text.lexicon import part_of_speech
from retrieval.text.stemming import in_ascii_digits
from retrieval.text.tokens import tokens, without_parts

_READ = 200
"""Words of a quote that are looked at; no sentence is longer, and a file without full stops is."""

_LONGEST = 10
"""Words of the longest span that may answer."""

REACH = _READ + _LONGEST
"""Words of a quote up to which spans may reach."""

_YEAR = re.compile(YEAR)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEARS = rf"{YEAR}s?\b"
_TIME = r"\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]\.?m\b\.?)?(?!\d)|\d{1,2}\s?[ap]\.?m\b\.?"
_IN_DIGITS = r"\d{4}-\d\d-\d\d\b|\d{1,2}([./])\d{1,2}\1\d{2,4}\b|v\d[\d.]*"
_UNIT = r"[kKMGTP]i?[Bb]|[kMG]bit/s|[kcmµn]?m|[kmµ]g|m?l|[mµn]?s|[kMG]?Hz|[kMG]?W|km/h|°[CF]?"
# What is not cut in two: a time, a date, an amount with its currency, scale or unit, an initial
# with its name.
_WHOLE = re.compile(
    rf"\b(?:{_TIME}|{_IN_DIGITS})"
    rf"|\b{_DAY} (?:of )?{MONTH}\b(?:,? {_YEARS})?|\b{MONTH} {_DAY}\b(?:,? {_YEARS})?"
    rf"|\b{MONTH},? {_YEARS}|\b{_YEARS}(?:, {_YEARS})+"
    rf"|(?:\b[A-Z]{{1,3}})?[{CURRENCIES}]\s?\d[\d,.]*(?:[A-Za-z]{{1,3}}\b)?(?: {MAGNITUDE}\b)?"
    r"|\b\d[\d,.]*(?:[A-Za-z]{1,2}\b|\s?%)?"
    rf"(?: (?:{MAGNITUDE}|percent|per cent)\b| (?:{_UNIT})(?![\w/])|\s?[{CURRENCIES}](?!\d))?"
    rf"|\b{INITIALS}"
)
_PARTS = {"n": "noun", "v": "verb", "a": "adjective", "r": "adverb"}
_ENDS_OF_CLAUSES = re.compile(r"[.;:!?—()]")


def sums(values: Iterable[float]) -> list[float]:
    """The sum of the values before each place, and of all: what a span has is a difference of
    two."""
    return list(accumulate(values, initial=0.0))


class NumberedSpan(NamedTuple):
    """A span with the numbers of its first and its last word."""

    span: Span
    first: int
    last: int


class Spans:
    """The words of a quote, each with what it is, and the spans of them that may answer.

    For each word: `plain` is it in small letters, `asked` whether the question has it, `parts` its
    part of speech. `gaps` are what stands before each word and after the last. `stops` are how many
    stop words stand before each word, and in all.
    """

    def __init__(self, question: Question, quote: str) -> None:
        self._quote = quote
        self._question = question
        self.tokens = words = list(without_parts(tokens(quote, question.language)))
        self.plain = [in_ascii_digits(quote[word.start : word.end].casefold()) for word in words]
        self.gaps = self._gaps_between()
        self._whole = self._wholes()
        self.asked = [word.term in question.terms for word in words]
        self.capital = [quote[word.start].isupper() for word in words]
        self._digit = [quote[word.start].isdigit() for word in words]
        self.number = [
            digit or plain in NUMBERS or words[n].term.isdigit() or self._is_amount(n)
            for n, (digit, plain) in enumerate(zip(self._digit, self.plain, strict=True))
        ]
        self.date = [
            plain in MONTHS or _YEAR.fullmatch(plain.rstrip("s")) is not None
            for plain in self.plain
        ]
        self.parts_of_speech = [self._part(n) for n in range(len(words))]
        # What follows is of words that a span may reach.
        read = slice(REACH)
        date, digit, number, capital = (
            one[read] for one in (self.date, self._digit, self.number, self.capital)
        )
        stops = [word.is_stop_word for word in words[read]]
        self.stops = sums(stops)
        self._new = sums(map(self._is_new, range(len(stops))))
        self._dates = sums(date)
        self._of_dates = sums(map(or_, date, digit))
        self._amounts = sums(map(or_, number, [plain in SCALES for plain in self.plain[read]]))
        self._capitals = sums(map(gt, capital, stops))

    def _part(self, place: int) -> str:
        """A word's part of speech, roughly: names and numbers by their look."""
        word = self.tokens[place]
        if word.is_stop_word:
            return "stop_word"
        if self.capital[place]:
            return "name"
        if self._digit[place]:
            return "number"
        return _PARTS.get(part_of_speech(word.term), "noun")

    def _wholes(self) -> list[tuple[int, int] | None]:
        """For each word the stretch that it must not be cut from, if any."""
        stretches = []
        for match in _WHOLE.finditer(self._quote):
            end = match.end() - (len(match[0]) - len(match[0].rstrip(" .,")))
            if match[0][0].isupper() and match[0].rstrip().endswith("."):
                end = next((w.end for w in self.tokens if w.start >= match.end()), match.end())
            stretches.append((match.start(), end))
        return [
            next(((a, b) for a, b in stretches if a < word.end and word.start < b), None)
            for word in self.tokens
        ]

    def _gaps_between(self) -> list[str]:
        """What stands before each word and after the last, blanks left out."""
        gaps, end = [], 0
        for word in self.tokens:
            gaps.append(self._quote[end : word.start].strip())
            end = word.end
        gaps.append(self._quote[end:].strip())
        return gaps

    def __iter__(self) -> Iterator[NumberedSpan]:
        """The spans of the kind that is asked for; all of them where there are none of it."""
        places = list(self._places())
        yield from [one for one in places if self._fits(one.first, one.last)] or places

    def _fits(self, first: int, last: int) -> bool:
        """Whether a span is a date or a number where the question asks for one."""
        kind = self._question.kind
        if kind is Kind.DATE:
            return self.shape(first, last) == "date"
        if kind is not Kind.NUMBER or self.date[first]:
            return False
        shape = self.shape(first, last)
        counted = (
            self.parts_of_speech[n] in ("noun", "adjective", "name")
            for n in range(first + 1, last + 1)
        )
        return shape == "number" or (shape == "counted" and all(counted))

    def _places(self) -> Iterator[NumberedSpan]:
        """Every span that may answer."""
        words = self.tokens
        for first in range(min(len(words), _READ)):
            if words[first].is_stop_word and not (self.number[first] or self._whole[first]):
                continue
            for last in range(first, min(first + _LONGEST, len(words))):
                if last > first and self._ends_clause(last):
                    break
                if words[last].is_stop_word and not (self.number[last] or self._whole[last]):
                    continue
                if self._new[last + 1] == self._new[first]:
                    continue
                span = self._span(first, last)
                if span is not None:
                    yield NumberedSpan(span, first, last)

    def _is_new(self, place: int) -> bool:
        """Whether a word says what the question does not: no stop word does but a number."""
        is_empty = self.tokens[place].is_stop_word and not self.number[place]
        return not (self.asked[place] or is_empty)

    def _is_amount(self, place: int) -> bool:
        """Whether a word belongs to an amount with its currency or percent sign."""
        whole = self._whole[place]
        return whole is not None and any(s in self._quote[slice(*whole)] for s in f"{CURRENCIES}%")

    def _ends_clause(self, place: int) -> bool:
        """Whether a clause ends before a word: at a full stop, but not that of an initial."""
        if not _ENDS_OF_CLAUSES.search(self.gaps[place]):
            return False
        return self._whole[place] is None or self._whole[place] != self._whole[place - 1]

    def _span(self, first: int, last: int) -> Span | None:
        """The stretch of the quote, with the signs of its amounts; None where it cuts one in two.

        A year may be cut from its date, since it may be all that is asked for.
        """
        start, end = self.tokens[first].start, self.tokens[last].end
        whole = self._whole[first]
        is_year = first == last and whole and _YEAR.fullmatch(self.plain[first])
        if (
            whole
            and is_year
            and any(letter.isalpha() for letter in self._quote[whole[0] : whole[1]])
        ):
            return Span(start, end)
        for place in (first, last):
            whole = self._whole[place]
            if whole is not None:
                cuts_before = (
                    whole[0] < start and place == first and self._starts_before(whole, first)
                )
                cuts_after = place == last and self._ends_after(whole, last)
                if cuts_before or cuts_after:
                    return None
                start, end = min(start, whole[0]), max(end, whole[1])
        return Span(start, end)

    def _starts_before(self, whole: tuple[int, int], first: int) -> bool:
        return first > 0 and self.tokens[first - 1].start >= whole[0]

    def _ends_after(self, whole: tuple[int, int], last: int) -> bool:
        return last + 1 < len(self.tokens) and self.tokens[last + 1].start < whole[1]

    def shape(self, first: int, last: int) -> str:
        """What the words of a span look like together."""
        end = last + 1
        length = end - first
        dates = self._dates
        if dates[end] > dates[first] and self._of_dates[end] - self._of_dates[first] == length:
            return "date"
        if self._amounts[end] - self._amounts[first] == length:
            return "number"
        if self.number[first]:
            return "counted"
        capitals = self._capitals[end] - self._capitals[first]
        if capitals == length - (self.stops[end] - self.stops[first]):
            return "name"
        return "mixed" if capitals else "lower"
