"""The command that scores answers against a question set."""

import math
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.terminal.options import (
    Chosen,
    is_drawn_over,
    opened_collection,
    reads_knowledge,
    say,
    settings_here,
    show_text,
    width,
)
from footnote import FootnoteError

if TYPE_CHECKING:
    from footnote import Collection
    from footnote.evaluation import Evaluation, Figure, QuestionSet, Scored

_FILE = click.Path(dir_okay=False, path_type=Path)


class EvaluationError(FootnoteError):
    """Options of an evaluation that cannot be met."""


@click.command()
@click.argument("questions", required=False, type=click.Path(path_type=Path))
@reads_knowledge
@click.option(
    "--json", "json_file", type=_FILE, help="Write a JSON report (figures, outcomes) to this file."
)
@click.option("--html", "html_file", type=_FILE, help="Write an HTML report to this file.")
@click.option("--baseline", type=_FILE, help="Compare with the JSON report of an earlier run.")
@click.option(
    "--floor",
    "floors",
    multiple=True,
    metavar="NAME=VALUE",
    help="Exit with 1 if this figure is below VALUE, e.g. hit@1=0.95; repeatable.",
)
@click.option("--run", "run_file", type=_FILE, help="Write the ranking as a TREC run.")
@click.option("--qrels", "qrels_file", type=_FILE, help="Write the judgements as TREC qrels.")
@click.option("--all", "shows_all", is_flag=True, help="Show every figure.")
@click.option(
    "--failures",
    type=click.IntRange(0),
    metavar="N",
    default=10,
    show_default=True,
    help="Maximum number of failed questions to list.",
)
@click.option("--processes", type=click.IntRange(1, 64), help="Number of processes.")
def evaluate(
    questions: Path | None,
    chosen: Chosen,
    json_file: Path | None,
    html_file: Path | None,
    baseline: Path | None,
    floors: tuple[str, ...],
    run_file: Path | None,
    qrels_file: Path | None,
    shows_all: bool,
    failures: int,
    processes: int | None,
) -> int:
    """Score the answers to a question set.

    QUESTIONS is a JSON Lines file, a SQuAD file (.json) or a BEIR folder; by default, the question
    set for the packaged article. Exits with 1 if a figure is below its floor.

    \b
    Examples:
      footnote evaluate
      footnote evaluate --knowledge docs/ questions.jsonl --json report.json
      footnote evaluate --baseline report.json --floor hit@1=0.95 --floor declines=0.9
    """
    from bot.terminal.evaluation_text import evaluation_text
    from footnote.evaluation import (
        PACKAGED,
        qrels_lines,
        read_question_set,
        read_report,
        repeated,
        run_lines,
    )

    if html_file is not None:
        from footnote.report import report_html, require_extra

        # Before the run, which may be long.
        require_extra()
    least = dict(_floor(text) for text in floors)
    earlier = read_report(baseline) if baseline else None
    found = read_question_set(questions or PACKAGED)
    for text, count in repeated(found.questions).items():
        click.echo(f"{found.name}: the question {text!r} occurs {count} times", err=True)
    evaluation = evaluated(found, collection_for(found, chosen), processes)
    measured = evaluation.figures
    show_text(evaluation_text(evaluation, width(), failures=failures, shows_all=shows_all))
    if baseline is not None and earlier is not None:
        _show_changes(baseline, earlier, evaluation, shows_all=shows_all)
    _write(json_file, (evaluation.to_json(),))
    if html_file is not None:
        _write(html_file, (report_html(found.name, evaluation, html_file.parent),))
    _write(run_file, run_lines(evaluation.outcomes))
    _write(qrels_file, qrels_lines(evaluation.outcomes))
    return _judged_by_floors(measured, least)


@click.command()
@click.argument("questions", type=click.Path(path_type=Path))
@reads_knowledge
@click.option(
    "--at-most-wrong",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.05,
    show_default=True,
    help="Maximum share of wrong answers among the answers given.",
)
def calibrate(questions: Path, chosen: Chosen, at_most_wrong: float) -> int:
    """Fit the threshold for declining.

    Fits it to QUESTIONS, and saves it for these documents; a lower confidence is declined.
    Cross-validation estimates the effect: each question is judged by a threshold that was fitted to
    other questions. With few questions, the choice is careful and the estimate wide. Exits with 1
    if no threshold meets the maximum; the nearest is then saved.

    \b
    Examples:
      footnote calibrate --knowledge docs/ questions.jsonl
      footnote calibrate --knowledge docs/ questions.jsonl --at-most-wrong 0.1
    """
    from bot.terminal.calibration_text import fit_text
    from footnote.evaluation import fit, read_question_set, store_threshold
    from footnote.index import data_folder

    found = read_question_set(questions)
    collection = collection_for(found, chosen)
    fitted = fit(evaluated(found, collection).counted, at_most_wrong)
    settings = chosen.over(settings_here())
    path = store_threshold(
        data_folder(settings.data), settings.knowledge, fitted.threshold, collection.reader
    )
    show_text(fit_text(fitted, at_most_wrong, path, width()))
    return 0 if fitted.is_met else 1


def _show_changes(
    baseline: Path, earlier: "Sequence[Scored]", evaluation: "Evaluation", *, shows_all: bool
) -> None:
    from bot.terminal.comparison_text import comparison_text
    from footnote.evaluation import compared

    comparison = compared(earlier, evaluation.counted)
    if not comparison.questions:
        raise EvaluationError(
            f"{baseline}: contains none of these questions; choose another report"
        )
    total = len(evaluation.counted)
    shown = comparison_text(comparison, baseline, total, width(), shows_all=shows_all)
    show_text(f"\n{shown}")


def _floor(text: str) -> tuple[str, float]:
    from footnote.evaluation import NAMES

    name, _, value = text.partition("=")
    try:
        least = float(value)
    except ValueError:
        least = math.nan
    if name not in NAMES or not math.isfinite(least):
        raise EvaluationError(
            f"--floor {text!r} is not NAME=VALUE, where NAME is one of: {', '.join(NAMES)}"
        )
    return name, least


def collection_for(found: "QuestionSet", chosen: Chosen) -> "Collection":
    """The documents named, or those of the set."""
    from footnote.evaluation import collection_of

    if chosen.knowledge is None and isinstance(found.corpus, tuple):
        settings = chosen.over(settings_here())
        return collection_of(found.corpus, settings.engine, settings.reader)
    of_set = found.corpus if isinstance(found.corpus, Path) else None
    return opened_collection(replace(chosen, knowledge=chosen.knowledge or of_set))


def evaluated(
    found: "QuestionSet", collection: "Collection", processes: int | None = None
) -> "Evaluation":
    """What comes of each question over a collection."""
    with click.progressbar(
        length=len(found.questions),
        label=f"Asking {len(found.questions):,} questions",
        # What stands beside the bar takes some 40 columns, and a line that wraps is never cleared.
        width=max(4, min(36, width() - 40)),
        file=sys.stderr,
        hidden=sys.stderr is None or (sys.stderr.isatty() and not is_drawn_over()),
    ) as progress:
        return collection.evaluate(found, processes=processes, on_progress=progress.update)


def _write(path: Path | None, lines: Iterable[str]) -> None:
    """Write the lines, all or nothing: an earlier file stays until the new one is whole."""
    if path is None:
        return
    # A device or a pipe is written to, not replaced. No path is too closed to ask.
    is_replaced = os.path.isfile(path) or not os.path.exists(path)  # noqa: PTH110, PTH113
    beside = path.with_name(path.name + ".part") if is_replaced else path
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)
        if is_replaced:
            beside.replace(path)
    except OSError as error:
        if is_replaced:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
        raise EvaluationError(
            f"{path}: cannot be written ({error.strerror}); make room, or name another file"
        ) from error


def _judged_by_floors(measured: "dict[str, Figure]", least: dict[str, float]) -> int:
    """1 where a figure is below its floor, which is named; 0 otherwise."""
    code = 0
    for name, floor in least.items():
        if name not in measured:
            raise EvaluationError(
                f"--floor {name}: no question of this set counts towards this figure"
            )
        value = measured[name].value
        if value < floor:
            code = 1
            say(f"{name} is {value:.4f}, below its floor of {floor:g}")
    return code
