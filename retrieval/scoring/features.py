"""The features of some candidates side by side: a column for each feature, a row for each one."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from operator import mul
from typing import TypeAlias

from retrieval.scoring.weights import Model, score

Column: TypeAlias = Sequence[float]

Parts: TypeAlias = tuple[Mapping[str, float], ...]
"""The features of a candidate, some of which it shares with others as the same object; one that
stands in several counts with their sum."""


def scores_of(candidates: Sequence[Parts], model: Model) -> list[float]:
    """For each candidate the sum of its features by their weights; a part that several share is
    weighed once."""
    parts = {id(part): part for one in candidates for part in one}
    scores = {key: score(part, model) for key, part in parts.items()}
    return [sum([scores[id(part)] for part in one]) for one in candidates]


def together(parts: Parts) -> dict[str, float]:
    """The features of a candidate in one mapping."""
    found = Counter[str]()
    for part in parts:
        found.update(part)
    return dict(found)


class Table:
    """The features of some candidates by name, each a value for each of them, in order.

    What is the same for all of them may be given as one value. Rows are summed in native code, and
    no candidate needs a mapping of its own.
    """

    def __init__(self, count: int, columns: Mapping[str, Column | float]) -> None:
        self._count = count
        self._columns = {
            name: [column] * count if isinstance(column, float | int) else column
            for name, column in columns.items()
        }

    def __len__(self) -> int:
        return self._count

    def scores(self, model: Model) -> list[float]:
        """For each candidate the sum of its features by their weights."""
        weighed = {name: weight for name in self._columns if (weight := model.get(name, 0.0))}
        if not weighed:
            return [0.0] * self._count
        weights = list(weighed.values())
        rows = zip(*(self._columns[name] for name in weighed), strict=True)
        return [sum(map(mul, row, weights)) for row in rows]

    def row(self, number: int) -> "Row":
        """The features of a candidate."""
        return Row(self._columns, number)


class Row(Mapping[str, float]):
    """The features of one of the candidates of a table."""

    __slots__ = ("_columns", "_number")

    def __init__(self, columns: Mapping[str, Column], number: int) -> None:
        self._columns = columns
        self._number = number

    def __getitem__(self, name: str) -> float:
        return self._columns[name][self._number]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)
