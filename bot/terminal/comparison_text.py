"""What changed between two runs over a question set, as text for a terminal."""

from collections.abc import Mapping
from pathlib import Path

from bot.presentation import harmless
from bot.terminal.tables import table
from bot.terminal.wrapping import wrapped
from footnote.evaluation import Change, Comparison, result_changes

_ROOM_FOR_BOTH = 72
"""Columns from which on a table says what a figure was and what it is now, too."""


def comparison_text(
    comparison: Comparison, baseline: Path, total: int, width: int, *, shows_all: bool = False
) -> str:
    """What changed in each result, and in other figures that changed by more than chance.

    With `shows_all` every figure is shown. `total` is how many questions were asked, of which the
    baseline may lack some.
    """
    count = comparison.questions
    if comparison.is_unchanged:
        some = f"all {total:,} questions" if count == total else _in_both(count, total)
        line = f"Nothing changed from {baseline}: {some} score the same."
        return wrapped(harmless(line), width)
    shown = {result.value: change for result, change in result_changes(comparison.changes).items()}
    shown |= {
        name: change
        for name, change in comparison.changes.items()
        if shows_all or change.difference.is_significant
    }
    lines = [_changes_table(shown, width), ""]
    if count != total:
        lines.append(wrapped(f"Compared: {_in_both(count, total)}.", width))
    is_sure = any(change.difference.is_significant for change in shown.values())
    notes = ["* More than chance would explain (p < 0.05)." if is_sure else "", _too_few(shown)]
    return "\n".join([*lines, *(wrapped(note, width) for note in notes if note)])


def _in_both(count: int, total: int) -> str:
    return f"the {count:,} of {total:,} questions that both runs have"


def _changes_table(changes: Mapping[str, Change], width: int) -> str:
    rows: list[tuple[str, ...]] = [("change", "before", "now", "points", "95 % interval", "p")]
    rows += [_row(name, change) for name, change in changes.items()]
    return table(rows if width >= _ROOM_FOR_BOTH else [(row[0], *row[3:]) for row in rows])


def _row(name: str, change: Change) -> tuple[str, ...]:
    difference = change.difference
    low, high = difference.interval.low * 100, difference.interval.high * 100
    return (
        f"{name}{' *' if difference.is_significant else ''}",
        f"{change.before * 100:.1f}",
        f"{change.now * 100:.1f}",
        f"{difference.value * 100:+.1f}",
        f"{low:+.1f} to {high:+.1f}",
        f"{difference.p_value:.4f}",
    )


def _points(share: float) -> str:
    """A share in points; what is more than all of it is no number that anything can reach."""
    return f"{share * 100:.1f}" if share <= 1 else "over 100"


def _too_few(changes: Mapping[str, Change]) -> str:
    """What of the changes so few questions cannot tell from chance; "" where they tell all."""
    unsure = {
        name: _points(change.difference.detectable)
        for name, change in changes.items()
        if change.difference.value and not change.difference.is_significant
    }
    if not unsure:
        return ""
    return (
        f"May be chance: {', '.join(unsure)}. The smallest change that so few questions tell from "
        f"it, in points: {', '.join(unsure.values())}."
    )
