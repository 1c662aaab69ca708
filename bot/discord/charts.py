"""Statistics as a picture that can be read on a phone, on a dark screen and on a light one."""

import io
from threading import Lock
from typing import TYPE_CHECKING

from bot.discord.statistics import Statistics
from bot.texts import number, pgettext

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT, _DPI = 4.4, 3.4, 220
"""Inches, and pixels an inch."""

_BACKGROUND, _TEXT, _QUIET = "#2b2d31", "#f2f3f5", "#b5bac1"
_ANSWERED, _DECLINED = "#45b97c", "#e0a458"

_MOST_TICKS = 4

_LARGE, _SMALL, _LABEL = 17, 11, 12
"""Points of letters."""

_MOST_LARGE = 99_999
"""The largest number that has room in large letters."""

_alone = Lock()
"""matplotlib is not made for several threads."""


def picture_of(statistics: Statistics) -> bytes | None:
    """A PNG file; None without the extra `report`. It takes a second, and no global state."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return None
    with _alone:
        figure = Figure(figsize=(_WIDTH, _HEIGHT), dpi=_DPI, facecolor=_BACKGROUND)
        _write_totals(figure, statistics)
        _draw_days(figure.add_axes((0.12, 0.14, 0.8, 0.55), facecolor=_BACKGROUND), statistics)
        content = io.BytesIO()
        figure.savefig(content, format="png")
    return content.getvalue()


def _write_totals(figure: "Figure", statistics: Statistics) -> None:
    """The totals beside each other, in the colours of the bars below, which they explain."""
    total = statistics.total
    asked, rated = total.answered + total.declined, total.helpful + total.unhelpful
    size = _LARGE if asked <= _MOST_LARGE else _SMALL
    totals = (
        (number(asked), pgettext("in a picture", "asked"), _TEXT),
        (number(total.answered), pgettext("in a picture", "answered"), _ANSWERED),
        (number(total.declined), pgettext("in a picture", "declined"), _DECLINED),
        (
            f"{total.helpful / rated:.0%}" if rated else "–",
            pgettext("in a picture", "helpful"),
            _TEXT,
        ),
    )
    for place, (value, label, colour) in enumerate(totals):
        left = 0.04 + 0.25 * place
        figure.text(left, 0.87, value, color=colour, fontsize=size, fontweight="bold")
        figure.text(left, 0.78, label, color=_QUIET, fontsize=_LABEL)


def _draw_days(axes: "Axes", statistics: Statistics) -> None:
    """A bar for each day: what was declined on top of what was answered."""
    days = statistics.days
    places, answered = range(len(days)), [day.answered for day in days]
    declined = [day.declined for day in days]
    axes.bar(places, answered, width=0.85, color=_ANSWERED)
    axes.bar(places, declined, width=0.85, bottom=answered, color=_DECLINED)
    # The last day has its date, and others at the same distance before it.
    ticks = list(places)[:: -max(1, -(-len(days) // _MOST_TICKS))]
    axes.set_xticks(ticks, [days[place].day[5:] for place in ticks])
    axes.set_xlim(-0.6, len(days) - 0.4)
    axes.locator_params(axis="y", nbins=4, integer=True)
    axes.tick_params(colors=_QUIET, labelsize=_LABEL, length=0)
    axes.grid(axis="y", color=_QUIET, alpha=0.25)
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)
