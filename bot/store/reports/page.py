"""The report as one HTML page: no script, nothing fetched, made to be printed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.store.reports import plots
from bot.store.reports.figures import Figures

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Row:
    """A line of a table: what it is about, its address, a number, and a remark."""

    title: str
    address: str = ""
    count: int = 0
    remark: str = ""


@dataclass(frozen=True)
class Group:
    """Questions of one meaning asked in vain: how often in all, the most typical, others, and the nearest answer."""

    number: int
    count: int
    typical: str
    others: Sequence[str]
    kinds: str
    nearest: str
    nearest_address: str
    score: float | None


@dataclass(frozen=True)
class Contents:
    """What stands on the page besides the figures; titles are looked up by who composes it."""

    clinic: str
    made: dt.datetime
    topics: dict[str, str]
    groups: Sequence[Group] = ()
    ungrouped: int = 0
    unhelpful: Sequence[Row] = ()
    signs: Sequence[Row] = ()
    most_asked: Sequence[Row] = ()
    never_asked: Sequence[Row] = ()
    reviews: Sequence[Row] = ()
    review_counts: dict[str, int] = field(default_factory=dict)


def page(figures: Figures, contents: Contents) -> str:
    """The HTML of the report."""
    topics = {contents.topics.get(topic, topic): number for topic, number in figures.by_topic.items()}
    drawn = {
        "by_day": plots.by_day(figures),
        "by_hour": plots.by_hour(figures),
        "by_topic": plots.bars(topics, "by-topic", "Replies by topic") if topics else "",
        "by_channel": plots.bars(figures.by_channel, "by-channel", "Messages by channel") if figures.by_channel else "",
    }
    return _PAGES.get_template("page.html.j2").render(
        figures=figures,
        contents=contents,
        outcomes=figures.outcomes(),
        plots={name: Markup(svg) for name, svg in drawn.items()},  # noqa: S704 - drawn above, no one's text but titles
    )
