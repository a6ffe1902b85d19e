"""Seconds of training."""

from __future__ import annotations

from benchmarks.bench import Bench
from benchmarks.plan import EXAMPLES_EACH
from benchmarks.rows import Row
from benchmarks.training import train_ours_thinned


def measure(bench: Bench) -> list[Row]:
    """Training from the files: of all examples, and of as many as Rasa's default assistant gets, whose own training may have been
    measured in an earlier run."""
    ours, theirs = bench.ours, bench.theirs
    bench.say(f"training this assistant on {EXAMPLES_EACH} examples of everything")
    rows = [Row("training on all examples", "s", ours.seconds, at_most=60)]
    try:
        alike = train_ours_thinned(bench.folder, bench.knowledge_folder)
    except RuntimeError as error:
        # One figure missing must not cost the other.
        bench.failures["train"] = str(error)
        return rows
    when = "" if theirs is None or theirs.measured_now else "; Rasa's default: as measured when its kept model was trained"
    return [*rows, Row(f"training on the first {EXAMPLES_EACH} examples of everything{when}", "s", alike.seconds,
                       theirs.seconds if theirs else None, ratio_at_most=0.1)]
