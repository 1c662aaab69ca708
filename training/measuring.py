"""How well readers read by themselves, over questions on manuals that training/split.py keeps.

    python training/listing.py DATA MANUALS LISTS --kept
    python training/measuring.py LISTS READER [READER ...]

A READER is `small`, the one that is installed, or a folder with a model that learned from nothing
that is kept. It reads the first ten passages that words find for a question. Prints a table of
shares in per cent with Wilson's intervals (95 %), and of areas under the ROC with the bootstrap's,
each with the number of questions:

- first: the most relevant passage answers, of all questions to answer, and of those that one of the
  ten answers; for words, the passage that they find first.
- unit: in the first passage that answers, the unit with the highest part does, where some of its
  units do and some do not; for words, and for a model without parts, what chance would give.
- near-miss, off-topic: the best relevance is higher for questions to answer than for these; none
  where the list has none of them.
- right: it is higher where the most relevant passage answers, of all and of those to answer.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.evaluation import measures
from retrieval.evaluation.measures import Booleans, Floats
from retrieval.evaluation.statistics import bootstrap, interval_of_mean
from retrieval.meaning.loading import WORDS, installed_reader
from retrieval.meaning.meaning import Reading, Reads
from retrieval.meaning.model import FARTHEST
from training.examples import ANSWERABLE, NEAR_MISS, OFF_TOPIC
from training.lists import Listed, Question, read_lists

DEPTH = 10  # passages that are read for each question

COLUMNS = ("reader", "first", "if found", "unit", NEAR_MISS, OFF_TOPIC, "right", "if to answer")


@dataclass(frozen=True, slots=True)
class Result:
    """How relevant the best passage is, whether it answers, whether any does, the first's unit."""

    kind: str
    relevance: float
    is_right: bool
    is_found: bool
    unit: float | None


def result(question: Question, reader: Reads | None) -> Result:
    """What a reader makes of a question, or words do."""
    passages = question.passages[:DEPTH]
    readings = [
        reader.read(question.text, one.names, one.units) if reader else Reading(-FARTHEST)
        for one in passages
    ]
    relevance = [one.relevance for one in readings] or [-FARTHEST]
    best = int(np.argmax(relevance))  # of equals the one that words found first
    rights = [place for place, one in enumerate(passages) if one.is_right]
    unit = _unit(passages[rights[0]], readings[rights[0]].parts) if rights else None
    return Result(question.kind, relevance[best], best in rights, bool(rights), unit)


def _unit(passage: Listed, parts: Sequence[float]) -> float | None:
    """Whether the unit that is chosen answers, or how often chance would choose one that does."""
    if not 0 < len(passage.right) < len(passage.units):
        return None
    if not parts:
        return len(passage.right) / len(passage.units)
    return float(np.argmax(parts) in passage.right)


def cells(results: Sequence[Result]) -> Iterator[str]:
    """The figures in the order of COLUMNS, without the first."""
    relevance = np.array([one.relevance for one in results])
    right = np.array([one.is_right for one in results])
    kinds = np.array([one.kind for one in results])
    asked = kinds == ANSWERABLE
    yield _share(right[asked])
    yield _share(right[[one.is_found for one in results]])
    yield _share(np.array([one.unit for one in results if one.unit is not None]))
    for kind in (NEAR_MISS, OFF_TOPIC):
        some = asked | (kinds == kind)
        yield _area(relevance[some], asked[some])
    yield _area(relevance, right)
    yield _area(relevance[asked], right[asked])


def _share(values: Floats | Booleans) -> str:
    interval = interval_of_mean(values.astype(np.float64))
    low, high = 100 * interval.low, 100 * interval.high
    return f"{100 * values.mean():.1f} ({low:.1f} to {high:.1f}) of {len(values)}"


def _area(values: Floats, is_positive: Booleans) -> str:
    def of(rows: NDArray[np.int64]) -> float:
        positive, some = is_positive[rows], values[rows]
        has_both = 0 < positive.sum() < len(rows)
        return measures.auroc(some[positive], some[~positive]) if has_both else np.nan

    if values.min() == values.max() or not 0 < is_positive.sum() < len(values):
        return "none"
    interval, value = bootstrap(len(values), of), of(np.arange(len(values)))
    return f"{value:.3f} ({interval.low:.3f} to {interval.high:.3f}) of {len(values)}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lists", type=Path)
    parser.add_argument("readers", metavar="READER", nargs="+")
    options = parser.parse_args()
    questions = list(read_lists(options.lists))
    print(row(COLUMNS), row(["---"] * len(COLUMNS)), sep="\n")
    for name in (WORDS, *options.readers):
        reader = installed_reader(name)
        results = [result(question, reader) for question in questions]
        print(row([reader.name if reader else WORDS, *cells(results)]), flush=True)


def row(texts: Sequence[str]) -> str:
    """A row of a table in Markdown."""
    return f"| {' | '.join(texts)} |"


if __name__ == "__main__":
    main()
