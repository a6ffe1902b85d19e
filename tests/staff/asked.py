"""What patients asked in one week, as the store holds it, for the report to count and tell."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.engine import Engine

from bot.store.models import Exchange, Feedback, Unanswered
from bot.store.reports.figures import Period

DAY = dt.date(2026, 7, 1)
PERIOD = Period(DAY, DAY + dt.timedelta(days=6), "America/New_York")
NOON = dt.datetime(2026, 7, 2, 16, 0)  # UTC; noon in New York
WHAT, LONG, WHO = "nerves/what-it-is", "nerves/how-long", "nerves/who-helps"
IN_VAIN = {
    "acupuncture": [
        "does acupuncture help with migraine",
        "can acupuncture stop my migranes",
        "is acupuncture any good for migraine",
    ],
    "coffee": ["can I drink coffee with migraine", "is coffee bad for migraine"],
    "parking": ["where can I park my car at the clinic"],
}


def exchange(kind: str, **more: object) -> dict[str, object]:
    return {
        "at": NOON,
        "conversation": "a",
        "channel": "web",
        "kind": kind,
        "intent": "ask_nerves",
        "latency_ms": 10.0,
        **more,
    }


def fill(database: Engine, exchanges: list[dict], feedback: list[dict] = (), unanswered: list[dict] = ()) -> None:  # type: ignore[assignment]
    with database.begin() as connection:
        for model, rows in ((Exchange, exchanges), (Feedback, feedback), (Unanswered, unanswered)):
            for row in rows:
                connection.execute(model.__table__.insert().values(**row))


def in_vain(question: str, at: dt.datetime = NOON, **more: object) -> dict[str, object]:
    return {"at": at, "channel": "web", "kind": "out_of_scope", "question": question, **more}


def a_week() -> tuple[list[dict], list[dict], list[dict]]:
    exchanges = [
        *[exchange("answer", answer_id=WHAT, topic="nerves", latency_ms=float(n)) for n in range(1, 8)],
        exchange("answer", answer_id=LONG, topic="nerves", conversation="b", channel="telegram", country="GB"),
        exchange("clarify", conversation="b"),
        exchange("out_of_scope", conversation="c"),
        exchange("personal", conversation="c"),
        exchange("emergency", sign="thunderclap", level="emergency", conversation="d"),
        exchange("smalltalk", conversation="d"),
        exchange("unavailable", conversation="e"),
        # Before the period by the clinic's clock, though not by UTC; and after it.
        exchange("answer", answer_id=WHO, at=dt.datetime(2026, 7, 1, 3, 59)),
        exchange("answer", answer_id=WHO, at=dt.datetime(2026, 7, 8, 4, 0)),
        # Its last hour.
        exchange("answer", answer_id=WHAT, topic="nerves", at=dt.datetime(2026, 7, 8, 3, 59), conversation="a"),
    ]
    feedback = [
        {"at": NOON, "conversation": "a", "answer_id": WHAT, "helpful": helpful} for helpful in (True, False, False)
    ]
    feedback.append({"at": NOON, "conversation": "b", "answer_id": LONG, "helpful": True})
    unanswered = [in_vain(question) for questions in IN_VAIN.values() for question in questions]
    unanswered += [
        in_vain(IN_VAIN["coffee"][0], nearest_answer=LONG, nearest_score=0.2, kind="clarify") for _ in range(4)
    ]
    return exchanges, feedback, unanswered
