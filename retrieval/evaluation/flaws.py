"""What the owner of a question set should look at again: questions and answers that judge badly."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from knowledge.documents import Passage
from retrieval.evaluation import measures
from retrieval.evaluation.question_sets import JudgedQuestion, QuestionSet

LEAST_PASSAGES, LEAST_SHARE = 10, 0.05
"""An answer that at least so many passages hold, and this share of all, is right by chance."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a question, by its id and its line (None where the set has no lines)."""

    id: str
    line: int | None
    problem: str

    def __str__(self) -> str:
        place = self.id if self.line is None else f"line {self.line} ({self.id})"
        return f"{place}: {self.problem}"


def words_of(text: str) -> str:
    """A text without case and punctuation, to tell whether two ask the same."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    marks = {c for c in folded if unicodedata.category(c).startswith("P")}
    return " ".join(folded.translate({ord(mark): " " for mark in marks}).split()) or folded.strip()


def flaws(found: QuestionSet, passages: Iterable[Passage]) -> Iterator[Flaw]:
    """The questions that stand there twice, then the answers that too many passages hold."""
    yield from _duplicates(found)
    yield from _broad_answers(found, passages)


def _duplicates(found: QuestionSet) -> Iterator[Flaw]:
    first: dict[str, JudgedQuestion] = {}
    for question in found.questions:
        before = first.setdefault(words_of(question.question), question)
        if before is question:
            continue
        other = before.id
        if line := found.lines.get(before.id):
            other = f"line {line} ({before.id})"
        yield Flaw(
            question.id,
            found.lines.get(question.id),
            f"asks the same as {other}; delete one, or word them differently",
        )


def _broad_answers(found: QuestionSet, passages: Iterable[Passage]) -> Iterator[Flaw]:
    answers = _Answers({answer for question in found.questions for answer in question.answers})
    counts: Counter[str] = Counter()
    total = 0
    for passage in passages:
        counts.update(answers.held_by(passage))
        total += 1
    least = max(LEAST_PASSAGES, LEAST_SHARE * total)
    for question in found.questions:
        broadest = max(question.answers, key=counts.__getitem__, default="")
        if counts[broadest] >= least:
            yield Flaw(
                question.id,
                found.lines.get(question.id),
                f"the answer {broadest!r} is too broad: {counts[broadest]:,} of {total:,} passages"
                " have it, so a wrong quote may count as right; add the words around it",
            )


class _Answers:
    """Answers by their first words, so that a passage is compared with few of them."""

    def __init__(self, answers: Set[str]) -> None:
        self._answers = answers
        self._by_first: dict[str, dict[str, list[tuple[str, str]]]] = {}

    def held_by(self, passage: Passage) -> Iterator[str]:
        """Those that a quote of the whole passage would be right by."""
        by_first = self._in(passage.language)
        text = f" {measures.normalised(passage.text, passage.language)} "
        for word in by_first.keys() & set(text.split()):
            yield from (answer for normal, answer in by_first[word] if f" {normal} " in text)

    def _in(self, language: str) -> dict[str, list[tuple[str, str]]]:
        """Each answer as it is compared in a language, by its first word."""
        if language not in self._by_first:
            by_first = self._by_first[language] = {}
            for answer in self._answers:
                if normal := measures.normalised(answer, language):
                    by_first.setdefault(normal.split()[0], []).append((normal, answer))
        return self._by_first[language]
