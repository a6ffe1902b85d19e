"""Turns and conversations are kept; a database that is down costs nothing that was stored, and no reply."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.store.database import DatabaseDown
from bot.store.engine import engine
from bot.store.keeper import Keeper
from bot.store.turn_record import Turn
from bot.store.writer import Writer
from tests.store.conftest import count

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


class Outage:
    """A database that is down while the test says so."""

    def __init__(self, keeper: Keeper, monkeypatch: pytest.MonkeyPatch):
        self._up, self._patch, self._keeper = keeper.database._engine, monkeypatch, keeper
        self._down = sa.create_engine("sqlite:////nowhere/at/all.db")

    def __enter__(self) -> None:
        self._patch.setattr(self._keeper.database, "_engine", self._down)

    def __exit__(self, *_: object) -> None:
        self._patch.setattr(self._keeper.database, "_engine", self._up)


@pytest.fixture
def outage(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> Outage:
    return Outage(keeper, monkeypatch)


def only(keeper: Keeper, table: str) -> dict[str, object]:
    rows = keeper.database.transact(
        lambda connection: [dict(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}").mappings()]
    )
    assert len(rows) == 1
    return rows[0]


def test_an_exchange_says_what_happened_without_a_word_of_it(keeper: Keeper):
    keeper.writer.put(turn(country="US", latency_ms=9.5))
    keeper.writer.write_waiting()
    noted = only(keeper, "exchanges")
    assert noted.pop("at")
    assert noted == {
        "id": 1,
        "conversation": KEY,
        "channel": "web",
        "kind": "answer",
        "intent": "ask_neck_pain",
        "answer_id": "neck-pain/how-common",
        "topic": "neck-pain",
        "score": 0.9,
        "sign": None,
        "level": None,
        "latency_ms": 9.5,
        "country": "US",
    }


def test_a_danger_sign_is_counted_with_its_level(keeper: Keeper):
    keeper.writer.put(turn({"kind": "urgent", "sign": "giant-cell-arteritis", "words": "I'm Anna, my scalp hurts"}))
    keeper.writer.write_waiting()
    assert (only(keeper, "exchanges")["sign"], only(keeper, "exchanges")["level"]) == ("giant-cell-arteritis", "urgent")
    assert "Anna" not in str(only(keeper, "transcript_turns")["reply"])


@pytest.mark.parametrize(("intent", "helpful"), [("feedback_good", True), ("feedback_bad", False)])
def test_feedback_names_the_answer_it_judges(keeper: Keeper, intent: str, helpful: bool):
    keeper.writer.put(turn({"kind": "smalltalk"}, intent=intent, judged_answer="neck-pain/how-common"))
    keeper.writer.write_waiting()
    noted = only(keeper, "feedback")
    assert (noted["answer_id"], bool(noted["helpful"])) == ("neck-pain/how-common", helpful)


def test_a_question_asked_in_vain_is_noted_redacted_with_what_came_nearest(keeper: Keeper):
    keeper.writer.put(turn(NOT_COVERED, said="do moon rocks help? thanks, Anna Smith"))
    keeper.writer.write_waiting()
    noted = only(keeper, "unanswered")
    assert noted["question"] == "do moon rocks help? thanks, [name]"
    assert (noted["nearest_answer"], noted["nearest_score"]) == ("neck-pain/how-common", 0.9)


def test_a_button_is_no_question(keeper: Keeper):
    keeper.writer.put(turn(NOT_COVERED, said='/choose{"answer": "gone/for-good"}'))
    keeper.writer.write_waiting()
    assert count(keeper)["unanswered"] == 0
    assert only(keeper, "transcript_turns")["said"] == '/choose{"answer": "gone/for-good"}'


async def test_a_conversation_is_read_as_it_was_kept(keeper: Keeper):
    await keeper.conversations.keep(KEY, '{"slots": {"topic": "neck-pain"}, "events": []}')
    assert await keeper.conversations.read(KEY) == '{"slots": {"topic": "neck-pain"}, "events": []}'
    assert await keeper.conversations.read("other") is None


async def test_an_outage_loses_nothing_and_is_made_up_for(
    keeper: Keeper, outage: Outage, caplog: pytest.LogCaptureFixture
):
    await keeper.conversations.keep(KEY, '{"slots": {"topic": "neck-pain"}, "events": []}')
    keeper.writer.put(turn())
    keeper.writer.write_waiting()
    with outage:
        for number in range(5):
            assert await keeper.conversations.read(KEY)
            await keeper.conversations.keep(KEY, f'{{"slots": {{"turn": {number}}}, "events": []}}')
            keeper.writer.put(turn())
        with pytest.raises(DatabaseDown):
            keeper.writer.write_waiting()
        assert (keeper.writer.waiting, keeper.conversations.unsaved) == (5, 1)
    assert keeper.writer.write_waiting() == 5
    assert count(keeper) == {"conversations": 1, "transcript_turns": 6, "exchanges": 6, "feedback": 0, "unanswered": 0}
    assert keeper.conversations.unsaved == 0
    assert '"turn": 4' in str(only(keeper, "conversations")["state"])
    told = [record.message for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(told) == 2, f"one line for going down, one for being back: {told}"


async def test_what_was_stored_before_an_outage_is_joined_with_what_came_in_it(
    database_url: str, monkeypatch: pytest.MonkeyPatch
):
    before = Keeper(engine(database_url))
    await before.conversations.keep(KEY, '{"slots": {"topic": "neck-pain", "last_answer": "a"}, "events": []}')
    restarted = Keeper(engine(database_url))
    with Outage(restarted, monkeypatch):
        assert await restarted.conversations.read(KEY) is None
        await restarted.conversations.keep(KEY, '{"slots": {"last_answer": "b"}, "events": []}')
    restarted.writer.write_waiting()
    kept = str(only(restarted, "conversations")["state"])
    assert '"topic": "neck-pain"' in kept
    assert '"last_answer": "b"' in kept


async def test_a_state_that_waited_never_overwrites_a_newer_one(database_url: str, monkeypatch: pytest.MonkeyPatch):
    """Two processes: one held a state through an outage, the patient went on with the other."""
    one, other = Keeper(engine(database_url)), Keeper(engine(database_url))
    with Outage(one, monkeypatch):
        await one.conversations.keep(KEY, '{"slots": {}, "events": ["old"]}')
    await asyncio.sleep(0.01)
    await other.conversations.keep(KEY, '{"slots": {}, "events": ["new"]}')
    one.writer.write_waiting()
    assert "new" in str(only(one, "conversations")["state"])


async def test_nobody_waits_for_a_database_known_to_be_down(keeper: Keeper, outage: Outage):
    with outage:
        await keeper.conversations.read(KEY)
        start = time.perf_counter()
        for _ in range(100):
            await keeper.conversations.keep(KEY, "{}")
        assert time.perf_counter() - start < 0.5


async def test_a_database_that_hangs_is_waited_for_once_and_briefly(keeper: Keeper, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(keeper.database, "transact", lambda work: time.sleep(3))
    start = time.perf_counter()
    for _ in range(20):
        await keeper.conversations.read(KEY)
    assert time.perf_counter() - start < 2


def test_a_full_queue_drops_the_oldest_and_says_how_many(
    keeper: Keeper, outage: Outage, caplog: pytest.LogCaptureFixture
):
    writer = Writer(keeper.database, most_waiting=3)
    with outage:
        for number in range(5):
            writer.put(turn(said=f"question {number}"))
    writer.write_waiting()
    asked = keeper.database.transact(
        lambda connection: connection.exec_driver_sql("SELECT said FROM transcript_turns ORDER BY id").scalars().all()
    )
    assert asked == ["question 2", "question 3", "question 4"]
    assert "1 turns were dropped" in caplog.text


def test_one_row_that_does_not_fit_does_not_stop_the_others(keeper: Keeper):
    keeper.writer.put(turn())
    keeper.writer.put(turn({"kind": None, "text": ""}, channel=None))
    keeper.writer.put(turn())
    keeper.writer.write_waiting()
    assert count(keeper)["exchanges"] == 2


def test_the_thread_writes_by_itself_and_makes_up_after_an_outage(keeper: Keeper, outage: Outage):
    keeper.writer.start()
    with outage:
        keeper.writer.put(turn())
        time.sleep(0.3)
        assert keeper.writer.waiting == 1
    until = time.monotonic() + 10
    while keeper.writer.waiting and time.monotonic() < until:
        time.sleep(0.05)
    keeper.writer.close()
    assert count(keeper)["exchanges"] == 1


def test_an_sqlite_file_that_was_moved_away_is_noticed(tmp_path: Path):
    file = tmp_path / "assistant.db"
    keeper = Keeper(engine(f"sqlite:///{file}"))
    keeper.writer.put(turn())
    keeper.writer.write_waiting()
    file.rename(tmp_path / "away.db")
    file.mkdir()
    keeper.writer.put(turn())
    with pytest.raises(DatabaseDown):
        keeper.writer.write_waiting()
    file.rmdir()
    (tmp_path / "away.db").rename(file)
    keeper.writer.write_waiting()
    assert count(keeper)["exchanges"] == 2
