"""Turns to keep, a look at what was kept, and a database that goes down."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.store.keeper import Keeper
from bot.store.turn_record import Turn

KEY = "k" * 64
ANSWER = {"kind": "answer", "answer_id": "neck-pain/how-common", "topic": "neck-pain", "text": "About …"}
NOT_COVERED = {"kind": "out_of_scope", "text": "I can't answer that."}


def turn(reply: dict[str, object] | None = None, **more: object) -> Turn:
    return Turn(
        **{
            "key": KEY,
            "channel": "web",
            "reply": reply or ANSWER,
            "said": "how common is it?",
            "intent": "ask_neck_pain",
            "nearest": {"id": "neck-pain/how-common", "score": 0.9},
            **more,
        }
    )


def only(keeper: Keeper, table: str) -> dict[str, object]:
    rows = keeper.database.transact(
        lambda connection: [dict(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}").mappings()]
    )
    assert len(rows) == 1
    return rows[0]


class Outage:
    """A database that is down while the test says so."""

    def __init__(self, keeper: Keeper, monkeypatch: pytest.MonkeyPatch):
        self._up, self._patch, self._keeper = keeper.database._engine, monkeypatch, keeper
        self._down = sa.create_engine("sqlite:////nowhere/at/all.db")

    def __enter__(self) -> None:
        self._patch.setattr(self._keeper.database, "_engine", self._down)

    def __exit__(self, *_: object) -> None:
        self._patch.setattr(self._keeper.database, "_engine", self._up)
