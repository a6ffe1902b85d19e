"""Replies that show answers of the knowledge base; the actions choose among them."""

from __future__ import annotations

from typing import Any

from actions.reply import RELATED_SHOWN, Reply
from actions.turn import REMEMBERED, Turn
from actions.wording import consult, consult_clinic
from bot.knowledge_base import Answer


def show(turn: Turn, answer: Answer, before: str = "", text: str | None = None) -> Reply:
    """An answer with its related questions; ``text`` replaces its body, ``before`` goes ahead of it."""
    body = text if text is not None else f"**{answer.title}**\n\n{answer.body}"
    return Reply(
        "answer", f"{before}\n\n{body}" if before else body, consult=consult(answer, turn.knowledge), answer=answer,
        related=related_to(turn, answer), slots=remember(turn, answer),
    )


def related_to(turn: Turn, answer: Answer) -> list[Answer]:
    """Two or three related questions, those not shown yet first."""
    shown = set(turn.shown_before())
    others = turn.existing(list(answer.related)) + [a for a in turn.knowledge.of_topic(answer.topic) if a != answer]
    unique = list(dict.fromkeys(other.id for other in others if other.id != answer.id))
    named = unique[: max(RELATED_SHOWN, len(answer.related))]
    named.sort(key=lambda answer_id: answer_id in shown)
    return turn.existing(named[:RELATED_SHOWN])


def remember(turn: Turn, answer: Answer) -> dict[str, Any]:
    """What the conversation is about after an answer: its subject, itself, and what was offered."""
    known = turn.knowledge.terms
    named = [] if turn.ranking.get("in_context") else turn.ranking["subject"]
    subject = [term for term in dict.fromkeys([*named, *answer.about, *turn.ranking["subject"]]) if term in known][:4]
    shown = [i for i in turn.shown_before() if i != answer.id] + [answer.id]
    runners_up = [other.id for other in turn.choices()[1:]] if turn.ranking["answers"] else []
    return {
        "subject": subject or turn.slot("subject"), "last_answer": answer.id, "topic": answer.topic,
        "offered": [a.id for a in related_to(turn, answer)], "shown": shown[-REMEMBERED:],
        "runners_up": runners_up, "awaiting": None,
    }


def clarify(turn: Turn, choices: list[Answer], text: str = "") -> Reply:
    """Two or three answers to choose from."""
    asked = text or "I want to get this right. Which of these did you mean? You can tap one, or type its number."
    listed = "\n".join(f"{number}. {answer.title}" for number, answer in enumerate(choices, 1))
    subject = turn.ranking["subject"] or turn.slot("subject")
    return Reply(
        "clarify", f"{asked}\n\n{listed}", consult=consult_clinic(turn.knowledge.clinic), choices=choices,
        slots={"offered": [answer.id for answer in choices], "subject": subject, "awaiting": "choice"},
    )


def not_covered(turn: Turn, text: str = "") -> Reply:
    """An honest "not covered", what is covered, and the clinic's number."""
    topics = turn.knowledge.topics.values()
    covered = ", ".join(topic.title.lower() for topic in topics)
    said = text or f"I can't answer that. What I know about is {covered}. You can ask me about these in your own words."
    buttons = [{"title": topic.title, "payload": f'/open_topic{{"open_topic": "{topic.id}"}}'} for topic in topics]
    return Reply("out_of_scope", said, consult=consult_clinic(turn.knowledge.clinic), buttons=buttons)
