"""Plots as SVG text that stands inside the page."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from typing import Any

import matplotlib

from bot.store.reports.figures import OUTCOMES, Figures

#: Colors that people with color blindness tell apart (Okabe and Ito 2008), and that print in gray.
COLORS = dict(zip(OUTCOMES, ("#0072B2", "#56B4E9", "#009E73", "#E69F00", "#D55E00", "#999999")))
_STYLE = {
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.fonttype": "none",
    "axes.axisbelow": True,
}


def by_day(figures: Figures) -> str:
    """Questions a day, by what became of them."""
    with _figure("by-day", 7.4, 2.4) as (plot, axes):
        days = list(figures.by_day)
        floor = [0] * len(days)
        for outcome, color in COLORS.items():
            heights = [figures.by_day[day][outcome] for day in days]
            if any(heights):
                axes.bar(range(len(days)), heights, bottom=floor, color=color, width=0.85, label=outcome)
                floor = [below + height for below, height in zip(floor, heights)]
        step = max(1, len(days) // 10)
        axes.set_xticks(range(0, len(days), step), [f"{days[n].day} {days[n]:%b}" for n in range(0, len(days), step)])
        axes.set_ylabel("questions")
        axes.grid(axis="y", color="#dddddd")
        if any(floor):
            axes.legend(ncol=3, fontsize=8, frameon=False, loc="lower left", bbox_to_anchor=(0, 1))
        return _svg(plot, "Questions a day, by what became of them")


def by_hour(figures: Figures) -> str:
    """Questions by hour of the day, by the clinic's clock."""
    with _figure("by-hour", 7.4, 1.9) as (plot, axes):
        axes.bar(range(24), [figures.by_hour[hour] for hour in range(24)], color=COLORS["answered"], width=0.85)
        axes.set_xticks(range(0, 24, 2), [f"{hour:02d}:00" for hour in range(0, 24, 2)])
        axes.set_ylabel("questions")
        axes.grid(axis="y", color="#dddddd")
        return _svg(plot, "Questions by hour of the day")


def bars(counts: Mapping[str, int], name: str, title: str) -> str:
    """One bar a name, the longest on top, each with its number."""
    ordered = sorted(counts.items(), key=lambda pair: (pair[1], pair[0]))
    with _figure(name, 3.6, 0.5 + 0.28 * max(1, len(ordered))) as (plot, axes):
        axes.barh(
            [label for label, _ in ordered], [value for _, value in ordered], color=COLORS["answered"], height=0.7
        )
        for row, (_, value) in enumerate(ordered):
            axes.text(value, row, f" {value:,}", va="center", fontsize=8)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.margins(x=0.18)
        return _svg(plot, title)


class _figure:
    """A figure in the page's style; ``name`` keeps the ids of several drawings on one page apart."""

    def __init__(self, name: str, width: float, height: float):
        self._settings = matplotlib.rc_context({**_STYLE, "svg.hashsalt": name})
        self._size = (width, height)

    def __enter__(self) -> tuple[Any, Any]:
        from matplotlib.figure import Figure

        self._settings.__enter__()
        plot = Figure(figsize=self._size, constrained_layout=True)
        return plot, plot.subplots()

    def __exit__(self, *details: Any) -> None:
        self._settings.__exit__(*details)


def _svg(plot: Any, title: str) -> str:
    out = StringIO()
    plot.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Title": title})
    drawn = out.getvalue()
    drawn = drawn[drawn.index("<svg") :]
    return drawn.replace("<svg", f'<svg role="img" aria-label="{title}"', 1)
