"""Do related questions and topics lead a patient on?"""

from __future__ import annotations

from bot.knowledge_base.parsing import alike
from bot.knowledge_base.problems import Problem
from bot.knowledge_base.records import KnowledgeBase


def link_problems(knowledge: KnowledgeBase) -> list[Problem]:
    """Answers that link to themselves, twice or nowhere; titles used twice; topics without answers."""
    found = []
    titles: dict[str, str] = {}
    for answer in knowledge.answers.values():
        file, title = answer.file, alike(answer.title)
        if title in titles:
            found.append(
                Problem(
                    file,
                    0,
                    "title",
                    f"is “{answer.title}”, the title of {titles[title]}.md too",
                    "a patient who is offered both must see what sets them apart",
                )
            )
        titles.setdefault(title, answer.id)
        for number, other in enumerate(answer.related):
            if other == answer.id:
                found.append(
                    Problem(file, 0, f"related.{number}", "links to this answer itself", "name another answer")
                )
            elif other in answer.related[:number]:
                found.append(
                    Problem(file, 0, f"related.{number}", f"links to “{other}” twice", "keep it once", warning=True)
                )
        if not answer.related:
            found.append(
                Problem(
                    file,
                    0,
                    "related",
                    "names no other answer",
                    "name two or three that a patient may ask next",
                    warning=True,
                )
            )
    for topic in knowledge.topics.values():
        if not knowledge.of_topic(topic.id):
            found.append(
                Problem(
                    "topics.yml",
                    0,
                    topic.id,
                    "is a topic without answers",
                    f'write one with `python -m bot new {topic.id} "Title"` or remove it',
                    warning=True,
                )
            )
    return found
