"""Rasa's REST channel, made fit for strangers. Same address and form as Rasa's own."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.conversation import converse

#: Bytes of a request body that are read at most.
MOST_BYTES = 16_384


class RestInput(InputChannel):
    """`POST /webhooks/rest/webhook` with `{"sender": …, "message": …}`; answers with a list of messages."""

    @classmethod
    def name(cls) -> str:
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        webhook = Blueprint("rest_webhook", __name__)

        @webhook.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @webhook.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            if len(request.body) > MOST_BYTES:
                return refused(413, "the body is too large")
            try:
                body = request.json
            except Exception:
                return refused(400, "the body is not JSON")
            if not isinstance(body, dict):
                return refused(400, "the body is not a JSON object")
            text, sender, metadata = body.get("message", ""), body.get("sender"), body.get("metadata")
            if not isinstance(text, str) or not isinstance(sender, (str, type(None))):
                return refused(400, "`message` and `sender` must be text")
            if sender is not None and len(sender) > 128:
                return refused(400, "`sender` is too long")
            # Without a sender, Rasa would put strangers into one shared conversation.
            sent = await converse(text, sender or f"once-{uuid.uuid4().hex}", self.name(), on_new_message,
                                  metadata if isinstance(metadata, dict) else None)
            return response.json([{"recipient_id": sender, **message} for message in sent])

        return webhook


def refused(status: int, why: str) -> HTTPResponse:
    """A clear refusal in JSON."""
    return response.json({"error": why}, status=status)
