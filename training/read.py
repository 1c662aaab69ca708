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
import hashlib
import json
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.answer.answering import Answerer
from retrieval.answer.confidence import probability
from retrieval.collection import open_collection
from retrieval.meaning.loading import SMALL
from retrieval.meaning.meaning import Meaning, Nearness, Reading
from retrieval.meaning.model import Reader
from retrieval.meaning.vectors import Vectors
from retrieval.scoring.weights import (
    READ_MODELS,
    SHIPPED,
    Model,
    ReadWeights,
    Weights,
    read_weights,
)
from retrieval.search.engine import SearchEngine
from training.cross_validation import outcomes_of, print_decisions, print_outcomes
from training.documentation import asked_elsewhere, read_documentation
from training.examples import (
    Material,
    answers,
    as_decision,
    decisions,
    is_right_passage,
    packaged,
    passage_choices,
    read_material,
    says_what_answers,
    traces,
    unit_choices,
)
from training.learning import Choice, Decision, fit_choices, fit_decisions
from training.split import KEPT_ARTICLES, KEPT_MANUALS, is_kept_faq
from training.train import (
    BLIND,
    ENCYCLOPEDIA,
    MAIN,
    MANUALS,
    PACKAGED,
    Asked,
    count_of,
    print_thresholds,
    threshold_of,
    write,
)

WRITTEN = 3
"""Of the questions written from passages one in so many is asked."""

ARTICLES = 6
"""Likewise of the questions over articles, each of which counts for as many."""

FAQ = 2
"""Likewise of the questions of a FAQ."""

PRECISION = 0.75
"""Of what is shown, so much is to be right."""

SURE = 0.9
"""Where what words find is right so often, nothing is read."""

NEVER = 2.0
"""A confidence that no answer has."""

START = {"first": 1.0, "read": 1.0}
"""How passages are ordered before that is learned."""


class Remembered:
    """A reader that keeps what it read in a file, which several processes may share."""

    name = SMALL

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = sqlite3.connect(folder.with_suffix(".read"), timeout=600)
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.execute("CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, value TEXT)")

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self._folder, SMALL)

    def reads(self, language: str) -> bool:
        """Whether it helps with documents in a language."""
        return self._reader.reads(language)

    def prepare(self) -> None:
        """Nothing: most of what is asked was read before."""

    def read(self, question: str, names: str, units: Sequence[str]) -> Reading:
        """How well a passage answers a question."""
        relevance, *parts = self._kept(
            [question, names, *units], lambda: _values(self._reader.read(question, names, units))
        )
        return Reading(relevance, tuple(parts))

    def vector(self, text: str) -> NDArray[np.float32]:
        """The vector of a text."""
        kept = self._kept([text], lambda: self._reader.vector(text).tolist())
        return np.array(kept, np.float32)

    def _kept(self, texts: Sequence[str], made: Callable[[], list[float]]) -> list[float]:
        key = hashlib.sha256(json.dumps([self._reader.identity, *texts]).encode()).digest()
        row = self._file.execute("SELECT value FROM kept WHERE key = ?", (key,)).fetchone()
        if row is not None:
            value: list[float] = json.loads(row[0])
            return value
        value = made()
        with self._file:
            self._file.execute("INSERT OR IGNORE INTO kept VALUES (?, ?)", (key, json.dumps(value)))
        return value


def _values(reading: Reading) -> list[float]:
    return [reading.relevance, *reading.parts]


@dataclass(frozen=True)
class Understood(Material):
    """A material whose questions a reader understands; `is_near` is whether it has vectors.

    `is_blind` is whether its questions were written without a look at the passages.
    """

    reader: Path = Path()
    is_near: bool = False
    is_blind: bool = False

    def __reduce__(self) -> tuple[type["Understood"], tuple[object, ...]]:
        """How another process gets it."""
        return Understood, tuple(getattr(self, one.name) for one in fields(self))

    @cached_property
    def _remembered(self) -> Remembered:
        return Remembered(self.reader)

    @cached_property
    def _vectors(self) -> Nearness | None:
        if not self.is_near:
            return None
        folder = open_collection(self.knowledge).folder
        return None if folder is None else Vectors.open(folder, Reader(self.reader, SMALL).identity)

    def answerer(self, weights: Weights, engine: SearchEngine | None = None) -> Answerer:
        """An Answerer that understands; where documents are left out it has no vectors."""
        meaning = None
        if weights.read is not None:
            meaning = Meaning(self._remembered, lambda: None if engine else self._vectors)
        return Answerer(self.index, engine or self.engine, weights=weights, meaning=meaning)


def _passages(material: Understood, weights: Weights) -> list[Choice]:
    if material._vectors is None:
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
        return _rounded(fit_decisions([one.decision for one in kept]))
    return _rounded(fit_choices(kept))


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


def _rounded(model: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in model.items() if round(value, 4)}


def _sure(asked: Sequence[Asked]) -> float:
    """The confidence of words from which on SURE of what they find is right; NEVER if there is
    none."""
    for percent in range(30, 100):
        shown = [right for _, confidence, right in asked if confidence >= percent / 100]
        if len(shown) >= 20 and sum(shown) >= SURE * len(shown):
            return percent / 100
    return NEVER


def materials_of(data: Path, manuals: Path, pages: Path, reader: Path) -> list[Understood]:
    """What the reader did not learn from; half of the questions with vectors, half without."""
    written, blind, nine = (
        read_documentation(data / name, manuals if name.startswith("docs-train") else pages, count)
        for name, count in zip(MANUALS, (1.0, BLIND, BLIND), strict=True)
    )
    kept = [
        replace(one, questions=one.questions[::WRITTEN])
        for one in written
        if one.name in KEPT_MANUALS
    ]
    main = read_material(data, MAIN)
    articles = tuple(q for q in main.questions if main.groups[q.id] in KEPT_ARTICLES)[::ARTICLES]
    faq = read_material(data, "stackfaq")
    others = [
        *kept,
        *asked_elsewhere(kept),
        replace(main, questions=articles, count=ARTICLES * ENCYCLOPEDIA),
        replace(faq, questions=tuple(q for q in faq.questions if is_kept_faq(q.id))[::FAQ]),
        replace(packaged("tuning"), count=PACKAGED),
    ]
    both = [(one, False) for one in others]
    both += [(one, True) for one in (*blind, *nine) if one.name in KEPT_MANUALS or one in nine]
    return [
        Understood(
            one.name,
            one.knowledge,
            some,
            one.count,
            one.is_prose,
            reader=reader,
            is_near=is_near,
            is_blind=is_blind,
        )
        for one, is_blind in both
        for some, is_near in ((one.questions[::2], True), (one.questions[1::2], False))
    ]


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
