"""What a reader finds: its order, what it quotes, and where words decide instead of it."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from counting_reader import Array, unit

from retrieval.answer.answering import Answerer
from retrieval.answer.joining import joined
from retrieval.collection import Collection
from retrieval.meaning import meaning
from retrieval.meaning.meaning import Meaning, Near, Reading
from retrieval.opening import from_texts
from retrieval.scoring.weights import ReadWeights, Weights, shipped

NOTES = {
    "garden.md": "# Garden\n\nSow the beans in April.\n\n# Shed\n\nThe key hangs by the door.\n",
    "house.md": "# House\n\nThe boiler is serviced in June.\n\n# Cellar\n\nThe beans lie here.\n",
}
KEY = "Where is what opens it?"


class Says:
    """A reader that finds one text relevant, and it alone near to every question."""

    name = "says"

    def __init__(self, relevant: str, languages: Sequence[str] = ("en",)) -> None:
        self.relevant, self.languages, self.asked = relevant, languages, 0

    def reads(self, language: str) -> bool:
        """Whether it reads a language."""
        return language in self.languages

    def prepare(self) -> None:
        """Nothing to load."""

    def read(self, question: str, names: str, units: Sequence[str]) -> Reading:
        """Relevant is what holds the text."""
        self.asked += 1
        held = [float(self.relevant in one) for one in units]
        return Reading(5.0 if any(held) else -5.0, tuple(held))

    def vector(self, text: str) -> Array:
        """The same for each text."""
        return unit([1.0, 0.0])


class Nearest:
    """Vectors of which that of one passage is the nearest."""

    def __init__(self, collection: Collection, relevant: str) -> None:
        passages = list(collection.index.passages())
        self.keys = [collection.index.key_of(one) for one in passages]
        self.near = np.array([float(relevant in one.text) for one in passages], np.float32)

    def cosines(self, vector: Array) -> Array:
        """1 for that one, 0 for all others."""
        return self.near

    def best(self, cosines: Array, count: int) -> list[tuple[str, float]]:
        """That one first."""
        order = np.argsort(-cosines, kind="stable")[:count]
        return [(self.keys[n], float(cosines[n])) for n in order]

    def of(self, key: str, cosines: Array) -> float | None:
        """The cosine of a passage."""
        return float(cosines[self.keys.index(key)]) if key in self.keys else None


def weights(sure: float = 2.0, confidence: float = 5.0) -> Weights:
    """Those with which only what is read counts; everything is `confidence` sure."""
    read = ReadWeights(
        passages={"near": 1.0},
        order={"read": 1.0},
        units={"part": 1.0},
        blocks={"read_block": 1.0},
        confidence={"constant": confidence},
        sure=sure,
    )
    return replace(shipped(), read=read)


@pytest.fixture
def notes() -> Collection:
    """Notes in memory."""
    return from_texts(NOTES, reader="words")


def answerer(notes: Collection, reader: Says, own: Weights, *, near: bool = False) -> Answerer:
    """Answers from the notes with a reader."""
    vectors = Nearest(notes, reader.relevant) if near else None
    return Answerer(
        notes.index, notes.index.engine, weights=own, meaning=Meaning(reader, lambda: vectors)
    )


def test_what_is_read_as_relevant_is_quoted(notes: Collection) -> None:
    """Whatever words would have quoted."""
    question = "When do the beans lie in the cellar, and when is the boiler serviced in June?"
    found = answerer(notes, Says("The beans lie"), weights()).answer(question)
    assert (found.text, found.reader, found.has_vectors) == ("The beans lie here.", "says", False)


def test_what_shares_no_word_is_found_by_its_vector(notes: Collection) -> None:
    """And quoted, where it is read as what answers."""
    reader = Says("The key hangs")
    question = "April: " + KEY
    assert answerer(notes, reader, weights()).answer(question).text != "The key hangs by the door."
    found = answerer(notes, reader, weights(), near=True).answer(question)
    assert (found.text, found.has_vectors) == ("The key hangs by the door.", True)
    assert found.hits[0].passage.text.startswith("The key")


def test_what_words_find_too_is_surer(notes: Collection) -> None:
    """Whether words would quote the same, and how sure of it they are, speaks for what is read."""
    question = "When do I sow the beans?"
    by_words = Answerer(notes.index, notes.index.engine).trace(question)
    sure = min(max(by_words.answer.confidence, 0.01), 0.99)
    odds = math.log(sure / (1 - sure)) / 5
    same = answerer(notes, Says("Sow the beans"), weights()).trace(question).features
    other = answerer(notes, Says("The beans lie"), weights()).trace(question).features
    alone = answerer(notes, Says("The key hangs"), weights(), near=True).trace("Zyzzyva?").features
    names = ("words_same", "words_same_unit", "words_odds", "words_odds_same")
    told = [tuple((one or {}).get(name) for name in names) for one in (same, other, alone)]
    assert told[0] == pytest.approx((1.0, 1.0, odds, odds))
    assert told[1] == pytest.approx((0.0, 0.0, odds, 0.0))
    assert told[2] == (None, None, pytest.approx(math.log(0.01 / 0.99) / 5), None)


def test_what_words_are_sure_of_is_not_read(notes: Collection) -> None:
    """From the confidence on that the weights say."""
    reader = Says("The beans lie")
    answer = answerer(notes, reader, weights(sure=0.0)).answer("When do I sow the beans?")
    assert (answer.reader, reader.asked) == ("words", 0)


def test_words_decide_where_reading_takes_too_long(
    notes: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if there were no reader, after the first text that comes too late."""
    clock = iter(range(0, 1000, 2))
    monkeypatch.setattr(meaning.time, "thread_time", lambda: float(next(clock)))
    reader = Says("The beans lie")
    own = weights()
    found = answerer(notes, reader, own).answer("When do I sow the beans?")
    assert found == Answerer(notes.index, notes.index.engine, weights=own).answer(found.question)
    assert reader.asked == 1


def test_another_language_is_not_read(notes: Collection) -> None:
    """Neither when asking nor when searching."""
    reader = Says("The beans lie", languages=())
    asked = answerer(notes, reader, weights(), near=True)
    assert asked.answer("When do I sow the beans?").reader == "words"
    words = Answerer(notes.index, notes.index.engine, weights=weights())
    assert asked.search("beans", 5) == words.search("beans", 5)
    # Nor what is near a question that shares no word with anything.
    assert asked.answer("zzz").reader == "words"
    assert reader.asked == 0


def test_as_many_hits_as_are_wanted() -> None:
    """Those that were not read come behind, in the order of words."""
    texts = {f"{n:03}.md": f"The beans of bed {n} are ripe.\n" for n in range(90)}
    notes = from_texts(texts, reader="words")
    found = answerer(notes, Says("bed 7 "), weights()).answer("Which beans are ripe?", limit=80)
    assert [hit.rank for hit in found.hits] == list(range(1, 81))
    assert len({hit.passage.id for hit in found.hits}) == 80
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)


def test_an_answer_of_several_parts_names_what_read_them(notes: Collection) -> None:
    """Words, where each part is answered by words; the model, where it read one of them."""
    words = Answerer(notes.index, notes.index.engine, threshold=0.0)
    asked = answerer(notes, Says("The beans lie"), weights(), near=True)
    by_words, read = words.answer("When do I sow the beans?"), asked.answer("Where are the beans?")
    assert (read.reader, read.has_vectors) == ("says", True)
    both = joined(read, [by_words, by_words], ())
    assert (both.reader, both.has_vectors) == ("words", False)
    mixed = joined(by_words, [by_words, read], ())
    assert (mixed.reader, mixed.has_vectors) == ("says", True)


def test_what_has_no_vector_is_as_near_as_most() -> None:
    """A passage that was changed since vectors were made is neither preferred nor lost."""
    passages = list(from_texts(NOTES, reader="words").index.passages())
    known = {passages[0].id: 0.2, passages[1].id: 0.4}
    near = Near(of=lambda one: known.get(one.id), nearest=())
    assert near.to(passages[:3]) == pytest.approx([0.2, 0.4, 0.3])


def test_few_vectors_are_none(notes: Collection) -> None:
    """Those of other documents, or of a making that was broken off, tell nothing."""
    passages = list(notes.index.passages())
    known = {passages[0].id: 0.9}
    near = Near(of=lambda one: known.get(one.id), nearest=())
    assert near.covers(passages[:2])
    assert not near.covers(passages[:3])
    assert near.covers([])
    reader = Says("The key hangs")
    vectors = Nearest(notes, reader.relevant)
    vectors.keys = [f"other {key}" for key in vectors.keys]
    asked = Answerer(
        notes.index,
        notes.index.engine,
        weights=weights(),
        meaning=Meaning(reader, lambda: vectors),
    )
    assert not asked.answer("When do I sow the beans in April?").has_vectors


def test_scripts_without_blanks_need_more(notes: Collection) -> None:
    """What is taken from the confidence there is taken where a model reads, too."""
    text = {"a.md": "東京は日本の首都です。横浜は港町です。\n"}
    japanese = from_texts(text, reader="words")
    reader = Says("東京", languages=("ja",))
    trace = answerer(japanese, reader, weights()).trace("日本の首都は？")
    assert trace.answer.reader == "says"
    assert trace.features is not None
    assert trace.features["language"] < 0


def test_the_weights_that_are_shipped_have_those_for_reading() -> None:
    """Or the reader would never be asked."""
    read = shipped().read
    assert read is not None
    assert 0 < read.threshold < read.sure < 1
