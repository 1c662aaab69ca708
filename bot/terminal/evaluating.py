"""The command that scores answers against a question set."""

import math
import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.terminal.options import reads_knowledge, settings_here, show_text, width
from knowledge.errors import FootnoteError

if TYPE_CHECKING:
    from knowledge.documents import Document
    from retrieval.evaluation.figures import Figure
    from retrieval.evaluation.judging import Outcome
    from retrieval.evaluation.question_sets import QuestionSet

_FILE = click.Path(dir_okay=False, path_type=Path)
_QUESTIONS_A_PROCESS = 500  # starting a process takes as long as some hundred answers


class EvaluationError(FootnoteError):
    """Options of an evaluation that cannot be met."""


@click.command()
@click.argument("questions", required=False, type=click.Path(path_type=Path))
@reads_knowledge
@click.option("--json", "json_file", type=_FILE, help="Write figures and outcomes to this file.")
@click.option("--html", "html_file", type=_FILE, help="Write a page to read to this file.")
@click.option("--baseline", type=_FILE, help="Compare with this report of an earlier run.")
@click.option(
    "--floor",
    "floors",
    multiple=True,
    metavar="NAME=VALUE",
    help="Exit with 1 if this figure is lower, e.g. hit@1=0.95; may be repeated.",
)
@click.option("--run", "run_file", type=_FILE, help="Write the ranking as a TREC run.")
@click.option("--qrels", "qrels_file", type=_FILE, help="Write the judgements as TREC qrels.")
@click.option("--processes", type=click.IntRange(1, 64), help="How many work at once.")
def evaluate(
    questions: Path | None,
    knowledge: Path | None,
    engine: str | None,
    json_file: Path | None,
    html_file: Path | None,
    baseline: Path | None,
    floors: tuple[str, ...],
    run_file: Path | None,
    qrels_file: Path | None,
    processes: int | None,
) -> int:
    """Score answers against QUESTIONS (default: those over the packaged article).

    QUESTIONS is a file of JSON Lines, a SQuAD file (.json) or a BEIR folder. Exits with 1 if a
    figure is below its floor.

    \b
    Examples:
      footnote evaluate
      footnote evaluate --knowledge docs/ questions.jsonl --json report.json
      footnote evaluate --baseline report.json --floor hit@1=0.95 --floor declines=0.9
    """
    from bot.terminal.evaluation_text import changes_text, figures_text
    from retrieval.evaluation.figures import differences, figures
    from retrieval.evaluation.question_sets import PACKAGED, read_question_set, repeated
    from retrieval.evaluation.reports import read_report, report_json, scored
    from retrieval.evaluation.trec import qrels_lines, run_lines

    least = dict(_floor(text) for text in floors)
    earlier = read_report(baseline) if baseline else None
    found = read_question_set(questions or PACKAGED)
    for text, count in repeated(found.questions).items():
        click.echo(f"{found.name}: the question {text!r} stands {count} times", err=True)
    outcomes = judged(found, knowledge, engine, processes)
    now = scored(outcomes)
    measured = figures(now)
    show_text(figures_text(measured, width()))
    if earlier is not None:
        changes = differences(earlier, now)
        if not changes:
            raise EvaluationError(f"{baseline}: has none of these questions; give another report")
        show_text(changes_text(changes, measured, width()))
    _write(json_file, (report_json(outcomes, measured),))
    if html_file is not None:
        from retrieval.evaluation.html import report_html

        _write(html_file, (report_html(found.name, outcomes, measured),))
    _write(run_file, run_lines(outcomes))
    _write(qrels_file, qrels_lines(outcomes))
    return _judged_by_floors(measured, least)


@click.command()
@click.argument("questions", type=click.Path(path_type=Path))
@reads_knowledge
@click.option(
    "--at-most-wrong",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.05,
    show_default=True,
    help="The share of wrong answers to allow among those given.",
)
def calibrate(
    questions: Path, knowledge: Path | None, engine: str | None, at_most_wrong: float
) -> int:
    """Fit the decision to decline to QUESTIONS, and keep it for these documents.

    What it costs is measured by cross-validation: every question is decided by a threshold that
    was fitted to others.

    \b
    Examples:
      footnote calibrate --knowledge docs/ questions.jsonl
      footnote calibrate --knowledge docs/ questions.jsonl --at-most-wrong 0.1
    """
    from bot.calibrations import data_folder, store_threshold
    from bot.terminal.evaluation_text import fit_text
    from retrieval.evaluation.calibration import fit
    from retrieval.evaluation.question_sets import read_question_set
    from retrieval.evaluation.reports import scored

    outcomes = judged(read_question_set(questions), knowledge, engine, None)
    fitted = fit(scored(outcomes), at_most_wrong)
    settings = settings_here()
    path = store_threshold(
        data_folder(settings.data), knowledge or settings.knowledge, fitted.threshold
    )
    show_text(fit_text(fitted, at_most_wrong, path, width()))
    return 0


def _floor(text: str) -> tuple[str, float]:
    from retrieval.evaluation.figures import NAMES

    name, _, value = text.partition("=")
    try:
        least = float(value)
    except ValueError:
        least = math.nan
    if name not in NAMES or not math.isfinite(least):
        raise EvaluationError(f"--floor {text!r} is not NAME=VALUE with one of: {', '.join(NAMES)}")
    return name, least


def _documents(found: "QuestionSet", path: Path, *, is_named: bool) -> "dict[str, Document]":
    """The documents that are asked, their sources without the paths of this machine."""
    from knowledge.loading import load

    if isinstance(found.corpus, tuple) and not is_named:
        return {document.id: document for document in found.corpus}
    base = path if path.is_dir() else path.parent
    documents = {}
    for document in load(path).documents:
        source = Path(os.path.relpath(document.source, base)).as_posix()
        documents[document.id] = replace(document, source=source)
    return documents


def judged(
    found: "QuestionSet", knowledge: Path | None, engine: str | None, processes: int | None
) -> "list[Outcome]":
    """What comes of each question, asked over the documents named or those of the set."""
    from bot.assembly import judge_over, threshold_for
    from retrieval.evaluation.judging import judge_all
    from retrieval.evaluation.question_sets import check_against

    settings = settings_here()
    path = knowledge or (found.corpus if isinstance(found.corpus, Path) else settings.knowledge)
    documents = _documents(found, path, is_named=knowledge is not None)
    check_against(found, documents)
    count = len(found.questions)
    workers = processes or max(1, min(os.cpu_count() or 1, count // _QUESTIONS_A_PROCESS))
    threshold = threshold_for(path, settings.data)
    build = partial(judge_over, documents, engine or settings.engine, threshold)
    with click.progressbar(
        length=count, label=f"Asking {count:,} questions", file=sys.stderr
    ) as progress:
        return judge_all(found.questions, build, workers, progress.update)


def _write(path: Path | None, lines: Iterable[str]) -> None:
    """Write the lines, all or nothing: an earlier file stays until the new one is whole."""
    if path is None:
        return
    beside = path.with_name(path.name + ".part")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise EvaluationError(f"{path}: cannot be written ({error.strerror})") from error


def _judged_by_floors(measured: "dict[str, Figure]", least: dict[str, float]) -> int:
    """1 where a figure is below its floor, which is named; 0 otherwise."""
    code = 0
    for name, floor in least.items():
        if name not in measured:
            raise EvaluationError(f"--floor {name}: no question of this set has a part in it")
        value = measured[name].value
        if value < floor:
            code = 1
            click.echo(f"footnote: {name} is {value:.4f}, below its floor of {floor:g}", err=True)
    return code
