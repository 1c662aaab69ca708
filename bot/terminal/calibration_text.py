"""What a calibration came to, as text for a terminal."""

from pathlib import Path

from bot.presentation import harmless
from bot.terminal.wrapping import wrapped
from footnote.evaluation import Fit, wilson


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
