"""What each group of features gains over manuals, and what more questions do.

    python training/ablation.py DATA MANUALS PAGES

As training/train.py has them. Learned from docs-train/questions.jsonl with the shipped weights for
the steps before the one that is measured, and measured on the questions that were written blind,
over other manuals or the same. Gains are paired, in points, with 95 % intervals: the first passage
is right, the best sentence is right, the confidence tells right answers from others (the area under
its ROC). Below, the same learned from a half and a quarter of the questions.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.evaluation import measures
from retrieval.evaluation.statistics import bootstrap_difference, paired_difference
from retrieval.scoring.weights import score, shipped
from training.learning import Choice, Decision, fit_choices, fit_decisions
from training.train import COLLECT, Examples, collected, read_manuals

# Features by the beginning of their names.
PASSAGES = {
    "the engine's score": ("engine",),
    "BM25 with b 0.4, length": ("bm25", "length"),
    "share of the question": ("coverage", "names", "rarest", "identifiers"),
    "title and headings": ("title", "heading"),
    "terms that are explained": ("term",),
    "passages beside it": ("context",),
    "the page's other passages": ("page_",),
    "letters shared": ("similar",),
    "related words": ("related",),
    "neighbouring words": ("pairs", "raw_pairs"),
    "best sentence": ("best_unit",),
    "what it is made of, by purpose": ("is_", "unquotable"),
    "where it stands: opens a section, a page": ("opens", "first"),
    "what it says that something is": ("subject",),
}
UNITS = {
    "sentences before and after, headings": ("before", "after", "above", "context", "whole"),
    "letters shared": ("similar",),
    "related words": ("related",),
    "kind of answer": ("kind_",),
    "neighbouring words, density": ("pairs", "raw_pairs", "density", "in_order"),
    "length and place": ("length", "short", "last"),
    "compared with the best of the passage": ("relative", "is_best"),
    "new words": ("new", "nothing_new"),
    "what it does (defines, instructs, points)": ("defines", "instructs", "points"),
    "what it is made of, by purpose": (
        *("is_", "paragraph_", "item_", "definition_", "term_", "header_", "row_", "code_"),
    ),
    "where it stands: opens a section": ("opens", "first"),
    "what it says that something is": ("subject",),
    "the block, and what is above it": ("block", "heading", "term", "no_heading", "introduces"),
}
CONFIDENCE = {
    "words that are missing": ("missing", "lost", "unsaid", "unknown"),
    "kind of answer missing": ("misfit",),
    "features of the sentence": ("unit_",),
    "features of the passage": ("passage_",),
    "the block": ("block", "related_block", "similar_block"),
    "what else was found": ("same_", "ahead"),
    "short answer": ("short",),
    "purpose and kind": ("purpose_", "kind_"),
}
NOTHING = ("no feature",)


def main() -> None:
    """Print the three tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "manuals", "pages"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--share", type=float, default=1.0, help="of the questions learned from")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    materials = read_manuals(options.data, options.manuals, options.pages, options.share)
    written = [one for one in materials if one.count == 1]
    blind = [one for one in materials if one.count > 1]
    with ProcessPoolExecutor(options.processes, get_context("spawn")) as pool:
        for title, groups in (
            ("passages", PASSAGES),
            ("units", UNITS),
            ("confidence", CONFIDENCE),
        ):
            learned, asked = (
                _together(collected(pool, COLLECT[title], some, shipped()))
                for some in (written, blind)
            )
            _table(title, learned, asked, groups)


def _together(found: dict[str, list[Examples]]) -> Examples:
    together = list(chain.from_iterable(some for lists in found.values() for some in lists))
    choices = [one for one in together if isinstance(one, Choice)]
    return choices or [one for one in together if isinstance(one, Decision)]


def _table(
    title: str, learned: Examples, asked: Examples, groups: dict[str, tuple[str, ...]]
) -> None:
    everything = _measured(learned, asked, NOTHING)
    whole = _value(asked, everything, np.arange(len(asked)))
    print(f"{title}: {whole * 100:.1f} with all, of {len(asked):,} questions", flush=True)
    for name, without in groups.items():
        _line(name, asked, _measured(learned, asked, without), everything)
    for name, step in (("a half of the questions", 2), ("a quarter of the questions", 4)):
        _line(name, asked, _measured(learned[::step], asked, NOTHING), everything)


def _line(name: str, asked: Examples, less: NDArray[np.float64], all_: NDArray[np.float64]) -> None:
    """The gain of all over less."""
    if isinstance(asked[0], Choice):
        change = paired_difference(less, all_)
    else:
        rows = np.arange(len(asked))
        gain = _value(asked, all_, rows) - _value(asked, less, rows)
        change = bootstrap_difference(
            gain, len(asked), lambda r: _value(asked, all_, r) - _value(asked, less, r)
        )
    low, high = change.interval.low * 100, change.interval.high * 100
    print(f"  {name:44} {change.value * 100:+.2f} [{low:+.2f}, {high:+.2f}]", flush=True)


def _measured(learned: Examples, asked: Examples, without: tuple[str, ...]) -> NDArray[np.float64]:
    """For each choice whether the best candidate is right, for each decision how sure it is."""
    choices = [_without(one, without) for one in learned if isinstance(one, Choice)]
    if choices:
        model = fit_choices(choices)
        return np.array([_best(one, model) for one in asked if isinstance(one, Choice)])
    decisions = [
        replace(one, features=_kept(one.features, without))
        for one in learned
        if isinstance(one, Decision)
    ]
    model = fit_decisions(decisions)
    found = (one.features for one in asked if isinstance(one, Decision))
    return np.array([score(_kept(features, without), model) for features in found])


def _best(choice: Choice, model: dict[str, float]) -> float:
    scores = choice.values @ np.array([model.get(name, 0.0) for name in choice.names])
    return float(choice.right[scores.argmax()] > 0)


def _without(choice: Choice, without: tuple[str, ...]) -> Choice:
    kept = [column for column, name in enumerate(choice.names) if not name.startswith(without)]
    names = tuple(choice.names[column] for column in kept)
    return replace(choice, names=names, values=choice.values[:, kept])


def _kept(features: dict[str, float], without: tuple[str, ...]) -> dict[str, float]:
    return {name: value for name, value in features.items() if not name.startswith(without)}


def _value(asked: Examples, found: NDArray[np.float64], rows: NDArray[np.int64]) -> float:
    if isinstance(asked[0], Choice):
        return float(found[rows].mean())
    right = np.array([isinstance(one, Decision) and one.right == 1 for one in asked])[rows]
    if right.all() or not right.any():
        return 0.5  # there is nothing to tell apart
    return measures.auroc(found[rows][right], found[rows][~right])


if __name__ == "__main__":
    main()
