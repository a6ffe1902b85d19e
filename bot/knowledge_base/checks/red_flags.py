"""Is each red flag told in enough ways, and without contradiction?"""

from __future__ import annotations

from bot.knowledge_base.parsing import alike
from bot.knowledge_base.problems import Problem
from bot.knowledge_base.records import KnowledgeBase

FEWEST_TOLD, FEWEST_NOT_IT = 20, 10


def red_flag_problems(knowledge: KnowledgeBase) -> list[Problem]:
    """Too few examples, and words that are danger in one place and ordinary in another."""
    found = []
    asked = {alike(question): answer.id for answer in knowledge.answers.values() for question in answer.questions}
    told = {
        alike(text): flag.id for flag in knowledge.red_flags.values() for texts in flag.told.values() for text in texts
    }
    if not knowledge.red_flags:
        found.append(Problem("red_flags", 0, "", "has no files: no danger is seen", "put the red flags back"))
    for flag in knowledge.red_flags.values():
        file = flag.file
        if not flag.body:
            found.append(Problem(file, 0, "text", "has no text", "write it below the second line of three dashes"))
        count = sum(map(len, flag.told.values()))
        if count < FEWEST_TOLD:
            found.append(
                Problem(
                    file,
                    0,
                    "told",
                    f"has {count} examples, {FEWEST_TOLD} are wanted",
                    "add how patients tell this sign in their own words",
                    warning=True,
                )
            )
        if len(flag.not_it) < FEWEST_NOT_IT:
            found.append(
                Problem(
                    file,
                    0,
                    "not_it",
                    f"has {len(flag.not_it)} look-alikes, {FEWEST_NOT_IT} are wanted",
                    "add messages with the same words that are not this sign",
                    warning=True,
                )
            )
        for number, text in enumerate(flag.not_it):
            if alike(text) in told:
                found.append(
                    Problem(
                        file,
                        0,
                        f"not_it.{number}",
                        f"has “{text}”, told as danger in red_flags/{told[alike(text)]}.md",
                        "keep one of them",
                    )
                )
        for text in (text for texts in flag.told.values() for text in texts):
            if alike(text) in asked:
                found.append(
                    Problem(
                        file,
                        0,
                        "told",
                        f"has “{text}”, an ordinary question in {asked[alike(text)]}.md",
                        "keep one of them",
                    )
                )
    return found
