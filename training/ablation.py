"""What each group of features gains: cross-validated with and without it.

    python training/ablation.py DATA

Over squad2-dev by article, with the shipped weights for the steps before the one that is measured.
Gains are paired, in points, with 95 % intervals: hit@1 of the passage, the right sentence (alone),
the short answer to the letter, and the area under the ROC of confidence against questions without
their article, without their paragraph, and those written to have no answer.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from retrieval.evaluation import measures
from retrieval.evaluation.statistics import bootstrap_difference, paired_difference
from retrieval.questions.question import Kind
from retrieval.scoring.weights import score, shipped
from training.cross_validation import folds_of
from training.examples import (
    ANSWERABLE,
    NEAR_MISS,
    OFF_TOPIC,
    UNANSWERABLE,
    Material,
    as_decision,
    decisions,
    passage_choices,
    read_material,
    span_choices,
    unit_choices,
)
from training.learning import Choice, Decision, fit_choices, fit_decisions
from training.train import COUNTS, MAIN

FOLDS = 8

# Features by the beginning of their names.
PASSAGES = {
    "letters shared": ("similar",),
    "related words": ("related",),
    "neighbouring words": ("pairs", "raw_pairs"),
    "title": ("title",),
    "best sentence": ("best_unit",),
    "BM25 with b 0.4, length": ("bm25", "length"),
    "names, kind, coverage": ("names", "kind", "coverage"),
}
UNITS = {
    "sentences before and after, headings": ("before", "after", "above", "context", "whole"),
    "letters shared": ("similar",),
    "related words": ("related",),
    "kind of answer": ("kind_",),
    "referring words": ("referring",),
    "neighbouring words, density": ("pairs", "raw_pairs", "density", "in_order"),
    "length and place": ("length", "short", "first", "last"),
    "compared with the best of the passage": ("relative", "is_best"),
    "new words": ("new", "nothing_new"),
}
SPANS = {
    "parts of speech": (
        "first_",
        "last_",
        "verb_inside",
        *(f"{kind.value}_{end}_" for kind in Kind for end in ("first", "last")),
    ),
    "words beside it": ("before_", "after_"),
    "nearness": ("near", "between", "position"),
    "what is asked for": ("ends_in_focus", "holds_focus", "precedes_focus", "follows_focus"),
    "not cut in two": ("cuts_",),
}
CONFIDENCE = {
    "words that are missing": ("missing", "lost", "unsaid", "unknown"),
    "kind of answer missing": ("misfit",),
    "features of the sentence": ("unit_",),
    "features of the passage": ("passage_",),
    "short answer": ("short",),
    "denial": ("denial",),
}


def _kept(features: dict[str, float], without: tuple[str, ...]) -> dict[str, float]:
    return {name: value for name, value in features.items() if not name.startswith(without)}


def _right(folds: Sequence[Sequence[Choice]], without: tuple[str, ...]) -> np.ndarray:
    """For each choice whether the best candidate is right, by weights of the other folds."""
    reduced = [
        [Choice([_kept(f, without) for f in one.features], one.right) for one in fold]
        for fold in folds
    ]
    found = []
    for number, fold in enumerate(reduced):
        model = fit_choices(c for n, other in enumerate(reduced) if n != number for c in other)
        for choice in fold:
            scores = [score(features, model) for features in choice.features]
            found.append(choice.right[scores.index(max(scores))])
    return np.array(found)


def _table(
    title: str, folds: Sequence[Sequence[Choice]], groups: dict[str, tuple[str, ...]]
) -> None:
    everything = _right(folds, ("no feature",))
    print(f"{title}: {everything.mean() * 100:.1f} with all", flush=True)
    for name, without in groups.items():
        change = paired_difference(_right(folds, without), everything)
        low, high = change.interval.low * 100, change.interval.high * 100
        print(f"  {name:40} {change.value * 100:+.2f} [{low:+.2f}, {high:+.2f}]", flush=True)


def _confidences(
    folds: Sequence[Sequence[tuple[str, Decision]]], without: tuple[str, ...]
) -> tuple[list[str], np.ndarray]:
    kinds, found = [], []
    for number, fold in enumerate(folds):
        examples = [
            Decision(_kept(one.features, without), one.right, one.weight)
            for n, other in enumerate(folds)
            if n != number
            for _, one in other
        ]
        model = fit_decisions(examples)
        for kind, one in fold:
            kinds.append(kind)
            found.append(score(_kept(one.features, without), model))
    return kinds, np.array(found)


def _confidence_table(material: Material) -> None:
    folds = [
        [
            (kind, as_decision(trace, right, COUNTS[kind]))
            for kind, _, trace, right in decisions(material, questions, shipped())
        ]
        for questions in folds_of(material, FOLDS)
    ]
    kinds, everything = _confidences(folds, ("no feature",))
    groups = {"all": ("no feature",), **CONFIDENCE}
    print("confidence: auroc off-topic, near miss, unanswerable; gain of each group")
    for name, without in groups.items():
        _, reduced = _confidences(folds, without)
        cells = []
        for negative in (OFF_TOPIC, NEAR_MISS, UNANSWERABLE):
            cells.append(_auroc_gain(kinds, everything, reduced, negative, name == "all"))
        print(f"  {name:40} {'  '.join(cells)}", flush=True)


def _auroc_gain(  # type: ignore[no-untyped-def]
    kinds: Sequence[str], everything, reduced, negative: str, is_whole: bool
) -> str:
    """The area with everything, or what it loses without some of it."""
    used = np.array([kind in (ANSWERABLE, negative) for kind in kinds])
    positive = np.array([kind == ANSWERABLE for kind in kinds])[used]
    new, old = everything[used], reduced[used]

    def area(values, rows) -> float:  # type: ignore[no-untyped-def]
        chosen, is_positive = values[rows], positive[rows]
        return measures.auroc(chosen[is_positive], chosen[~is_positive])

    rows = np.arange(len(new))
    if is_whole:
        return f"{area(new, rows):.3f}"
    gain = area(new, rows) - area(old, rows)
    change = bootstrap_difference(gain, len(new), lambda r: area(new, r) - area(old, r))
    return f"{gain:+.3f} [{change.interval.low:+.3f}, {change.interval.high:+.3f}]"


def main() -> None:
    """Print the four tables."""
    parser = argparse.ArgumentParser(description="What each group of features gains.")
    parser.add_argument("data", type=Path)
    material = read_material(parser.parse_args().data, MAIN)
    folds = folds_of(material, FOLDS)
    for title, collect, groups in (
        ("passages", passage_choices, PASSAGES),
        ("sentences", unit_choices, UNITS),
        ("short answers", span_choices, SPANS),
    ):
        _table(title, [list(collect(material, fold, shipped())) for fold in folds], groups)
    _confidence_table(material)


if __name__ == "__main__":
    main()
