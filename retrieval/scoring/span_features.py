"""The features by which the words of a quote that answer are picked."""

from collections.abc import Callable, Iterator, Mapping

from knowledge.documents import Span
from retrieval.questions.question import Question
from retrieval.scoring.features import Parts
from retrieval.scoring.span_surroundings import Surroundings
from retrieval.scoring.spans import REACH, Spans, sums
from retrieval.text.english_words import JOINS, LINKS, PREPOSITIONS, RELATIVES

_INSIDE = (
    ("joined", JOINS),
    ("with_preposition", PREPOSITIONS),
    ("with_link", LINKS),
    ("with_relative", RELATIVES),
)
_INSIDE_BY_KIND = ("joined", "with_preposition")
_LAST_ENDINGS = ("ly", "ed", "ing")
_FIRST_ENDINGS = ("ly", "ed")


def span_features(
    question: Question, quote: str, idf: Callable[[str], float]
) -> Iterator[tuple[Span, Parts]]:
    """The spans of a quote that may answer, with their features: those of what begins and of what
    ends at one word are the same objects."""
    spans = Spans(question, quote)
    features = _Features(question, spans, idf)
    firsts: dict[int, Mapping[str, float]] = {}
    lasts: dict[int, Mapping[str, float]] = {}
    for span, first, last in spans:
        if first not in firsts:
            firsts[first] = features.first(first)
        if last not in lasts:
            lasts[last] = features.last(last)
        yield span, (firsts[first], lasts[last], features.whole(first, last))


class _Features:
    """What is known of a question and the words of a quote."""

    def __init__(self, question: Question, spans: Spans, idf: Callable[[str], float]) -> None:
        self._question = question
        self._kind = question.kind.value
        self._shape = spans.shape
        self._plain, self._parts_of_speech = spans.plain, spans.parts_of_speech
        idfs = [0.0 if word.is_stop_word else idf(word.term) for word in spans.tokens]
        self._surroundings = Surroundings(question, spans, idfs)
        self._stops = spans.stops
        self._asked, self._idf = sums(spans.asked[:REACH]), sums(idfs[:REACH])
        self._commas = sums("," in gap for gap in spans.gaps[: REACH + 1])

    def first(self, place: int) -> dict[str, float]:
        """The features of the word that a span begins with, and of what stands before it."""
        part = f"first_{self._parts_of_speech[place]}"
        found = {
            "position": place / len(self._plain),
            part: 1.0,
            f"{self._kind}_{part}": 1.0,
            **self._surroundings.first(place),
        }
        if self._plain[place].endswith(_FIRST_ENDINGS):
            found["begins_ly_ed"] = 1.0
        return found

    def last(self, place: int) -> dict[str, float]:
        """The features of the word that a span ends with, and of what stands behind it."""
        part, word = f"last_{self._parts_of_speech[place]}", self._plain[place]
        return {
            part: 1.0,
            f"{self._kind}_{part}": 1.0,
            **{f"ends_{ending}": 1.0 for ending in _LAST_ENDINGS if word.endswith(ending)},
            **self._surroundings.last(place),
        }

    def whole(self, first: int, last: int) -> dict[str, float]:
        """The features of a span that are of neither end alone."""
        shape = self._shape(first, last)
        return {
            **self._form(first, last, shape),
            **self._inside(first, last),
            **self._surroundings.both(first, last, shape),
        }

    def _form(self, first: int, last: int, shape: str) -> dict[str, float]:
        """What it looks like, how long it is, and how much it says."""
        kind, end = self._kind, last + 1
        length = end - first
        asked = self._asked[end] - self._asked[first]
        idf = self._idf[end] - self._idf[first]
        has_comma = self._commas[end] > self._commas[first + 1]
        found = {
            f"{kind}_{shape}": 1.0,
            f"{kind}_length": length / 5,
            f"length_{min(length, 6)}": 1.0,
            f"{shape}_length": length / 5,
            "asked": asked / length,
            "asked_some": float(asked > 0),
            "idf": idf / length / 5,
            "idf_sum": min(idf, 30) / 20,
            "stop_words": (self._stops[end] - self._stops[first]) / length,
            "commas": float(has_comma),
        }
        if self._question.asks_what_it_is_called:
            found[f"called_{shape}"] = 1.0
        if self._question.asks_for_several:
            is_joined = has_comma or not JOINS.isdisjoint(self._plain[first:end])
            found["several_length"] = length / 5
            found["several_joined"] = float(is_joined)
        return found

    def _inside(self, first: int, last: int) -> dict[str, float]:
        """Which small words it holds, and whether a verb."""
        found = {}
        if "verb" in self._parts_of_speech[first + 1 : last]:
            found["verb_inside"] = 1.0
        inside = self._plain[first : last + 1]
        for name, members in _INSIDE:
            if not members.isdisjoint(inside):
                found[name] = 1.0
                if name in _INSIDE_BY_KIND:
                    found[f"{self._kind}_{name}"] = 1.0
        return found
