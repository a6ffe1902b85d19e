"""Does each name stand for one term?"""

from __future__ import annotations

from bot.knowledge_base.problems import Problem
from bot.knowledge_base.records import KnowledgeBase


def term_problems(knowledge: KnowledgeBase) -> list[Problem]:
    """Names that two terms share: follow-up questions could not know which is meant."""
    found: list[Problem] = []
    owner: dict[str, str] = {}
    for term in knowledge.terms.values():
        for name in dict.fromkeys(name.lower() for name in term.names):
            if name in owner:
                found.append(
                    Problem(
                        "terms.yml",
                        0,
                        term.id,
                        f"has the name “{name}”, which {owner[name]} has too",
                        "keep it in one of them",
                    )
                )
            owner.setdefault(name, term.id)
    return found
