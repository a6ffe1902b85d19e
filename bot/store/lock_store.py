"""Rasa's lock store: the turns of one conversation run one after the other, on one machine or many.

Rasa's own for Redis waits for Redis inside the event loop (10 s when it hangs), fails the turn when Redis is away,
leaves the ticket of a killed process standing for a minute and keeps sender ids readable (docs/decisions/scaling.md).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockStore
from rasa.utils.endpoints import EndpointConfig
from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import LockError, RedisError

from bot.settings import settings
from bot.store.keys import conversation_key

logger = logging.getLogger(__name__)
#: Seconds that a lock outlives its process, and between two renewals of a lock that is held.
LIFETIME, RENEWED_EVERY = 1.5, 0.4
#: Seconds that a turn waits for one of its conversation in another process; then it goes ahead: the patient waits too.
MOST_WAIT = 3.0
#: Seconds between two looks at a lock that another process holds.
LOOK_EVERY = 0.02
#: Seconds that Redis may take to answer, and that it is left alone after it did not.
PATIENCE, LEFT_ALONE = 1.0, 2.0


class ConversationLocks(LockStore):
    """`lock_store: {type: bot.store.lock_store.ConversationLocks, url: redis://…}` in endpoints.yml.

    Without ``url`` turns wait for each other within this process. With it, also across processes; while Redis is
    away the locks of each process go on alone, at the cost of a log line.
    """

    def __init__(self, endpoint_config: EndpointConfig | None = None):
        """
        Raises:
            ValueError: when several machines are set up without one SECRET_KEY for all: each would make its own,
                and none could read the others' sessions and conversations.
        """
        super().__init__()
        self._waiting: dict[str, tuple[asyncio.Lock, int]] = {}
        self._redis: Redis[Any] | None = None
        self._away_until = 0.0
        self._away_since: float | None = None
        if endpoint_config and endpoint_config.url:
            if not settings().secret_key:
                raise ValueError("SECRET_KEY is not set: processes that share Redis and a database need the same one "
                                 "(python -c 'import secrets; print(secrets.token_hex(32))' makes one)")
            # Connections that Redis closed by restarting are replaced at once.
            self._redis = Redis.from_url(
                endpoint_config.url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE,
                retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionLost,)))

    @asynccontextmanager
    async def lock(self, conversation_id: str, lock_lifetime: float = LOCK_LIFETIME,
                   wait_time_in_seconds: float = 1) -> AsyncGenerator[TicketLock, None]:
        """Hold a conversation. Rasa's two durations are not used: a lock lasts as long as its process holds it."""
        key = conversation_key(conversation_id)
        async with self._in_this_process(key), self._in_all_processes(key):
            yield TicketLock(conversation_id)

    @asynccontextmanager
    async def _in_this_process(self, key: str) -> AsyncIterator[None]:
        queue, waiting = self._waiting.get(key) or (asyncio.Lock(), 0)
        self._waiting[key] = (queue, waiting + 1)
        try:
            # asyncio's lock lets in those who wait in the order of their coming.
            async with queue:
                yield
        finally:
            queue, waiting = self._waiting[key]
            if waiting > 1:
                self._waiting[key] = (queue, waiting - 1)
            else:
                del self._waiting[key]

    @asynccontextmanager
    async def _in_all_processes(self, key: str) -> AsyncIterator[None]:
        held = await self._taken(key)
        if held is None:
            yield
            return
        renewing = asyncio.get_running_loop().create_task(_renew(held))
        try:
            yield
        finally:
            renewing.cancel()
            # A lock that can't be given back runs out by itself.
            with suppress(RedisError, OSError, asyncio.TimeoutError):
                await held.release()

    async def _taken(self, key: str) -> Lock | None:
        """The lock of a conversation; None where there is no Redis to hold it, or it could not be had in time."""
        if self._redis is None or time.monotonic() < self._away_until:
            return None
        lock = Lock(self._redis, f"turn:{key}", timeout=LIFETIME, sleep=LOOK_EVERY, blocking_timeout=MOST_WAIT,
                    thread_local=False)
        try:
            taken = await lock.acquire()
        except (RedisError, OSError, asyncio.TimeoutError) as error:
            self._is_away(type(error).__name__)
            return None
        self._is_back()
        if not taken:
            logger.warning("A turn waited %s s for another one of its conversation and goes ahead", MOST_WAIT)
        return lock if taken else None

    def _is_away(self, why: str) -> None:
        self._away_until = time.monotonic() + LEFT_ALONE
        if self._away_since is None:
            self._away_since = time.monotonic()
            logger.error("Redis is away (%s). Patients are answered; turns of one conversation keep their order within "
                         "each process only until it is back", why)

    def _is_back(self) -> None:
        if self._away_since is not None:
            logger.warning("Redis is back after %.0f s", time.monotonic() - self._away_since)
            self._away_since = None


async def _renew(held: Lock) -> None:
    with suppress(RedisError, OSError, asyncio.TimeoutError, LockError):
        while True:
            await asyncio.sleep(RENEWED_EVERY)
            await held.reacquire()
