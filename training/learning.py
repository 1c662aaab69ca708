"""Fitting linear models to examples: choices between candidates, and decisions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit

from retrieval.scoring.weights import score

Features = dict[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """The candidates of one question: the features of each, and how right each is, 0 to 1.

    `values` has a row for each candidate and a column for each of `names`, and `right` a value for
    each candidate. `count` is how often the example would stand there.
    """

    names: tuple[str, ...]
    values: NDArray[np.float32]
    right: NDArray[np.float32]
    count: float = 1.0

    @classmethod
    def of(
        cls, features: Sequence[Mapping[str, float]], right: Sequence[float], count: float = 1.0
    ) -> "Choice":
        """The choice between candidates with some features, of which most are zero."""
        names = tuple(sorted({name for row in features for name, value in row.items() if value}))
        columns = {name: column for column, name in enumerate(names)}
        values = np.zeros((len(features), len(names)), np.float32)
        for number, row in enumerate(features):
            for name, value in row.items():
                if value:
                    values[number, columns[name]] = value
        return cls(names, values, np.array(right, np.float32), count)


@dataclass(frozen=True, slots=True)
class Decision:
    """What is known of one answer, whether it is right, and how much the example counts."""

    features: Features
    right: float
    weight: float


def fit_choices(
    examples: Iterable[Choice], penalty: float = 1.0, start: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Weights under which the right candidates are likely: a softmax over each question's.

    The listwise loss is -ln of the probability that falls on right candidates (Cao et al. 2007,
    ListNet, with the mass of the right ones as the target), with `penalty` times the squared length
    of the weights. From weights that are nearly right, as `start`, it takes fewer steps.
    """
    usable = [example for example in examples if example.right.any()]
    names, matrix = _dense(usable)
    right = np.concatenate([example.right for example in usable])
    counts = np.array([example.count for example in usable])
    sizes = np.array([len(example.right) for example in usable])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    question = np.repeat(np.arange(len(usable)), sizes)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = (matrix @ weights.astype(np.float32)).astype(np.float64)
        powers = np.exp(scores - np.maximum.reduceat(scores, starts)[question])
        whole = np.add.reduceat(powers, starts)
        held = np.add.reduceat(powers * right, starts)
        slope = counts[question] * (powers / whole[question] - powers * right / held[question])
        return (
            float((counts * np.log(whole / held)).sum() + penalty * weights @ weights),
            (slope.astype(np.float32) @ matrix).astype(np.float64) + 2 * penalty * weights,
        )

    return _minimum(names, loss, start or {})


def _dense(examples: Sequence[Choice]) -> tuple[list[str], NDArray[np.float32]]:
    """The names of all features, sorted, and the rows of all candidates."""
    names = sorted(set().union(*(example.names for example in examples)))
    columns = {name: column for column, name in enumerate(names)}
    matrix = np.zeros((sum(len(e.right) for e in examples), len(names)), np.float32)
    row = 0
    for example in examples:
        end = row + len(example.right)
        matrix[row:end, [columns[name] for name in example.names]] = example.values
        row = end
    return names, matrix


def fit_decisions(
    examples: Sequence[Decision], penalty: float = 3.0, fixed: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Weights of a logistic regression of `right`, the penalty on features that are scaled.

    Those that vary by more than 1 are standardised, the others stay as they are: one that is rarely
    there would get a large weight for a small penalty, and decide alone where it is. The weights
    that are `fixed` stay as they are.
    """
    fixed = fixed or {}
    given = np.array([score(example.features, fixed) for example in examples])
    names, matrix = _matrix(
        [{n: v for n, v in one.features.items() if n not in fixed} for one in examples]
    )
    dense = matrix.toarray()
    right = np.array([example.right for example in examples])
    counts = np.array([example.weight for example in examples])
    spread = np.maximum(dense.std(axis=0), 1.0)
    scaled = dense / spread
    is_free = np.array([name == "constant" for name in names])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = given + scaled @ weights
        penalised = np.where(is_free, 0.0, weights)
        value = counts @ (np.logaddexp(0, scores) - right * scores)
        slope = scaled.T @ (counts * (expit(scores) - right))
        return float(value + penalty * penalised @ penalised), slope + 2 * penalty * penalised

    found = _minimum(names, loss, {})
    return {
        **fixed,
        **{name: found[name] / scale for name, scale in zip(names, spread, strict=True)},
    }


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


def _minimum(  # type: ignore[no-untyped-def]
    names: Sequence[str], loss, start: Mapping[str, float]
) -> dict[str, float]:
    first = np.array([start.get(name, 0.0) for name in names])
    found = minimize(loss, first, jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return dict(zip(names, map(float, found.x), strict=True))
