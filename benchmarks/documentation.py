"""Questions over real manuals, each manual with weights that never saw it.

    python benchmarks/documentation.py JUDGE PAGES WEIGHTS [--reader small] [--questions FILE]
                                       [--out FILE]

JUDGE is a program that asks `footnote ask --json` and writes a line of JSON for each question
(judge.py), PAGES a folder with a folder of pages for each manual, and WEIGHTS the folder of
`<manual>.json` that `training/train.py --each WEIGHTS` wrote. Prints Markdown tables by manual and
by kind of question, with 95 % intervals. A manual without weights of its own is asked with those
that are shipped. With a reader, `footnote index` has to have made the vectors.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.evaluation.statistics import wilson

Row = dict[str, Any]

FIGURES: dict[str, tuple[Callable[[Row], bool], Callable[[Row], bool]]] = {
    "shown right": (lambda row: row["to answer"], lambda row: row["right"]),
    "right of shown": (lambda row: row["verdict"] == "answered", lambda row: row["right"]),
    "helped": (lambda row: row["to answer"], lambda row: row["helped"]),
    "page@1": (lambda row: row["to answer"], lambda row: row["page@1"]),
    "page@5": (lambda row: row["to answer"], lambda row: row["page@5"]),
    "near misses declined": (lambda row: row["kind"] == "near-miss", lambda row: _declined(row)),
    "off-topic declined": (lambda row: row["kind"] == "off-topic", lambda row: _declined(row)),
}
"""By name the questions that count, and those of them that are right."""


def _declined(row: Row) -> bool:
    return bool(row["verdict"] == "declined")


def _asked(
    judge: Path, pages: Path, manual: str, weights: Path, questions: Path | None, reader: str
) -> list[Row]:
    """What came of the questions over one manual."""
    command = Path(sys.executable).with_name("footnote")
    environment = {**os.environ, "FOOTNOTE": str(command), "FOOTNOTE_READER": reader}
    environment.pop("FOOTNOTE_WEIGHTS", None)
    if weights.exists():
        environment["FOOTNOTE_WEIGHTS"] = str(weights)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "rows.jsonl"
        given = [] if questions is None else ["--questions", str(questions)]
        subprocess.run(
            [sys.executable, judge, pages, "--corpora", manual, "--out", out, *given],
            env=environment,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def _line(name: str, rows: Sequence[Row]) -> str:
    cells = []
    for counts, is_right in FIGURES.values():
        some = [bool(is_right(row)) for row in rows if counts(row)]
        interval = wilson(sum(some), len(some)) if some else None
        cells.append(
            f"{np.mean(some) * 100:.0f} [{interval.low * 100:.0f}, {interval.high * 100:.0f}]"
            if interval
            else ""
        )
    words = [len(row["text"].split()) for row in rows if row["text"]]
    length = f"{np.median(words):.0f} / {np.percentile(words, 90):.0f}" if words else ""
    return f"| {name} | {len(rows)} | {' | '.join([*cells, length])} |"


def _table(first: str, lines: Iterable[str]) -> None:
    heads = [first, "questions", *FIGURES, "words, median / 9 of 10"]
    print(f"\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for line in lines:
        print(line)


def main() -> None:
    """Ask, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("judge", type=Path)
    parser.add_argument("pages", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--reader", default="words")
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--manuals", help="only these, parted by commas")
    options = parser.parse_args()
    asked = options.questions or options.judge.with_name("questions.jsonl")
    rows = [json.loads(line) for line in asked.read_text("utf-8").splitlines()]
    manuals = list(dict.fromkeys(row["corpus"] for row in rows))
    if options.manuals:
        manuals = options.manuals.split(",")
    found = {
        manual: _asked(
            options.judge,
            options.pages,
            manual,
            options.weights / f"{manual}.json",
            options.questions,
            options.reader,
        )
        for manual in manuals
    }
    everything = [row for some in found.values() for row in some]
    if options.out:
        options.out.write_text("".join(f"{json.dumps(row)}\n" for row in everything), "utf-8")
    _table("manual", (_line(manual, some) for manual, some in found.items()))
    kinds = list(dict.fromkeys(row["kind"] for row in everything))
    by_kind = ((kind, [row for row in everything if row["kind"] == kind]) for kind in kinds)
    _table("kind", (_line(kind, some) for kind, some in by_kind))
    _table("", [_line("all", everything)])


if __name__ == "__main__":
    main()
