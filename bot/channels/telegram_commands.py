"""The commands of the Telegram bot, and what a link to it can open."""

from __future__ import annotations

import re

from bot.channels.telegram_buttons import topic_payload
from bot.knowledge_base import KnowledgeBase

#: Command → (the payload it stands for, what Telegram's menu says of it).
COMMANDS = {
    "start": ("/greet", "Begin, and see what I know about"),
    "help": ("/help", "How to ask, with examples"),
    "topics": ("/show_topics", "The topics, to tap on"),
    "privacy": ("/privacy", "What is kept, and for how long"),
    "forget": ("/delete_my_data", "Delete everything stored of our chat"),
    "human": ("/handoff", "Reach a person at the clinic"),
}
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?(?:\s+(.*))?\s*", re.DOTALL)


def menu() -> list[dict[str, str]]:
    """The commands in the form that `setMyCommands` takes."""
    return [{"command": name, "description": says} for name, (_, says) in COMMANDS.items()]


def payload_of_command(text: str, username: str, knowledge: KnowledgeBase) -> str | None:
    """The payload that a typed command stands for; None for anything else, which is then read as a question.

    `/start <topic>` is what Telegram sends for the link `t.me/<bot>?start=<topic>`: it opens that topic, and
    greets when there is no such topic.
    """
    match = _COMMAND.fullmatch(text.strip())
    if not match:
        return None
    name, addressed, rest = match.group(1).lower(), match.group(2), (match.group(3) or "").strip()
    if name not in COMMANDS or (addressed and username and addressed.lower() != username.lower()):
        return None
    if name == "start" and rest in knowledge.topics:
        return topic_payload(rest)
    return COMMANDS[name][0]
