"""What a patient would get for a message, and why: the whole assistant without a server or a trace in the store."""

from __future__ import annotations

import asyncio
import logging
import os
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.knowledge_base import KnowledgeBase
from bot.nlu.keys import RANKING, RED_FLAG
from bot.serving import environment

DECISIONS = {
    "answer": "one answer fits clearly",
    "choices": "two answers fit about as well, so the patient is asked which is meant",
    "none": "no answer comes near enough",
}


@dataclass(frozen=True)
class Told:
    """One turn: what was understood (`parsed`, Rasa's) and what the patient gets.

    ``messages`` are the texts, ``reply`` the reply object (empty if an action gave none).
    """

    text: str
    parsed: dict[str, Any]
    messages: list[str] = field(default_factory=list)
    reply: dict[str, Any] = field(default_factory=dict)


class UnusableModel(Exception):
    """A trained model does not fit this version of the assistant; the message says what to do."""


class Assistant:
    """A trained model in this process; its conversations are kept in memory and written nowhere."""

    def __init__(self, model: Path):
        """Load a model.

        Raises:
            UnusableModel: when the model was made by another version of the assistant.
        """
        # As the server runs: no telemetry, and no notes of libraries about each other.
        os.environ.update(environment())
        logging.getLogger("rasa").setLevel(logging.ERROR)
        # Filters do not do: libraries set them back.
        warnings.showwarning = lambda *_, **__: None
        import structlog
        from rasa.core.agent import Agent
        from rasa.utils.endpoints import EndpointConfig

        from bot import rasa_mends

        rasa_mends.apply()
        # Rasa's structured log is its own: unless told so here, it prints every message at debug level.
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
        try:
            in_process = EndpointConfig("http://127.0.0.1/unused", in_process=True)
            self._agent = Agent.load(str(model), action_endpoint=in_process)
        except Exception as error:
            why = f"{model.name} can't be used ({type(error).__name__}). Run `python -m bot train`."
            raise UnusableModel(why) from error

    def ask(self, texts: list[str], sender: str = "staff") -> list[Told]:
        """The turns of one conversation."""
        return asyncio.run(self._ask(texts, sender))

    async def _ask(self, texts: list[str], sender: str) -> list[Told]:
        turns = []
        for text in texts:
            messages = await self._agent.handle_text(text, sender_id=sender) or []
            tracker = await self._agent.tracker_store.get_or_create_tracker(sender)
            parsed = dict(tracker.latest_message.parse_data) if tracker.latest_message else {}
            reply: dict[str, Any] = next(
                (m["custom"]["reply"] for m in messages if "reply" in (m.get("custom") or {})), {}
            )
            turns.append(Told(text, parsed, [m["text"] for m in messages if m.get("text")], reply))
        return turns


def explained(told: Told, knowledge: KnowledgeBase) -> str:
    """A turn in words: what the patient gets, then why."""
    gets = "\n\n".join(told.messages) or "(nothing)"
    if buttons := told.reply.get("buttons"):
        gets += "\n\n" + "  ".join(f"[{button['title']}]" for button in buttons)
    parts = [
        f"Question: {told.text}",
        "",
        f"THE PATIENT GETS ({told.reply.get('kind', 'no reply')})",
        _indented(gets),
        "",
        "WHY",
        *_why(told, knowledge),
    ]
    return "\n".join(parts)


def _why(told: Told, knowledge: KnowledgeBase) -> list[str]:
    from bot.nlu.spelling_corrector import spelling_of

    parsed, lines = told.parsed, []
    corrected = spelling_of(knowledge).correct(told.text)
    if corrected != told.text:
        lines.append(f"  Read as:    {corrected}")
    flag = parsed.get(RED_FLAG)
    lines.append(
        "  Red flags:  "
        + (
            f"{flag['sign']} ({flag['level']}), by {flag['by']} in “{flag['words']}”, certainty {flag['score']:.2f}"
            if flag
            else "none"
        )
    )
    intent = parsed.get("intent") or {}
    runners = [f"{one['name']} {one['confidence']:.2f}" for one in (parsed.get("intent_ranking") or [])[1:3]]
    lines.append(
        f"  Intent:     {intent.get('name')} {intent.get('confidence') or 0:.2f}"
        + (f"; then {', '.join(runners)}" if runners else "")
    )
    terms = list(dict.fromkeys(f"{e['value']} ({e['entity'].replace('_', ' ')})" for e in parsed.get("entities") or []))
    lines.append(f"  Terms:      {', '.join(terms) or 'none'}")
    ranking = parsed.get(RANKING) or {}
    if ranking.get("answers"):
        lines.append(
            f"  Ranking:    {DECISIONS.get(ranking['decision'], ranking['decision'])}"
            f" (lead {ranking.get('lead', 0):.3f})"
        )
        for number, one in enumerate(ranking["answers"], 1):
            answer = knowledge.answers.get(one["id"])
            lines.append(f"    {number}. {one['score']:.3f}  {one['id']}  –  {answer.title if answer else 'deleted'}")
    return lines


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" if line else "" for line in text.splitlines())
