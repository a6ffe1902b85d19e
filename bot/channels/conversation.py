"""One message through Rasa, for any channel: never silent, never without end."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from bot import metrics
from bot.channels import fallback
from bot.channels.intake import TooLong, take_in
from bot.knowledge_base import KnowledgeBase, live_knowledge_base
from bot.private_logging import private, told
from bot.settings import settings
from bot.store.keeper import shared_keeper
from bot.store.keys import conversation_key
from bot.store.turn_record import COUNTRY, RECEIVED_AT, Turn, country_of, leaves_nothing, milliseconds_since

logger = logging.getLogger(__name__)
Handler = Callable[[UserMessage], Awaitable[Any]]
#: Seconds after which a patient gets words, whatever Rasa is doing; with the way there and back, under 5.
PATIENCE = 4.5


@metrics.measured
async def converse(text: str, sender: str, channel: str, handler: Handler,
                   metadata: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """The messages that answer a text; always at least words and a reply object.

    Of ``metadata`` only the country (two capitals) goes on: nothing else that a client sends along is kept or logged.
    """
    knowledge = live_knowledge_base(settings().knowledge_folder).current
    with private(text, sender):
        try:
            taken = take_in(text, knowledge)
        except TooLong:
            return fallback.too_long(knowledge)
        except Exception as error:
            metrics.TURN_ERRORS.labels(type(error).__name__).inc()
            logger.error("A message on channel %s could not be taken in %s", channel, _what(error))
            return fallback.unavailable(knowledge)
        if not taken:
            return fallback.empty(knowledge)
        return await _turn(taken, sender, channel, handler, country_of(metadata), knowledge)


async def _turn(text: str, sender: str, channel: str, handler: Handler, country: str | None,
                knowledge: KnowledgeBase) -> list[dict[str, Any]]:
    received_at, collector = time.monotonic(), CollectingOutputChannel()
    sent_along = {RECEIVED_AT: received_at, **({COUNTRY: country} if country else {})}
    message = UserMessage(text, collector, sender, input_channel=channel, metadata=sent_along)
    try:
        await asyncio.wait_for(handler(message), PATIENCE)
    except asyncio.TimeoutError:
        metrics.TURN_ERRORS.labels("timeout").inc()
        logger.error("A turn on channel %s took over %s s; the patient is given the clinic's number", channel, PATIENCE)
    except Exception as error:
        metrics.TURN_ERRORS.labels(type(error).__name__).inc()
        logger.error("A turn on channel %s failed %s; the patient is given the clinic's number", channel, _what(error))
    if any("reply" in (sent.get("custom") or {}) for sent in collector.messages):
        return collector.messages
    words = fallback.unavailable(knowledge)
    _note(sender, channel, words[-1]["custom"]["reply"], country, received_at)
    return words


def _what(error: Exception) -> str:
    """An error by kind and place: its text may hold the patient's words."""
    return told((type(error), error, error.__traceback__))


def _note(sender: str, channel: str, reply: dict[str, Any], country: str | None, received_at: float) -> None:
    """Count a turn that failed; its words are not kept."""
    if leaves_nothing(sender):
        return
    try:
        shared_keeper().writer.put(Turn(conversation_key(sender), channel, reply, country=country,
                                        latency_ms=milliseconds_since(received_at)))
    except Exception as error:
        logger.error("A failed turn could not be counted %s", _what(error))
