"""Many patients at once."""

from __future__ import annotations

import asyncio

from benchmarks.bench import OURS, THEIRS, Bench
from benchmarks.client import Answered, Client, crowd, joined
from benchmarks.messages import messages
from benchmarks.rows import Row

#: The number of clients for which an aim is set.
AIMED_AT = 16


def measure(bench: Bench) -> list[Row]:
    """Messages per second and the 95th percentile of their times, the servers in turn."""
    rows: list[Row] = []
    for clients in bench.plan.clients:
        bench.say(f"{clients} clients at once")
        found = asyncio.run(_crowds(bench, clients))
        ours, theirs = found[OURS], found.get(THEIRS)
        rows += [
            Row(f"{clients} clients at once", "messages/s", ours.each_second, theirs.each_second if theirs else None,
                ratio_at_least=2.0 if clients == AIMED_AT else None),
            Row(f"{clients} clients at once, p95", "ms", ours.p95_ms, theirs.p95_ms if theirs else None),
            Row(f"{clients} clients at once, messages without an answer", "", ours.unanswered,
                theirs.unanswered if theirs else None, at_most=0),
        ]
    return rows


async def _crowds(bench: Bench, clients: int) -> dict[str, Answered]:
    rounds: dict[str, list[Answered]] = {name: [] for name in bench.names}
    for number in range(bench.plan.load_rounds):
        for name, server in bench.pair.items():
            async with Client(server.url) as client:
                rounds[name].append(await crowd(client, clients, bench.plan.load_seconds, messages(), number * 7))
    return {name: joined(parts) for name, parts in rounds.items()}
