"""Length and reading grade of what a patient reads."""

from __future__ import annotations

from statistics import median

from bot.knowledge_base.problems import Problem
from bot.knowledge_base.readability import reading_grade, word_count
from bot.knowledge_base.records import KnowledgeBase

SHORTEST, LONGEST = 40, 150
HIGHEST_GRADE, HIGHEST_MEDIAN_GRADE = 8.0, 6.0
SIMPLER_LONGEST, SIMPLER_GRADE = 35, 7.0
SIMPLIFY = "use shorter sentences and everyday words; names of conditions belong in terms.yml and are not counted"


def length_problems(knowledge: KnowledgeBase) -> list[Problem]:
    """Answers outside 40 to 150 words; a `simpler` that is not short."""
    found = []
    for answer in knowledge.answers.values():
        words, file = word_count(answer.body), answer.file
        if words < SHORTEST:
            found.append(
                Problem(
                    file,
                    0,
                    "text",
                    f"has {words} words, at least {SHORTEST} are wanted",
                    "say what else the source says on this",
                )
            )
        elif words > LONGEST:
            found.append(
                Problem(
                    file,
                    0,
                    "text",
                    f"has {words} words, at most {LONGEST} are wanted",
                    "move part of it to an answer of its own",
                )
            )
        if word_count(answer.simpler) > SIMPLER_LONGEST:
            found.append(
                Problem(
                    file,
                    0,
                    "simpler",
                    f"has {word_count(answer.simpler)} words",
                    f"say the core of the answer in {SIMPLER_LONGEST} words or fewer",
                    warning=True,
                )
            )
    return found


def grade_problems(knowledge: KnowledgeBase) -> list[Problem]:
    """Texts above the reading grade wanted, and a median above the one wanted for the whole."""
    found, grades = [], []
    names = knowledge.names_set_aside
    for answer in knowledge.answers.values():
        grade, simpler = reading_grade(answer.body, names), reading_grade(answer.simpler, names)
        grades.append(grade)
        if grade > HIGHEST_GRADE:
            found.append(
                Problem(
                    answer.file,
                    0,
                    "text",
                    f"has reading grade {grade:.1f}, at most {HIGHEST_GRADE:.0f} is wanted",
                    SIMPLIFY,
                )
            )
        if simpler > SIMPLER_GRADE:
            found.append(
                Problem(
                    answer.file,
                    0,
                    "simpler",
                    f"has reading grade {simpler:.1f}, at most {SIMPLER_GRADE:.0f} is wanted",
                    SIMPLIFY,
                    warning=True,
                )
            )
    if grades and median(grades) > HIGHEST_MEDIAN_GRADE:
        found.append(
            Problem(
                "knowledge",
                0,
                "",
                f"the median reading grade is {median(grades):.1f}, at most {HIGHEST_MEDIAN_GRADE:.0f} is wanted",
                "simplify the hardest answers first",
            )
        )
    for flag in knowledge.red_flags.values():
        grade = reading_grade(flag.body, names)
        if grade > HIGHEST_GRADE:
            found.append(
                Problem(
                    flag.file,
                    0,
                    "text",
                    f"has reading grade {grade:.1f}, at most {HIGHEST_GRADE:.0f} is wanted",
                    SIMPLIFY,
                )
            )
    return found
