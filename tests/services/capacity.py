"""`python -m tests.services.capacity`: how many messages one and two processes answer.

Behind nginx, with PostgreSQL and Redis. Prints the table of docs/operations.md. The clients run on the same machine and
take their share of it.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bot import serving
from bot.knowledge_base import read
from bot.proxy_words import write_proxy_words
from bot.settings import PROJECT
from tests.postgres import PostgreSQL
from tests.services.assistants import Assistant
from tests.services.conftest import ASSISTANTS, POSTGRES, PRIVATE, PUBLIC, REDIS, questions_of
from tests.services.patients import Crowd, Turn
from tests.services.programs import Nginx, Redis

CLIENTS = (1, 16, 64)
WARM_UP, SECONDS = 3.0, 12.0


async def measure(url: str, clients: int, seconds: float) -> list[Turn]:
    """Every turn of so many clients, each sending its next message as soon as it has the reply."""
    questions = questions_of(read(PROJECT / "knowledge"))
    async with Crowd(url, questions, clients, pause=0).talking() as crowd:
        await asyncio.sleep(seconds)
        # Those under way at the end would count as slow: all others wait no longer then.
        end = time.monotonic()
    return [turn for turn in crowd.turns if turn.at + turn.seconds <= end]


def line(processes: int, clients: int, turns: list[Turn], seconds: float) -> str:
    """A row of the table."""
    took = sorted(turn.seconds * 1000 for turn in turns)
    failed = sum(turn.kind in (None, "unavailable") for turn in turns)
    cells = (processes, clients, f"{len(took) / seconds:.0f}", f"{statistics.median(took):.0f} ms",
             f"{took[int(len(took) * 0.95)]:.0f} ms", f"{took[-1]:.0f} ms", failed)
    return "| " + " | ".join(map(str, cells)) + " |"


def main() -> None:
    """Start everything, measure, print, stop everything."""
    folder = Path(tempfile.mkdtemp(prefix="assistant-capacity-"))
    folder.chmod(0o755)
    database, redis = PostgreSQL(folder / "postgresql", POSTGRES), Redis(folder, REDIS)
    nginx = Nginx(folder, PUBLIC, PRIVATE, PROJECT / "deploy" / "nginx")
    write_proxy_words(read(PROJECT / "knowledge"), nginx.folder / "words")
    settings = {"DATABASE_URL": database.address, "REDIS_URL": redis.url, "SECRET_KEY": "capacity" * 4,
                "ENCODER_THREADS": "1"}
    model = Path(os.environ.get("MODEL") or serving.train())
    assistants = [Assistant(folder, port, model, settings) for port in ASSISTANTS[:2]]
    database.start()
    redis.start()
    try:
        for one in assistants:
            one.begin()
        for one in assistants:
            one.until_healthy()
        nginx.pass_on_to(ASSISTANTS[:2])
        nginx.start()
        print("| processes | clients at once | messages/s | median | 95 % within | slowest | without an answer |")
        print("|---|---|---|---|---|---|---|")
        for processes in (1, 2):
            nginx.pass_on_to(ASSISTANTS[:processes])
            time.sleep(1)
            for clients in CLIENTS:
                in_another_process(nginx.private_url, clients, WARM_UP)
                turns = in_another_process(nginx.private_url, clients, SECONDS)
                print(line(processes, clients, turns, SECONDS), flush=True)
        print(f"\nMemory of each process: {', '.join(memory(one) for one in assistants)}. "
              f"Processor cores: {os.cpu_count()}, load (15 minutes): {os.getloadavg()[2]:.1f}.")
    finally:
        for one in assistants:
            one.kill()
        for program in (nginx, redis, database):
            program.stop()


def memory(one: Assistant) -> str:
    """What a process holds in memory."""
    assert one.process
    return f"{int(Path(f'/proc/{one.process.pid}/statm').read_text().split()[1]) * 4096 / 1e6:.0f} MB"


def in_another_process(url: str, clients: int, seconds: float) -> list[Turn]:
    """The clients run apart from this process's own threads."""
    done = subprocess.run([sys.executable, "-m", "tests.services.capacity", url, str(clients), str(seconds)],
                          cwd=PROJECT, capture_output=True, text=True, check=True)
    return [Turn(**turn) for turn in json.loads(done.stdout.splitlines()[-1])]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measured = asyncio.run(measure(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
        print(json.dumps([vars(turn) for turn in measured]))
    else:
        main()
