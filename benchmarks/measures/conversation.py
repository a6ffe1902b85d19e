"""Does a long conversation slow down?"""

from __future__ import annotations

import asyncio
import statistics

from benchmarks.bench import OURS, THEIRS, Bench
from benchmarks.client import Client, new_sender
from benchmarks.messages import messages
from benchmarks.rows import Row

#: Turns that are compared at the beginning (from the sixth on) and at the end.
COMPARED = 10
BEFORE = 5


def measure(bench: Bench) -> list[Row]:
    """Median of ten turns around turn 10 and of the last ten; both ask the same ten questions."""
    bench.say("a long conversation")
    found = {name: asyncio.run(_slowing(bench, name)) for name in bench.names}
    ours, theirs = found[OURS], found.get(THEIRS)
    last = bench.plan.turns_each
    return [
        Row("turns 6–15 of a conversation, median", "ms", ours[0], theirs[0] if theirs else None),
        Row(f"turns {last - COMPARED + 1}–{last}, median", "ms", ours[1], theirs[1] if theirs else None),
        Row("the latter as a multiple of the former", "×", ours[1] / ours[0], theirs[1] / theirs[0] if theirs else None,
            at_most=1.2),
    ]


async def _slowing(bench: Bench, name: str) -> tuple[float, float]:
    early: list[float] = []
    late: list[float] = []
    asked = list(messages()[: bench.plan.turns_each])
    while len(asked) < bench.plan.turns_each:
        asked += asked[: bench.plan.turns_each - len(asked)]
    asked[-COMPARED:] = asked[BEFORE : BEFORE + COMPARED]
    async with Client(bench.pair[name].url) as client:
        for _ in range(bench.plan.conversations):
            sender = new_sender()
            taken = [await _seconds(client, text, sender) for text in asked]
            early += taken[BEFORE : BEFORE + COMPARED]
            late += taken[-COMPARED:]
    return 1000 * statistics.median(early), 1000 * statistics.median(late)


async def _seconds(client: Client, text: str, sender: str) -> float:
    taken, _ = await client.say(text, sender)
    if taken is None:
        raise RuntimeError("a turn of a long conversation was not answered")
    return taken
