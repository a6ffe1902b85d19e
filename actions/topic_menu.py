"""The topics, and the most asked questions of each, as buttons."""

from __future__ import annotations

import json

from actions.reply import answer_button
from bot.knowledge_base import Answer, KnowledgeBase

MOST_ASKED = 6


def topic_payload(topic: str) -> str:
    return "/open_topic" + json.dumps({"open_topic": topic})


def topic_buttons(knowledge: KnowledgeBase) -> list[dict[str, str]]:
    return [{"title": topic.title, "payload": topic_payload(topic.id)} for topic in knowledge.topics.values()]


def most_asked(knowledge: KnowledgeBase, topic: str) -> list[Answer]:
    """The questions a newcomer starts with: what topics.yml names first, then the others."""
    named = [knowledge.answers[i] for i in knowledge.topics[topic].first if i in knowledge.answers]
    rest = [answer for answer in knowledge.of_topic(topic) if answer not in named]
    return (named + rest)[:MOST_ASKED]


def question_buttons(answers: list[Answer]) -> list[dict[str, str]]:
    return [answer_button(answer) for answer in answers]
