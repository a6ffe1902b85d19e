"""What is noted of one turn: an exchange without words, a transcript turn, feedback, an unanswered question."""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from bot.store.models import Exchange, Feedback, TranscriptTurn, Unanswered
from bot.store.redaction import is_button, redact

#: Senders of these beginnings are no conversations: health checks, and messages without a sender.
LEAVES_NOTHING = ("health-", "once-")
#: What a channel may send along and the store may keep: where the patient is (two letters), and when the message came
#: in (`time.monotonic()`, for the milliseconds of the turn).
COUNTRY, RECEIVED_AT = "country", "received_at"
_COUNTRY = re.compile(r"[A-Z]{2}")
ALARMS = ("emergency", "urgent")
JUDGED = {"feedback_good": True, "feedback_bad": False}


def leaves_nothing(sender: str) -> bool:
    """Whether nothing may be kept of a sender's messages."""
    return sender.startswith(LEAVES_NOTHING)


@dataclass(frozen=True)
class Turn:
    """One turn, in memory only: ``said`` still has the patient's words; :meth:`rows` has them redacted."""

    key: str
    channel: str
    reply: dict[str, Any]
    said: str = field(default="", repr=False)
    intent: str | None = None
    nearest: dict[str, Any] = field(default_factory=dict)
    judged_answer: str | None = None
    country: str | None = None
    latency_ms: float | None = None
    at: dt.datetime = field(default_factory=dt.datetime.utcnow)

    @property
    def forgotten(self) -> bool:
        """Whether the patient had the conversation deleted in this turn."""
        return bool(self.reply.get("forgotten"))

    def rows(self) -> list[tuple[sa.Table, dict[str, Any]]]:
        """The rows to insert, each with its table, without what could tell who somebody is."""
        kind, said = str(self.reply.get("kind", "")), redact(self.said)
        mine = {"at": self.at, "conversation": self.key}
        score = self.nearest.get("score")
        rows: list[tuple[sa.Table, dict[str, Any]]] = [
            (
                Exchange.__table__,
                {
                    **mine,
                    "channel": self.channel,
                    "kind": kind,
                    "intent": self.intent,
                    "answer_id": self.reply.get("answer_id"),
                    "topic": self.reply.get("topic"),
                    "score": score,
                    "sign": self.reply.get("sign"),
                    "country": self.country,
                    "level": kind if kind in ALARMS else None,
                    "latency_ms": self.latency_ms,
                },
            )
        ]
        if self.said:
            rows.append(
                (
                    TranscriptTurn.__table__,
                    {"key": self.key, "at": self.at, "said": said, "reply": json.dumps(_redacted(self.reply))},
                )
            )
        if self.intent in JUDGED:
            rows.append((Feedback.__table__, {**mine, "answer_id": self.judged_answer, "helpful": JUDGED[self.intent]}))
        if self._in_vain(kind):
            rows.append(
                (
                    Unanswered.__table__,
                    {
                        **mine,
                        "channel": self.channel,
                        "kind": kind,
                        "question": said,
                        "nearest_answer": self.nearest.get("id"),
                        "nearest_score": score,
                    },
                )
            )
        return rows

    def _in_vain(self, kind: str) -> bool:
        """Turned away, or referred to a doctor without any general education."""
        asked = bool(self.said) and not is_button(self.said)
        return asked and (kind == "out_of_scope" or (kind == "personal" and not self.reply.get("answer_id")))


def _redacted(reply: dict[str, Any]) -> dict[str, Any]:
    """A reply is ours, but for the patient's words that a red flag was seen in."""
    return {**reply, "words": redact(str(reply["words"]))} if reply.get("words") else reply


def country_of(metadata: dict[str, Any] | None) -> str | None:
    """The country a channel says the patient is in, if it is one (two capitals)."""
    country = (metadata or {}).get(COUNTRY)
    return country if isinstance(country, str) and _COUNTRY.fullmatch(country) else None


def milliseconds_since(received_at: object) -> float | None:
    """Milliseconds since a `time.monotonic()` of this process; None where it is none."""
    return round((time.monotonic() - received_at) * 1000, 2) if isinstance(received_at, float) else None
