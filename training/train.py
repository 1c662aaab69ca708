"""Makes retrieval/scoring/weights.json out of judged questions.

    python training/train.py DATA MANUALS PAGES                  fit, and write the weights
    python training/train.py DATA MANUALS PAGES --out FILE       the same, into another file
    python training/train.py DATA MANUALS PAGES --leave-out django --out FILE
                                                                 without the questions of a corpus
    python training/train.py DATA MANUALS PAGES --each FOLDER    also, for each manual of PAGES,
                                                                 weights that never saw it
    python training/train.py DATA MANUALS PAGES --cross-validate fit to all articles but some, ask
                                                                 about those

DATA is a folder of `<name>.corpus.jsonl` and `<name>.questions.jsonl` (squad2-dev, stackfaq,
cranfield and med) with the questions over manuals in docs-train/questions.jsonl, /blind.jsonl and
docs/questions.jsonl. MANUALS holds a folder of pages for each manual of the first two, and PAGES
for each of the last. The tuning half of the packaged questions is learned from too.
"""

import argparse
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

from retrieval.evaluation.question_sets import JudgedQuestion
from retrieval.opening import open_collection
from retrieval.scoring.weights import MODELS, READ_MODELS, SHIPPED, Weights, read_weights
from training.documentation import asked_elsewhere, read_documentation
from training.examples import (
    ANSWERABLE,
    NEAR_MISS,
    OFF_TOPIC,
    UNANSWERABLE,
    Material,
    as_decision,
    decisions,
    packaged,
    passage_choices,
    read_material,
    span_choices,
    unit_choices,
)
from training.learning import Choice, Decision, fit_choices, fit_decisions

MAIN = "squad2-dev"
RANKING = ("stackfaq", "cranfield", "med")
MANUALS = ("docs-train/questions.jsonl", "docs-train/blind.jsonl", "docs/questions.jsonl")

# How much a decision of each kind counts. Questions that were written to look answerable teach to
# mistrust every answer if they count as much as the others, and so do questions whose text is taken
# away, of which there are two for each question over an encyclopedia.
COUNTS = {ANSWERABLE: 1.0, OFF_TOPIC: 1.0, NEAR_MISS: 1.0, UNANSWERABLE: 0.2}
TAKEN_AWAY = 0.3

# Questions that were written without a look at the passages are the ones that matter, and few.
BLIND = 3.0
ENCYCLOPEDIA = 0.5
# The packaged questions are few, and ask for items of lists, dates and directions as no others do.
PACKAGED = 8.0
THINNED = 3

# Of what is shown, so much is to be right. Where 0.7 is, a third fewer right answers are shown.
PRECISION = 0.65
FEWEST = 20

Asked = tuple[str, float, bool]
"""A question that was asked: its kind, how sure the answer was, and whether it was right."""

Examples = Sequence[Choice] | Sequence[Decision]
Collect = Callable[[Material, Weights], Examples]


def fit(
    materials: Sequence[Material], left_out: Sequence[str] = (), processes: int = 2
) -> dict[str, Weights]:
    """All four models: under "" learned from all materials, under each name in `left_out` from all
    but those of that name.

    One model after the other, since each learns from what those before it find; what finds was
    learned without all that is left out, so that nothing of it is in any weights without it.
    """
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        fitted = {name: Weights({}, {}, {}, {}) for name in ("", *left_out)}
        finding = Weights({}, {}, {}, {})
        for model, collect in COLLECT.items():
            found = collected(pool, collect, materials, finding)
            first = _fitted(found, left_out, {})
            finding = _with(finding, model, first)
            for name, weights in fitted.items():
                own = _fitted(found, {name}, first) if left_out else first
                fitted[name] = _with(weights, model, own)
    return fitted


def collected(
    pool: ProcessPoolExecutor, collect: Collect, materials: Sequence[Material], weights: Weights
) -> dict[str, list[Examples]]:
    """The examples of all materials by their names; the materials are shared out to processes."""
    for knowledge in dict.fromkeys(material.knowledge for material in materials):
        open_collection(knowledge)  # or two processes might make one index at once
    ordered = sorted(materials, key=lambda material: -len(material.questions))
    found: dict[str, list[Examples]] = {material.name: [] for material in materials}
    examples = pool.map(collect, ordered, [weights] * len(ordered))
    for material, some in zip(ordered, examples, strict=True):
        found[material.name].append(some)
    return found


def _passages(material: Material, weights: Weights) -> list[Choice]:
    material = thinned(material)
    return list(passage_choices(material, material.questions, weights))


def _units(material: Material, weights: Weights) -> list[Choice]:
    material = thinned(material)
    return list(unit_choices(material, material.questions, weights))


def _spans(material: Material, weights: Weights) -> list[Choice]:
    return list(span_choices(material, material.questions, weights))


def _decisions(material: Material, weights: Weights) -> list[Decision]:
    material = thinned(material)
    return [
        as_decision(trace, right, material.count * count_of(kind, question))
        for kind, question, trace, right in decisions(material, material.questions, weights)
    ]


def count_of(kind: str, question: JudgedQuestion) -> float:
    """How much a decision counts; a question to answer is none where its text was taken away."""
    is_taken = kind in (NEAR_MISS, OFF_TOPIC) and not question.must_be_declined
    return TAKEN_AWAY if is_taken else COUNTS[kind]


def _fitted(
    found: Mapping[str, list[Examples]], without: Collection[str], start: Mapping[str, float]
) -> dict[str, float]:
    kept = [some for name, lists in found.items() if name not in without for some in lists]
    examples = list(chain.from_iterable(kept))
    choices = [example for example in examples if isinstance(example, Choice)]
    if choices:
        return fit_choices(choices, start=start)
    return fit_decisions([example for example in examples if isinstance(example, Decision)])


COLLECT: dict[str, Collect] = {
    "passages": _passages,
    "units": _units,
    "spans": _spans,
    "confidence": _decisions,
}


def _with(weights: Weights, name: str, model: Mapping[str, float]) -> Weights:
    """The weights with another model, rounded as they are shipped."""
    models = {one: getattr(weights, one) for one in MODELS}
    return Weights(**{**models, name: rounded(model)})


def rounded(model: Mapping[str, float]) -> dict[str, float]:
    """A model as it is shipped: to four digits, without what is 0 then."""
    return {name: round(value, 4) for name, value in model.items() if round(value, 4)}


def with_thresholds(
    fitted: Mapping[str, Weights], materials: Sequence[Material]
) -> dict[str, Weights]:
    """The weights with the threshold from which on PRECISION of what is shown is right.

    It is read off what manuals are answered with weights that never saw them: that of the weights
    without a manual off all others, that of all weights off all of them.
    """
    asked = {
        name: [
            (kind, trace.answer.confidence, right)
            for one in materials
            if one.name == name
            for kind, _, trace, right in decisions(one, one.questions, weights)
        ]
        for name, weights in fitted.items()
        if name
    }
    print_thresholds(list(chain.from_iterable(asked.values())))
    return {
        name: replace(
            weights,
            threshold=threshold_of(
                list(chain.from_iterable(some for n, some in asked.items() if n != name))
            ),
        )
        for name, weights in fitted.items()
    }


def threshold_of(asked: Sequence[Asked], precision: float = PRECISION) -> float:
    """The lowest from which on so much of what is shown is right; in steps of a hundredth.

    Where less is right however sure, that from which on most is, of at least FEWEST.
    """
    found = []
    for percent in range(5, 100):
        shown = [right for _, confidence, right in asked if confidence >= percent / 100]
        if len(shown) >= FEWEST:
            found.append((min(sum(shown) / len(shown), precision), -percent))
    return -max(found)[1] / 100 if found else 0.5


def write(weights: Weights, path: Path) -> None:
    """Write weights as read_weights reads them."""
    written: dict[str, object] = {name: getattr(weights, name) for name in (*MODELS, "threshold")}
    if weights.read is not None:
        names = (*READ_MODELS, "threshold", "sure")
        written["read"] = {name: getattr(weights.read, name) for name in names}
    path.write_text(json.dumps(written, indent=1, sort_keys=True) + "\n", "utf-8")


def main() -> None:
    """Fit, or cross-validate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("manuals", type=Path)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--leave-out", metavar="CORPUS", action="append", default=[])
    parser.add_argument("--each", metavar="FOLDER", type=Path)
    parser.add_argument("--share", type=float, default=1.0, help="of the questions over manuals")
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--folds", type=int, default=2)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    encyclopedia = read(options.data)
    manuals = read_manuals(options.data, options.manuals, options.pages, options.share)
    if options.cross_validate:
        from training.cross_validation import cross_validate

        cross_validate(encyclopedia, manuals, options.folds, options.processes)
        return
    everything = (*encyclopedia, *manuals)
    materials = [one for one in everything if one.name not in options.leave_out]
    nine = {one.name for one in materials if one.knowledge.parent == options.pages}
    fitted = fit(materials, sorted(nine), options.processes)
    fitted = with_thresholds(fitted, [one for one in materials if one.name in nine])
    whole = fitted.pop("")
    if options.out.exists():
        # training/read.py makes these anew out of what words find now.
        whole = replace(whole, read=read_weights(options.out).read)
    write(whole, options.out)
    if options.each:
        options.each.mkdir(parents=True, exist_ok=True)
        for name, weights in fitted.items():
            write(weights, options.each / f"{name}.json")


def print_thresholds(asked: Sequence[Asked]) -> None:
    """What would be shown from each threshold on."""
    print("threshold  shown right  right of shown  near misses declined  off-topic declined")
    for percent in range(10, 80, 2):
        shown = [one for one in asked if one[1] >= percent / 100]
        right = sum(is_right for _, _, is_right in shown)
        to_answer = sum(kind == ANSWERABLE for kind, _, _ in asked)
        cells = [right / (to_answer or 1), right / (len(shown) or 1)]
        for negative in (NEAR_MISS, OFF_TOPIC):
            some = [confidence < percent / 100 for kind, confidence, _ in asked if kind == negative]
            cells.append(sum(some) / (len(some) or 1))
        print(f"{percent / 100:9.2f}  {'  '.join(f'{cell:14.2f}' for cell in cells)}")


def read(data: Path) -> list[Material]:
    """The main material, those for ranking, the packaged one."""
    return [
        replace(read_material(data, MAIN), count=ENCYCLOPEDIA),
        *(read_material(data, name) for name in RANKING),
        replace(packaged("tuning"), count=PACKAGED),
    ]


def thinned(material: Material) -> Material:
    """Of the main material one in THINNED questions, each of which counts for as many: more teach
    nothing more but which words answer."""
    if material.name != MAIN:
        return material
    return replace(
        material, questions=material.questions[::THINNED], count=THINNED * material.count
    )


def read_manuals(data: Path, manuals: Path, pages: Path, share: float = 1.0) -> list[Material]:
    """Those of the manuals: the first `share` of the questions that were written from passages, and
    all that were written blind."""
    written, *blind = (
        read_documentation(data / name, manuals if name.startswith("docs-train") else pages, count)
        for name, count in zip(MANUALS, (1.0, BLIND, BLIND), strict=True)
    )
    some = [
        replace(one, questions=one.questions[: max(1, round(share * len(one.questions)))])
        for one in written
    ]
    return [*some, *asked_elsewhere(some), *chain.from_iterable(blind)]


if __name__ == "__main__":
    main()
