"""Figures and their changes as tables for a terminal."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from bot.presentation import harmless
from bot.terminal.wrapping import wrapped
from footnote.evaluation import Difference, Evaluation, Figure, Fit, meaning_of, wilson

_WIDE = 110
"""Columns from which on a table also says what each figure means."""


_OF_TAGS = ("recall", "declines")
"""What is shown by tag: right answers, and right declines."""


def evaluation_text(evaluation: Evaluation, width: int) -> str:
    """The figures, some of them by tag, and how long the answers are."""
    parts = [_figures_table(evaluation.figures, width)]
    if evaluation.tags:
        parts.append(_tags_table(evaluation.tags))
    if words := evaluation.words:
        line = (
            f"Words of an answer: {words.median:.0f} in the median, at most "
            f"{words.ninth_decile:.0f} in nine of ten."
        )
        parts.append(wrapped(line, width))
    return "\n\n".join(parts)


def _figures_table(figures: Mapping[str, Figure], width: int) -> str:
    """Each figure in percent with its interval and the number of questions."""
    rows = [("figure", "%", "95 % interval", "questions", "meaning")]
    rows += [
        (
            name,
            f"{figure.value * 100:.1f}",
            f"{figure.interval.low * 100:.1f} to {figure.interval.high * 100:.1f}",
            f"{figure.count:,}",
            meaning_of(name),
        )
        for name, figure in figures.items()
    ]
    return _table_with_meanings(rows, width)


def _tags_table(tags: Mapping[str, Mapping[str, Figure]]) -> str:
    """For each tag what was answered right and what was declined, in percent with intervals."""
    rows: list[tuple[str, ...]] = [("tag", "questions", *_OF_TAGS)]
    for tag, figures in tags.items():
        count = sum(figures[name].count for name in ("answers", "declines") if name in figures)
        cells = (_percent(figures[name]) if name in figures else "" for name in _OF_TAGS)
        rows.append((harmless(tag), f"{count:,}", *cells))
    return _table(rows)


def _percent(figure: Figure) -> str:
    low, high = figure.interval.low * 100, figure.interval.high * 100
    return f"{figure.value * 100:.0f} ({low:.0f} to {high:.0f})"


def changes_text(
    differences: Mapping[str, Difference], figures: Mapping[str, Figure], width: int
) -> str:
    """Each change in points with its interval and p-value, and where the set is too small."""
    rows = [("change", "points", "95 % interval", "p", "meaning")]
    rows += [
        (
            f"{name}{' *' if difference.is_significant else ''}",
            f"{difference.value * 100:+.1f}",
            f"{difference.interval.low * 100:+.1f} to {difference.interval.high * 100:+.1f}",
            f"{difference.p_value:.4f}",
            meaning_of(name),
        )
        for name, difference in differences.items()
    ]
    notes = ["* statistically significant (p < 0.05)."]
    notes += [
        f"{name}: {figures[name].count:,} questions are too few to detect a difference of "
        f"{abs(difference.value) * 100:.1f} points; the smallest they can detect is about "
        f"{difference.detectable * 100:.1f}."
        for name, difference in differences.items()
        if difference.value and not difference.is_significant and name in figures
    ]
    return "\n".join(["", _table_with_meanings(rows, width), "", *(f"  {note}" for note in notes)])


def fit_text(fitted: Fit, at_most_wrong: float, path: Path, width: int) -> str:
    """The threshold, what to expect of it, and where it is kept."""
    lines = [
        f"Questions are now answered if the confidence is at least {fitted.threshold:.3f}.",
        f"Expected on other questions, by cross-validation: of the answers given, "
        f"{_share(fitted.wrong, fitted.answered)} wrong (target: at most "
        f"{at_most_wrong * 100:g} %); of the questions to answer, "
        f"{_share(fitted.answered_right, fitted.to_answer)} answered correctly.",
        f"Saved for these documents in {harmless(str(path))}; delete the file to undo this.",
    ]
    return "\n".join(wrapped(line, width) for line in lines)


def _share(part: int, total: int) -> str:
    if not total:
        return "none"
    interval = wilson(part, total)
    percent = f"{part / total * 100:.1f} %"
    return f"{percent} ({interval.low * 100:.1f} to {interval.high * 100:.1f}, {part} of {total})"


def _table_with_meanings(rows: Sequence[tuple[str, ...]], width: int) -> str:
    """The rows with their last column, words, only where there is room for it."""
    if width >= _WIDE:
        return _table(rows, ends_in_words=True)
    return _table([row[:-1] for row in rows])


def _table(rows: Sequence[tuple[str, ...]], *, ends_in_words: bool = False) -> str:
    """The rows under a dim header."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  " + _line(row, widths, ends_in_words) for row in rows]
    return "\n".join([click.style(lines[0], dim=True), *lines[1:]])


def _line(row: Sequence[str], widths: Sequence[int], ends_in_words: bool) -> str:
    """The cells under each other: names and words to the left, numbers to the right."""
    words = {0, len(row) - 1} if ends_in_words else {0}
    cells = (
        cell.ljust(size) if column in words else cell.rjust(size)
        for column, (cell, size) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join(cells).rstrip()
