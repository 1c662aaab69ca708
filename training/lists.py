"""Lists to learn reading from: for each question the best passages, and which of them answer."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Listed:
    """A passage that was found: the names above it, its units, and the numbers of those that
    answer."""

    names: str
    units: list[str]
    right: list[int]
    is_right: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what was found for it, best first."""

    manual: str
    id: str
    text: str
    passages: list[Listed]
    kind: str = ""
    """That of training/examples.py, where figures need it."""

    @property
    def is_answered(self) -> bool:
        """Whether one of the passages is right."""
        return any(one.is_right for one in self.passages)


def read_lists(file: Path) -> Iterator[Question]:
    """The questions of a file."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            passages = [Listed(**one) for one in row.pop("passages")]
            yield Question(**row, passages=passages)
