"""Is every passage used, and is what is old or an opinion said to be so?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from bot.knowledge_base.problems import Problem
from bot.knowledge_base.records import Citation, KnowledgeBase, Source

OLD_AFTER_YEARS = 10


def source_problems(knowledge: KnowledgeBase, today: dt.date | None = None) -> list[Problem]:
    """Sources and passages that no answer cites, passages cited twice, old sources without their year."""
    found = list(_uncited(knowledge))
    year = (today or dt.date.today()).year
    for answer in knowledge.answers.values():
        file = answer.file
        for number, citation in enumerate(answer.citations):
            if citation in answer.citations[:number]:
                found.append(
                    Problem(
                        file,
                        0,
                        f"sources.{number}",
                        f"cites {citation.source} {citation.locator} twice",
                        "keep it once",
                        warning=True,
                    )
                )
            source = knowledge.sources.get(citation.source)
            if source and source.year and year - source.year > OLD_AFTER_YEARS and str(source.year) not in answer.body:
                found.append(
                    Problem(
                        file,
                        0,
                        f"sources.{number}",
                        f"rests on {source.id} of {source.year}, and the text does not name the year",
                        f"say “in {source.year}” in the text",
                        warning=True,
                    )
                )
    return found


def _uncited(knowledge: KnowledgeBase) -> Iterator[Problem]:
    cited = {citation.source for answer in knowledge.answers.values() for citation in answer.citations}
    for source in knowledge.sources.values():
        if source.id not in cited:
            yield Problem(
                "sources.yml",
                0,
                source.id,
                f"is a source that no answer cites: “{source.title}”",
                "cite it in an answer or remove it",
                warning=True,
            )
            continue
        for locator in passages_of(source):
            if Citation(source.id, locator) not in knowledge.answers_citing:
                yield Problem(
                    "sources.yml",
                    0,
                    f"{source.id}.{'sections' if source.sections else 'passages'}",
                    f"has the passage “{locator}”, which no answer cites",
                    "write an answer on what it says",
                    warning=True,
                )


def passages_of(source: Source) -> tuple[str, ...]:
    """The locators a source is known to have; empty when `sources.yml` does not list its time stamps."""
    return tuple(source.sections) or source.passages
