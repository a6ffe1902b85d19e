"""Questions in two answers that mean nearly the same, so that a patient's words could not tell them apart."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bot.knowledge_base.problems import Problem
from bot.knowledge_base.records import KnowledgeBase

#: Cosine of the meaning vectors from which two questions count as nearly the same. Chosen on the real
#: knowledge base: above it nearly every pair is a true one (docs/decisions/staff-tools.md).
NEARLY_SAME = 0.94
_ROWS_AT_ONCE = 1024
Encode = Callable[[list[str]], np.ndarray]


def near_questions(knowledge: KnowledgeBase, encode: Encode) -> list[Problem]:
    """Each pair of nearly the same questions in two answers, told at the later file; a warning.

    ``encode`` gives one unit vector a text (in lower case).
    """
    asked = [
        (answer.id, number, question)
        for answer in knowledge.answers.values()
        for number, question in enumerate(answer.questions)
    ]
    if not asked:
        return []
    vectors = encode([question.lower() for _, _, question in asked])
    owners = np.unique([owner for owner, _, _ in asked], return_inverse=True)[1]
    found = []
    for start in range(0, len(asked), _ROWS_AT_ONCE):
        block = vectors[start : start + _ROWS_AT_ONCE] @ vectors.T
        for row, column in zip(*np.nonzero(block >= NEARLY_SAME)):
            first, second = sorted((int(row) + start, int(column)))
            # Each pair stands twice in the table; the same answer may ask one thing in many ways.
            if first != row + start or owners[first] == owners[second]:
                continue
            found.append(_problem(asked[first], asked[second], float(block[row, column])))
    return found


def _problem(first: tuple[str, int, str], second: tuple[str, int, str], likeness: float) -> Problem:
    other, _, other_question = first
    answer, number, question = second
    if _letters(question) == _letters(other_question):
        return Problem(
            f"{answer}.md",
            0,
            f"questions.{number}",
            f"asks “{question}”, which is “{other_question}” of {other}.md again",
            "keep it in one place",
            warning=True,
        )
    return Problem(
        f"{answer}.md",
        0,
        f"questions.{number}",
        f"asks “{question}”, nearly the same as “{other_question}” of {other}.md (likeness {likeness:.2f})",
        "say in each what sets it apart, or keep it in one place",
        warning=True,
    )


def _letters(question: str) -> str:
    return "".join(letter for letter in question.lower() if letter.isalnum())
