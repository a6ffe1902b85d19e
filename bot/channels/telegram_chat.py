"""Answers one update: the assistant's reply as Telegram messages, "typing…" until it is there."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from bot.channels import fallback
from bot.channels.conversation import Handler, converse
from bot.channels.telegram_api import BotApi, Refused, Unreachable
from bot.channels.telegram_buttons import keyboard
from bot.channels.telegram_hearing import Heard, has_left, hear
from bot.channels.telegram_rendering import Piece, pieces
from bot.knowledge_base import KnowledgeBase
from bot.store.keys import conversation_key

logger = logging.getLogger(__name__)
CHANNEL = "telegram"
#: So many turns go through the assistant at once: a burst must not let patients wait past their patience,
#: on the website neither.
TURNS_AT_ONCE = 4
#: Seconds that "typing…" stays on the screen, and that a tapped button may wait for its answer.
TYPING_LASTS, TAP_WAITS = 4.5, 10.0
#: Seconds that a reply waits for "typing…" to have arrived before it.
TYPING_STOPS = 1.0
#: So many messages are remembered (as hashes), to tell a changed message from one that is only sent again.
REMEMBERED = 5000


class TelegramChats:
    """All chats of one bot.

    Attributes:
        username, bot_id: the bot's own, known once Telegram has been reached.
    """

    def __init__(self, api: BotApi, handler: Handler, knowledge: Callable[[], KnowledgeBase]):
        self._api, self._handler, self._knowledge = api, handler, knowledge
        self.username, self.bot_id = "", 0
        self._turns = asyncio.Semaphore(TURNS_AT_ONCE)
        self._said: OrderedDict[tuple[int, int], bytes] = OrderedDict()
        self._beside: set[asyncio.Task[None]] = set()

    async def handle(self, update: dict[str, Any]) -> None:
        """Answer an update, if there is anything to answer; returns when everything has arrived."""
        self._note_message_ids(update)
        knowledge = self._knowledge()
        heard = hear(update, self.username, self.bot_id, knowledge)
        if has_left(update):
            self._forget(int(update["my_chat_member"]["chat"]["id"]))
        if heard is None or self._is_unchanged(heard):
            return
        try:
            for note in heard.notes:
                await self._show(heard.chat_id, note, knowledge)
            if heard.text is not None:
                await self._answer(heard.chat_id, heard.text)
        except Refused as refused:
            if refused.chat_is_gone:
                logger.info("A chat can't be written to any more; what was meant for it is dropped")
            else:
                logger.error("Telegram refused a reply, even as plain text (code %s)", refused.code)
        except Exception as error:
            # The error's text may hold the patient's words or the token.
            logger.error("An update of Telegram could not be answered (%s); the patient is given the clinic's number",
                         type(error).__name__)
            with suppress(Refused):
                await self._show(heard.chat_id, fallback.unavailable(knowledge), knowledge)

    def acknowledge(self, update: dict[str, Any]) -> None:
        """Tell Telegram at once, beside the queue, that a tap was noticed: the button stops spinning."""
        query = update.get("callback_query")
        if isinstance(query, dict) and "id" in query:
            self._do_beside(self._api.call("answerCallbackQuery", {"callback_query_id": query["id"]}, within=TAP_WAITS))

    async def _answer(self, chat_id: int, text: str) -> None:
        sender = sender_of(chat_id)
        async with self._typing(chat_id), self._turns:
            sent = await converse(text, sender, CHANNEL, self._handler)
        if await self._show(chat_id, sent, self._knowledge()):
            self._forget(chat_id)

    async def _show(self, chat_id: int, messages: list[dict[str, Any]], knowledge: KnowledgeBase) -> bool:
        """Send a reply; whether it says that the conversation was deleted."""
        reply = next((m["custom"]["reply"] for m in messages if "reply" in (m.get("custom") or {})), None)
        if reply is None:
            return await self._show(chat_id, fallback.unavailable(knowledge), knowledge)
        shown = pieces(reply)
        buttons = keyboard(reply.get("buttons") or [], knowledge)
        for number, piece in enumerate(shown, 1):
            await self._send(chat_id, piece, buttons if number == len(shown) else None)
        return bool(reply.get("forgotten"))

    async def _send(self, chat_id: int, piece: Piece, buttons: dict[str, Any] | None) -> None:
        message: dict[str, Any] = {"chat_id": chat_id, "text": piece.html, "parse_mode": "HTML",
                                   "link_preview_options": {"is_disabled": True}}
        if buttons:
            message["reply_markup"] = buttons
        try:
            await self._api.send(message)
        except Refused as refused:
            if refused.chat_is_gone:
                raise
            # Plain words are better than silence.
            logger.error("Telegram refused the form of a reply (code %s); it is sent as plain text", refused.code)
            await self._api.send({"chat_id": chat_id, "text": piece.plain})

    @asynccontextmanager
    async def _typing(self, chat_id: int) -> AsyncIterator[None]:
        over = asyncio.Event()
        task = asyncio.get_running_loop().create_task(self._keep_typing(chat_id, over))
        try:
            yield
        finally:
            over.set()
            # "typing…" that arrived after the reply would stay on the screen.
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(task, TYPING_STOPS)

    async def _keep_typing(self, chat_id: int, over: asyncio.Event) -> None:
        while not over.is_set():
            # Not tried twice: it is only worth something now.
            with suppress(Refused, Unreachable):
                await self._api.call("sendChatAction", {"chat_id": chat_id, "action": "typing"}, within=0)
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(over.wait(), TYPING_LASTS)

    def _is_unchanged(self, heard: Heard) -> bool:
        """Whether an "edited" message says what it said before (Telegram also reports changes that nobody sees)."""
        if heard.message_id is None or heard.text is None:
            return False
        key, now = (heard.chat_id, heard.message_id), hashlib.blake2b(heard.text.encode("utf-8", "replace")).digest()
        before = self._said.get(key)
        self._said[key] = now
        while len(self._said) > REMEMBERED:
            self._said.popitem(last=False)
        return heard.edited and before == now

    def _forget(self, chat_id: int) -> None:
        for key in [key for key in self._said if key[0] == chat_id]:
            del self._said[key]

    def _note_message_ids(self, update: dict[str, Any]) -> None:
        for content in update.values():
            message = content.get("message", content) if isinstance(content, dict) else {}
            known = isinstance(message, dict) and (message.get("chat") or {}).get("type") == "private"
            if known and isinstance(message.get("message_id"), int):
                self._api.saw(message["message_id"])

    def _do_beside(self, work: Awaitable[Any]) -> None:
        async def quietly() -> None:
            with suppress(Refused, Unreachable):
                await work

        task = asyncio.get_running_loop().create_task(quietly())
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)


def sender_of(chat_id: int) -> str:
    """The sender id of a chat: a keyed hash, so that neither Rasa's log nor an event broker sees the chat's number."""
    return f"{CHANNEL}-{conversation_key(f'{CHANNEL}-{chat_id}')[:32]}"
