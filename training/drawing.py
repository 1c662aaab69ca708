"""What a reader learns from a question at one step: the question as asked, and some passages."""

import random
from collections.abc import Sequence
from dataclasses import replace

from retrieval.meaning.pairs import text_of
from training.lists import Listed, Question

READ = 6
"""Passages that are read for each question: one that is right, where there is one, and others."""

TAKEN_AWAY = 0.15
"""Of the questions with an answer, so many are asked without it, so "none of them" is right."""

IN_PARTS = 0.5
"""Of so many questions parts of passages are read, as where it is chosen what to quote."""

LONGEST_PART = 4
"""Units of such a part."""

TELEGRAPHIC = 0.25
"""So many questions lose half of the words that they share with what answers, as whoever does not
know the manual would not have them."""


def drawn_of(question: Question, chance: random.Random) -> tuple[list[Listed], bool]:
    """Some passages, one that is right first, and whether there is one."""
    right = [one for one in question.passages if one.is_right]
    wrong = [one for one in question.passages if not one.is_right]
    has_answer = bool(right) and chance.random() >= TAKEN_AWAY
    chosen = [chance.choice(right)] if has_answer else []
    # What was found first is most like an answer.
    places = list(range(len(wrong)))
    while places and len(chosen) < READ:
        place = chance.choices(places, [1 / (place + 2) for place in places])[0]
        places.remove(place)
        chosen.append(wrong[place])
    return chosen, has_answer


def read_of(drawn: Sequence[Listed], has_answer: bool, chance: random.Random) -> list[Listed]:
    """What is read of the passages that were drawn: all of them whole, or a part of each."""
    if chance.random() >= IN_PARTS:
        return list(drawn)
    parts = [_part(one, one.right, chance) for one in drawn]
    if has_answer:
        parts[1:1] = _beside(drawn[0], chance)
    return parts[:READ]


def _part(passage: Listed, held: Sequence[int], chance: random.Random) -> Listed:
    """Some units of a passage that stand together, one of `held` among them if there is any."""
    at = chance.choice(held or range(len(passage.units)))
    length = chance.randint(1, LONGEST_PART)
    begin = max(0, at - chance.randrange(length))
    units = passage.units[begin : begin + length]
    right = [number - begin for number in passage.right if 0 <= number - begin < len(units)]
    return replace(passage, units=units, right=right)


def _beside(passage: Listed, chance: random.Random) -> list[Listed]:
    """Parts of a passage that answers before and behind what does; none where that is not known."""
    if not passage.right:
        return []
    before, behind = passage.units[: passage.right[0]], passage.units[passage.right[-1] + 1 :]
    around = [replace(passage, units=some, right=[]) for some in (before, behind) if some]
    return [_part(one, (), chance) for one in around]


def asked_as(question: Question, right: Listed | None, chance: random.Random) -> str:
    """The question, or what is left of it without half of the words that the answer has."""
    if right is None or chance.random() >= TELEGRAPHIC:
        return question.text
    held = set(text_of(right.names, right.units).casefold().split())
    words = question.text.split()
    kept = [one for one in words if one.casefold() not in held or chance.random() < 0.5]
    return " ".join(kept) if len(kept) > 2 else question.text
