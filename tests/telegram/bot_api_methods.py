"""The methods of the stand-in Bot API: what each does, and when it refuses."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from tests.telegram import bot_api_rules as rules
from tests.telegram.bot_api_rules import BadRequest

USERNAME, BOT_ID = "riverside_headache_bot", 7000000001


@dataclass
class Sent:
    """A message that arrived in a chat, as its patient sees it."""

    chat_id: int
    message_id: int
    text: str
    html: str
    buttons: list[list[dict[str, str]]]
    at: float
    edited: bool = False


@dataclass
class BotApiMethods:
    """A bot as Telegram knows it, and the methods it can call, each with a `_` before its name."""

    sent: list[Sent] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)
    commands: list[dict[str, str]] = field(default_factory=list)
    webhook: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        # In private chats, the messages of all chats share one count.
        self._message_ids = itertools.count(1000)
        self.queries: dict[str, bool] = {}  # whether the tap has been noticed
        self._pending: deque[dict[str, Any]] = deque()

    def message(self, chat_id: int, **content: Any) -> dict[str, Any]:
        chat = {"id": chat_id, "type": "private", "first_name": "Wilhelmina", "last_name": "Quackenbush"}
        return {"message_id": next(self._message_ids), "from": self.person(chat_id), "date": int(time.time()),
                "chat": chat, **content}

    @staticmethod
    def person(chat_id: int) -> dict[str, Any]:
        return {"id": chat_id, "is_bot": False, "first_name": "Wilhelmina", "last_name": "Quackenbush",
                "username": f"quackenbush{chat_id}", "language_code": "en"}

    @staticmethod
    def me() -> dict[str, Any]:
        return {"id": BOT_ID, "is_bot": True, "first_name": "Riverside", "username": USERNAME}

    def _getMe(self, _: dict[str, Any]) -> dict[str, Any]:
        return {**self.me(), "can_join_groups": True, "can_read_all_group_messages": False,
                "supports_inline_queries": False}

    def _sendMessage(self, parameters: dict[str, Any]) -> dict[str, Any]:
        chat_id = self._chat(parameters)
        text, html, buttons = rules.checked_message(parameters)
        shown = {**self.message(chat_id, text=text), "from": self.me()}
        self.sent.append(Sent(chat_id, shown["message_id"], text, html, buttons, time.monotonic()))
        return shown

    def _editMessageText(self, parameters: dict[str, Any]) -> dict[str, Any]:
        chat_id, (text, html, buttons) = self._chat(parameters), rules.checked_message(parameters)
        found = next((s for s in self.sent if s.chat_id == chat_id and s.message_id == parameters["message_id"]), None)
        if found is None:
            raise BadRequest("Bad Request: message to edit not found")
        if (found.html, found.buttons) == (html, buttons):
            raise BadRequest("Bad Request: message is not modified: specified new message content and reply markup are "
                             "exactly the same as a current content and reply markup of the message")
        found.text, found.html, found.buttons, found.edited = text, html, buttons, True
        return self.message(chat_id, text=text)

    def _sendChatAction(self, parameters: dict[str, Any]) -> bool:
        self._chat(parameters)
        rules.check_action(parameters)
        return True

    def _answerCallbackQuery(self, parameters: dict[str, Any]) -> bool:
        query = parameters.get("callback_query_id")
        if self.queries.get(str(query)) is not False:
            raise BadRequest("Bad Request: query is too old and response timeout expired or query ID is invalid")
        self.queries[str(query)] = True
        return True

    def _setMyCommands(self, parameters: dict[str, Any]) -> bool:
        self.commands = rules.checked_commands(parameters)
        return True

    def _setWebhook(self, parameters: dict[str, Any]) -> bool:
        rules.check_webhook(parameters)
        self.webhook = parameters
        return True

    def _deleteWebhook(self, _: dict[str, Any]) -> bool:
        self.webhook = None
        return True

    async def _getUpdates(self, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook:
            raise BadRequest("Conflict: can't use getUpdates method while webhook is active; "
                             "use deleteWebhook to delete the webhook first", 409)
        offset, end = int(parameters.get("offset", 0)), time.monotonic() + int(parameters.get("timeout", 0))
        while self._pending and self._pending[0]["update_id"] < offset:
            self._pending.popleft()
        while not self._pending and time.monotonic() < end:
            await asyncio.sleep(0.02)
        return list(self._pending)[: int(parameters.get("limit", 100))]

    def _chat(self, parameters: dict[str, Any]) -> int:
        chat_id = parameters.get("chat_id")
        if not isinstance(chat_id, int) or chat_id == 0:
            raise BadRequest("Bad Request: chat not found")
        if chat_id in self.blocked:
            raise BadRequest("Forbidden: bot was blocked by the user", 403)
        return chat_id
