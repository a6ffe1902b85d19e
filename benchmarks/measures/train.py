"""Seconds of training."""

from __future__ import annotations

from benchmarks.bench import Bench
from benchmarks.rows import Row


def measure(bench: Bench) -> list[Row]:
    """Training from the files; that of Rasa's default assistant may have been measured in an earlier run."""
    theirs = bench.theirs
    kept = theirs is not None and not theirs.measured_now
    when = " (Rasa's default: as measured when its kept model was trained)" if kept else ""
    return [Row(f"training{when}", "s", bench.ours.seconds, theirs.seconds if theirs else None, ratio_at_most=0.1)]
