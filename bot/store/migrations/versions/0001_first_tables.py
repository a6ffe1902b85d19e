"""The first tables: conversations, transcripts, exchanges, feedback, unanswered questions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def _at(name: str = "at") -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime, nullable=False, index=True)


def _conversation() -> sa.Column[Any]:
    return sa.Column("conversation", sa.String(64), index=True)


def upgrade() -> None:
    # Databases from before the first revision have these two.
    present = set(sa.inspect(op.get_bind()).get_table_names())
    if "conversations" not in present:
        op.create_table("conversations", sa.Column("key", sa.String(64), primary_key=True), _at("updated_at"),
                        sa.Column("state", sa.Text, nullable=False))
    if "transcript_turns" not in present:
        op.create_table("transcript_turns", _id(), sa.Column("key", sa.String(64), nullable=False, index=True), _at(),
                        sa.Column("said", sa.Text, nullable=False), sa.Column("reply", sa.Text, nullable=False))
    op.create_table(
        "exchanges", _id(), _at(), _conversation(), sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False), sa.Column("intent", sa.String(64)),
        sa.Column("answer_id", sa.String(200)), sa.Column("topic", sa.String(100)), sa.Column("score", sa.Float),
        sa.Column("sign", sa.String(100)), sa.Column("level", sa.String(16)), sa.Column("latency_ms", sa.Float),
        sa.Column("country", sa.String(2)))
    op.create_table("feedback", _id(), _at(), _conversation(), sa.Column("answer_id", sa.String(200)),
                    sa.Column("helpful", sa.Boolean, nullable=False))
    op.create_table(
        "unanswered", _id(), _at(), _conversation(), sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False), sa.Column("question", sa.Text, nullable=False),
        sa.Column("nearest_answer", sa.String(200)), sa.Column("nearest_score", sa.Float))


def downgrade() -> None:
    for table in ("unanswered", "feedback", "exchanges", "transcript_turns", "conversations"):
        op.drop_table(table)
