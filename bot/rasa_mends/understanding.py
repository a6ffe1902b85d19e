"""Understanding a message beside the event loop, two messages at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any
from weakref import WeakKeyDictionary

from rasa.core.processor import MessageProcessor

#: Messages understood at the same time. More would only fight over the interpreter: with eight, sixteen patients got a fifth
#: fewer answers a second.
UNDERSTOOD_AT_ONCE = 2
#: One that takes so many seconds hangs, and lets the next one in; so many may hang before all wait.
HANGS_AFTER, UNDERSTANDING_THREADS = 1.0, 8


def understand_beside_the_event_loop() -> None:
    """Rasa understands a message on the event loop: whoever else writes waits for it, and an encoder that hangs
    would silence everybody, even the channel's own words of apology."""
    on_the_loop = MessageProcessor.parse_message
    threads = ThreadPoolExecutor(UNDERSTANDING_THREADS, thread_name_prefix="understanding")
    turnstiles: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

    async def parse_message(self: MessageProcessor, *arguments: Any, **more: Any) -> dict[str, Any]:
        if self.http_interpreter:
            return await on_the_loop(self, *arguments, **more)
        loop = asyncio.get_running_loop()
        turnstile = turnstiles.setdefault(loop, asyncio.Semaphore(UNDERSTOOD_AT_ONCE))
        await turnstile.acquire()
        running = loop.run_in_executor(threads, copy_context().run, _run_to_its_end, on_the_loop(self, *arguments, **more))
        _let_the_next_in(turnstile, running, loop)
        return await running

    MessageProcessor.parse_message = parse_message  # type: ignore[method-assign]


def _let_the_next_in(turnstile: asyncio.Semaphore, running: asyncio.Future[Any], loop: asyncio.AbstractEventLoop) -> None:
    """Release the turnstile once: when the work is done, or when it hangs."""
    left = False

    def leave(*_: Any) -> None:
        nonlocal left
        hanging.cancel()
        if not left:
            left = True
            turnstile.release()

    hanging = loop.call_later(HANGS_AFTER, leave)
    running.add_done_callback(leave)


def _run_to_its_end(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine that waits for nothing."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    raise RuntimeError("understanding a message was not expected to wait for anything")
