"""Fitting linear models to examples: choices between candidates, and decisions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

Features = dict[str, float]


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates of one question: the features of each, and how right each is, 0 to 1."""

    features: Sequence[Features]
    right: Sequence[float]


@dataclass(frozen=True, slots=True)
class Decision:
    """What is known of one answer, whether it is right, and how much the example counts."""

    features: Features
    right: float
    weight: float


def fit_choices(examples: Iterable[Choice], penalty: float = 1.0) -> dict[str, float]:
    """Weights under which the right candidates are likely: a softmax over each question's.

    The listwise loss is -ln of the probability that falls on right candidates (Cao et al. 2007,
    ListNet, with the mass of the right ones as the target), with `penalty` times the squared length
    of the weights.
    """
    usable = [example for example in examples if any(example.right)]
    names, matrix = _matrix([row for example in usable for row in example.features])
    right = np.array([value for example in usable for value in example.right])
    sizes = np.array([len(example.right) for example in usable])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    question = np.repeat(np.arange(len(usable)), sizes)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ weights
        powers = np.exp(scores - np.maximum.reduceat(scores, starts)[question])
        whole = np.add.reduceat(powers, starts)
        held = np.add.reduceat(powers * right, starts)
        slope = powers / whole[question] - powers * right / held[question]
        return (
            float(np.log(whole / held).sum() + penalty * weights @ weights),
            matrix.T @ slope + 2 * penalty * weights,
        )

    return _minimum(names, loss)


def fit_decisions(examples: Sequence[Decision], penalty: float = 1.0) -> dict[str, float]:
    """Weights of a logistic regression of `right`, the penalty on standardised features."""
    names, matrix = _matrix([example.features for example in examples])
    dense = matrix.toarray()
    right = np.array([example.right for example in examples])
    counts = np.array([example.weight for example in examples])
    spread = dense.std(axis=0)
    spread[spread == 0] = 1.0
    scaled = dense / spread
    is_free = np.array([name == "constant" for name in names])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = scaled @ weights
        penalised = np.where(is_free, 0.0, weights)
        value = counts @ (np.logaddexp(0, scores) - right * scores)
        slope = scaled.T @ (counts * (1 / (1 + np.exp(-scores)) - right))
        return float(value + penalty * penalised @ penalised), slope + 2 * penalty * penalised

    found = _minimum(names, loss)
    return {name: found[name] / scale for name, scale in zip(names, spread, strict=True)}


def _matrix(rows: Sequence[Features]) -> tuple[list[str], sparse.csr_matrix]:
    """The names of the features, sorted, and the rows of their values."""
    names = sorted({name for row in rows for name, value in row.items() if value})
    columns = {name: column for column, name in enumerate(names)}
    indices: list[int] = []
    values: list[float] = []
    ends = [0]
    for row in rows:
        for name, value in row.items():
            if value:
                indices.append(columns[name])
                values.append(value)
        ends.append(len(indices))
    return names, sparse.csr_matrix((values, indices, ends), (len(rows), len(names)))


def _minimum(names: Sequence[str], loss) -> dict[str, float]:  # type: ignore[no-untyped-def]
    found = minimize(
        loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 500}
    )
    return dict(zip(names, map(float, found.x), strict=True))
