"""A question and a passage as a model reads them: token numbers, and which unit each is of."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Encode: TypeAlias = Callable[[str], list[int]]
"""The numbers of a text's tokens, without those that open, part and end."""

LONGEST = 160
"""Tokens of a pair; what is longer is cut at its end."""

SHORTEST = 96
"""Tokens of a pair that a model has to be able to read, so that some are of the passage."""

LONGEST_QUESTION = 40
LONGEST_NAMES = 40

NO_UNIT = -1


@dataclass(frozen=True, slots=True)
class Marks:
    """The tokens that a model wants before, between and after two texts, with the kind that those
    of each text have."""

    before: tuple[int, ...]
    between: tuple[int, ...]
    after: tuple[int, ...]
    first: int = 0
    second: int = 1


@dataclass(frozen=True, slots=True)
class Pair:
    """The tokens of a question and a passage; `kinds` and `units` have one value for each.

    A token's unit is its number in the passage, NO_UNIT where it is of none.
    """

    tokens: list[int]
    kinds: list[int]
    units: list[int]


def names_of(title: str, heading: Sequence[str]) -> str:
    """The title and the headings above a passage in one line, each once."""
    return " › ".join(dict.fromkeys((title, *heading)))


def pair_of(
    question: str,
    names: str,
    units: Iterable[str],
    encode: Encode,
    marks: Marks,
    longest: int = LONGEST,
) -> Pair:
    """A question with a passage: the names above it, then its units; at most `longest` tokens."""
    asked = encode(question)[:LONGEST_QUESTION]
    above = encode(f"{names}:")[-LONGEST_NAMES:]
    tokens = [*marks.before, *asked, *marks.between]
    kinds = [marks.first] * len(tokens)
    tokens += above
    places = [NO_UNIT] * len(tokens)
    longest -= len(marks.after)
    for number, unit in enumerate(units):
        if len(tokens) >= longest:
            break
        own = encode(unit)[: longest - len(tokens)]
        tokens += own
        places += [number] * len(own)
    tokens += marks.after
    kinds += [marks.second] * (len(tokens) - len(kinds))
    places += [NO_UNIT] * len(marks.after)
    return Pair(tokens, kinds, places)


def single_of(text: str, encode: Encode, marks: Marks, longest: int = LONGEST) -> list[int]:
    """The tokens of one text by itself, of which a vector is made; at most `longest`."""
    room = longest - len(marks.before) - len(marks.after)
    return [*marks.before, *encode(text)[:room], *marks.after]


def text_of(names: str, units: Iterable[str]) -> str:
    """A passage as one text, of which a vector is made."""
    return f"{names}: {' '.join(units)}"
