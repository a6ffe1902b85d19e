"""A database that is down costs nothing that was stored, and no reply."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path

import pytest

from bot.store.database import DatabaseDown
from bot.store.engine import engine
from bot.store.keeper import Keeper
from bot.store.writer import Writer
from tests.store.conftest import count
from tests.store.turns import KEY, Outage, only, turn


@pytest.fixture
def outage(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> Outage:
    return Outage(keeper, monkeypatch)


def wait_for_the_writer(keeper: Keeper, within: float) -> None:
    """Until nothing waits to be written, for so many seconds at most."""
    until = time.monotonic() + within
    while keeper.writer.waiting and time.monotonic() < until:
        time.sleep(0.05)


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


def test_the_thread_writes_by_itself_and_makes_up_after_an_outage(keeper: Keeper, outage: Outage):
    keeper.writer.start()
    with outage:
        keeper.writer.put(turn())
        time.sleep(0.3)
        assert keeper.writer.waiting == 1
    wait_for_the_writer(keeper, 10)
    keeper.writer.close()
    assert count(keeper)["exchanges"] == 1


def test_what_waits_is_written_though_somebody_else_found_the_database_up_first(keeper: Keeper, outage: Outage):
    keeper.writer.start()
    with outage:
        keeper.writer.put(turn())
        time.sleep(0.5)  # the thread has met the outage, and rests before it tries again
    keeper.database.transact(lambda connection: connection.exec_driver_sql("SELECT 1"))
    assert not keeper.database.is_down
    wait_for_the_writer(keeper, 5)
    assert count(keeper)["exchanges"] == 1
    keeper.writer.close()


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
