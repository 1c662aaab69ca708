"""Makes retrieval/scoring/weights.json out of judged questions.

    python training/train.py DATA                    fit, and write the weights
    python training/train.py DATA --out FILE         the same, into another file
    python training/train.py DATA --cross-validate   fit to all articles but some, ask about those

DATA is a folder of `<name>.corpus.jsonl` and `<name>.questions.jsonl`: squad2-dev, stackfaq,
cranfield and med. The tuning half of the packaged questions is learned from too.
"""

import argparse
import json
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from retrieval.evaluation.question_sets import JudgedQuestion
from retrieval.scoring.weights import SHIPPED, Weights
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

# How much a decision of each kind counts. Questions that were written to look answerable teach to
# mistrust every answer if they count as much as the others.
COUNTS = {ANSWERABLE: 1.0, OFF_TOPIC: 1.0, NEAR_MISS: 1.0, UNANSWERABLE: 0.2}
PACKAGED_COUNTS = 1.0

Part = tuple[Material, Sequence[JudgedQuestion]]


def fit(main: Part, ranking: Sequence[Part], own: Part) -> Weights:
    """All four models.

    The confidence learns from questions that the other three were not fitted to, half and half, as
    it will meet them in use.
    """
    examples: list[Decision] = []
    for number in range(2):
        learnt, asked = _halves(main, number), _halves(main, 1 - number)
        own_learnt, own_asked = _halves(own, number), _halves(own, 1 - number)
        weights = _choosers(learnt, ranking, own_learnt)
        examples += _decisions(asked, weights, 1.0)
        examples += _decisions(own_asked, weights, PACKAGED_COUNTS)
    return _with(_choosers(main, ranking, own), confidence=fit_decisions(examples))


def _choosers(main: Part, ranking: Sequence[Part], own: Part) -> Weights:
    """One model after the other, since each learns from what those before it find."""
    weights = Weights({}, {}, {}, {})
    found = chain.from_iterable(passage_choices(*part, weights) for part in (main, *ranking, own))
    weights = _with(weights, passages=fit_choices(found))
    answered = (main, own)
    units: list[Choice] = [c for part in answered for c in unit_choices(*part, weights)]
    weights = _with(weights, units=fit_choices(units))
    spans = [c for part in answered for c in span_choices(*part, weights)]
    return _with(weights, spans=fit_choices(spans))


def _halves(part: Part, number: int) -> Part:
    """The questions of every second article; every second question of a single one."""
    material, questions = part
    groups = sorted({material.groups[question.id] for question in questions})
    if len(groups) > 1:
        chosen = set(groups[number::2])
        return material, [q for q in questions if material.groups[q.id] in chosen]
    return material, questions[number::2]


def _decisions(part: Part, weights: Weights, times: float) -> list[Decision]:
    return [
        as_decision(trace, right, times * COUNTS[kind])
        for kind, _, trace, right in decisions(*part, weights)
    ]


def _with(weights: Weights, **models: dict[str, float]) -> Weights:
    """The weights with another model, rounded as they are shipped."""
    parts = {name: getattr(weights, name) for name in Weights.__dataclass_fields__}
    for name, model in models.items():
        parts[name] = {feature: round(value, 4) for feature, value in model.items() if value}
    return Weights(**parts)


def main() -> None:
    """Fit, or cross-validate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    if options.cross_validate:
        from training.cross_validation import cross_validate

        cross_validate(options.data, options.folds, options.processes)
        return
    materials = read(options.data)
    weights = fit(*parts(materials, materials[0].questions))
    written = {name: getattr(weights, name) for name in Weights.__dataclass_fields__}
    options.out.write_text(json.dumps(written, indent=1, sort_keys=True) + "\n", "utf-8")


def read(data: Path) -> list[Material]:
    """The materials: the main one, those for ranking, the packaged one."""
    return [*(read_material(data, name) for name in (MAIN, *RANKING)), packaged("tuning")]


def parts(
    materials: Sequence[Material], questions: Sequence[JudgedQuestion]
) -> tuple[Part, list[Part], Part]:
    """What to fit to: some of the main questions, and all of the others."""
    first, *ranking, own = materials
    return (
        (first, questions),
        [(material, material.questions) for material in ranking],
        (own, own.questions),
    )


if __name__ == "__main__":
    main()
