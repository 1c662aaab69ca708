"""The features by which the words of a quote that answer are picked."""

import re
from collections.abc import Callable, Iterator

from knowledge.documents import Span
from retrieval.questions.question import Question
from retrieval.scoring.spans import Spans
from retrieval.text.word_classes import (
    DETERMINERS,
    JOINS,
    LINKS,
    NAMING,
    PREPOSITIONS,
    RELATIVES,
    SCALES,
)

_WHAT = re.compile(r"\b(?:what|which|how many|how much)\b", re.I)


def span_features(
    question: Question, quote: str, idf: Callable[[str], float]
) -> Iterator[tuple[Span, dict[str, float]]]:
    """The spans of a quote that may answer, with their features."""
    spans = Spans(question, quote)
    features = _Features(question, spans, idf)
    for place in spans:
        yield place.span, features.of(place.first, place.last)


class _Features:
    """What is known of a question and the words of a quote."""

    def __init__(self, question: Question, spans: Spans, idf: Callable[[str], float]) -> None:
        self._question = question
        self._shape = spans.shape
        self._words, self._plain, self._gaps = spans.words, spans.plain, spans.gaps
        self._asked, self._capital, self._parts = spans.asked, spans.capital, spans.parts
        self._number, self._date = spans.number, spans.date
        self._idf = [0.0 if word.is_stop_word else idf(word.term) for word in spans.words]
        self._anchors = [n for n, asked in enumerate(spans.asked) if asked]
        self._focus = _focus(question)
        self._last_asked = next(
            (w.term for w in reversed(question.tokens) if not w.is_stop_word), ""
        )

    def of(self, first: int, last: int) -> dict[str, float]:
        """The features of a span by its first and last word."""
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
