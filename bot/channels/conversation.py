"""One message through Rasa, for any channel: never silent, never without end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from bot.channels import fallback
from bot.channels.intake import TooLong, take_in
from bot.knowledge_base import live_knowledge_base
from bot.settings import settings

logger = logging.getLogger(__name__)
Handler = Callable[[UserMessage], Awaitable[Any]]
#: A patient gets words after so many seconds, whatever Rasa is doing.
PATIENCE = 5.0


async def converse(text: str, sender: str, channel: str, handler: Handler,
                   metadata: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """The messages that answer a text; always at least words and a reply object."""
    knowledge = live_knowledge_base(settings().knowledge_folder).current
    try:
        taken = take_in(text, knowledge)
    except TooLong:
        return fallback.too_long(knowledge)
    if not taken:
        return fallback.empty(knowledge)
    collector = CollectingOutputChannel()
    message = UserMessage(taken, collector, sender, input_channel=channel, metadata=metadata or {})
    try:
        await asyncio.wait_for(handler(message), PATIENCE)
    except asyncio.TimeoutError:
        logger.error("A turn on channel %s took over %s s; the patient is given the clinic's number", channel, PATIENCE)
    except Exception as error:
        # The traceback may hold the patient's words; its kind and place must do.
        logger.error("A turn on channel %s failed with %s; the patient is given the clinic's number", channel,
                     type(error).__name__, exc_info=logger.isEnabledFor(logging.DEBUG))
    if not any("reply" in (sent.get("custom") or {}) for sent in collector.messages):
        return fallback.unavailable(knowledge)
    return collector.messages
