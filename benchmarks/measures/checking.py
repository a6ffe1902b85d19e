"""Seconds in which staff are told everything that is wrong with the knowledge base."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.rows import Row
from benchmarks.synthetic import write_answers
from bot.serving import environment
from bot.settings import PROJECT


def measure(bench: Bench) -> list[Row]:
    """`python -m bot check`, with and without its search for nearly the same questions, and with many answers."""
    bench.say("python -m bot check")
    real, many = len(bench.knowledge.answers), bench.plan.many_answers
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        folder = Path(shutil.copytree(bench.knowledge_folder, Path(temporary) / "knowledge"))
        write_answers(folder, bench.knowledge, max(many - real, 0))
        return [
            Row(f"`python -m bot check`, {real} answers", "s", _seconds(bench.knowledge_folder)),
            Row(f"`python -m bot check --quick`, {real} answers", "s", _seconds(bench.knowledge_folder, "--quick")),
            Row(f"`python -m bot check --quick`, {many} answers", "s", _seconds(folder, "--quick")),
        ]


def _seconds(knowledge: Path, *options: str) -> float:
    start = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "bot", "check", "--knowledge", str(knowledge), *options], cwd=PROJECT,
                          env=environment(), capture_output=True, text=True)
    # 1 says that something must be mended, which is a result too.
    if done.returncode not in (0, 1) or "Traceback" in done.stderr:
        raise RuntimeError(f"the check ended with status {done.returncode}: {done.stderr[-800:]}")
    return time.monotonic() - start
