"""Runs and judgements in the form that trec_eval reads."""

from collections.abc import Iterable, Iterator

from retrieval.evaluation.judging import Outcome


def run_lines(outcomes: Iterable[Outcome], name: str = "footnote") -> Iterator[str]:
    """`query Q0 document rank score run`, documents by their best passage.

    The score is 1 / rank, since trec_eval orders by score and would break our ties its own way.
    """
    for outcome in outcomes:
        for rank, document in enumerate(outcome.ranking, start=1):
            yield f"{_word(outcome.question.id)} Q0 {_word(document)} {rank} {1 / rank:.6f} {name}"


def qrels_lines(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """`query 0 document grade`, the best grade of a document that is evidence several times."""
    for outcome in outcomes:
        grades: dict[str, int] = {}
        for evidence in outcome.question.evidence:
            grades[evidence.document] = max(grades.get(evidence.document, 0), evidence.grade)
        for document, grade in grades.items():
            yield f"{_word(outcome.question.id)} 0 {_word(document)} {grade}"


def _word(text: str) -> str:
    """The text as one word, since blanks part the fields."""
    return "_".join(text.split())
