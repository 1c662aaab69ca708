"""What a calibration came to, as text for a terminal."""

from pathlib import Path

from bot.presentation import counted, harmless
from bot.terminal.wrapping import wrapped
from footnote.evaluation import Fit, enough, wilson


def fit_text(fitted: Fit, at_most_wrong: float, path: Path, width: int) -> str:
    """The threshold, what it costs, what to expect of it, and where it is kept."""
    expected, now, before = fitted.expected, fitted.fitted, fitted.before
    lines = [
        f"Questions are now answered if the confidence is at least {fitted.threshold:.3f}.",
        *_nearest(fitted, at_most_wrong),
        f"Of these {fitted.to_answer} questions to answer, {now.right} are answered correctly "
        f"({before.right} before); {now.wrong} of {counted(now.answered, 'answer')} shown "
        f"{_is(now.wrong)} wrong ({before.wrong} of {before.answered} before).",
        f"Expected on other questions, by cross-validation: of the answers given, "
        f"{_share(expected.wrong, expected.answered)} wrong (target: at most "
        f"{_percent(at_most_wrong)}); of the questions to answer, "
        f"{_share(expected.right, fitted.to_answer)} answered correctly.",
        *_range(fitted, at_most_wrong),
        f"Saved for these documents in {harmless(str(path))}; delete the file to undo this.",
    ]
    return "\n".join(wrapped(line, width) for line in lines)


def _nearest(fitted: Fit, at_most_wrong: float) -> list[str]:
    """Why the target is not met, and what is instead."""
    if fitted.is_met:
        return []
    wrong, answered = fitted.fitted.wrong, fitted.fitted.answered
    why = (
        f"the {answered} surest answers are all right, but too few to tell"
        if not wrong
        else f"even of the {answered} surest answers, {wrong} {_is(wrong)} wrong"
    )
    return [
        f"The target of at most {_percent(at_most_wrong)} wrong cannot be met: {why}. This is the "
        f"nearest: about {_percent(fitted.nearest)}, counting one wrong answer more than was seen."
    ]


def _range(fitted: Fit, at_most_wrong: float) -> list[str]:
    """How little is known, where the questions do not show that the target is met."""
    wrong, answered = fitted.expected.wrong, fitted.expected.answered
    if not answered or (high := wilson(wrong, answered).high) <= at_most_wrong:
        return []
    line = (
        f"{counted(answered, 'answer')} tell no more than that up to {_percent(high)} may be wrong."
    )
    needed = enough(wrong / answered, at_most_wrong)
    if needed is not None:
        line += (
            f" If the share stays as it is, {needed:,} answers would show that at most "
            f"{_percent(at_most_wrong)} are."
        )
    return [line]


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _percent(share: float) -> str:
    return f"{round(share * 100, 1):g} %"


def _share(part: int, total: int) -> str:
    if not total:
        return "none"
    interval = wilson(part, total)
    percent = f"{part / total * 100:.1f} %"
    return f"{percent} ({interval.low * 100:.1f} to {interval.high * 100:.1f}, {part} of {total})"
