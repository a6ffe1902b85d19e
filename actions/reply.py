"""One reply: what every Rasa channel shows as text, and the same as one object for rich clients."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.knowledge_base import Answer, KnowledgeBase

KINDS = ("answer", "clarify", "emergency", "urgent", "personal", "out_of_scope", "smalltalk", "handoff", "privacy",
         "unavailable")
RELATED_SHOWN = 3


@dataclass
class Reply:
    """What a patient gets for one message.

    ``text`` is Markdown and complete but for sources and whom to consult, which are added
    from ``answer`` and ``consult``. ``slots`` are remembered for the next turn.
    """

    kind: str
    text: str
    consult: str = ""
    answer: Answer | None = None
    choices: list[Answer] = field(default_factory=list)
    related: list[Answer] = field(default_factory=list)
    buttons: list[dict[str, str]] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"a reply is one of {', '.join(KINDS)}, not {self.kind!r}")


def choose_payload(answer: Answer) -> str:
    """What a button sends to get one answer."""
    return "/choose" + json.dumps({"answer": answer.id})


def answer_button(answer: Answer) -> dict[str, str]:
    return {"title": answer.title, "payload": choose_payload(answer)}


def send(reply: Reply, dispatcher: CollectingDispatcher, knowledge: KnowledgeBase) -> list[dict[str, Any]]:
    """Utter a reply as one text message and one object; returns the slot events."""
    buttons = reply.buttons or [answer_button(answer) for answer in (reply.choices or reply.related)]
    dispatcher.utter_message(text=_as_text(reply, knowledge), buttons=buttons)
    dispatcher.utter_message(json_message={"reply": _as_object(reply, knowledge, buttons)})
    # A reply is all of a turn: said here, no policy need be asked what comes next.
    return [*(SlotSet(name, value) for name, value in reply.slots.items()), FollowupAction("action_listen")]


def _as_text(reply: Reply, knowledge: KnowledgeBase) -> str:
    parts = [reply.text]
    if reply.answer:
        parts.append("Source: " + "; ".join(knowledge.where(reply.answer.citations)) + ".")
    if reply.consult:
        parts.append(reply.consult)
    return "\n\n".join(parts)


def _as_object(reply: Reply, knowledge: KnowledgeBase, buttons: list[dict[str, str]]) -> dict[str, Any]:
    shown: dict[str, Any] = {"kind": reply.kind, "text": reply.text, "consult": reply.consult, "buttons": buttons}
    if reply.answer:
        shown |= described(reply.answer) | {"topic": reply.answer.topic, "sources": _sources(reply.answer, knowledge)}
    if reply.choices:
        shown["choices"] = [described(answer) for answer in reply.choices]
    if reply.related:
        shown["related"] = [{"answer_id": answer.id, "title": answer.title} for answer in reply.related]
    return shown | reply.extra


def described(answer: Answer) -> dict[str, Any]:
    """An answer by id, title and citations, as a choice or a reply names it."""
    return {"answer_id": answer.id, "title": answer.title,
            "citations": [citation.as_dict() for citation in answer.citations]}


def _sources(answer: Answer, knowledge: KnowledgeBase) -> list[dict[str, Any]]:
    shown = []
    for citation in answer.citations:
        source = knowledge.sources[citation.source]
        shown.append({
            **citation.as_dict(), "where": source.where(citation.locator), "title": source.title,
            "speaker": source.speaker, "publisher": source.publisher, "year": source.year,
            "reference": source.reference, "review": answer.review_state,
            "reviewed_by": answer.review.by if answer.review_state == "reviewed" else None,
            "reviewed_on": str(answer.review.on) if answer.review_state == "reviewed" else None,
        })
    return shown
