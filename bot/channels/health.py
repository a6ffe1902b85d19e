"""`GET /healthz`: well only once a real message has gone through the whole assistant."""

from __future__ import annotations

import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import operating
from bot.channels.conversation import converse

#: Senders that start so leave nothing in the store.
SENDER_PREFIX = "health-"
TEST_MESSAGE = "What is cervicogenic headache?"
#: A result is good for so many seconds: probes of many balancers must not become load.
GOOD_FOR = 2.0


class HealthInput(InputChannel):
    """Answers probes. 200 with the seconds of the test turn, or 503 with what is wrong."""

    @classmethod
    def name(cls) -> str:
        return "health"

    def url_prefix(self) -> str:
        return "/healthz"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        health = Blueprint("health", __name__)
        operating.attach(health)
        last: dict[str, Any] = {"at": 0.0}

        @health.route("", methods=["GET"])
        async def probe(request: Request) -> HTTPResponse:
            if time.monotonic() - last["at"] > GOOD_FOR:
                start = time.monotonic()
                sent = await converse(TEST_MESSAGE, SENDER_PREFIX + uuid.uuid4().hex, self.name(), on_new_message)
                kinds = [message["custom"]["reply"]["kind"] for message in sent if "custom" in message]
                last.update(at=time.monotonic(), kind=kinds[0], seconds=round(time.monotonic() - start, 3))
            well = last["kind"] == "answer"
            body = {"status": "ok" if well else "failing", "reply": last["kind"], "seconds": last["seconds"]}
            return response.json(body, status=200 if well else 503)

        return health
