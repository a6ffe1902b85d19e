"""Many made-up answers, out of the real ones: as records with made-up vectors, or as files."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.plan import EXAMPLES_EACH
from bot.knowledge_base import Answer, KnowledgeBase

DIMENSIONS = 384
#: The spread of an answer's questions around their centre; real questions of one answer have a cosine of about 0.5.
SPREAD = 0.05
#: In each question, one word in so many is another than in the question it was made from.
CHANGED = 4
_FENCE = "---\n"


def answers(knowledge: KnowledgeBase, count: int) -> list[Answer]:
    """So many answers with :data:`EXAMPLES_EACH` questions each; no two questions are the same."""
    chance = random.Random(count)
    real = list(knowledge.answers.values())
    words = sorted({word for answer in real for question in answer.questions for word in _words(question)})
    # A real question may not be asked by a made-up answer too.
    seen = {" ".join(_words(question)) for answer in real for question in (answer.title, *answer.questions)}
    made = []
    for number in range(count):
        model = real[number % len(real)]
        asked = tuple(_unlike(seen, question, words, chance) for question in _cycled(model.questions, EXAMPLES_EACH))
        made.append(replace(model, id=f"{model.topic}/made-up-{number}", title=asked[0], questions=asked, related=()))
    return made


def vectors(count: int) -> tuple[np.ndarray, np.ndarray]:
    """A unit vector for each of so many answers, and :data:`EXAMPLES_EACH` around each of them, in their order."""
    chance = np.random.default_rng(count)
    centres = _unit(chance.standard_normal((count, DIMENSIONS), np.float32))
    return centres, near(np.repeat(centres, EXAMPLES_EACH, axis=0), chance)


def near(vectors: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """A unit vector near each of some unit vectors, as a question is near the others of its answer."""
    return _unit(vectors + SPREAD * chance.standard_normal(vectors.shape, np.float32))


def write_answers(folder: Path, knowledge: KnowledgeBase, more: int) -> None:
    """Write so many made-up answers into a copy of the knowledge folder, each a file like that of a real answer."""
    for answer in answers(knowledge, more):
        quoted = "".join(f'  - "{question}"\n' for question in answer.questions)
        cited = "".join(f"  - {citation.source} {citation.locator}\n" for citation in answer.citations)
        front = (f'title: "{answer.title}"\nquestions:\n{quoted}sources:\n{cited}consult: {answer.consult}\n'
                 'simpler: "Made up."\nreview:\n  status: awaiting clinician review\n'
                 "  written: 2026-01-01\n  due: 2027-01-01\n")
        (folder / f"{answer.id}.md").write_text(f"{_FENCE}{front}{_FENCE}{answer.body}\n", "utf-8")


def _unlike(seen: set[str], question: str, words: list[str], chance: random.Random) -> str:
    while True:
        told = " ".join(chance.choice(words) if chance.randrange(CHANGED) == 0 else word for word in _words(question))
        if told and told not in seen:
            seen.add(told)
            return told


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def _cycled(items: tuple[str, ...], count: int) -> Iterator[str]:
    return (items[number % len(items)] for number in range(count))


def _unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
