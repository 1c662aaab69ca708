"""What the reader learns from: headings that are asked, and what is drawn of a question."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.evaluation.question_sets import JudgedQuestion
from training.drawing import READ, asked_as, drawn_of, read_of
from training.examples import ANSWERABLE, NEAR_MISS, Material
from training.listing import headings, kept, listed
from training.lists import Listed, Question

GUIDE = """# Guide

Water the plants.

## 1.2 Watering the plants early

Give each pot a cup before seven.

## Lamps

Lamps and plants early in the day, before the plants wake.
"""


def test_headings_are_asked(tmp_path: Path) -> None:
    """Without their numbers, those of three words or more; no passage says the one above it."""
    (tmp_path / "guide.md").write_text(GUIDE)
    (asked,) = headings(Material("guide", tmp_path, ()))
    assert asked.text == "Watering the plants early"
    rights = [(one.names, one.units) for one in asked.passages if one.is_right]
    assert rights == [("Guide", ["Give each pot a cup before seven."])]
    assert len(asked.passages) == 3


def test_a_heading_that_stands_twice_is_not_asked(tmp_path: Path) -> None:
    """It would have two answers, one of which would be called wrong."""
    (tmp_path / "a.md").write_text(GUIDE)
    (tmp_path / "b.md").write_text(GUIDE.replace("a cup", "two cups"))
    assert list(headings(Material("guide", tmp_path, ()))) == []


def test_every_question_is_kept_for_figures(tmp_path: Path) -> None:
    """With its kind, also where nothing that was found answers, which teaches nothing."""
    (tmp_path / "guide.md").write_text(GUIDE)
    questions = (
        JudgedQuestion(id="a", question="How much water for a pot?", patterns=("a cup",)),
        JudgedQuestion(id="b", question="Which lamps are for plants?", patterns=("red ones",)),
        JudgedQuestion(id="c", question="Which lamps are for fish?", tags=(NEAR_MISS,)),
    )
    made = Material("guide", tmp_path, questions, is_prose=False)
    assert [(one.id, one.kind, one.is_answered) for one in kept(made)] == [
        ("a", ANSWERABLE, True),
        ("b", ANSWERABLE, False),
        ("c", NEAR_MISS, False),
    ]
    assert [one.id for one in listed(made)] == ["a", "c"]


def _passage(number: int, right: tuple[int, ...]) -> Listed:
    units = [f"Unit {number}.{place}." for place in range(6)]
    return Listed(f"Passage {number}", units, list(right), is_right=bool(right))


RIGHT = _passage(0, (2, 3))
QUESTION = Question("m", "q", "What is it?", [RIGHT, *(_passage(n, ()) for n in range(1, 9))])


@given(st.integers(0, 10_000))
def test_what_is_right_comes_first_and_nowhere_else(seed: int) -> None:
    """Whole or a part of it is read; other parts of the passage that answers are wrong."""
    drawn, has_answer = drawn_of(QUESTION, random.Random(seed))
    read = read_of(drawn, has_answer, random.Random(seed))
    assert len(drawn) == len(read) == READ
    assert [one.units == RIGHT.units for one in drawn] == [has_answer] + [False] * (READ - 1)
    held = [{*RIGHT.units[2:4]} & {*one.units} for one in read]
    assert bool(held[0]) is has_answer
    assert not any(held[1:])
    for one in read:
        assert all(one.units[place] in RIGHT.units[2:4] for place in one.right)


@pytest.mark.parametrize("seed", range(20))
def test_what_nothing_answers_is_drawn_without_an_answer(seed: int) -> None:
    """However many passages there are."""
    question = Question("m", "q", "What is it?", [_passage(1, ())])
    drawn, has_answer = drawn_of(question, random.Random(seed))
    assert (len(drawn), has_answer) == (1, False)


def test_some_questions_lose_words_of_the_answer() -> None:
    """Never so many that less than three are left, and no other words."""
    question = Question("m", "q", "when does unit 0.2 start again", [RIGHT])
    asked = {asked_as(question, RIGHT, random.Random(seed)) for seed in range(100)}
    assert question.text in asked
    assert len(asked) > 1
    assert all("start again" in one for one in asked)
    assert asked_as(question, None, random.Random(1)) == question.text
