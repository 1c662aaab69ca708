"""What came of a question set, as text for a terminal: what matters first, and what failed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.locations import shown_location
from bot.presentation import counted, harmless
from bot.terminal.tables import table, table_over_meanings, table_with_meanings
from bot.terminal.wrapping import BOLD, INDENT, PLAIN, cut, wrapped
from footnote import Citation
from footnote.evaluation import (
    DRAFTED,
    Evaluation,
    Figure,
    Outcome,
    Result,
    meaning_of,
    result_figures,
    result_of,
)

_OF_TAGS = {"right": "recall", "declined rightly": "declines"}
"""What is shown by tag, and the figure that it is."""

_LONGEST_QUOTE = 200


def evaluation_text(
    evaluation: Evaluation, width: int, *, failures: int, shows_all: bool = False
) -> str:
    """What came of the questions, by tag too, and what failed; all figures where they are wanted.

    At most so many `failures` are listed.
    """
    parts = [_results_table(evaluation, width)]
    if shows_all:
        parts.append(_figures_table(evaluation.figures, width))
    if evaluation.tags:
        parts.append(_tags_table(evaluation.tags))
    if words := evaluation.words:
        line = (
            f"Words of an answer: {words.median:.0f} in the median, at most "
            f"{words.ninth_decile:.0f} in nine of ten."
        )
        parts.append(wrapped(line, width))
    if note := _drafted_note(evaluation):
        parts.append(wrapped(note, width))
    if failures:
        parts += _failures(evaluation.outcomes, failures, width)
    return "\n\n".join(parts)


def percent(figure: Figure) -> tuple[str, str]:
    """A figure and its interval, in percent."""
    low, high = figure.interval.low * 100, figure.interval.high * 100
    return f"{figure.value * 100:.1f}", f"{low:.1f} to {high:.1f}"


def _results_table(evaluation: Evaluation, width: int) -> str:
    rows = [("result", "%", "95 % interval", "questions")]
    rows += [
        (found.result.value, *percent(found.figure), found.meaning)
        for found in result_figures(evaluation.figures)
    ]
    return table_over_meanings(rows, width)


def _drafted_note(evaluation: Evaluation) -> str:
    """What drafted questions are to the figures; empty where there are none."""
    drafted = sum(DRAFTED in question.tags for question in evaluation.scored)
    if not drafted:
        return ""
    questions = counted(drafted, "drafted question")
    verb = "shares" if drafted == 1 else "share"
    if len(evaluation.counted) == len(evaluation.scored):
        return f"{questions}, which {verb} the words of the documents: expect less of real ones."
    return (
        f"Not counted but by tag: {questions}, which {verb} the words of the documents and would "
        "flatter the other figures."
    )


def _figures_table(figures: Mapping[str, Figure], width: int) -> str:
    """Each figure in percent with its interval and the number of questions."""
    rows = [("figure", "%", "95 % interval", "questions", "meaning")]
    rows += [
        (name, *percent(figure), f"{figure.count:,}", meaning_of(name))
        for name, figure in figures.items()
    ]
    return table_with_meanings(rows, width)


def _tags_table(tags: Mapping[str, Mapping[str, Figure]]) -> str:
    """For each tag what was answered right and what was declined, in percent with intervals."""
    rows: list[tuple[str, ...]] = [("tag", "questions", *_OF_TAGS)]
    for tag, figures in tags.items():
        count = sum(figures[name].count for name in ("answers", "declines") if name in figures)
        cells = (_short(figures[name]) if name in figures else "" for name in _OF_TAGS.values())
        rows.append((harmless(tag), f"{count:,}", *cells))
    return table(rows)


def _short(figure: Figure) -> str:
    low, high = figure.interval.low * 100, figure.interval.high * 100
    return f"{figure.value * 100:.0f} ({low:.0f} to {high:.0f})"


def _failures(outcomes: Sequence[Outcome], limit: int, width: int) -> Iterator[str]:
    """What failed: first what was shown and is wrong, of each kind the surest first."""
    failed = [
        (result, outcome)
        for outcome in outcomes
        if (result := result_of(outcome.scores)).is_failure
    ]
    failed.sort(key=lambda one: (one[0] is not Result.WRONG_SHOWN, -one[1].answer.confidence))
    if not failed:
        return
    yield wrapped(f"Failed: {len(failed):,} of {counted(len(outcomes), 'question')}.", width)
    for result, outcome in failed[:limit]:
        yield _failure(result, outcome, width)
    if len(failed) > limit:
        more = f"And {len(failed) - limit:,} more; for all of them: --failures {len(failed)}"
        yield wrapped(more, width)


def _failure(result: Result, outcome: Outcome, width: int) -> str:
    question, answer = outcome.question, outcome.answer
    confidence = f"{result.value}, confidence {answer.confidence:.2f}, id {question.id}"
    lines = [f"{BOLD}{harmless(question.question)}{PLAIN}", harmless(confidence)]
    if quotes := answer.best_quotes:
        first = next((one for one in quotes if one.marks), quotes[0])
        place = shown_location(first.source, first.line, first.page, first.anchor)
        is_right = outcome.scores["right"] == 1
        name = "shown" if answer.citations else f"withheld ({'right' if is_right else 'wrong'})"
        lines.append(f"{name}: {cut(harmless(_read(first)), _LONGEST_QUOTE)} ({harmless(place)})")
    lines.append(f"expected: {cut(harmless(question.expected), _LONGEST_QUOTE)}")
    head, *rest = lines
    return "\n".join([wrapped(head, width), *(wrapped(one, width, "", 2 * INDENT) for one in rest)])


def _read(citation: Citation) -> str:
    """What answers of a quote, as people read it."""
    return replace(citation, quote=citation.marked or citation.quote).shown
