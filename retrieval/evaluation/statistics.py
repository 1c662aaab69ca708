"""How sure a figure is: intervals, paired differences and a paired test, all from fixed seeds."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.evaluation.measures import Floats

RESAMPLES = 2_000
FLIPS = 10_000

_Z_975, _Z_80 = 1.959963984540054, 0.8416212335729143  # quantiles of the normal distribution
_AT_ONCE = 1_000_000  # numbers drawn at once, so that memory stays small


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change did to a figure over the same questions, positive where it rose.

    `p_value` is how often chance alone would give a difference as large. `detectable` is the
    smallest difference that so many questions would show four times out of five.
    """

    value: float
    interval: Interval
    p_value: float
    detectable: float

    @property
    def is_significant(self) -> bool:
        """Whether chance is an unlikely explanation, at the usual 5 %."""
        return self.p_value < 0.05


def wilson(successes: int, total: int) -> Interval:
    """The interval of a proportion (Wilson 1927); it never leaves 0 to 1."""
    share = successes / total
    centre = share + _Z_975**2 / (2 * total)
    spread = _Z_975 * math.sqrt(share * (1 - share) / total + _Z_975**2 / (4 * total**2))
    scale = 1 + _Z_975**2 / total
    # Where none or all are successes, an end is the share itself, which rounding would miss.
    low = max(0.0, (centre - spread) / scale) if successes else 0.0
    high = min(1.0, (centre + spread) / scale) if successes < total else 1.0
    return Interval(low, high)


def enough(share: float, limit: float) -> int | None:
    """How many trials it takes, of which a share succeeds, until Wilson's interval ends at a limit.

    None where it never does, since the share is not below the limit.
    """
    if share >= limit:
        return None
    return math.ceil(_Z_975**2 * limit * (1 - limit) / (limit - share) ** 2 - 1e-9)


def interval_of_mean(values: Floats) -> Interval:
    """Wilson's interval where every value is 0 or 1, else the bootstrap's."""
    if np.isin(values, (0.0, 1.0)).all():
        return wilson(int(values.sum()), len(values))
    return _percentiles(np.concatenate([values[draw].mean(axis=1) for draw in _draws(len(values))]))


def bootstrap(count: int, statistic: Callable[[NDArray[np.int64]], float]) -> Interval:
    """The percentile interval of a statistic over `count` questions (Efron 1979).

    `statistic` gets the positions of the questions of a resample.
    """
    return _percentiles(_bootstrapped(count, statistic))


def bootstrap_difference(
    value: float, count: int, change: Callable[[NDArray[np.int64]], float]
) -> Difference:
    """A difference `value` of a statistic over `count` pairs, tested by the bootstrap.

    `change` gets the positions of a resample. The p-value is twice the share of resamples on the
    far side of zero (Efron and Tibshirani 1993, chapter 15).
    """
    changes = _bootstrapped(count, change)
    far = min((changes <= 0).mean(), (changes >= 0).mean())
    p_value = 1.0 if value == 0 else min(1.0, 2 * float(far) + 1 / RESAMPLES)
    spread = float(changes.std())
    return Difference(value, _percentiles(changes), p_value, (_Z_975 + _Z_80) * spread)


def _bootstrapped(count: int, statistic: Callable[[NDArray[np.int64]], float]) -> Floats:
    values: Floats = np.array([statistic(row) for draw in _draws(count) for row in draw])
    # A resample without both kinds of questions has no such figure.
    defined: Floats = values[~np.isnan(values)]
    return defined


def paired_difference(old: Floats, new: Floats) -> Difference:
    """The difference of the means over the same questions, in the same order.

    The interval is the bootstrap's over questions, the test a randomisation test that flips signs
    (Fisher 1935; for retrieval, Smucker, Allan and Carterette 2007).
    """
    differences = new - old
    value = float(differences.mean())
    means = [differences[draw].mean(axis=1) for draw in _draws(len(differences))]
    spread = float(differences.std(ddof=1)) if len(differences) > 1 else 0.0
    return Difference(
        value,
        _percentiles(np.concatenate(means)),
        _sign_flip_p_value(differences),
        (_Z_975 + _Z_80) * spread / math.sqrt(len(differences)),
    )


def _sign_flip_p_value(differences: Floats) -> float:
    """Two-sided; the observed signs count as one of the draws, so it is never 0."""
    changed = differences[differences != 0]
    if not len(changed):
        return 1.0
    observed = abs(changed.sum()) - 1e-9
    generator = np.random.default_rng(0)
    rows = max(1, _AT_ONCE // len(changed))
    extreme = 0
    for start in range(0, FLIPS, rows):
        signs = generator.integers(0, 2, (min(rows, FLIPS - start), len(changed)), dtype=np.int8)
        extreme += int((abs((2 * signs - 1) @ changed) >= observed).sum())
    return (extreme + 1) / (FLIPS + 1)


def _draws(count: int) -> Iterator[NDArray[np.int64]]:
    """RESAMPLES rows of `count` positions drawn with replacement, some rows at a time."""
    generator = np.random.default_rng(0)
    rows = max(1, _AT_ONCE // count)
    for start in range(0, RESAMPLES, rows):
        yield generator.integers(0, count, (min(rows, RESAMPLES - start), count))


def _percentiles(values: Floats) -> Interval:
    low, high = np.percentile(values, [2.5, 97.5])
    return Interval(float(low), float(high))
