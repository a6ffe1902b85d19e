"""Parts are killed, hung and restarted while patients talk: no message unanswered, no conversation lost."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import signal
import statistics
import time

import pytest
import sqlalchemy as sa

from tests.services.conftest import Clinic
from tests.services.patients import Crowd, Patient, session
from tests.services.programs import until

#: Every message gets words so soon, whatever went wrong; with a hung process, after nginx has given it up.
PATIENCE, WITH_A_HUNG_PROCESS = 5.0, 12.0


def slowest(crowd: Crowd) -> float:
    """Seconds that the unluckiest message took longer than two usual ones: a busy machine is no failure of a part."""
    seconds = [turn.seconds for turn in crowd.turns]
    return max(seconds) - 2 * statistics.median(seconds)


async def test_redis_restarted_under_load(clinic: Clinic) -> None:
    async with clinic.crowd().talking() as crowd:
        await asyncio.sleep(1)
        clinic.redis.stop()
        await asyncio.sleep(1.5)
        clinic.redis.start()
        await asyncio.sleep(2.5)
    await check_that_nothing_was_lost(crowd)
    assert slowest(crowd) < PATIENCE


async def test_postgresql_restarted_under_load(clinic: Clinic) -> None:
    async with clinic.crowd().talking() as crowd:
        await asyncio.sleep(1.5)
        down = time.monotonic()
        await asyncio.to_thread(clinic.postgres.stop)
        await asyncio.sleep(2)
        await asyncio.to_thread(clinic.postgres.start)
        back = time.monotonic()
        await asyncio.sleep(5)
    report(crowd)
    assert crowd.unanswered == []
    assert crowd.without_answer == []
    assert slowest(crowd) < PATIENCE
    # While it is down, each process knows what it has itself answered; before and after, everything.
    assert crowd.lost_threads(before=down) == []
    assert crowd.lost_threads(after=back + 3) == []
    assert await crowd.all_go_on() == []
    # What was said meanwhile is noted afterwards.
    until(lambda: noted(clinic, crowd) == len(crowd.turns), 5, "every turn is in the database")


async def test_hung_process_is_passed_over(clinic: Clinic) -> None:
    """A process that neither answers nor refuses, as a machine whose memory is swapped out."""
    hung = clinic.running[0]
    hung.send(signal.SIGSTOP)
    try:
        patients = [Patient(clinic.url, clinic.questions) for _ in range(4)]
        async with session() as http:
            turns = await asyncio.gather(*(patient.say(http, patient.questions[0]) for patient in patients))
    finally:
        hung.send(signal.SIGCONT)
    assert [turn.kind for turn in turns if turn.kind in (None, "unavailable")] == []
    assert max(turn.seconds for turn in turns) < WITH_A_HUNG_PROCESS


async def test_new_model_rolls_in_under_load(clinic: Clinic) -> None:
    new_model = clinic.folder / "new-model.tar.gz"
    new_model.write_bytes(clinic.model.read_bytes())
    old, new = clinic.running, [clinic.assistant(port, new_model) for port in clinic.free_ports[:2]]
    # Few, as all four processes share the machine while the new ones start.
    async with clinic.crowd(4, pause=0.5).talking() as crowd:
        for one in new:
            one.begin()
        for one in new:
            await asyncio.to_thread(one.until_healthy)
        clinic.nginx.pass_on_to([one.port for one in [*old, *new]])
        await asyncio.sleep(1)
        # As `systemctl restart` does it: stopped while nginx still asks it.
        ended = [await asyncio.to_thread(old[0].stop)]
        # As an orchestrator does it: nobody asks it any more, what it is at it finishes.
        clinic.nginx.pass_on_to([one.port for one in new])
        await asyncio.sleep(1)
        async with session() as http:
            under_way = [asyncio.create_task(Patient(old[1].url, []).say(http, clinic.questions[0])) for _ in range(6)]
            await asyncio.sleep(0.03)
            old[1].send(signal.SIGTERM)
            finished = await asyncio.gather(*under_way)
        ended.append(await asyncio.to_thread(old[1].stop))
        await asyncio.sleep(1.5)
    clinic.running = new
    report(crowd)
    assert [turn.kind for turn in finished] == ["answer"] * 6, "a turn under way was broken off"
    assert ended == [0, 0]
    assert crowd.unanswered == []
    assert crowd.without_answer == []
    assert crowd.lost_threads() == []
    assert await crowd.all_go_on() == []


# Last: a process that is dead afterwards need not be started again for another test.
async def test_process_killed_under_load(clinic: Clinic) -> None:
    async with clinic.crowd(8, pause=0).talking() as crowd:
        await asyncio.sleep(2)
        clinic.running[0].kill()
        await asyncio.sleep(3)
    await check_that_nothing_was_lost(crowd)
    # A patient whose turn was being worked on waits for the dead process's lock to run out, no longer.
    assert slowest(crowd) < PATIENCE


async def check_that_nothing_was_lost(crowd: Crowd) -> None:
    report(crowd)
    assert crowd.unanswered == []
    assert crowd.without_answer == []
    assert crowd.lost_threads() == []
    assert await crowd.all_go_on() == []


def report(crowd: Crowd) -> None:
    """Shown by `pytest -s`: the figures of docs/decisions/scaling.md."""
    print("\n   ", crowd.summary())


def noted(clinic: Clinic, crowd: Crowd) -> int:
    """How many turns of these patients the database holds."""
    keys = [hmac.new(clinic.settings["SECRET_KEY"].encode(), patient.sender.encode(), hashlib.sha256).hexdigest()
            for patient in crowd.patients]
    engine = sa.create_engine(clinic.postgres.address, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        return int(connection.execute(sa.text("SELECT count(*) FROM exchanges WHERE conversation = ANY(:keys)"),
                                      {"keys": keys}).scalar())


@pytest.fixture(autouse=True)
def no_words_in_logs(clinic: Clinic) -> None:
    """The questions asked here are in no log of any process."""
    yield  # type: ignore[misc]
    logs = clinic.logs()
    assert [question for question in clinic.questions if question in logs] == []
