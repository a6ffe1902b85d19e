"""What an action knows when it is asked for a reply."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rasa_sdk import Tracker

from bot.knowledge_base import Answer, KnowledgeBase

#: So many answers of a conversation are remembered, for "go back" and for not offering them again.
REMEMBERED = 12
ANSWER_ENTITY, TOPIC_ENTITY = "answer", "open_topic"


@dataclass(frozen=True)
class Turn:
    """One message of a patient, the conversation so far, and the knowledge base as it is now."""

    tracker: Tracker
    knowledge: KnowledgeBase

    @cached_property
    def message(self) -> dict[str, Any]:
        return self.tracker.latest_message or {}

    @property
    def text(self) -> str:
        return str(self.message.get("text") or "")

    @property
    def ranking(self) -> dict[str, Any]:
        return self.message.get("ranking") or {"decision": "none", "answers": [], "choices": [], "subject": []}

    @property
    def confidence(self) -> float:
        """How sure it is that the message has its intent (0 to 1)."""
        return float((self.message.get("intent") or {}).get("confidence") or 0.0)

    @property
    def best_score(self) -> float:
        """How well the best answer fits: about 0 when nothing does, 1 for a question written in its file."""
        return float(self.ranking["answers"][0]["score"]) if self.ranking["answers"] else 0.0

    @property
    def red_flag(self) -> dict[str, Any] | None:
        return self.message.get("red_flag")

    @property
    def country(self) -> str | None:
        """The country the channel says the patient is in (the website's attribute), if it does."""
        return (self.message.get("metadata") or {}).get("country")

    def slot(self, name: str) -> Any:
        return self.tracker.get_slot(name)

    def entity(self, name: str) -> str | None:
        return next((str(e["value"]) for e in self.message.get("entities") or [] if e["entity"] == name), None)

    def ranked(self) -> list[Answer]:
        """The ranked answers that still exist, best first."""
        return [self.knowledge.answers[one["id"]] for one in self.ranking["answers"]
                if one["id"] in self.knowledge.answers]

    def choices(self) -> list[Answer]:
        return self.existing(self.ranking["choices"])

    def existing(self, ids: list[str] | None) -> list[Answer]:
        """The answers with these ids; those deleted since are left out."""
        return [self.knowledge.answers[i] for i in ids or [] if i in self.knowledge.answers]

    def last_answer(self) -> Answer | None:
        return self.knowledge.answers.get(self.slot("last_answer") or "")

    def shown_before(self) -> list[str]:
        return list(self.slot("shown") or [])
