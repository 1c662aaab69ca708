"""The features by which the words of a quote that answer are picked."""

from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate

from knowledge.documents import Span
from retrieval.questions.question import Question
from retrieval.scoring.span_surroundings import Surroundings
from retrieval.scoring.spans import Spans
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
) -> Iterator[tuple[Span, dict[str, float]]]:
    """The spans of a quote that may answer, with their features."""
    spans = Spans(question, quote)
    features = _Features(question, spans, idf)
    for place in spans:
        yield place.span, features.of(place.first, place.last)


def _sums(values: Iterable[float]) -> list[float]:
    """The sum of the values before each place, and of all."""
    return list(accumulate(values, initial=0.0))


class _Features:
    """What is known of a question and the words of a quote."""

    def __init__(self, question: Question, spans: Spans, idf: Callable[[str], float]) -> None:
        self._question = question
        self._kind = question.kind.value
        self._shape = spans.shape
        self._plain, self._count = spans.plain, len(spans.tokens)
        self._parts_of_speech = spans.parts_of_speech
        idfs = [0.0 if word.is_stop_word else idf(word.term) for word in spans.tokens]
        self._surroundings = Surroundings(question, spans, idfs)
        # What a span has of each is a difference of two of these.
        self._asked_up_to = _sums(spans.asked)
        self._idf_up_to = _sums(idfs)
        self._stops_up_to = _sums(word.is_stop_word for word in spans.tokens)
        self._commas_up_to = _sums("," in gap for gap in spans.gaps)

    def of(self, first: int, last: int) -> dict[str, float]:
        """The features of a span by its first and last word."""
        shape = self._shape(first, last)
        found = self._form(first, last, shape)
        self._add_word_classes(first, last, found)
        found |= self._surroundings.edges(first, last, shape)
        self._add_endings(first, last, found)
        found |= self._surroundings.nearness(first, last)
        return found

    def _form(self, first: int, last: int, shape: str) -> dict[str, float]:
        """What it looks like, how long it is, and how much it says."""
        kind = self._kind
        length = last - first + 1
        end = last + 1
        asked = self._asked_up_to[end] - self._asked_up_to[first]
        idf = self._idf_up_to[end] - self._idf_up_to[first]
        has_comma = self._commas_up_to[end] > self._commas_up_to[first + 1]
        found = {
            f"{kind}_{shape}": 1.0,
            f"{kind}_length": length / 5,
            f"length_{min(length, 6)}": 1.0,
            f"{shape}_length": length / 5,
            "asked": asked / length,
            "asked_some": float(asked > 0),
            "idf": idf / length / 5,
            "idf_sum": min(idf, 30) / 20,
            "stop_words": (self._stops_up_to[end] - self._stops_up_to[first]) / length,
            "position": first / self._count,
            "commas": float(has_comma),
        }
        if self._question.asks_what_it_is_called:
            found[f"called_{shape}"] = 1.0
        if self._question.asks_for_several:
            is_joined = has_comma or not JOINS.isdisjoint(self._plain[first : last + 1])
            found["several_length"] = length / 5
            found["several_joined"] = float(is_joined)
        return found

    def _add_word_classes(self, first: int, last: int, found: dict[str, float]) -> None:
        """The parts of speech at its ends, and which small words it holds."""
        parts = self._parts_of_speech
        for name in (f"first_{parts[first]}", f"last_{parts[last]}"):
            found[name] = 1.0
            found[f"{self._kind}_{name}"] = 1.0
        if "verb" in parts[first + 1 : last]:
            found["verb_inside"] = 1.0
        inside = self._plain[first : last + 1]
        for name, members in _INSIDE:
            if not members.isdisjoint(inside):
                found[name] = 1.0
                if name in _INSIDE_BY_KIND:
                    found[f"{self._kind}_{name}"] = 1.0

    def _add_endings(self, first: int, last: int, found: dict[str, float]) -> None:
        """How its first and its last word end: like adverbs and verbs or not."""
        word = self._plain[last]
        for ending in _LAST_ENDINGS:
            if word.endswith(ending):
                found[f"ends_{ending}"] = 1.0
        if self._plain[first].endswith(_FIRST_ENDINGS):
            found["begins_ly_ed"] = 1.0
