"""The tables of the store. No table holds a name, an address, a sender id or an unredacted word of a patient.

`conversation` is always the keyed hash of the sender id (`bot.store.keys`); times are UTC.
A change here needs a revision in `bot/store/migrations/versions` (docs/decisions/store.md says how).
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import declarative_base

Base = declarative_base()
KEY_LENGTH = 64


class Conversation(Base):  # type: ignore[misc, valid-type]
    """Where a conversation stands: its slots and what the last turns were about. None of the patient's words."""

    __tablename__ = "conversations"
    key = sa.Column(sa.String(KEY_LENGTH), primary_key=True)
    updated_at = sa.Column(sa.DateTime, nullable=False, index=True)
    state = sa.Column(sa.Text, nullable=False)


class TranscriptTurn(Base):  # type: ignore[misc, valid-type]
    """One turn as the patient saw it, redacted, so that a page can show the conversation again."""

    __tablename__ = "transcript_turns"
    id = sa.Column(sa.Integer, primary_key=True, autoincrement=True)
    key = sa.Column(sa.String(KEY_LENGTH), nullable=False, index=True)
    at = sa.Column(sa.DateTime, nullable=False, index=True)
    said = sa.Column(sa.Text, nullable=False)
    reply = sa.Column(sa.Text, nullable=False)


class Exchange(Base):  # type: ignore[misc, valid-type]
    """What happened in one turn, without a word of it: kind, intent, answer, score, danger sign, milliseconds."""

    __tablename__ = "exchanges"
    id = sa.Column(sa.Integer, primary_key=True, autoincrement=True)
    at = sa.Column(sa.DateTime, nullable=False, index=True)
    conversation = sa.Column(sa.String(KEY_LENGTH), index=True)
    channel = sa.Column(sa.String(32), nullable=False)
    kind = sa.Column(sa.String(32), nullable=False)
    intent = sa.Column(sa.String(64))
    answer_id = sa.Column(sa.String(200))
    topic = sa.Column(sa.String(100))
    score = sa.Column(sa.Float)
    sign = sa.Column(sa.String(100))
    level = sa.Column(sa.String(16))
    latency_ms = sa.Column(sa.Float)
    country = sa.Column(sa.String(2))


class Feedback(Base):  # type: ignore[misc, valid-type]
    """Whether an answer helped, said by the patient who got it."""

    __tablename__ = "feedback"
    id = sa.Column(sa.Integer, primary_key=True, autoincrement=True)
    at = sa.Column(sa.DateTime, nullable=False, index=True)
    conversation = sa.Column(sa.String(KEY_LENGTH), index=True)
    answer_id = sa.Column(sa.String(200))
    helpful = sa.Column(sa.Boolean, nullable=False)


class Unanswered(Base):  # type: ignore[misc, valid-type]
    """A question asked in vain, redacted, with the answer that came nearest; staff read these."""

    __tablename__ = "unanswered"
    id = sa.Column(sa.Integer, primary_key=True, autoincrement=True)
    at = sa.Column(sa.DateTime, nullable=False, index=True)
    conversation = sa.Column(sa.String(KEY_LENGTH), index=True)
    channel = sa.Column(sa.String(32), nullable=False)
    kind = sa.Column(sa.String(32), nullable=False)
    question = sa.Column(sa.Text, nullable=False)
    nearest_answer = sa.Column(sa.String(200))
    nearest_score = sa.Column(sa.Float)


#: Every table with its column of conversation and its column of time: what deletion and retention go by.
PERSONAL = (
    (Conversation.__table__.c.key, Conversation.__table__.c.updated_at),
    (TranscriptTurn.__table__.c.key, TranscriptTurn.__table__.c.at),
    (Exchange.__table__.c.conversation, Exchange.__table__.c.at),
    (Feedback.__table__.c.conversation, Feedback.__table__.c.at),
    (Unanswered.__table__.c.conversation, Unanswered.__table__.c.at),
)
