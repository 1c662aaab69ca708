"""The linear models: how much each named feature adds to a score.

The weights stand in weights.json, which training/train.py makes out of judged questions.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from math import isfinite
from operator import mul
from pathlib import Path
from typing import Any, TypeAlias

from knowledge.errors import FootnoteError

Model: TypeAlias = Mapping[str, float]

SHIPPED = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """One model for each choice: of passages, of units, of the words that answer, and to answer.

    The first three are listwise: only differences between the candidates of one question count.
    From the `threshold` of confidence on a question is answered. `read` are those for where a
    reader understands the question; None where there are none.
    """

    passages: Model
    units: Model
    spans: Model
    confidence: Model
    threshold: float = 0.5
    read: "ReadWeights | None" = None


@dataclass(frozen=True, slots=True)
class ReadWeights:
    """The same over what a reader makes of the passages; `order` is the model of those it read, and
    `blocks` that of the texts that may be quoted.

    From the confidence `sure` on, what words find is not read.
    """

    passages: Model
    order: Model
    units: Model
    blocks: Model
    confidence: Model
    threshold: float = 0.5
    sure: float = 1.0


MODELS = ("passages", "units", "spans", "confidence")
READ_MODELS = ("passages", "order", "units", "blocks", "confidence")


@cache
def shipped() -> Weights:
    """The weights that come with Footnote."""
    return read_weights(SHIPPED)


class WeightsError(FootnoteError):
    """A file that holds no weights."""


def read_weights(path: Path) -> Weights:
    """The weights of a file that training/train.py wrote; WeightsError where it holds none."""
    try:
        found = json.loads(path.read_text("utf-8"))
        read = found.get("read")
        return Weights(
            **_models(found, MODELS),
            threshold=_number(found["threshold"]),
            read=None
            if read is None
            else ReadWeights(
                **_models(read, READ_MODELS),
                threshold=_number(read["threshold"]),
                sure=_number(read["sure"]),
            ),
        )
    except OSError as error:
        raise WeightsError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(
            f"{path}: is not a file of weights; make one with: python training/train.py"
        ) from error


def _models(found: Mapping[str, Any], names: Sequence[str]) -> dict[str, Model]:
    return {
        model: {str(name): _number(value) for name, value in found[model].items()}
        for model in names
    }


def _number(value: Any) -> float:
    number = float(value)
    if not isfinite(number):
        raise ValueError("not a number")
    return number


def score(features: Mapping[str, float], model: Model) -> float:
    """The sum of the features by their weights; a feature without a weight adds nothing."""
    # In native code, since an answer takes hundreds of such sums.
    return float(sum(map(mul, features.values(), map(model.get, features, repeat(0.0)))))
