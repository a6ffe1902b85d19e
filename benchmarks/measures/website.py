"""Milliseconds that the website's channel adds to a turn: signing, limits, origins, the transcript."""

from __future__ import annotations

import asyncio
import statistics
import time

import aiohttp

from benchmarks.bench import OURS, Bench
from benchmarks.client import Client, new_sender
from benchmarks.messages import messages
from benchmarks.rows import Row

#: Visits of so many turns each: fewer than a session may send in a minute.
VISITS, TURNS_EACH = 5, 15


def measure(bench: Bench) -> list[Row]:
    """The same messages over both channels of one server, turn about; the median of the differences."""
    bench.say("one turn over the website's channel")
    added = asyncio.run(_added(bench.pair[OURS].url))
    return [Row("website's channel, above REST, median", "ms", 1000 * statistics.median(added), at_most=2)]


async def _added(url: str) -> list[float]:
    differences = []
    async with Client(url) as rest, aiohttp.ClientSession(url) as site:
        for visit in range(VISITS):
            async with site.post("/webhooks/web/session") as arrived:
                session = (await arrived.json())["session"]
            sender = new_sender()
            for turn in range(TURNS_EACH):
                text = messages()[(visit * TURNS_EACH + turn) % len(messages())]
                taken, _ = await rest.say(text, sender)
                website = await _said_on(site, session, text)
                if taken is not None:
                    differences.append(website - taken)
    return differences


async def _said_on(site: aiohttp.ClientSession, session: str, text: str) -> float:
    """Seconds of one turn of a visitor.

    Raises:
        RuntimeError: when the channel refuses it.
    """
    start = time.perf_counter()
    async with site.post("/webhooks/web/message", json={"text": text}, headers={"Authorization": f"Bearer {session}"}) as answer:
        await answer.json()
        if answer.status != 200:
            raise RuntimeError(f"the website's channel answered {answer.status}")
    return time.perf_counter() - start
