"""The linear models: how much each named feature adds to a score.

The weights stand in weights.json, which training/train.py makes out of judged questions.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import TypeAlias

Model: TypeAlias = Mapping[str, float]

SHIPPED = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """One model for each choice: of passages, of units, of the words that answer, and to answer.

    The first three are listwise: only differences between the candidates of one question count.
    """

    passages: Model
    units: Model
    spans: Model
    confidence: Model


@cache
def shipped() -> Weights:
    """The weights that come with Footnote."""
    return read_weights(SHIPPED)


def read_weights(path: Path) -> Weights:
    """The weights of a file that training/train.py wrote."""
    read = json.loads(path.read_text("utf-8"))
    return Weights(**{field.name: read[field.name] for field in fields(Weights)})


def score(features: Mapping[str, float], model: Model) -> float:
    """The sum of the features by their weights; a feature without a weight adds nothing."""
    weight = model.get
    return sum([value * weight(name, 0.0) for name, value in features.items()])
