"""The counts of a period, asked of the database in a few grouped queries."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.store.models import Exchange, Feedback, Unanswered

#: What became of a question, in the order it is shown, and the kinds of reply that count as it.
OUTCOMES: dict[str, tuple[str, ...]] = {
    "answered": ("answer",),
    "offered a choice": ("clarify",),
    "sent to their own doctor": ("personal",),
    "turned away": ("out_of_scope",),
    "danger": ("emergency", "urgent"),
    "failed": ("unavailable",),
}
OUTCOME_OF = {kind: outcome for outcome, kinds in OUTCOMES.items() for kind in kinds}
_E, _F, _U = Exchange.__table__.c, Feedback.__table__.c, Unanswered.__table__.c


@dataclass(frozen=True)
class Period:
    """Whole days from ``first`` to ``last``, both included, by the clock of ``zone`` (the clinic's)."""

    first: dt.date
    last: dt.date
    zone: str = "UTC"

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"the period ends ({self.last}) before it begins ({self.first})")

    def bounds(self) -> tuple[dt.datetime, dt.datetime]:
        """Begin and end in UTC without zone, as the store keeps times; the end is not included."""
        edges = (self.first, self.last + dt.timedelta(days=1))
        local = (dt.datetime.combine(day, dt.time(), ZoneInfo(self.zone)) for day in edges)
        begin, end = (moment.astimezone(dt.timezone.utc).replace(tzinfo=None) for moment in local)
        return begin, end

    def days(self) -> list[dt.date]:
        return [self.first + dt.timedelta(days=n) for n in range((self.last - self.first).days + 1)]


@dataclass(frozen=True)
class Asked:
    """A question asked in vain (redacted), how often word for word, and the answer that came nearest."""

    question: str
    kind: str
    count: int
    nearest_answer: str | None
    nearest_score: float | None


@dataclass
class Figures:
    """Everything that the report counts. ``by_hour`` and ``by_day`` are by the clinic's clock."""

    period: Period
    conversations: int = 0
    exchanges: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)
    by_channel: Counter[str] = field(default_factory=Counter)
    by_topic: Counter[str] = field(default_factory=Counter)
    by_country: Counter[str] = field(default_factory=Counter)
    by_hour: Counter[int] = field(default_factory=Counter)
    by_day: dict[dt.date, Counter[str]] = field(default_factory=dict)
    by_answer: Counter[str] = field(default_factory=Counter)
    signs: Counter[tuple[str, str]] = field(default_factory=Counter)
    feedback: dict[str, tuple[int, int]] = field(default_factory=dict)
    latency_ms: dict[int, float] = field(default_factory=dict)
    unanswered: list[Asked] = field(default_factory=list)

    @property
    def questions(self) -> int:
        """Exchanges that asked something; small talk and requests about privacy are none."""
        return sum(count for kind, count in self.by_kind.items() if kind in OUTCOME_OF)

    def outcomes(self) -> dict[str, int]:
        """How many questions had each outcome."""
        return {name: sum(self.by_kind[kind] for kind in kinds) for name, kinds in OUTCOMES.items()}


def count(engine: Engine, period: Period) -> Figures:
    """The figures of a period.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: when the database cannot be asked.
    """
    figures = Figures(period)
    begin, end = period.bounds()
    during = sa.and_(_E.at >= begin, _E.at < end)
    with engine.connect() as connection:
        figures.conversations = (
            connection.execute(sa.select(sa.func.count(_E.conversation.distinct())).where(during)).scalar() or 0
        )
        for name, columns, where in (
            ("by_kind", [_E.kind], during),
            ("by_channel", [_E.channel], during),
            ("by_country", [_E.country], during & _E.country.isnot(None)),
            ("by_topic", [_E.topic], during & _E.topic.isnot(None)),
            ("by_answer", [_E.answer_id], during & _E.answer_id.isnot(None)),
            ("signs", [_E.sign, _E.level], during & _E.sign.isnot(None)),
        ):
            setattr(figures, name, _counted(connection, columns, where))
        figures.exchanges = sum(figures.by_kind.values())
        _by_time(connection, figures, during)
        figures.latency_ms = _percentiles(connection, during, (50, 95))
        figures.feedback = _feedback(connection, begin, end)
        figures.unanswered = _unanswered(connection, begin, end)
    return figures


def _counted(connection: Connection, columns: Sequence[Any], where: Any) -> Counter[Any]:
    rows = connection.execute(sa.select(*columns, sa.func.count()).where(where).group_by(*columns))
    return Counter({(row[0] if len(columns) == 1 else tuple(row[:-1])): row[-1] for row in rows})


def _by_time(connection: Connection, figures: Figures, during: Any) -> None:
    parts = [sa.extract(part, _E.at) for part in ("year", "month", "day", "hour")]
    rows = connection.execute(sa.select(*parts, _E.kind, sa.func.count()).where(during).group_by(*parts, _E.kind))
    figures.by_day = {day: Counter() for day in figures.period.days()}
    zone = ZoneInfo(figures.period.zone)
    for year, month, day, hour, kind, number in rows:
        utc = dt.datetime(int(year), int(month), int(day), int(hour), tzinfo=dt.timezone.utc)
        local = utc.astimezone(zone)
        if kind in OUTCOME_OF:
            figures.by_hour[local.hour] += number
            # Zones off by a half hour may put an hour's exchanges a day aside; they stay within the period.
            figures.by_day.get(local.date(), figures.by_day[figures.period.last])[OUTCOME_OF[kind]] += number


def _percentiles(connection: Connection, during: Any, wanted: Sequence[int]) -> dict[int, float]:
    measured = during & _E.latency_ms.isnot(None)
    total = connection.execute(sa.select(sa.func.count()).where(measured)).scalar() or 0
    if not total:
        return {}
    ordered = sa.select(_E.latency_ms).where(measured).order_by(_E.latency_ms).limit(1)
    return {
        percent: float(connection.execute(ordered.offset(min(total - 1, total * percent // 100))).scalar() or 0)
        for percent in wanted
    }


def _feedback(connection: Connection, begin: dt.datetime, end: dt.datetime) -> dict[str, tuple[int, int]]:
    """Helpful and unhelpful marks by answer."""
    during = (_F.at >= begin) & (_F.at < end) & _F.answer_id.isnot(None)
    marks = _counted(connection, [_F.answer_id, _F.helpful], during)
    return {
        answer: (marks[(answer, True)], marks[(answer, False)]) for answer in dict.fromkeys(key[0] for key in marks)
    }


def _unanswered(connection: Connection, begin: dt.datetime, end: dt.datetime) -> list[Asked]:
    """The questions asked in vain, the most frequent first, then the newest."""
    query = (
        sa.select(_U.question, _U.kind, sa.func.count(), _U.nearest_answer, sa.func.avg(_U.nearest_score))
        .where((_U.at >= begin) & (_U.at < end))
        .group_by(_U.question, _U.kind, _U.nearest_answer)
        .order_by(sa.func.count().desc(), sa.func.max(_U.at).desc(), _U.question)
    )
    return [Asked(*row) for row in connection.execute(query)]
