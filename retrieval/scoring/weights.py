"""The linear models: how much each named feature adds to a score.

The weights stand in weights.json, which training/train.py makes out of judged questions.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import isfinite
from pathlib import Path
from typing import TypeAlias

from knowledge.errors import FootnoteError

Model: TypeAlias = Mapping[str, float]

SHIPPED = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """One model for each choice: of passages, of units, of the words that answer, and to answer.

    The first three are listwise: only differences between the candidates of one question count.
    From the `threshold` of confidence on a question is answered.
    """

    passages: Model
    units: Model
    spans: Model
    confidence: Model
    threshold: float = 0.5


MODELS = ("passages", "units", "spans", "confidence")


@cache
def shipped() -> Weights:
    """The weights that come with Footnote."""
    return read_weights(SHIPPED)


class WeightsError(FootnoteError):
    """A file that holds no weights."""


def read_weights(path: Path) -> Weights:
    """The weights of a file that training/train.py wrote; WeightsError where it holds none."""
    try:
        read = json.loads(path.read_text("utf-8"))
        models = {
            model: {str(name): float(value) for name, value in read[model].items()}
            for model in MODELS
        }
        threshold = float(read["threshold"])
        values = (value for model in models.values() for value in model.values())
        if not all(map(isfinite, [threshold, *values])):
            raise ValueError("not a number")
    except OSError as error:
        raise WeightsError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(
            f"{path}: is not a file of weights; make one with: python training/train.py"
        ) from error
    return Weights(**models, threshold=threshold)


def score(features: Mapping[str, float], model: Model) -> float:
    """The sum of the features by their weights; a feature without a weight adds nothing."""
    weight = model.get
    return sum([value * weight(name, 0.0) for name, value in features.items()])
