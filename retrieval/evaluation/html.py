"""A run over a question set as one page that needs nothing else: figures, plots, failures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from knowledge.errors import FootnoteError
from retrieval.evaluation.figures import Figure, by_tag, meaning_of
from retrieval.evaluation.judging import Outcome
from retrieval.evaluation.reports import lengths, scored

_HEADLINES = ("hit@1", "recall", "precision", "helped", "declines", "auroc")
_FAILURES_A_KIND = 40
_LONGEST_PASSAGE = 1_500


class MissingExtraError(FootnoteError):
    """The page needs libraries that were not installed."""


@dataclass(frozen=True, slots=True)
class _Failure:
    question: str
    id: str
    confidence: float
    quoted: str
    expected: str
    passage: str
    where: str


@dataclass(frozen=True, slots=True)
class _Kind:
    title: str
    count: int
    failures: list[_Failure]


def require_extra() -> None:
    """MissingExtraError where the extra `report` is not installed."""
    for name in ("jinja2", "matplotlib"):
        if find_spec(name) is None:
            raise MissingExtraError(
                f"--html needs {name}; install it with: pip install 'footnote-bot[report]'"
            )


def report_html(name: str, outcomes: Sequence[Outcome], figures: Mapping[str, Figure]) -> str:
    """The page; MissingExtraError where the extra `report` is not installed."""
    require_extra()
    from jinja2 import Environment

    from retrieval.evaluation import plots

    questions = scored(outcomes)
    template = (Path(__file__).parent / "report.html.jinja").read_text(encoding="utf-8")
    return (
        Environment(autoescape=True, trim_blocks=True)
        .from_string(template)
        .render(
            name=name,
            to_answer=sum("answers" in q.scores for q in questions),
            to_decline=sum("declines" in q.scores for q in questions),
            words=lengths(outcome.answer for outcome in outcomes),
            headlines=[(n, figures[n], meaning_of(n)) for n in _HEADLINES if n in figures],
            figures=[(n, figure, meaning_of(n)) for n, figure in figures.items()],
            risk_coverage=plots.risk_coverage_plot(questions),
            reliability=plots.reliability_plot(questions),
            confidence=plots.confidence_plot(questions),
            tags=plots.tags_plot(tags) if (tags := by_tag(questions)) else "",
            kinds=_kinds(outcomes),
        )
    )


def _kinds(outcomes: Sequence[Outcome]) -> list[_Kind]:
    """The failures worth reading: of each kind the surest, which are the most misleading."""
    surest = sorted(outcomes, key=lambda outcome: -outcome.answer.confidence)
    kinds: dict[str, Callable[[Mapping[str, float]], bool]] = {
        "Answered, but wrong": lambda s: s.get("answers") == 1 and s["right"] == 0,
        "Answered, but should have been declined": lambda s: s.get("declines") == 0,
        "Declined, but should have been answered": lambda s: s.get("answers") == 0,
    }
    found = []
    for title, belongs in kinds.items():
        members = [outcome for outcome in surest if belongs(outcome.scores)]
        shown = [_failure(outcome) for outcome in members[:_FAILURES_A_KIND]]
        found.append(_Kind(title, len(members), shown))
    return found


def _failure(outcome: Outcome) -> _Failure:
    answer = outcome.answer
    quotes = answer.best_quotes
    passage = where = ""
    if quotes:
        where = " › ".join((quotes[0].title, *quotes[0].heading))
        passage = next(
            (
                hit.passage.text
                for hit in answer.hits
                if hit.passage.document_id == quotes[0].document_id
                and hit.passage.span.holds(quotes[-1].span)
            ),
            "",
        )
    return _Failure(
        question=outcome.question.question,
        id=outcome.question.id,
        confidence=answer.confidence,
        quoted=outcome.quoted,
        expected=outcome.question.expected,
        passage=passage[:_LONGEST_PASSAGE] + ("…" if len(passage) > _LONGEST_PASSAGE else ""),
        where=where,
    )
