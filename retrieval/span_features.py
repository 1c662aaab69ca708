"""The features by which the words of a quote that answer are picked."""

import re
from collections.abc import Callable, Iterator

from knowledge.documents import Span
from retrieval.lexicon import part_of_speech
from retrieval.questions import Kind, Question
from retrieval.tokens import tokens
from retrieval.word_classes import (
    DETERMINERS,
    JOINS,
    LINKS,
    MONTHS,
    NAMING,
    NUMBERS,
    PREPOSITIONS,
    RELATIVES,
    SCALES,
)

_READ = 500
"""Words of a quote that are looked at; no sentence is longer, and a file without full stops is."""

_LONGEST = 10
"""Words of the longest span that may answer."""

_YEAR = re.compile(r"1\d\d\d|20\d\d")
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEARS = r"(?:1\d|20)\d\ds?\b"
# What is not cut in two: a date, an amount with its currency and scale, an initial with its name.
_WHOLE = re.compile(
    rf"\b{_DAY} (?:of )?{_MONTH}\b(?:,? {_YEARS})?|\b{_MONTH} {_DAY}\b(?:,? {_YEARS})?"
    rf"|\b{_MONTH},? {_YEARS}|\b{_YEARS}(?:, {_YEARS})+"
    r"|(?:\b[A-Z]{1,3})?[$€£¥]\s?\d[\d,.]*(?:[A-Za-z]{1,3}\b)?"
    r"(?: (?:hundred|thousand|million|billion|trillion)\b)?"
    r"|\b\d[\d,.]*(?:[A-Za-z]{1,2}\b|\s?%)?"
    r"(?: (?:hundred|thousand|million|billion|trillion|percent|per cent)\b)?"
    r"|\b(?:[A-Z]\.\s?)+(?=[A-Z]\w)"
)
_PARTS = {"n": "noun", "v": "verb", "a": "adjective", "r": "adverb"}
_ENDS_OF_CLAUSES = re.compile(r"[.;:!?—()]")
_WHAT = re.compile(r"\b(?:what|which|how many|how much)\b", re.I)


class Spans:
    """The spans of a quote that may answer a question, with their features."""

    def __init__(self, question: Question, quote: str, idf: Callable[[str], float]) -> None:
        self._quote = quote
        self._question = question
        self._words = words = tokens(quote)
        self._plain = [quote[word.start : word.end].casefold() for word in words]
        self._gaps = self._gaps_between()
        self._whole = self._wholes()
        self._asked = [word.term in question.terms for word in words]
        self._capital = [quote[word.start].isupper() for word in words]
        self._digit = [quote[word.start].isdigit() for word in words]
        self._number = [
            digit or plain in NUMBERS or words[n].term.isdigit() or self._is_amount(n)
            for n, (digit, plain) in enumerate(zip(self._digit, self._plain, strict=True))
        ]
        self._date = [
            plain in MONTHS or _YEAR.fullmatch(plain.rstrip("s")) is not None
            for plain in self._plain
        ]
        self._idf = [0.0 if word.is_stop_word else idf(word.term) for word in words]
        self._parts = [self._part(n) for n in range(len(words))]
        self._anchors = [n for n, asked in enumerate(self._asked) if asked]
        self._focus = _focus(question)
        self._last_asked = next(
            (w.term for w in reversed(question.tokens) if not w.is_stop_word), ""
        )

    def _part(self, place: int) -> str:
        """A word's part of speech, roughly: names and numbers by their look."""
        word = self._words[place]
        if word.is_stop_word:
            return "stop_word"
        if self._capital[place]:
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
                end = next((w.end for w in self._words if w.start >= match.end()), match.end())
            stretches.append((match.start(), end))
        return [
            next(((a, b) for a, b in stretches if a < word.end and word.start < b), None)
            for word in self._words
        ]

    def _gaps_between(self) -> list[str]:
        """What stands before each word and after the last, blanks left out."""
        gaps, end = [], 0
        for word in self._words:
            gaps.append(self._quote[end : word.start].strip())
            end = word.end
        gaps.append(self._quote[end:].strip())
        return gaps

    def __iter__(self) -> Iterator[tuple[Span, dict[str, float]]]:
        """The spans of the kind that is asked for; all of them where there are none of it."""
        places = list(self._places())
        fitting = [one for one in places if self._fits(one[1], one[2])]
        for span, first, last in fitting or places:
            yield span, self._features(first, last)

    def _fits(self, first: int, last: int) -> bool:
        """Whether a span is a date or a number where the question asks for one."""
        kind = self._question.kind
        if kind is Kind.DATE:
            return self._shape(first, last) == "date"
        if kind is not Kind.NUMBER or self._date[first]:
            return False
        shape = self._shape(first, last)
        counted = (
            self._parts[n] in ("noun", "adjective", "name") for n in range(first + 1, last + 1)
        )
        return shape == "number" or (shape == "counted" and all(counted))

    def _places(self) -> Iterator[tuple[Span, int, int]]:
        """Every span that may answer, with the numbers of its first and its last word."""
        words = self._words
        for first in range(min(len(words), _READ)):
            if words[first].is_stop_word and not (self._number[first] or self._whole[first]):
                continue
            for last in range(first, min(first + _LONGEST, len(words))):
                if last > first and self._ends_clause(last):
                    break
                if words[last].is_stop_word and not (self._number[last] or self._whole[last]):
                    continue
                if not any(self._is_new(place) for place in range(first, last + 1)):
                    continue
                span = self._span(first, last)
                if span is not None:
                    yield span, first, last

    def _is_new(self, place: int) -> bool:
        """Whether a word says what the question does not: no stop word does but a number."""
        is_empty = self._words[place].is_stop_word and not self._number[place]
        return not (self._asked[place] or is_empty)

    def _is_amount(self, place: int) -> bool:
        """Whether a word belongs to an amount with its currency or percent sign."""
        whole = self._whole[place]
        return whole is not None and any(s in self._quote[slice(*whole)] for s in "$€£¥%")

    def _ends_clause(self, place: int) -> bool:
        """Whether a clause ends before a word: at a full stop, but not that of an initial."""
        if not _ENDS_OF_CLAUSES.search(self._gaps[place]):
            return False
        return self._whole[place] is None or self._whole[place] != self._whole[place - 1]

    def _span(self, first: int, last: int) -> Span | None:
        """The stretch of the quote, with the signs of its amounts; None where it cuts one in two.

        A year may be cut from its date, since it may be all that is asked for.
        """
        start, end = self._words[first].start, self._words[last].end
        whole = self._whole[first]
        is_year = first == last and whole and _YEAR.fullmatch(self._plain[first])
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
        return first > 0 and self._words[first - 1].start >= whole[0]

    def _ends_after(self, whole: tuple[int, int], last: int) -> bool:
        return last + 1 < len(self._words) and self._words[last + 1].start < whole[1]

    def _shape(self, first: int, last: int) -> str:
        inside = range(first, last + 1)
        if all(self._date[n] or self._digit[n] for n in inside) and any(
            self._date[n] for n in inside
        ):
            return "date"
        if all(self._number[n] or self._plain[n] in SCALES for n in inside):
            return "number"
        if self._number[first]:
            return "counted"
        capitals = [self._capital[n] for n in inside if not self._words[n].is_stop_word]
        if all(capitals):
            return "name"
        return "mixed" if any(capitals) else "lower"

    def _features(self, first: int, last: int) -> dict[str, float]:
        kind = self._question.kind.value
        length = last - first + 1
        asked = sum(self._asked[first : last + 1])
        shape = self._shape(first, last)
        found = {
            f"{kind}_{shape}": 1.0,
            f"{kind}_length": length / 5,
            f"length_{min(length, 6)}": 1.0,
            f"{shape}_length": length / 5,
            "asked": asked / length,
            "asked_some": float(asked > 0),
            "idf": sum(self._idf[first : last + 1]) / length / 5,
            "idf_sum": min(sum(self._idf[first : last + 1]), 30) / 20,
            "stop_words": sum(w.is_stop_word for w in self._words[first : last + 1]) / length,
            "position": first / len(self._words),
            "commas": float(any("," in gap for gap in self._gaps[first + 1 : last + 1])),
        }
        if self._question.asks_what_it_is_called:
            found[f"called_{shape}"] = 1.0
        if self._question.asks_for_several:
            found["several_length"] = length / 5
            found["several_joined"] = float(
                not JOINS.isdisjoint(self._plain[first : last + 1]) or found["commas"] > 0
            )
        parts = self._parts
        for name in (f"first_{parts[first]}", f"last_{parts[last]}"):
            found[name] = 1.0
            found[f"{kind}_{name}"] = 1.0
        if "verb" in parts[first + 1 : last]:
            found["verb_inside"] = 1.0
        if any(plain in JOINS for plain in self._plain[first : last + 1]):
            found["joined"] = 1.0
            found[f"{kind}_joined"] = 1.0
        if any(plain in PREPOSITIONS for plain in self._plain[first : last + 1]):
            found["with_preposition"] = 1.0
            found[f"{kind}_with_preposition"] = 1.0
        if any(plain in LINKS for plain in self._plain[first : last + 1]):
            found["with_link"] = 1.0
        if any(plain in RELATIVES for plain in self._plain[first : last + 1]):
            found["with_relative"] = 1.0
        self._edges(first, last, shape, found)
        self._surroundings(first, last, found)
        return found

    def _edges(self, first: int, last: int, shape: str, found: dict[str, float]) -> None:
        """What stands just outside of the span, and whether the span ends where a phrase does."""
        before = self._class(first - 1) if first else "start"
        after = self._class(last + 1) if last + 1 < len(self._words) else "end"
        gap_before, gap_after = self._gaps[first], self._gaps[last + 1]
        if gap_before:
            before = "quotation" if gap_before[-1] in "\"“‘'" else "punctuation"
        if gap_after:
            after = "quotation" if gap_after[0] in "\"”’'" else "punctuation"
        found[f"before_{before}"] = 1.0
        found[f"after_{after}"] = 1.0
        found[f"before_{before}_{self._question.kind.value}"] = 1.0
        if before == "quotation" and after == "quotation":
            found["quoted"] = 1.0
        if shape in ("name", "mixed"):
            if first and not gap_before and self._capital[first - 1] and first > 1:
                found["cuts_name"] = 1.0
            if last + 1 < len(self._words) and not gap_after and self._capital[last + 1]:
                found["cuts_name"] = 1.0
        if shape in ("date", "number", "counted"):
            if first and not gap_before and (self._number[first - 1] or self._date[first - 1]):
                found["cuts_number"] = 1.0
            if (
                last + 1 < len(self._words)
                and not gap_after
                and (
                    self._number[last + 1]
                    or self._date[last + 1]
                    or self._plain[last + 1] in SCALES
                )
            ):
                found["cuts_number"] = 1.0
        word = self._plain[last]
        for ending in ("ly", "ed", "ing"):
            if word.endswith(ending):
                found[f"ends_{ending}"] = 1.0
        if self._plain[first].endswith(("ly", "ed")):
            found["begins_ly_ed"] = 1.0

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

    def _surroundings(self, first: int, last: int, found: dict[str, float]) -> None:
        """How near the words of the question are."""
        left = [first - n for n in self._anchors if n < first]
        right = [n - last for n in self._anchors if n > last]
        found["near_left"] = 1 / left[-1] if left else 0.0
        found["near_right"] = 1 / right[0] if right else 0.0
        near = sum(
            self._idf[n] / (first - n if n < first else n - last)
            for n in self._anchors
            if n < first or n > last
        )
        found["nearness"] = near / 10
        found["between"] = float(bool(left) and bool(right))
        found["after_all"] = float(bool(left) and not right)
        before = self._content_before(first)
        following = self._content_after(last)
        if before is not None and self._words[before].term == self._last_asked:
            found["follows_last_asked"] = 1.0
        if following is not None and self._words[following].term == self._last_asked:
            found["precedes_last_asked"] = 1.0
        if self._focus:
            inside = [word.term for word in self._words[first : last + 1]]
            if inside[-1] == self._focus:
                found["ends_in_focus"] = 1.0
            elif self._focus in inside:
                found["holds_focus"] = 1.0
            if following is not None and self._words[following].term == self._focus:
                found["precedes_focus"] = 1.0
            if before is not None and self._words[before].term == self._focus:
                found["follows_focus"] = 1.0

    def _content_before(self, first: int) -> int | None:
        return next((n for n in range(first - 1, -1, -1) if not self._words[n].is_stop_word), None)

    def _content_after(self, last: int) -> int | None:
        words = self._words
        return next((n for n in range(last + 1, len(words)) if not words[n].is_stop_word), None)


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


def _focus(question: Question) -> str:
    """The noun that says what is asked for: the first word after "what", "which", "how many"."""
    match = _WHAT.search(question.text)
    if match is None:
        return ""
    following = (word for word in question.tokens if word.start >= match.end())
    return next((word.term for word in following if not word.is_stop_word), "")
