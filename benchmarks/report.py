"""The table of a run, and where it is written."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.plan import EXAMPLES_EACH, Plan
from benchmarks.rows import Row

NOT_COMPARABLE = ("**A quick or partial run: it shows that the measurements work. Its figures are not comparable, "
                  "neither with those of other runs nor with the aims.**")
BEGIN, END = "<!-- benchmark results -->", "<!-- end of benchmark results -->"
#: Running programs (as the system's load average has it) from which figures are not to be trusted.
BUSY = 0.7


def markdown(rows: Sequence[Row], failures: dict[str, str], plan: Plan, load: float, whole: bool) -> str:
    """The results as Markdown: how they were measured, the table, and what could not be measured."""
    comparable = plan.comparable and whole
    parts = [_conditions(plan, load) if comparable else NOT_COMPARABLE, table(rows)]
    if load > BUSY:
        parts.append(f"The machine was busy with something else (load average {load:.1f} before): times are too long.")
    parts += [f"**Not measured, {name}:** {why}" for name, why in failures.items()]
    return "\n\n".join(parts) + "\n"


def table(rows: Sequence[Row]) -> str:
    """A Markdown table; an aim that was missed is set in bold."""
    lines = ["| measured | this assistant | Rasa's default | ratio | aim |", "|---|--:|--:|--:|---|"]
    for row in rows:
        ratio = f"{row.ratio:.2f} ×" if row.ratio is not None else ""
        aim = row.aim and f"{row.aim} {_verdict(row.reached)}".strip()
        figures = f"{_figure(row.ours, row.unit)} | {_figure(row.theirs, row.unit)}"
        lines.append(f"| {row.what} | {figures} | {ratio} | {aim} |")
    return "\n".join(lines)


def put_into(readme: Path, results: str) -> bool:
    """Write the results between the two marks of a Markdown file; False where it has none."""
    text = readme.read_text("utf-8") if readme.is_file() else ""
    marked = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if not marked.search(text):
        return False
    readme.write_text(marked.sub(lambda _: f"{BEGIN}\n{results}{END}", text), "utf-8")
    return True


def _conditions(plan: Plan, load: float) -> str:
    return (
        f"Measured on {dt.date.today().isoformat()} in one run on {os.cpu_count()} cores ({_processor()}, "
        f"{_memory_gb():.0f} GB), load average {load:.1f} before. Both assistants: same content, REST channel, SQLite, "
        f"no action server, default settings. Rasa's default assistant (the pipeline and policies that `rasa init` "
        f"gives, {plan.epochs} epochs) has each answer as a retrieval intent with its first {EXAMPLES_EACH} questions; "
        f"this assistant is served with all questions. The messages are those of `tests/evaluation`, which neither was trained "
        f"on; the two servers are measured in turn. `make bench` does it again."
    )


def _verdict(reached: bool | None) -> str:
    return "" if reached is None else "✓" if reached else "**missed**"


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    digits = 0 if value >= 100 or unit == "" else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}".strip()


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.+)", info.read_text()) if info.is_file() else []
    return names[0] if names else platform.machine()


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
