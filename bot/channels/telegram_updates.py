"""Updates wait here for their turn: each chat's in order, chats side by side, a repeated one dropped."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from bot.channels.telegram_hearing import chat_of

logger = logging.getLogger(__name__)
Update = dict[str, Any]
#: So many update ids are remembered. Telegram repeats an update within minutes, when it missed our answer.
REMEMBERED = 20_000


class Inbox:
    """Hands each update to ``handle`` once, in the order of their ids within a chat."""

    def __init__(self, handle: Callable[[Update], Awaitable[None]]):
        self._handle = handle
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._waiting: dict[int, list[tuple[int, int, Update]]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._arrival = itertools.count()
        self._fewer = asyncio.Event()
        self.waiting = 0

    def take(self, update: Update) -> bool:
        """Queue an update and return at once; False when it was seen before, or is none."""
        update_id = update.get("update_id")
        if not isinstance(update_id, int) or update_id in self._seen:
            return False
        self._seen[update_id] = None
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        chat = chat_of(update)
        # Updates without a chat (an inline query) wait for nobody but each other.
        key = chat["id"] if chat else 0
        queue = self._waiting.get(key)
        self.waiting += 1
        if queue is not None:
            heapq.heappush(queue, (update_id, next(self._arrival), update))
        else:
            self._waiting[key] = [(update_id, next(self._arrival), update)]
            worker = asyncio.get_running_loop().create_task(self._work(key))
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)
        return True

    async def until_fewer_than(self, count: int) -> None:
        """Wait while so many updates or more are waiting."""
        while self.waiting >= count:
            self._fewer.clear()
            await self._fewer.wait()

    async def finish(self, seconds: float) -> int:
        """Let the work go on for so many seconds at most; how many updates were left undone."""
        if self._workers:
            await asyncio.wait(list(self._workers), timeout=seconds)
        for worker in list(self._workers):
            worker.cancel()
        return self.waiting

    async def _work(self, key: int) -> None:
        queue = self._waiting[key]
        try:
            while queue:
                _, _, update = heapq.heappop(queue)
                try:
                    await self._handle(update)
                except Exception as error:
                    # The error's text may hold the patient's words or the token.
                    logger.error("An update of Telegram could not be handled (%s)", type(error).__name__)
                self.waiting -= 1
                self._fewer.set()
        finally:
            self._waiting.pop(key, None)
