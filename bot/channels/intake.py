"""What every channel does with a message before Rasa sees it."""

from __future__ import annotations

import json
import re

from bot.knowledge_base import KnowledgeBase
from bot.nlu.language import MOST_CHARACTERS, clean

#: Buttons that carry nothing.
PLAIN_PAYLOADS = frozenset({
    "/affirm", "/deny", "/delete_my_data", "/feedback_good", "/feedback_bad", "/show_topics", "/handoff", "/help",
    "/privacy", "/greet", "/show_sources", "/tell_more", "/simpler",
})
_BUTTON = re.compile(r"^/(choose|open_topic)(\{.*\})$", re.DOTALL)
_FIELD = {"choose": "answer", "open_topic": "open_topic"}


class TooLong(ValueError):
    """A message is longer than :data:`MOST_CHARACTERS`."""


def is_offered_payload(text: str, knowledge: KnowledgeBase) -> bool:
    """Whether a text is what one of our own buttons sends: nothing else may reach Rasa with a slash.

    Rasa obeys `/intent{"slot": …}` from anybody; our buttons name an existing answer or topic and set no slot.
    """
    if text in PLAIN_PAYLOADS:
        return True
    match = _BUTTON.match(text)
    if not match:
        return False
    try:
        carried = json.loads(match.group(2))
    except ValueError:
        return False
    intent = match.group(1)
    if not isinstance(carried, dict) or set(carried) != {_FIELD[intent]}:
        return False
    known = knowledge.answers if intent == "choose" else knowledge.topics
    value = carried[_FIELD[intent]]
    return isinstance(value, str) and value in known


def take_in(text: str, knowledge: KnowledgeBase) -> str:
    """The text to hand to Rasa: cleaned; a typed slash is dropped unless a button of ours sends it.

    Raises:
        TooLong: when the text is over the limit; the channel tells the patient.
    """
    if is_offered_payload(text.strip(), knowledge):
        return text.strip()
    if len(text) > MOST_CHARACTERS:
        raise TooLong(f"{len(text)} characters, at most {MOST_CHARACTERS}")
    return clean(text).lstrip("/ ").strip()


