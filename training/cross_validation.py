"""Figures of questions that the weights were not fitted to: by fold, all articles but some."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from retrieval.evaluation import measures
from retrieval.evaluation.figures import figures
from retrieval.evaluation.judging import Judge, Outcome
from retrieval.evaluation.measures import Booleans, Floats
from retrieval.evaluation.question_sets import JudgedQuestion
from retrieval.evaluation.reports import scored
from retrieval.evaluation.statistics import bootstrap
from retrieval.scoring.weights import Weights
from training.examples import ANSWERABLE, NEAR_MISS, OFF_TOPIC, Material, decisions
from training.train import fit

Confidences = dict[str, list[float]]


def folds_of(material: Material, count: int) -> list[list[JudgedQuestion]]:
    """The questions in folds; those of one article are in one fold."""
    articles = sorted(set(material.groups.values()))
    if len(articles) < count:  # one article: its questions in turn
        return [list(material.questions[n::count]) for n in range(count)]
    number = {article: n % count for n, article in enumerate(articles)}
    folds: list[list[JudgedQuestion]] = [[] for _ in range(count)]
    for question in material.questions:
        folds[number[material.groups[question.id]]].append(question)
    return folds


def outcomes_of(
    materials: Sequence[Material], weights: Weights
) -> tuple[list[list[Outcome]], Confidences]:
    """Outcomes of each material's questions, and confidences of the first also without their
    documents."""
    outcomes = [
        [Judge(one.index, one.answerer(weights)).outcome(question) for question in one.questions]
        for one in materials
    ]
    confidences: Confidences = {}
    main = materials[0]
    for kind, _, trace, _ in decisions(main, main.questions, weights):
        confidences.setdefault(kind, []).append(trace.answer.confidence)
    return outcomes, confidences


def cross_validate(
    encyclopedia: Sequence[Material], manuals: Sequence[Material], count: int, processes: int
) -> None:
    """Print the figures of all folds together: of the main material and of the packaged one."""
    main, *ranking, own = encyclopedia
    folds = [
        [replace(one, questions=tuple(fold)) for one, fold in zip((main, own), both, strict=True)]
        for both in zip(folds_of(main, count), folds_of(own, count), strict=True)
    ]
    results = []
    for number, asked in enumerate(folds):
        others = [fold for n, fold in enumerate(folds) if n != number]
        learned = [one for both in others for one in both]
        (weights,) = fit([*learned, *ranking, *manuals], processes=processes).values()
        results.append(outcomes_of(asked, weights))
    for place, name in enumerate((f"{main.name}, {count} folds", f"packaged, {count} folds")):
        print(name)
        print_outcomes([outcome for outcomes, _ in results for outcome in outcomes[place]])
    together: Confidences = {}
    for _, confidences in results:
        for kind, values in confidences.items():
            together.setdefault(kind, []).extend(values)
    print_decisions(together)


def print_outcomes(outcomes: Sequence[Outcome]) -> None:
    """Print the figures of some questions, with their intervals."""
    for name, figure in figures(scored(outcomes)).items():
        low, high = figure.interval.low * 100, figure.interval.high * 100
        print(f"  {name:22} {figure.value * 100:6.1f}  {low:5.1f} to {high:5.1f} {figure.count:7,}")
    lengths = [len(outcome.quoted.split()) for outcome in outcomes]
    print(f"  words of a quote, median {np.median(lengths):.0f}")


def _area(values: Floats, positive: Booleans, rows: NDArray[np.int64]) -> float:
    """The area under the ROC of some of the values."""
    return measures.auroc(values[rows][positive[rows]], values[rows][~positive[rows]])


def print_decisions(confidences: Confidences) -> None:
    """Print how well the confidence parts what is to be answered from the rest."""
    answerable = np.array(confidences[ANSWERABLE])
    for kind, values in sorted(confidences.items()):
        if kind != ANSWERABLE:
            both = np.concatenate([answerable, values])
            area = partial(_area, both, np.arange(len(both)) < len(answerable))
            interval = bootstrap(len(both), area)
            print(
                f"  auroc {kind:14} {area(np.arange(len(both))):.3f} "
                f"[{interval.low:.3f}, {interval.high:.3f}]"
            )
    for threshold in np.arange(0.1, 0.6, 0.05):
        shares = {kind: np.mean(np.array(v) >= threshold) for kind, v in confidences.items()}
        print(
            f"  threshold {threshold:.2f}: answers {shares[ANSWERABLE]:.3f}, declines "
            f"{1 - shares[OFF_TOPIC]:.3f} off-topic, {1 - shares[NEAR_MISS]:.3f} near-miss, "
            f"{1 - shares['unanswerable']:.3f} unanswerable"
        )
