"""What several libraries of one place say, as one answer, one list of passages, one of documents.

Each is asked by itself: how much a word says is counted over its documents alone.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Generic, TypeVar

from bot.library import Library, Listing, Named
from footnote import Answer, Hit, Verdict
from footnote.index import key_of
from footnote.questions import Turn

T = TypeVar("T")

_NEAREST = 3
"""Closest sections of a decline, of all libraries together."""


@dataclass(frozen=True, slots=True)
class Result(Generic[T]):
    """What was found, and in which library: it may be another one already when it is shown."""

    value: T
    library: Library
    turn: Turn | None = None
    """The question as a part of its conversation, where it was one."""


def best_of(found: Sequence[Result[Answer]], limit: int = 10) -> Result[Answer]:
    """The surest of the answers; where none answers, the surest decline.

    The first of those that are equally sure. A decline has the closest sections and the passages of
    all, best first.
    """
    surest = sorted(found, key=lambda one: _rank(one.value), reverse=True)
    best = surest[0]
    if best.value.verdict is Verdict.ANSWERED or len(surest) == 1:
        return best
    nearest = islice(_in_turn([one.value.nearest for one in surest]), _NEAREST)
    hits = best_hits([one.value.hits for one in surest], limit)
    return replace(best, value=replace(best.value, nearest=tuple(nearest), hits=tuple(hits)))


def _rank(answer: Answer) -> tuple[bool, float]:
    return answer.verdict is Verdict.ANSWERED, answer.confidence


def best_hits(found: Sequence[Sequence[Hit]], limit: int) -> list[Hit]:
    """The best passages of each library in turn: a score means nothing outside of its own."""
    if len(found) == 1:
        return list(found[0])
    alike = {key_of(hit.passage): hit for hit in _in_turn(found)}
    return [replace(hit, rank=n) for n, hit in enumerate(islice(alike.values(), limit), start=1)]


def listing_of(libraries: Sequence[Library], page: int, size: int) -> Listing:
    """A page of the documents of all libraries, one after the other; the last one where there are
    fewer."""
    counts = [len(library.collection.documents) for library in libraries]
    last = max(0, sum(counts) - 1) // size
    page = min(page, last)
    start = page * size
    documents: list[Named] = []
    for library, count in zip(libraries, counts, strict=True):
        left = size - len(documents)
        if start < count and left:
            documents += library.mended(partial(Library.some_documents, start=start, count=left))
        start = max(0, start - count)
    skipped = sum(len(library.collection.report.skipped) for library in libraries)
    return Listing(documents, page, last + 1, sum(counts), skipped)


def first_with(
    libraries: Sequence[Library], work: Callable[[Library], T | None]
) -> Result[T | None]:
    """What some work reads in the first library that has it."""
    for library in libraries:
        value = library.mended(work)
        if value is not None:
            return Result(value, library)
    return Result(None, libraries[-1])


def _in_turn(lists: Sequence[Sequence[T]]) -> Iterator[T]:
    """The first of each, then the second of each, and so on."""
    for place in range(max(map(len, lists))):
        yield from (one[place] for one in lists if place < len(one))
