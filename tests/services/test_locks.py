"""The lock that both processes hold, with a real Redis: order, a holder that dies, a Redis that goes away or hangs."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Iterator

import pytest
import redis.asyncio
from rasa.utils.endpoints import EndpointConfig

from bot.settings import settings
from bot.store.lock_store import LEFT_ALONE, LIFETIME, ConversationLocks
from tests.services.programs import Redis

Processes = tuple[ConversationLocks, ConversationLocks]


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SECRET_KEY", "s" * 32)
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
async def processes(secret: None, redis: Redis) -> Processes:
    """The locks of two processes; that both live in this one makes no difference to Redis."""
    return tuple(ConversationLocks(EndpointConfig(url=redis.url)) for _ in range(2))  # type: ignore[return-value]


async def turn(locks: ConversationLocks, seen: list[str], name: str, seconds: float = 0.03) -> float:
    start = time.monotonic()
    async with locks.lock("a patient"):
        waited = time.monotonic() - start
        seen.append(f"{name} begins")
        await asyncio.sleep(seconds)
        seen.append(f"{name} ends")
    return waited


async def test_turns_of_one_conversation_never_overlap(processes: Processes) -> None:
    seen: list[str] = []
    await asyncio.gather(*(turn(processes[n % 2], seen, str(n)) for n in range(10)))
    assert len(seen) == 20
    assert all(begun.split()[0] == ended.split()[0] for begun, ended in zip(seen[::2], seen[1::2]))


async def test_conversations_do_not_wait_for_each_other(processes: Processes) -> None:
    start = time.monotonic()
    async with processes[0].lock("one patient"), processes[1].lock("another"):
        assert time.monotonic() - start < LIFETIME


async def test_lock_of_a_killed_process_is_free_again_soon(processes: Processes, redis: Redis) -> None:
    """Rasa's own leaves it for 60 s, in which the patient would get no answer."""
    holder = asyncio.create_task(turn(processes[0], [], "killed", 30))
    await asyncio.sleep(1.2 * LIFETIME)
    # Held for longer than its lifetime: it is renewed. A killed process renews nothing and gives nothing back.
    for task in asyncio.all_tasks():
        if task.get_coro().__name__ == "_renew":  # type: ignore[union-attr]
            task.cancel()
    waited = await turn(processes[1], [], "next")
    assert 0.2 < waited < LIFETIME + 5
    holder.cancel()
    await asyncio.gather(holder, return_exceptions=True)


async def test_redis_knows_no_sender_and_keeps_nothing(processes: Processes, redis: Redis) -> None:
    client = redis_client(redis)
    async with processes[0].lock("telegram-12345"):
        names = await client.keys("*")
        assert len(names) == 1
        assert b"12345" not in names[0]
    assert await client.keys("*") == []


async def test_turns_go_on_while_redis_is_away(processes: Processes, redis: Redis,
                                               caplog: pytest.LogCaptureFixture) -> None:
    seen: list[str] = []
    await turn(processes[0], seen, "before")
    redis.stop()
    try:
        away = [await turn(processes[0], seen, "away") for _ in range(3)]
    finally:
        redis.start()
    assert max(away) < 2
    await asyncio.sleep(LEFT_ALONE + 0.1)
    await asyncio.gather(*(turn(processes[n % 2], seen, str(n)) for n in range(4)))
    assert all(begun.split()[0] == ended.split()[0] for begun, ended in zip(seen[::2], seen[1::2]))
    told = [line.getMessage() for line in caplog.records if "Redis" in line.getMessage()]
    assert [" ".join(line.split()[:3]) for line in told] == ["Redis is away", "Redis is back"]


async def test_redis_that_hangs_costs_a_moment_once(processes: Processes, redis: Redis) -> None:
    """Rasa's own stops the whole process for 10 s, all patients waiting."""
    await turn(processes[0], [], "before")
    assert redis.process
    redis.process.send_signal(signal.SIGSTOP)
    try:
        waited = [await turn(processes[0], [], "hung") for _ in range(3)]
    finally:
        redis.process.send_signal(signal.SIGCONT)
    assert waited[0] < 5
    assert max(waited[1:]) < waited[0] / 2


async def test_without_redis_one_process_keeps_its_own_order(secret: None) -> None:
    locks, seen = ConversationLocks(None), []
    await asyncio.gather(*(turn(locks, seen, str(n), 0.005) for n in range(5)))
    assert seen == [f"{n} {what}" for n in range(5) for what in ("begins", "ends")]


async def test_machines_without_one_secret_are_refused(monkeypatch: pytest.MonkeyPatch, redis: Redis) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    settings.cache_clear()
    with pytest.raises(ValueError, match="SECRET_KEY"):
        ConversationLocks(EndpointConfig(url=redis.url))


def redis_client(program: Redis) -> redis.asyncio.Redis:
    return redis.asyncio.Redis.from_url(program.url)
