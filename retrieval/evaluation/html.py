"""A run over a question set as one page that needs nothing else: results, questions, plots."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from knowledge.errors import FootnoteError
from retrieval.answer.answer import Citation
from retrieval.evaluation.evaluation import Evaluation
from retrieval.evaluation.figures import meaning_of
from retrieval.evaluation.judging import Outcome
from retrieval.evaluation.results import Result, result_figures, result_of
from retrieval.evaluation.sources import source_link

_LONGEST_PASSAGE = 1_500
_ORDER = (Result.WRONG_SHOWN, Result.DECLINED_WRONGLY, Result.RIGHT, Result.DECLINED_RIGHTLY)


class MissingExtraError(FootnoteError):
    """The page needs libraries that were not installed."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as the page shows it; `passage` only where it failed."""

    question: str
    id: str
    tags: tuple[str, ...]
    confidence: float
    is_shown: bool
    is_right: bool
    quoted: str
    expected: str
    passage: str
    where: str
    place: str
    link: str | None


@dataclass(frozen=True, slots=True)
class _Section:
    """What came of some questions in the same way, the surest first."""

    result: Result
    questions: list[_Asked]

    @property
    def key(self) -> str:
        """Its name, as part of an address."""
        return self.result.value.replace(" ", "-")


def require_extra() -> None:
    """MissingExtraError where the extra `report` is not installed."""
    if not all(find_spec(name) for name in ("jinja2", "matplotlib")):
        raise MissingExtraError(
            "--html needs the extra report: run pip install 'footnote-bot[report]'"
        )


def report_html(name: str, evaluation: Evaluation, folder: Path) -> str:
    """The page, to be kept in `folder`, from which it leads to the documents.

    MissingExtraError where the extra `report` is not installed.
    """
    require_extra()
    from jinja2 import Environment

    from retrieval.evaluation import plots

    questions, figures, tags = evaluation.counted, evaluation.figures, evaluation.tags
    script = _part("report.js")
    return (
        Environment(autoescape=True, trim_blocks=True)
        .from_string(_part("report.html.jinja"))
        .render(
            name=name,
            to_answer=sum("answers" in q.scores for q in questions),
            to_decline=sum("declines" in q.scores for q in questions),
            words=evaluation.words,
            results=result_figures(figures),
            figures=[(n, figure, meaning_of(n)) for n, figure in figures.items()],
            risk_coverage=plots.risk_coverage_plot(questions),
            reliability=plots.reliability_plot(questions),
            confidence=plots.confidence_plot(questions),
            tags=list(tags),
            by_tag=plots.tags_plot(tags) if tags else "",
            sections=_sections(evaluation.outcomes, folder),
            script=script,
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )


def _part(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def _sections(outcomes: Iterable[Outcome], folder: Path) -> list[_Section]:
    """All questions by what came of them: failures first, and of these the surest."""
    found: dict[Result, list[_Asked]] = {result: [] for result in _ORDER}
    for outcome in sorted(outcomes, key=lambda outcome: -outcome.answer.confidence):
        result = result_of(outcome.scores)
        found[result].append(_asked(outcome, folder, with_passage=result.is_failure))
    return [_Section(result, questions) for result, questions in found.items() if questions]


def _asked(outcome: Outcome, folder: Path, *, with_passage: bool) -> _Asked:
    answer = outcome.answer
    quotes = answer.best_quotes
    first = next((one for one in quotes if one.marks), quotes[0] if quotes else None)
    return _Asked(
        question=outcome.question.question,
        id=outcome.question.id,
        tags=outcome.question.tags,
        confidence=answer.confidence,
        is_shown=bool(answer.citations),
        is_right=outcome.scores["right"] == 1,
        quoted="\n".join(quote.shown for quote in quotes),
        expected=outcome.question.expected,
        passage=_passage(outcome, quotes) if with_passage and quotes else "",
        where=" › ".join((first.title, *first.heading)) if first else "",
        place=_place(first) if first else "",
        link=source_link(first, folder) if first else None,
    )


def _place(citation: Citation) -> str:
    at = f"line {citation.line}" if citation.page is None else f"page {citation.page}"
    return f"{citation.document_id}, {at}"


def _passage(outcome: Outcome, quotes: Sequence[Citation]) -> str:
    """The beginning of the passage that was quoted, where it holds more than the quotes."""
    held = (
        hit.passage.text
        for hit in outcome.answer.hits
        if hit.passage.document_id == quotes[0].document_id
        and hit.passage.span.holds(quotes[-1].span)
    )
    text = next(held, "")
    if text.split() == outcome.quoted.split():
        return ""
    return text[:_LONGEST_PASSAGE] + ("…" if len(text) > _LONGEST_PASSAGE else "")
