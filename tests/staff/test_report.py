"""The report counts what happened by the clinic's clock and groups what was asked in vain."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.knowledge_base import KnowledgeBase
from bot.staff.question_vectors import QuestionVectors
from bot.staff.reporting import MOST_GROUPED, groups_of, report
from bot.store.models import Exchange, Unanswered
from bot.store.reports.figures import Asked, count
from tests.staff.asked import DAY, IN_VAIN, LONG, NOON, PERIOD, WHAT, a_week, exchange, fill, in_vain


def test_what_happened_is_counted_by_the_clinics_clock(database: Engine) -> None:
    fill(database, *a_week())
    figures = count(database, PERIOD)
    assert (figures.conversations, figures.exchanges, figures.questions) == (5, 15, 14)
    assert figures.outcomes() == {
        "answered": 9,
        "offered a choice": 1,
        "sent to their own doctor": 1,
        "turned away": 1,
        "danger": 1,
        "failed": 1,
    }
    assert figures.by_hour == {12: 13, 23: 1}
    assert figures.by_day[DAY + dt.timedelta(days=1)]["answered"] == 8
    assert figures.by_day[PERIOD.last]["answered"] == 1
    assert figures.by_channel == {"web": 14, "telegram": 1}
    assert figures.by_country == {"GB": 1}
    assert figures.by_topic == {"nerves": 9}
    assert figures.signs == {("thunderclap", "emergency"): 1}
    assert figures.feedback == {WHAT: (1, 2), LONG: (1, 0)}
    assert figures.latency_ms[50] == 10.0


def test_questions_in_vain_are_grouped_by_meaning_the_largest_first(knowledge: KnowledgeBase) -> None:
    nearest = next(iter(knowledge.answers))
    asked = [Asked(question, "out_of_scope", 1, None, None) for questions in IN_VAIN.values() for question in questions]
    asked += [
        Asked(IN_VAIN["coffee"][0], "clarify", 3, nearest, 0.2),
        Asked(IN_VAIN["coffee"][1], "clarify", 1, nearest, 0.4),
    ]
    groups = groups_of(asked, knowledge, QuestionVectors().encode)
    assert [(group.number, group.count, sorted(wordings)) for group, wordings in groups] == [
        (1, 6, sorted(IN_VAIN["coffee"])),
        (2, 3, sorted(IN_VAIN["acupuncture"])),
        (3, 1, IN_VAIN["parking"]),
    ]
    coffee, acupuncture, _ = (group for group, _ in groups)
    assert (coffee.nearest_address, coffee.score, coffee.kinds) == (
        nearest,
        pytest.approx(0.25),
        "4 offered a choice, 2 not covered",
    )
    assert "acupuncture" in acupuncture.nearest_address, "what was kept without a nearest answer gets today's"
    assert 0 < acupuncture.score <= 1  # type: ignore[operator]


@pytest.mark.slow
def test_a_hundred_thousand_exchanges_take_at_most_thirty_seconds(
    database: Engine, knowledge: KnowledgeBase, tmp_path: Path
) -> None:
    answers = list(knowledge.answers)
    kinds = ("answer",) * 6 + ("clarify", "out_of_scope", "out_of_scope", "smalltalk")
    rows = [
        exchange(
            kinds[n % 10],
            at=NOON + dt.timedelta(seconds=4 * n),
            conversation=f"c{n // 4}",
            latency_ms=n % 97 + 0.5,
            answer_id=answers[n % len(answers)] if n % 10 < 6 else None,
        )
        for n in range(100_000)
    ]
    vain = [
        in_vain(f"{IN_VAIN['acupuncture'][n % 3]} after {n % 2000} days of {('rain', 'work', 'rest')[n % 3]} and sleep")
        for n in range(20_000)
    ]
    assert len({row["question"] for row in vain}) > MOST_GROUPED
    with database.begin() as connection:
        connection.execute(Exchange.__table__.insert(), rows)
        connection.execute(Unanswered.__table__.insert(), vain)
    start = time.monotonic()
    figures = report(database, knowledge, QuestionVectors().encode, PERIOD, tmp_path / "r.html")
    taken = time.monotonic() - start
    print(f"100,000 exchanges, {len(vain)} in vain: {taken:.1f} s")
    assert figures.exchanges == 100_000
    assert taken <= 30


def test_the_store_is_asked_a_few_questions_only(database: Engine) -> None:
    """The counts are made in the database: the number of queries does not grow with the exchanges."""
    fill(database, *a_week())
    asked: list[str] = []
    sa.event.listen(database, "before_cursor_execute", lambda _c, _cursor, statement, *_: asked.append(statement))
    count(database, PERIOD)
    assert len(asked) <= 15
