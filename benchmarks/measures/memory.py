"""Resident memory of the servers."""

from __future__ import annotations

from benchmarks.bench import OURS, THEIRS, Bench
from benchmarks.rows import Row


def measure(bench: Bench) -> list[Row]:
    """Memory of each server after everything that the run has asked of it so far."""
    found = {name: server.memory_mb for name, server in bench.pair.items()}
    return [Row("memory of the server, after the load", "MB", found[OURS], found.get(THEIRS), ratio_at_most=0.75)]
