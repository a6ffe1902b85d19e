"""Milliseconds of one turn in a new conversation."""

from __future__ import annotations

import asyncio

from benchmarks.bench import OURS, THEIRS, Bench
from benchmarks.client import Answered, Client
from benchmarks.messages import messages
from benchmarks.rows import Row

#: Turns not counted, in which a new server warms up.
WARM_UP = 10
#: Turns of one assistant before it is the other's.
BLOCK = 10


def measure(bench: Bench) -> list[Row]:
    """The same messages to both, a block to one and a block to the other in turn."""
    bench.say("one turn in a new conversation")
    found = asyncio.run(_turns(bench))
    ours, theirs = found[OURS], found.get(THEIRS)
    return [
        Row("one turn, new conversation, median", "ms", ours.median_ms, theirs.median_ms if theirs else None,
            ratio_at_most=0.5),
        Row("one turn, new conversation, p95", "ms", ours.p95_ms, theirs.p95_ms if theirs else None),
    ]


async def _turns(bench: Bench) -> dict[str, Answered]:
    found = {name: Answered() for name in bench.names}
    asked = [messages()[number % len(messages())] for number in range(bench.plan.turns)]
    for server in bench.pair.values():
        async with Client(server.url) as client:
            for text in messages()[-WARM_UP:]:
                await client.say(text)
    for first in range(0, len(asked), BLOCK):
        for name, server in bench.pair.items():
            async with Client(server.url) as client:
                for text in asked[first : first + BLOCK]:
                    found[name].add((await client.say(text))[0])
    return found
