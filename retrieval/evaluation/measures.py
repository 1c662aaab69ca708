"""The measures, each a pure function with the definition it follows.

Ranking measures take what was found in order of rank; measures of decisions take one confidence and
one outcome for each question. Every result lies between 0 and 1.
"""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from knowledge.languages import ENGLISH, UNSPACED
from retrieval.evaluation.signs import holds_signs

Floats: TypeAlias = NDArray[np.float64]
Booleans: TypeAlias = NDArray[np.bool_]

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_UNSPACED = re.compile(f"[{UNSPACED}]")


# Ranking. `found[i]` is the set of numbers of the pieces of evidence that rank i + 1 holds.


def hit(found: Sequence[frozenset[int]], depth: int) -> float:
    """1 if some evidence is among the first `depth` (success at k, trec_eval's success_k)."""
    return float(any(found[:depth]))


def recall(found: Sequence[frozenset[int]], total: int, depth: int) -> float:
    """The share of the `total` pieces of evidence in the first `depth` (trec_eval's recall_k)."""
    return len(frozenset().union(*found[:depth])) / total


def reciprocal_rank(found: Sequence[frozenset[int]], depth: int) -> float:
    """1 / the rank of the first evidence, 0 if it is deeper than `depth` (Voorhees 1999)."""
    ranks = (rank for rank, evidence in enumerate(found[:depth], start=1) if evidence)
    return 1 / next(ranks, float("inf"))


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """Discounted gain of the first `depth` documents over that of the best order.

    Järvelin and Kekäläinen 2002 with the grade itself as the gain and log2(rank + 1) as the
    discount, as trec_eval's ndcg_cut.
    """

    def dcg(gains: Sequence[int]) -> float:
        return sum(gain / float(np.log2(rank + 1)) for rank, gain in enumerate(gains, start=1))

    best = dcg(sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:depth])
    gained = dcg([max(grades.get(document, 0), 0) for document in ranking[:depth]])
    return gained / best if best else 0.0


def average_precision(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    """The mean, over the relevant documents, of the precision at their ranks (trec_eval's map).

    A document is relevant from grade 1 on; one that was not found counts 0.
    """
    relevant = {document for document, grade in grades.items() if grade > 0}
    seen, total = 0, 0.0
    for rank, document in enumerate(ranking, start=1):
        if document in relevant:
            seen += 1
            total += seen / rank
    return total / len(relevant) if relevant else 0.0


# Answers.


def normalised(text: str, language: str = ENGLISH) -> str:
    """Lower case, without punctuation, articles and runs of blanks: SQuAD's evaluation script.

    In other languages as MLQA's (Lewis et al. 2020): punctuation is that of every script, and in
    scripts without blanks each letter counts as a word. Here punctuation parts words, since many
    languages set an ending apart by an apostrophe ("1944'te"), and articles stay.
    """
    if language != ENGLISH:
        letters = _UNSPACED.sub(r" \g<0> ", text.lower())
        signs = {c for c in letters if unicodedata.category(c).startswith("P")}
        marks = signs | set(string.punctuation)
        return " ".join(letters.translate({ord(mark): " " for mark in marks}).split())
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(answer: str, golds: Sequence[str], language: str = ENGLISH) -> float:
    """1 if the answer is one of the right ones after normalisation (Rajpurkar et al. 2016)."""
    own = normalised(answer, language)
    return float(any(own == normalised(gold, language) for gold in golds))


def f1(answer: str, golds: Sequence[str], language: str = ENGLISH) -> float:
    """The best harmonic mean of precision and recall of words (Rajpurkar et al. 2016)."""
    own = normalised(answer, language).split()
    return max((_f1(own, normalised(gold, language).split()) for gold in golds), default=0.0)


def _f1(answer: Sequence[str], gold: Sequence[str]) -> float:
    if not answer or not gold:
        return float(answer == gold)
    shared = sum((Counter(answer) & Counter(gold)).values())
    return 2 * shared / (len(answer) + len(gold))


def contains(text: str, golds: Sequence[str], language: str = ENGLISH) -> float:
    """1 if the text holds a right answer: in whole words after normalisation, with its signs."""
    padded = f" {normalised(text, language)} "
    return float(
        any(
            (f" {normalised(gold, language)} " in padded or not any(map(str.isalnum, gold)))
            and holds_signs(text, gold)
            for gold in golds
        )
    )


def matches(text: str, patterns: Sequence[str]) -> float:
    """1 if one of the regular expressions is found in the text, white space made single blanks.

    Case is ignored, and Python's `re` searches.
    """
    flat = " ".join(text.split())
    return float(any(re.search(pattern, flat, re.IGNORECASE) for pattern in patterns))


# Decisions. `confidence[i]` belongs to `right[i]`: was the quote of question i right?


def auroc(positive: Floats, negative: Floats) -> float:
    """How often a positive has the higher confidence than a negative; ties count half.

    The area under the receiver operating characteristic, as Mann and Whitney's U over all pairs.
    """
    values, places = np.unique(np.concatenate([positive, negative]), return_inverse=True)
    ups = np.bincount(places[: len(positive)], minlength=len(values))
    downs = np.bincount(places[len(positive) :], minlength=len(values))
    below = np.concatenate([[0], np.cumsum(downs)[:-1]])
    return float((ups * (below + downs / 2)).sum() / (len(positive) * len(negative)))


def risk_coverage(confidence: Floats, right: Booleans) -> tuple[Floats, Floats]:
    """Coverage, ascending, and the share of wrong among the so many most confident questions.

    El-Yaniv and Wiener 2010. Questions of one confidence are taken together, since no threshold
    can part them.
    """
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(~right[order])
    counts = np.arange(1, len(order) + 1)
    ends = np.append(np.flatnonzero(np.diff(confidence[order])), len(order) - 1)
    return counts[ends] / len(order), wrong[ends] / counts[ends]


def area_under_risk_coverage(confidence: Floats, right: Booleans) -> float:
    """The mean risk over all coverages (AURC, Geifman and El-Yaniv 2017); lower is better."""
    coverage, risk = risk_coverage(confidence, right)
    return float((np.diff(coverage, prepend=0) * risk).sum())


def coverage_at_precision(confidence: Floats, right: Booleans, precision: float) -> float:
    """The largest share of questions that can be answered with at least this share right.

    Read off the same questions, so somewhat kind: the threshold is chosen in hindsight.
    """
    coverage, risk = risk_coverage(confidence, right)
    allowed = coverage[risk <= 1 - precision + 1e-12]
    return float(allowed.max()) if len(allowed) else 0.0


def calibration_bins(
    confidence: Floats, right: Booleans, bins: int = 10
) -> list[tuple[float, float, int]]:
    """Mean confidence, share right and number of questions of each bin of equal width in use."""
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    members = (places == number for number in range(bins))
    return [
        (float(confidence[m].mean()), float(right[m].mean()), int(m.sum()))
        for m in members
        if m.any()
    ]


def calibration_error(confidence: Floats, right: Booleans) -> float:
    """The mean distance between confidence and share right over ten bins (ECE, Guo et al. 2017)."""
    return sum(
        abs(mean - share) * count for mean, share, count in calibration_bins(confidence, right)
    ) / len(confidence)
