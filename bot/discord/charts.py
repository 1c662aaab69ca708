"""Statistics as a picture that can be read on a phone, on a dark screen and on a light one."""

import io
from threading import Lock

from bot.discord.statistics import Statistics

_WIDTH, _HEIGHT, _DPI = 6.0, 4.2, 160
"""Inches, and pixels an inch."""

_BACKGROUND, _TEXT, _QUIET, _ANSWERED, _DECLINED = (
    "#2b2d31", "#f2f3f5", "#b5bac1", "#45b97c", "#e0a458",
)  # fmt: skip

_MOST_TICKS = 5

_alone = Lock()
"""matplotlib is not made for several threads."""


def picture_of(statistics: Statistics) -> bytes | None:
    """A PNG file; None without the extra `report`. It takes a second, and no global state."""
    try:
        from matplotlib.figure import Figure
        from matplotlib.ticker import MaxNLocator
    except ImportError:
        return None
    days, total = statistics.days, statistics.total
    places = range(len(days))
    with _alone:
        figure = Figure(figsize=(_WIDTH, _HEIGHT), dpi=_DPI, facecolor=_BACKGROUND)
        axes = figure.add_axes((0.1, 0.12, 0.83, 0.58), facecolor=_BACKGROUND)
        answered = [day.answered for day in days]
        axes.bar(places, answered, width=0.85, color=_ANSWERED)
        axes.bar(
            places, [day.declined for day in days], width=0.85, bottom=answered, color=_DECLINED
        )
        step = max(1, -(-len(days) // _MOST_TICKS))
        ticks = list(places)[::-step][::-1]
        axes.set_xticks(ticks, [days[place].day[5:] for place in ticks])
        axes.set_xlim(-0.6, len(days) - 0.4)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
        axes.tick_params(colors=_QUIET, labelsize=12, length=0)
        axes.grid(axis="y", color=_QUIET, alpha=0.25)
        axes.set_axisbelow(True)
        axes.spines[:].set_visible(False)
        figures = (
            (total.answered + total.declined, "asked", _TEXT),
            (total.answered, "answered", _ANSWERED),
            (total.declined, "declined", _DECLINED),
            (total.helpful, "helpful", _TEXT),
            (total.unhelpful, "not helpful", _TEXT),
        )
        # Numbers of seven digits have less room.
        size = 20 if total.answered + total.declined < 100_000 else 13
        for place, (number, label, colour) in enumerate(figures):
            x = 0.04 + 0.195 * place
            figure.text(x, 0.86, f"{number:,}", color=colour, fontsize=size, fontweight="bold")
            figure.text(x, 0.79, label, color=_QUIET, fontsize=12)
        content = io.BytesIO()
        figure.savefig(content, format="png")
    return content.getvalue()
