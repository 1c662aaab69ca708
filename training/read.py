"""Fits the weights over what a reader makes of passages, and writes them beside those of words.

    python training/read.py DATA MANUALS PAGES READER --out FILE   into a file of weights
    python training/read.py DATA MANUALS PAGES READER --out FILE --each FOLDER
                                        also, for each manual of PAGES, weights that never saw it
    python training/read.py DATA MANUALS PAGES READER --out FILE --report
                                        ask about the articles that were kept, by words and by
                                        reading, the weights of which were fitted to no article

DATA, MANUALS and PAGES are those of training/train.py. READER is a folder with a model that learned
from nothing that training/split.py keeps. `footnote index` has to have made its vectors; what has
none is read without. The weights for words are read from FILE and, those that never saw a manual,
from FOLDER, and those for reading are added to them. For what split.py keeps the weights for words
are those of FILE, which learned from it. What was read is kept in a file beside READER, since it
takes longest.
"""

import argparse
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from retrieval.answer.confidence import probability
from retrieval.scoring.weights import (
    READ_MODELS,
    SHIPPED,
    Model,
    ReadWeights,
    Weights,
    read_weights,
)
from training.cross_validation import outcomes_of, print_decisions, print_outcomes
from training.examples import (
    answers,
    as_decision,
    decisions,
    is_right_passage,
    passage_choices,
    says_what_answers,
    traces,
    unit_choices,
)
from training.learning import Choice, Decision, fit_choices, fit_decisions
from training.split import KEPT_MANUALS
from training.train import (
    MAIN,
    Asked,
    count_of,
    print_thresholds,
    rounded,
    threshold_of,
    write,
)
from training.understood import Understood, materials_of

PRECISION = 0.75
"""Of what is shown, so much is to be right."""

SURE = 0.9
"""Where what words find is right so often, nothing is read."""

NEVER = 2.0
"""A confidence that no answer has."""

START = {"first": 1.0, "read": 1.0}
"""How passages are ordered before that is learned."""


def _passages(material: Understood, weights: Weights) -> list[Choice]:
    if material.vectors is None:
        return []
    return list(passage_choices(material, material.questions, weights))


def _order(material: Understood, weights: Weights) -> list[Choice]:
    found = []
    for question, trace in traces(material.answerer(weights), material.questions):
        if question.evidence and trace.readings:
            rows = [
                {name: value for name, value in one.features.items() if name in ORDER}
                for one in trace.found
            ]
            right = [is_right_passage(question, one.hit.passage) for one in trace.found]
            found.append(Choice.of(rows, right, material.count))
    return found


ORDER = ("first", "read", "first_near", "read_near")


def _units(material: Understood, weights: Weights) -> list[Choice]:
    return list(unit_choices(material, material.questions, weights))


def _blocks(material: Understood, weights: Weights) -> list[Choice]:
    found = []
    asked = filter(says_what_answers, material.questions)
    for question, trace in traces(material.answerer(weights), asked):
        right = [
            float(answers(question, block.quote, block.passage.language))
            for block, _ in trace.blocks
        ]
        if any(right):
            found.append(Choice.of([dict(own) for _, own in trace.blocks], right, material.count))
    return found


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision, with the kind of its question and whether it tells what people would see."""

    kind: str
    decision: Decision
    is_blind: bool


def _confidence(judged: Judged, model: Model) -> float:
    return probability(judged.decision.features, model)


def _decisions(material: Understood, weights: Weights) -> list[Judged]:
    return [
        Judged(
            kind,
            as_decision(trace, right, material.count * count_of(kind, question)),
            material.is_blind,
        )
        for kind, question, trace, right in decisions(material, material.questions, weights)
        if trace.readings
    ]


def _by_words(material: Understood, weights: Weights) -> list[Asked]:
    """How sure words are of each question that was written blind, and whether they are right."""
    if not material.is_blind:
        return []
    return [
        (kind, trace.answer.confidence, right)
        for kind, _, trace, right in decisions(
            material, material.questions, replace(weights, read=None)
        )
    ]


COLLECT: Mapping[str, Callable[[Understood, Weights], list[Any]]] = {
    "passages": _passages,
    "order": _order,
    "units": _units,
    "blocks": _blocks,
    "confidence": _decisions,
    "words": _by_words,
}


Examples = dict[str, list[Any]]
"""What was collected of each material, by its name."""


def collected(
    materials: Sequence[Understood], words: Callable[[str], Weights], processes: int
) -> dict[str, Examples]:
    """The examples for each model, for the confidence, and for what words are sure of.

    One after the other, since each model learns from what those before it find; what finds was
    learned without the manuals that are reported on.
    """
    reported = {one.name for one in materials if one.is_blind} - {*KEPT_MANUALS}
    found: dict[str, Examples] = {}
    finding = ReadWeights({}, START, {}, {}, {}, sure=NEVER)
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        for model, collect in COLLECT.items():
            each = [replace(words(one.name), read=finding) for one in materials]
            found[model] = {}
            for one, some in zip(materials, pool.map(collect, materials, each), strict=True):
                found[model].setdefault(one.name, []).extend(some)
            print(f"{model}: {sum(map(len, found[model].values())):,} examples", flush=True)
            if model in READ_MODELS and model != "confidence":
                finding = _with(finding, model, _fitted(found[model], reported))
    return found


def _fitted(found: Examples, without: Collection[str]) -> dict[str, float]:
    kept = list(chain.from_iterable(some for n, some in found.items() if n not in without))
    if isinstance(kept[0], Judged):
        return rounded(fit_decisions([one.decision for one in kept]))
    return rounded(fit_choices(kept))


def fit(
    found: Mapping[str, Examples], words: Callable[[str], Weights], without: Sequence[str]
) -> dict[str, Weights]:
    """The weights over reading: under "" learned from all examples, under each name in `without`
    from all but those of that name."""
    fitted = {
        name: {model: _fitted(found[model], {name}) for model in READ_MODELS}
        for name in ("", *without)
    }
    asked = {
        name: [
            (one.kind, _confidence(one, fitted[name]["confidence"]), one.decision.right > 0)
            for one in found["confidence"][name]
            if one.is_blind
        ]
        for name in without
    }
    print_thresholds(list(chain.from_iterable(asked.values())))
    sure = _sure(list(chain.from_iterable(found["words"].values())))
    return {
        name: replace(
            words(name),
            read=ReadWeights(
                **models,
                threshold=threshold_of(
                    list(chain.from_iterable(some for n, some in asked.items() if n != name)),
                    PRECISION,
                ),
                sure=sure,
            ),
        )
        for name, models in fitted.items()
    }


def _with(weights: ReadWeights, name: str, model: Model) -> ReadWeights:
    models = {one: getattr(weights, one) for one in READ_MODELS}
    return ReadWeights(**{**models, name: model}, sure=weights.sure)


def _sure(asked: Sequence[Asked]) -> float:
    """The confidence of words from which on SURE of what they find is right; NEVER if there is
    none."""
    for percent in range(30, 100):
        shown = [right for _, confidence, right in asked if confidence >= percent / 100]
        if len(shown) >= 20 and sum(shown) >= SURE * len(shown):
            return percent / 100
    return NEVER


def report(material: Understood, weights: Weights) -> None:
    """Print the figures of a material by words, and by reading."""
    for name, own in (("words", replace(weights, read=None)), ("reading", weights)):
        outcomes, confidences = outcomes_of([material], own)
        print(name)
        print_outcomes(outcomes[0])
        print_decisions(confidences)


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("manuals", type=Path)
    parser.add_argument("pages", type=Path)
    parser.add_argument("reader", type=Path)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--each", metavar="FOLDER", type=Path)
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()

    def words(name: str) -> Weights:
        own = options.each / f"{name}.json" if options.each and name else options.out
        return read_weights(own if own.exists() else options.out)

    materials = materials_of(options.data, options.manuals, options.pages, options.reader)
    found = collected(materials, words, options.processes)
    manuals = sorted({one.name for one in materials if one.is_blind})
    if options.report:
        weights = fit(found, words, [*manuals, MAIN])[MAIN]
        both = [one for one in materials if one.name == MAIN]
        asked = tuple(chain.from_iterable(one.questions for one in both))
        report(replace(both[0], questions=asked), weights)
        return
    fitted = fit(found, words, manuals)
    write(fitted.pop(""), options.out)
    if options.each:
        for name, weights in fitted.items():
            write(weights, options.each / f"{name}.json")


if __name__ == "__main__":
    main()
