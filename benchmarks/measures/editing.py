"""Seconds from saving an edited file to the first patient who gets the new words."""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.bench import OURS, THEIRS, Bench
from benchmarks.client import Client, new_sender
from benchmarks.rows import Row
from benchmarks.synthetic import write_answers

#: An edit that is not live after so many seconds has failed.
LIVE_WITHIN = 120.0
#: Seconds between two looks.
LOOKS_EVERY = 0.02
#: Seconds between two edits: each must find a server at rest.
REST = 2.0


def measure(bench: Bench) -> list[Row]:
    """A sentence and a question added to an answer, with the real answers and with many.

    Rasa's default assistant has to be trained and started again.
    """
    real, many = len(bench.knowledge.answers), bench.plan.many_answers
    theirs, starts = bench.theirs, bench.starts[THEIRS]
    again = theirs.seconds + statistics.median(starts) if theirs and starts else None
    bench.say(f"an edit among {real} answers")
    first = asyncio.run(_edits(bench, 0))
    bench.say(f"an edit among {many} answers")
    second = asyncio.run(_edits(bench, many - real))
    return [
        Row(f"an edit reaches patients, {real} answers (Rasa's default: training and start)", "s", first[0], again),
        Row(f"an edit reaches patients, {many} answers", "s", second[0]),
        Row(f"one turn while nothing is edited, {many} answers, median", "ms", second[1]),
    ]


async def _edits(bench: Bench, more: int) -> tuple[float, float]:
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        folder = Path(shutil.copytree(bench.knowledge_folder, Path(temporary) / "knowledge"))
        write_answers(folder, bench.knowledge, max(more, 0))
        with bench.server(OURS, KNOWLEDGE_FOLDER=str(folder)) as server:
            async with Client(server.url) as client:
                turns = [(await client.say(question))[0] or LIVE_WITHIN for question in _questions(bench)]
                seconds = [await _edit(client, folder, answer_id, number)
                           for number, answer_id in enumerate(list(bench.knowledge.answers)[: bench.plan.edits])]
    return statistics.median(seconds), 1000 * statistics.median(turns)


def _questions(bench: Bench) -> list[str]:
    return [answer.questions[-1] for answer in bench.knowledge.answers.values()][: bench.plan.repeats]


async def _edit(client: Client, folder: Path, answer_id: str, number: int) -> float:
    await asyncio.sleep(REST)
    file = folder / f"{answer_id}.md"
    added = f"This sentence was added as number {number}."
    head, _, body = file.read_text("utf-8").partition("questions:\n")
    asked = f'questions:\n  - "is there a made-up question, number {number}?"\n'
    file.write_text(f"{head}{asked}{body.rstrip()}\n\n{added}\n", "utf-8")
    saved = time.monotonic()
    while time.monotonic() - saved < LIVE_WITHIN:
        _, words = await client.say("/choose" + json.dumps({"answer": answer_id}), new_sender())
        if added in words:
            return time.monotonic() - saved
        await asyncio.sleep(LOOKS_EVERY)
    raise RuntimeError(f"an edit of {answer_id} was not live after {LIVE_WITHIN:g} s")
