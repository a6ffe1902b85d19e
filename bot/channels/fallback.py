"""Replies that a channel gives by itself: when a message can't be read, and when nothing came back."""

from __future__ import annotations

from typing import Any

from bot.knowledge_base import KnowledgeBase
from bot.nlu.language import MOST_CHARACTERS


def reply_messages(kind: str, text: str, consult: str) -> list[dict[str, Any]]:
    """A reply in the form that an action utters: a text message and the reply object."""
    reply = {"kind": kind, "text": text, "consult": consult, "buttons": []}
    return [{"text": f"{text}\n\n{consult}"}, {"custom": {"reply": reply}}]


def unavailable(knowledge: KnowledgeBase) -> list[dict[str, Any]]:
    """Words and a phone number, whatever went wrong."""
    clinic = knowledge.clinic
    return reply_messages(
        "unavailable",
        f"Sorry, something went wrong on our side. Please try again in a minute. If you feel very unwell, call {clinic.number('emergency')}.",
        f"A person can help you now: call {clinic.name}, {clinic.phone}, or talk to your doctor.",
    )


def too_long(knowledge: KnowledgeBase) -> list[dict[str, Any]]:
    return _not_read(
        knowledge,
        f"That message is too long for me: I can read {MOST_CHARACTERS} characters at a time. Please send the question by itself, "
        f"in a few sentences. If someone is in danger, call {knowledge.clinic.number('emergency')} now.",
    )


def empty(knowledge: KnowledgeBase) -> list[dict[str, Any]]:
    return _not_read(knowledge, "I did not get any words. Please type your question, for example: what is occipital neuralgia?")


def _not_read(knowledge: KnowledgeBase, text: str) -> list[dict[str, Any]]:
    clinic = knowledge.clinic
    return reply_messages("out_of_scope", text, f"Your doctor can help, or call {clinic.name}: {clinic.phone}.")
