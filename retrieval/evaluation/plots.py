"""The plots of the HTML report, as SVG that takes its colours from the page."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from retrieval.evaluation.figures import Figure, Scored
from retrieval.evaluation.measures import calibration_bins, risk_coverage

# Colours that stand for variables of the page's style, so that light and dark both work.
_INK, _LINE, _ONE, _TWO = "#010101", "#020202", "#030303", "#040404"
_VARIABLES = {_INK: "var(--ink)", _LINE: "var(--line)", _ONE: "var(--one)", _TWO: "var(--two)"}

_STYLE = {
    "svg.fonttype": "none",  # text stays text, which can be read aloud
    "font.family": "sans-serif",
    "font.size": 11,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _LINE,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": _LINE,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "legend.frameon": False,
}


def risk_coverage_plot(questions: Sequence[Scored]) -> str:
    """The share of wrong quotes over the share of questions answered, surest first."""
    parts = [(q.confidence, q.scores["sentence"] == 1) for q in questions if "sentence" in q.scores]
    canvas, axes = _axes("risk")
    if parts:
        confidence, right = (np.array(column) for column in zip(*parts, strict=True))
        coverage, risk = risk_coverage(confidence, right)
        axes.plot(coverage * 100, risk * 100, color=_ONE, linewidth=2)
    axes.set(xlabel="questions answered, surest first (%)", ylabel="of these wrong (%)")
    axes.set(xlim=(0, 100), ylim=(0, None))
    return _svg(canvas, "Risk over coverage")


def reliability_plot(questions: Sequence[Scored]) -> str:
    """The share right over the confidence, in ten bins; the diagonal is what it should be."""
    confidence = np.array([q.confidence for q in questions])
    right = np.array([q.scores["right"] == 1 for q in questions])
    bins = calibration_bins(confidence, right)
    canvas, axes = _axes("reliability")
    axes.plot([0, 100], [0, 100], color=_INK, linestyle=":", linewidth=1)
    axes.plot(
        [mean * 100 for mean, _, _ in bins],
        [share * 100 for _, share, _ in bins],
        color=_ONE,
        marker="o",
        linewidth=2,
    )
    axes.set(xlabel="confidence (%)", ylabel="right (%)", xlim=(0, 100), ylim=(0, 100))
    return _svg(canvas, "Share right over confidence")


def confidence_plot(questions: Sequence[Scored]) -> str:
    """How many questions have which confidence: those to answer and those to decline."""
    canvas, axes = _axes("confidence")
    series = (("answers", "to answer", _ONE), ("declines", "to decline", _TWO))
    for key, label, colour in series:
        values = [q.confidence * 100 for q in questions if key in q.scores]
        style = "-" if key == "answers" else "--"  # told apart without colours too
        axes.hist(
            values,
            bins=[5 * n for n in range(21)],
            histtype="step",
            color=colour,
            label=label,
            linewidth=2,
            linestyle=style,
        )
    axes.legend()
    axes.set(xlabel="confidence (%)", ylabel="questions", xlim=(0, 100))
    return _svg(canvas, "Confidence of questions to answer and to decline")


def tags_plot(tags: Mapping[str, Mapping[str, Figure]]) -> str:
    """For each tag the share of right quotes, or of questions rightly declined."""
    rows = [
        (tag, figure, colour)
        for tag, found in tags.items()
        for figure, colour in [
            (found.get("sentence") or found.get("hit@1"), _ONE),
            (found.get("declines"), _TWO),
        ]
        if figure is not None
    ][::-1]
    canvas, axes = _axes("tags", height=0.8 + 0.3 * len(rows))
    axes.barh(
        range(len(rows)),
        [figure.value * 100 for _, figure, _ in rows],
        color=[colour for _, _, colour in rows],
        xerr=[
            [(figure.value - figure.interval.low) * 100 for _, figure, _ in rows],
            [(figure.interval.high - figure.value) * 100 for _, figure, _ in rows],
        ],
        ecolor=_INK,
    )
    labels = [
        f"{tag}{' (declined)' if colour == _TWO else ''}".replace("$", r"\$")
        for tag, _, colour in rows
    ]
    axes.set_yticks(range(len(rows)), labels)
    axes.set(xlabel="right (%)", xlim=(0, 100))
    return _svg(canvas, "Share right by tag")


def _axes(name: str, height: float = 3.4) -> tuple[Canvas, Axes]:
    style: Any = {**_STYLE, "svg.hashsalt": name}
    mpl.rcParams.update(style)
    canvas = Canvas(figsize=(5.6, height), layout="constrained")
    return canvas, canvas.add_subplot()


def _svg(canvas: Canvas, label: str) -> str:
    """The drawing to stand in a page, with a name for those who do not see it."""
    out = io.StringIO()
    canvas.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    drawing = out.getvalue()
    drawing = drawing[drawing.index("<svg") :]
    for colour, variable in _VARIABLES.items():
        drawing = drawing.replace(colour, variable)
    return drawing.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
