"""How likely it is that the best candidate answers, and from where on it is shown."""

import math

# Logistic regression of "the sentence, or the one beside it, holds the answer" on the score of the
# best candidate; negatives are questions whose whole article is missing. Same data as the weights.
_SLOPE, _INTERCEPT = 6.0, -5.75

THRESHOLD = 0.35
"""Below this probability a question is declined."""


def probability(score: float) -> float:
    """The probability, 0 to 1, that a candidate of this score answers the question."""
    return 1 / (1 + math.exp(-(_SLOPE * score + _INTERCEPT)))
