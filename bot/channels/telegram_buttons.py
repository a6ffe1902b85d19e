"""What a button carries. Telegram gives it 64 bytes, an answer's id can be longer: it carries a short digest.

The digest is looked up in the knowledge base as it is when the button is tapped. Nothing is remembered, so the
buttons of old messages, and of messages sent before a restart, are still understood.
"""

from __future__ import annotations

import hashlib
import json
import logging
from typing import Any

from bot.channels.intake import PLAIN_PAYLOADS, is_offered_payload
from bot.knowledge_base import KnowledgeBase

logger = logging.getLogger(__name__)
#: Bytes that Telegram lets a button carry.
MOST_BYTES = 64
_ANSWER, _TOPIC = "a:", "t:"


def digest(known_id: str) -> str:
    """A short, stable stand-in for the id of an answer or topic: 20 hexadecimal digits."""
    return hashlib.blake2b(known_id.encode(), digest_size=10).hexdigest()


def data_of(payload: str, knowledge: KnowledgeBase) -> str | None:
    """What a button with a payload carries; None for a payload that could not be understood when tapped."""
    if payload in PLAIN_PAYLOADS:
        return payload
    if not is_offered_payload(payload, knowledge):
        return None
    intent, carried = payload[1:].split("{", 1)
    value = next(iter(json.loads("{" + carried).values()))
    return (_ANSWER if intent == "choose" else _TOPIC) + digest(value)


def payload_of(data: str, knowledge: KnowledgeBase) -> str | None:
    """The payload that a tapped button stands for; None when what it stood for is gone, or it never was ours."""
    if data in PLAIN_PAYLOADS:
        return data
    kind, wanted = data[: len(_ANSWER)], data[len(_ANSWER) :]
    if kind == _ANSWER:
        found = next((i for i in knowledge.answers if digest(i) == wanted), None)
        return answer_payload(found) if found else None
    if kind == _TOPIC:
        found = next((i for i in knowledge.topics if digest(i) == wanted), None)
        return topic_payload(found) if found else None
    return None


def answer_payload(answer_id: str) -> str:
    return "/choose" + json.dumps({"answer": answer_id})


def topic_payload(topic_id: str) -> str:
    return "/open_topic" + json.dumps({"open_topic": topic_id})


def keyboard(buttons: list[dict[str, Any]], knowledge: KnowledgeBase) -> dict[str, Any] | None:
    """The inline keyboard for a reply's buttons, one a row; None when there are none."""
    rows = []
    for button in buttons:
        title, data = str(button.get("title") or "").strip(), data_of(str(button.get("payload") or ""), knowledge)
        if not title or data is None:
            logger.error("A button is left out: Telegram could not carry it. Its payload starts with %r",
                         str(button.get("payload"))[:12])
            continue
        rows.append([{"text": title, "callback_data": data}])
    return {"inline_keyboard": rows} if rows else None
