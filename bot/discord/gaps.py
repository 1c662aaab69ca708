"""Questions that were asked in vain, those about the same together."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from footnote.text import terms

_ALIKE = 0.5
"""Shared terms over all terms of both (Jaccard's index), from which two questions are alike."""


@dataclass(slots=True)
class Gap:
    """Questions about the same; times are in ISO 8601."""

    first: str
    last: str
    count: int = 0
    questions: list[str] = field(default_factory=list)
    terms: frozenset[str] = frozenset()


def grouped(declined: Iterable[tuple[str, str]]) -> list[Gap]:
    """The questions, each with its time, in groups of those alike; the most asked first.

    A question joins the first group whose first question it is like, so that the groups stay the
    same when more is asked.
    """
    gaps: list[Gap] = []
    by_term: dict[str, list[int]] = defaultdict(list)
    for question, at in declined:
        asked = frozenset(terms(question)) or frozenset([question.strip().lower()])
        # Only those that share a term can be alike.
        sharing = sorted({place for term in asked for place in by_term[term]})
        gap = next((gaps[place] for place in sharing if _alike(asked, gaps[place].terms)), None)
        if gap is None:
            gap = Gap(first=at, last=at, terms=asked)
            for term in asked:
                by_term[term].append(len(gaps))
            gaps.append(gap)
        gap.last = max(gap.last, at)
        gap.count += 1
        if question not in gap.questions:
            gap.questions.append(question)
    return sorted(gaps, key=lambda gap: -gap.count)


def _alike(some: frozenset[str], others: frozenset[str]) -> bool:
    return len(some & others) >= _ALIKE * len(some | others)
