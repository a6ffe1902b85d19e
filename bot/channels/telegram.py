"""The Telegram channel: updates come in by webhook or long polling, replies go out through the Bot API."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.telegram_api import LONGEST_PAUSE, BotApi, Pauses, Refused, Unreachable
from bot.channels.telegram_chat import CHANNEL, TelegramChats
from bot.channels.telegram_commands import menu
from bot.channels.telegram_hearing import ALLOWED_UPDATES
from bot.channels.telegram_updates import Inbox
from bot.knowledge_base import KnowledgeBase, live_knowledge_base
from bot.settings import Settings, settings
from bot.store.keys import secret_key

logger = logging.getLogger(__name__)
PATH = "/webhooks/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
#: Seconds that a long poll may wait for an update, and that work may take to finish when the server stops.
POLL, FINISH = 50, 10.0
#: While so many updates wait for an answer, polling fetches no more.
MOST_WAITING = 1000
#: Connections that Telegram may open to the webhook at once.
WEBHOOK_CONNECTIONS = 40


class TelegramInput(InputChannel):
    """`bot.channels.telegram.TelegramInput` in credentials.yml; the settings come from the environment.

    Without TELEGRAM_TOKEN it does nothing but say so in the log.
    """

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        blueprint, given = Blueprint("telegram", __name__), settings()
        problem = fault_of(given)
        if problem:
            (logger.error if given.telegram_token else logger.info)("Telegram is off: %s", problem)
            return blueprint
        bot = TelegramBot(given, on_new_message)
        if bot.by_webhook:
            @blueprint.route("/webhook", methods=["POST"])
            async def receive(request: Request) -> HTTPResponse:
                return await bot.receive(request)

        @blueprint.listener("after_server_start")
        async def start(_app: Any, _loop: Any) -> None:
            bot.start()

        @blueprint.listener("before_server_stop")
        async def stop(_app: Any, _loop: Any) -> None:
            await bot.stop()

        return blueprint


def fault_of(given: Settings) -> str:
    """What keeps Telegram from working with these settings, in words for the operator; empty when nothing does."""
    if not given.telegram_token:
        return "TELEGRAM_TOKEN is not set"
    if given.telegram_mode not in ("", "webhook", "polling"):
        return f"TELEGRAM_MODE must be `webhook` or `polling`, not {given.telegram_mode!r}"
    if given.telegram_mode == "webhook" and not given.telegram_public_url:
        return "TELEGRAM_MODE=webhook needs TELEGRAM_PUBLIC_URL, the https address at which Telegram reaches it"
    if given.telegram_secret and not _SECRET.fullmatch(given.telegram_secret):
        return "TELEGRAM_SECRET may hold 1 to 256 letters, digits, _ and - only"
    return ""


def webhook_secret(given: Settings) -> str:
    """What Telegram sends with every update: the setting, else made from the secret of the installation."""
    return given.telegram_secret or hmac.new(secret_key(), b"telegram webhook", hashlib.sha256).hexdigest()


class TelegramBot:
    """One bot: set up once Telegram is reached, fed by the webhook or by polling until it is stopped."""

    def __init__(self, given: Settings, handler: Callable[[UserMessage], Awaitable[Any]]):
        self.by_webhook = (given.telegram_mode or ("webhook" if given.telegram_public_url else "polling")) == "webhook"
        self._given, self._secret = given, webhook_secret(given)
        self._running: asyncio.Task[None] | None = None
        self._stopping = False
        self._api = BotApi(given.telegram_api, given.telegram_token)
        self._chats = TelegramChats(self._api, handler, self._knowledge)
        self._inbox = Inbox(self._chats.handle)

    def start(self) -> None:
        """Begin, in the background: Telegram may be unreachable, the assistant serves all the same."""
        self._running = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Take nothing more, finish what was taken, within :data:`FINISH` seconds."""
        self._stopping = True
        if self._running is None:
            return
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running
        left = await self._inbox.finish(FINISH)
        if left:
            logger.error("Stopped with %d updates of Telegram unanswered", left)
        await self._api.close()

    async def receive(self, request: Request) -> HTTPResponse:
        """The webhook: 403 for anybody but Telegram, else 200 at once; the answer is worked out afterwards."""
        sent = request.headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(sent, self._secret.encode()):
            return response.json({"error": "the secret token is missing or wrong"}, status=403)
        if self._stopping:
            # It would not be answered any more; Telegram sends it again, to the process that comes after this one.
            return response.json({"error": "stopping"}, status=503)
        try:
            update = request.json
        except Exception:
            update = None
        # With anything but 200, Telegram would send the same again and again.
        if isinstance(update, dict):
            try:
                self._take(update)
            except Exception as error:
                logger.error("An update of Telegram could not be taken (%s)", type(error).__name__)
        return response.json({"ok": True})

    def _take(self, update: dict[str, Any]) -> None:
        if self._inbox.take(update):
            self._chats.acknowledge(update)

    async def _run(self) -> None:
        try:
            me = await self._api.call("getMe")
            self._chats.username, self._chats.bot_id = str(me.get("username") or ""), int(me["id"])
            await self._offer_commands()
            if self.by_webhook:
                await self._api.call("setWebhook", {
                    "url": self._given.telegram_public_url.rstrip("/") + PATH, "secret_token": self._secret,
                    "allowed_updates": ALLOWED_UPDATES, "max_connections": WEBHOOK_CONNECTIONS,
                })
                logger.info("Telegram: @%s is served by webhook", self._chats.username)
            else:
                await self._api.call("deleteWebhook")
                logger.info("Telegram: @%s is served by long polling", self._chats.username)
                await self._poll()
        except Refused as refused:
            if refused.code in (401, 404):
                logger.error("Telegram is off: it does not know this TELEGRAM_TOKEN")
            else:
                logger.error("Telegram is off: %s (%s)", refused, refused.description)
        except Exception as error:
            # Its text could hold the token.
            logger.error("Telegram is off: setting it up failed with %s", type(error).__name__)

    async def _offer_commands(self) -> None:
        try:
            await self._api.call("setMyCommands", {"commands": menu()})
        except Refused as refused:
            logger.error("Telegram refuses the list of commands (%s); they work, but its menu does not show them",
                         refused.description)

    async def _poll(self) -> None:
        offset, pauses = 0, Pauses()
        try:
            while True:
                await self._inbox.until_fewer_than(MOST_WAITING)
                try:
                    updates = await self._api.call("getUpdates", {"offset": offset, "timeout": POLL, "limit": 100,
                                                                  "allowed_updates": ALLOWED_UPDATES},
                                                   answer_within=POLL + LONGEST_PAUSE)
                except Refused as refused:
                    logger.error("Telegram refuses to be polled (code %s): is another assistant running with the same "
                                 "token?", refused.code)
                    await asyncio.sleep(pauses.next())
                    continue
                pauses = Pauses()
                for update in updates:
                    offset = max(offset, int(update["update_id"]) + 1)
                    self._take(update)
        finally:
            # What was taken must not come again after a restart.
            with suppress(Refused, Unreachable):
                await self._api.call("getUpdates", {"offset": offset, "timeout": 0}, answer_within=2, within=2)

    def _knowledge(self) -> KnowledgeBase:
        return live_knowledge_base(self._given.knowledge_folder).current
