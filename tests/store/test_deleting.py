"""Deletion reaches every table, the queue, the memory and the file; retention runs by itself."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.purge import command as purge_command
from bot.settings import settings
from bot.store import retention
from bot.store.database import DatabaseDown
from bot.store.engine import engine
from bot.store.forgetting import forget
from bot.store.keeper import Keeper, _keeper, shared_keeper
from bot.store.keys import conversation_key
from bot.store.turn_record import Turn
from tests.store.conftest import TABLES, count
from tests.store.turns import KEY, NOT_COVERED, Outage, turn

NOTHING = dict.fromkeys(TABLES, 0)
EVERY_ROW = {"intent": "feedback_bad", "reply": NOT_COVERED}


async def one_in_every_table(keeper: Keeper, key: str = KEY, at: dt.datetime | None = None) -> None:
    await keeper.conversations.keep(key, '{"slots": {}, "events": []}')
    keeper.writer.put(turn(key=key, **EVERY_ROW, **({"at": at} if at else {})))
    keeper.writer.write_waiting()


async def test_forgetting_deletes_from_every_table_and_nobody_else(keeper: Keeper):
    await one_in_every_table(keeper)
    await one_in_every_table(keeper, "other")
    assert set(count(keeper).values()) == {2}
    keeper.forget(KEY)
    assert set(count(keeper).values()) == {1}
    assert await keeper.conversations.read(KEY) is None


async def test_forgetting_reaches_what_waits_in_queue_and_memory(keeper: Keeper, monkeypatch: pytest.MonkeyPatch):
    with Outage(keeper, monkeypatch):
        await keeper.conversations.keep(KEY, '{"slots": {}, "events": []}')
        keeper.writer.put(turn())
        with pytest.raises(DatabaseDown):
            keeper.forget(KEY)
        assert (keeper.writer.waiting, keeper.conversations.unsaved) == (0, 0)
    keeper.writer.write_waiting()
    assert count(keeper) == NOTHING


async def test_a_deletion_asked_for_in_an_outage_is_made_up_for(keeper: Keeper, monkeypatch: pytest.MonkeyPatch):
    await one_in_every_table(keeper)
    with Outage(keeper, monkeypatch), pytest.raises(DatabaseDown):
        keeper.forget(KEY)
    assert set(count(keeper).values()) == {1}
    keeper.writer.write_waiting()
    assert count(keeper) == NOTHING


async def test_no_trace_is_left_in_the_files_of_sqlite(tmp_path: Path):
    keeper = Keeper(engine(f"sqlite:///{tmp_path / 'assistant.db'}"))
    for number in range(50):
        keeper.writer.put(turn(said=f"do periwinkles help {number}"))
    keeper.writer.write_waiting()
    assert any(b"periwinkles" in file.read_bytes() for file in tmp_path.iterdir())
    keeper.forget(KEY)
    assert not any(b"periwinkles" in file.read_bytes() for file in tmp_path.iterdir())


async def test_what_is_older_than_the_retention_time_goes_and_the_rest_stays(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(retention, "CHUNK", 3)
    old = dt.datetime.utcnow() - dt.timedelta(days=31)
    for number in range(10):
        await one_in_every_table(keeper, f"old{number}", old)
    await one_in_every_table(keeper)
    keeper.database.transact(
        lambda connection: connection.exec_driver_sql(
            f"UPDATE conversations SET updated_at = '{old:%Y-%m-%d %H:%M:%S.%f}' WHERE key LIKE 'old%%'"
            if keeper.database.dialect == "postgresql"
            else f"UPDATE conversations SET updated_at = '{old:%Y-%m-%d %H:%M:%S.%f}' WHERE key LIKE 'old%'"
        )
    )
    assert retention.purge(keeper.database, 30) == dict.fromkeys(TABLES, 10)
    assert set(count(keeper).values()) == {1}


def test_the_daily_job_comes_back_tomorrow_or_soon_after_a_failure(keeper: Keeper, monkeypatch: pytest.MonkeyPatch):
    job = keeper._purge
    assert job.once() == retention.DAY
    with Outage(keeper, monkeypatch):
        assert job.once() == retention.SOON


def test_the_daily_job_runs_by_itself(keeper: Keeper, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(retention, "START", 0.01)
    keeper.writer.put(turn(at=dt.datetime.utcnow() - dt.timedelta(days=400)))
    keeper.writer.write_waiting()
    keeper.start()
    keeper._purge._thread.join(0.5)
    keeper.close()
    assert count(keeper)["exchanges"] == 0


@pytest.fixture
def here(database_url: str, monkeypatch: pytest.MonkeyPatch):
    """The database of the settings."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    settings.cache_clear()
    _keeper.cache_clear()
    yield shared_keeper()
    settings.cache_clear()


@pytest.mark.parametrize(("arguments", "left"), [([], 1), (["--days", "0"], 0), (["--days", "500"], 2)])
def test_purge_by_hand(here: Keeper, arguments: list[str], left: int):
    here.writer.put(turn(at=dt.datetime.utcnow() - dt.timedelta(days=400)))
    here.writer.put(turn())
    here.writer.write_waiting()
    done = CliRunner().invoke(purge_command, arguments)
    assert done.exit_code == 0, done.output
    assert count(here)["exchanges"] == left


def test_a_retention_time_that_is_none_is_refused_in_words(here: Keeper, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RETENTION_DAYS", "never")
    settings.cache_clear()
    done = CliRunner().invoke(purge_command, [])
    assert done.exit_code == 1
    assert "RETENTION_DAYS must be a whole number of days" in done.output


def test_forgetting_goes_by_the_sender_and_only_its_hash_is_stored(here: Keeper):
    here.writer.put(Turn(conversation_key("telegram-12345"), "telegram", NOT_COVERED, said="hello"))
    here.writer.write_waiting()
    stored = here.database.transact(
        lambda connection: connection.exec_driver_sql("SELECT conversation FROM exchanges").scalar()
    )
    assert "12345" not in stored
    assert len(stored) == 64
    forget("telegram-12345")
    assert count(here) == NOTHING
