"""Milliseconds of ranking a message among 10 to 10,000 answers, in this process."""

from __future__ import annotations

import statistics
import time
from dataclasses import replace

import numpy as np

from benchmarks.bench import Bench
from benchmarks.messages import messages
from benchmarks.rows import Row
from benchmarks.synthetic import answers, near, vectors
from bot.nlu.encoder import wordings
from bot.nlu.examples import VectorCache
from bot.nlu.question_index import QuestionIndex
from bot.nlu.regression import Regression

#: How steep the made-up regression is.
STEEPNESS = 8.0
AIM_MS = 5.0


def measure(bench: Bench) -> list[Row]:
    """Made-up answers, vectors and regression; the wordings are those of real messages."""
    rows = []
    for count in bench.plan.answers:
        bench.say(f"ranking among {count} answers")
        start = time.perf_counter()
        index, centres = _index(bench, count)
        built = time.perf_counter() - start
        largest = count == max(bench.plan.answers)
        rows.append(Row(f"ranking among {count:,} answers, median", "ms", _rank(index, centres, bench.plan.repeats),
                        at_most=AIM_MS if largest else None))
        if largest:
            rows.append(Row(f"preparing {count:,} answers that are new to the process (vectors given)", "s", built))
    return rows


def _index(bench: Bench, count: int) -> tuple[QuestionIndex, np.ndarray]:
    made = sorted(answers(bench.knowledge, count), key=lambda answer: answer.id)
    centres, around = vectors(count)
    cache = VectorCache([question for answer in made for question in answer.questions], around)
    knowledge = replace(bench.knowledge, answers={answer.id: answer for answer in made})
    regression = Regression([answer.id for answer in made], STEEPNESS * centres.T, np.zeros(count, np.float32))
    return QuestionIndex(knowledge, cache, regression), centres


def _rank(index: QuestionIndex, centres: np.ndarray, repeats: int) -> float:
    chance = np.random.default_rng(1)
    taken = []
    for number in range(repeats + 5):
        texts = wordings(messages()[number % len(messages())])
        asked = near(centres[chance.integers(len(centres), size=len(texts))], chance)
        start = time.perf_counter()
        index.best(index.scores(asked, texts))
        taken.append(time.perf_counter() - start)
    return 1000 * statistics.median(taken[5:])
