"""Are there enough questions, and can each of them be read?"""

from __future__ import annotations

from bot.knowledge_base.problems import Problem
from bot.knowledge_base.records import KnowledgeBase

#: Measured: understanding still grows at ten questions an answer; twenty are asked for (docs/staff.md).
FEWEST = 20
#: A longer message is refused by every channel, so a longer question teaches nothing.
LONGEST = 1000


def question_problems(knowledge: KnowledgeBase) -> list[Problem]:
    """Too few questions, and questions no patient could send."""
    found = []
    for answer in knowledge.answers.values():
        file = answer.file
        if len(answer.questions) < FEWEST:
            found.append(
                Problem(
                    file,
                    0,
                    "questions",
                    f"has {len(answer.questions)} questions, {FEWEST} are wanted",
                    "add how patients ask this: short, long, in lay words, misspelled",
                    warning=True,
                )
            )
        for number, question in enumerate(answer.questions):
            if len(question) > LONGEST:
                found.append(
                    Problem(
                        file,
                        0,
                        f"questions.{number}",
                        f"has a question of {len(question)} characters",
                        f"shorten it to {LONGEST} or fewer",
                    )
                )
            elif not any(letter.isalpha() for letter in question):
                found.append(
                    Problem(
                        file,
                        0,
                        f"questions.{number}",
                        f"has “{question}”, which has no words in it",
                        "write a question or remove the line",
                    )
                )
    return found
