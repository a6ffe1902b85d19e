"""What an update of Telegram says: words for the assistant, something else that needs a word, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.channels.fallback import reply_messages
from bot.channels.telegram_buttons import payload_of
from bot.channels.telegram_commands import payload_of_command
from bot.knowledge_base import KnowledgeBase

#: The updates that are asked for. Others are not sent, and are passed over should they come.
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
#: What can't be read, and its name in words.
UNREADABLE = {
    "photo": "pictures", "voice": "voice messages", "audio": "sound", "video": "videos", "video_note": "videos",
    "animation": "animations", "sticker": "stickers", "document": "files", "location": "places on a map",
    "venue": "places on a map", "contact": "contact cards", "poll": "polls", "dice": "dice", "game": "games",
    "story": "stories", "paid_media": "pictures or videos", "checklist": "checklists", "invoice": "invoices",
}
GROUPS = ("group", "supergroup")


@dataclass(frozen=True)
class Heard:
    """What is to be answered in a chat.

    Attributes:
        chat_id: where the answer goes.
        text: words or a payload for the assistant; None when the notes say it all.
        notes: replies that are ready, each a list of messages as an action utters them.
        message_id: of the patient's message, when there is one.
        edited: whether the patient has changed an earlier message.
    """

    chat_id: int
    text: str | None = None
    notes: list[list[dict[str, Any]]] = field(default_factory=list)
    message_id: int | None = None
    edited: bool = False


def chat_of(update: dict[str, Any]) -> dict[str, Any] | None:
    """The chat an update belongs to, if it has one, whatever its kind."""
    for content in update.values():
        if isinstance(content, dict):
            message = content.get("message")
            chat = content.get("chat") or (message.get("chat") if isinstance(message, dict) else None)
            if isinstance(chat, dict) and isinstance(chat.get("id"), int):
                return chat
    return None


def hear(update: dict[str, Any], username: str, bot_id: int, knowledge: KnowledgeBase) -> Heard | None:
    """What is to be answered; None for an update that is passed over in silence.

    Args:
        username, bot_id: the bot's own, so that it knows when a group speaks to it.
    """
    if "callback_query" in update:
        return _tapped(update, knowledge)
    edited = "edited_message" in update
    message = update.get("edited_message") if edited else update.get("message")
    chat = chat_of(update)
    if not isinstance(message, dict) or chat is None:
        return None
    if chat.get("type") in GROUPS:
        asked = not edited and _speaks_to(message, username, bot_id)
        return Heard(chat["id"], notes=[_only_in_private(username, knowledge)]) if asked else None
    if chat.get("type") != "private":
        return None
    words = message.get("text") or message.get("caption")
    unreadable = next((name for kind, name in UNREADABLE.items() if kind in message), None)
    if not isinstance(words, str):
        words = None
    if words is None and (unreadable is None or edited):
        # Pinned messages, timers and the like; a place on a map that moves.
        return None
    text = words and (payload_of_command(words, username, knowledge) or words)
    notes = [_unreadable(unreadable, words is not None, knowledge)] if unreadable and not edited else []
    return Heard(chat["id"], text, notes, message.get("message_id"), edited)


def has_left(update: dict[str, Any]) -> bool:
    """Whether a patient has blocked the bot, or a group has removed it."""
    status = ((update.get("my_chat_member") or {}).get("new_chat_member") or {}).get("status")
    return status in ("kicked", "left")


def _tapped(update: dict[str, Any], knowledge: KnowledgeBase) -> Heard | None:
    chat, query = chat_of(update), update["callback_query"]
    if chat is None or chat.get("type", "private") != "private":
        return None
    payload = payload_of(str(query.get("data") or ""), knowledge)
    if payload is None:
        return Heard(chat["id"], notes=[_no_longer_here(knowledge)])
    return Heard(chat["id"], payload)


def _speaks_to(message: dict[str, Any], username: str, bot_id: int) -> bool:
    if ((message.get("reply_to_message") or {}).get("from") or {}).get("id") == bot_id:
        return True
    text = str(message.get("text") or message.get("caption") or "")
    for entity in message.get("entities") or message.get("caption_entities") or []:
        start, end = entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2
        name = text.encode("utf-16-le")[start:end].decode("utf-16-le").lower().partition("@")[2]
        if entity["type"] == "bot_command" and name in ("", username.lower()):
            return True
        if entity["type"] == "mention" and name == username.lower():
            return True
    return False


def _unreadable(what: str, with_words: bool, knowledge: KnowledgeBase) -> list[dict[str, Any]]:
    if with_words:
        return _note(f"I can only read text, so I answer your words alone: I can't make use of {what}.", knowledge)
    return _note(f"I can only read text: I can't make use of {what}. Please type your question in your own words. "
                 f"If someone is in danger, call {knowledge.clinic.number('emergency')} now.", knowledge)


def _only_in_private(username: str, knowledge: KnowledgeBase) -> list[dict[str, Any]]:
    where = f"https://t.me/{username}" if username else "my own chat"
    return _note(f"I answer in private only, so that nobody reads along. Please write to me here: {where}\n\n"
                 f"If someone is in danger, call {knowledge.clinic.number('emergency')} now.", knowledge)


def _no_longer_here(knowledge: KnowledgeBase) -> list[dict[str, Any]]:
    return _note("What that button stood for is no longer here. Please ask me in your own words.", knowledge)


def _note(text: str, knowledge: KnowledgeBase) -> list[dict[str, Any]]:
    clinic = knowledge.clinic
    return reply_messages("out_of_scope", text, f"Your doctor can help, or call {clinic.name}: {clinic.phone}.")
