"""The figures of readers: what counts as right, and among how many."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.meaning.meaning import Reading
from training.examples import ANSWERABLE, NEAR_MISS, OFF_TOPIC
from training.lists import Listed, Question
from training.measuring import COLUMNS, DEPTH, cells, result


class Longest:
    """Finds what is longest the most relevant."""

    name = "longest"

    def reads(self, language: str) -> bool:
        """Whatever it is."""
        return True

    def prepare(self) -> None:
        """Nothing."""

    def read(self, question: str, names: str, units: Sequence[str]) -> Reading:
        """By the letters."""
        lengths = [float(len(unit)) for unit in units]
        return Reading(sum(lengths), tuple(lengths))

    def vector(self, text: str) -> NDArray[np.float32]:
        """None that is asked for."""
        raise NotImplementedError


RIGHT = Listed("Pots", ["Water them well.", "Early."], [0], is_right=True)
WRONG = Listed("Lamps", ["Off.", "On."], [], is_right=False)


def _asked(passages: list[Listed], kind: str = ANSWERABLE) -> Question:
    return Question("guide", "a", "how do i water", passages, kind)


def test_a_reader_and_words_choose() -> None:
    """A reader the most relevant and its best unit, words the first, and a unit by chance."""
    question = _asked([WRONG, RIGHT])
    read, found = result(question, Longest()), result(question, None)
    assert (read.is_right, read.unit, read.relevance) == (True, 1.0, 22.0)
    assert (found.is_right, found.unit, found.is_found) == (False, 0.5, True)


def test_what_words_do_not_find_is_wrong() -> None:
    """However deep it lies below what is read; and where they find nothing, nothing is relevant."""
    deep, nothing = _asked([*[WRONG] * DEPTH, RIGHT]), _asked([])
    results = [result(question, Longest()) for question in (deep, nothing)]
    assert not any(one.is_right or one.is_found or one.unit is not None for one in results)
    assert results[1].relevance < results[0].relevance


def test_figures_are_of_those_that_they_are_about() -> None:
    """Shares of what is to be answered, areas against what is not."""
    questions = [
        _asked([WRONG, RIGHT]),
        _asked([RIGHT]),
        _asked([WRONG]),
        _asked([WRONG], NEAR_MISS),
        _asked([WRONG], OFF_TOPIC),
    ]
    found = dict(zip(COLUMNS[1:], cells([result(q, Longest()) for q in questions]), strict=True))
    assert {name: (text.split()[0], text.split()[-1]) for name, text in found.items()} == {
        "first": ("66.7", "3"),
        "if found": ("100.0", "2"),
        "unit": ("100.0", "2"),
        NEAR_MISS: ("0.833", "4"),
        OFF_TOPIC: ("0.833", "4"),
        "right": ("1.000", "5"),
        "if to answer": ("1.000", "3"),
    }
    by_words = list(cells([result(question, None) for question in questions]))
    assert by_words[0].startswith("33.3")
    assert by_words[3:] == ["none"] * 4


def test_a_list_without_some_kind_has_no_figure_for_it() -> None:
    """The others stand."""
    questions = [_asked([WRONG, RIGHT]), _asked([WRONG]), _asked([WRONG], NEAR_MISS)]
    found = dict(zip(COLUMNS[1:], cells([result(q, Longest()) for q in questions]), strict=True))
    assert found[OFF_TOPIC] == "none"
    assert found[NEAR_MISS].startswith("0.750")
