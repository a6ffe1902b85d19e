"""`python -m benchmarks`: measure, print the table, write it."""

from __future__ import annotations

import logging
import os
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

import click

from benchmarks.plan import FULL, QUICK, Plan
from bot.serving import environment
from bot.settings import PROJECT, settings

RESULTS = PROJECT / "benchmarks" / "results.md"
README = PROJECT / "README.md"
WORK = PROJECT / "var" / "bench"
NAMES = ("train", "start", "turn", "website", "conversation", "clients", "memory", "edit", "check", "ranking", "detector")


@click.command(help="Measure this assistant against Rasa's default assistant. A whole run takes about half an hour "
                    "and wants a machine that does nothing else.")
@click.option("--quick", is_flag=True, help="Few repeats, one epoch: tries the measurements; its figures say nothing.")
@click.option("--only", multiple=True, type=click.Choice(NAMES), help="One measurement; may be given several times.")
@click.option("--ours-only", is_flag=True, help="Leave Rasa's default assistant out.")
@click.option("--ports", nargs=2, type=int, default=(0, 0), help="Ports for the two servers; free ones by default.")
def command(quick: bool, only: tuple[str, ...], ours_only: bool, ports: tuple[int, int]) -> None:
    sys.exit(run(QUICK if quick else FULL, only, ours_only, ports))


def run(plan: Plan, only: Sequence[str] = (), ours_only: bool = False, ports: tuple[int, int] = (0, 0)) -> int:
    """Measure, print and write; 1 when something could not be measured, else 0. A missed aim is a result.

    Only a whole run with the full plan writes benchmarks/results.md and the README; others write var/bench/partial.md.
    """
    os.environ.update(environment())
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    from benchmarks import report
    from benchmarks.bench import Bench
    from benchmarks.measures import ALONE, WITH_SERVERS
    from benchmarks.rows import Row
    from bot.knowledge_base import read

    start, load = time.monotonic(), os.getloadavg()[0]
    folder = Path(settings().knowledge_folder)
    WORK.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []

    def say(what: str) -> None:
        click.echo(f"[{time.monotonic() - start:5.0f} s] {what} …", err=True)

    with Bench(plan, read(folder), folder, WORK, ours_only, say, ports) as bench:
        for name, measure in {**WITH_SERVERS, **ALONE}.items():
            if only and name not in only:
                continue
            if name in ALONE:
                bench.stop_pair()
            try:
                rows += measure(bench)
            except Exception as error:
                # One figure missing must not cost the others.
                bench.failures[name] = f"{type(error).__name__}: {error}"
                say(f"{name} FAILED: {bench.failures[name]}")
    failures = bench.failures
    whole = plan.comparable and not only and not ours_only and not failures
    results = report.markdown(rows, failures, plan, load, whole)
    (RESULTS if whole else WORK / "partial.md").write_text(results, "utf-8")
    if whole:
        report.put_into(README, results)
    click.echo(f"\n{results}\nWritten to {(RESULTS if whole else WORK / 'partial.md').relative_to(PROJECT)}.")
    return 1 if failures else 0


if __name__ == "__main__":
    command()
