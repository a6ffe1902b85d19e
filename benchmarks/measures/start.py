"""Seconds from starting a server to its first answered message."""

from __future__ import annotations

import statistics

from benchmarks.bench import OURS, THEIRS, Bench
from benchmarks.rows import Row


def measure(bench: Bench) -> list[Row]:
    """The servers started in turn, several times; the median."""
    bench.stop_pair()
    for number in range(bench.plan.starts):
        for name in bench.names:
            bench.say(f"start {number + 1} of {name}")
            with bench.server(name):
                pass
    theirs = bench.starts[THEIRS]
    return [Row("start to first answer", "s", statistics.median(bench.starts[OURS]),
                statistics.median(theirs) if theirs else None, ratio_at_most=1.0)]
