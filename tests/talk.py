"""A conversation with a running assistant, as a test holds it: say something, look at the reply."""

from __future__ import annotations

import json
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Said:
    """What came back for one message: the reply object, all text, and every message."""

    reply: dict[str, Any]
    text: str
    messages: list[dict[str, Any]]

    @property
    def kind(self) -> str:
        return str(self.reply["kind"])

    @property
    def answer_id(self) -> str | None:
        return self.reply.get("answer_id")

    @property
    def choices(self) -> list[str]:
        return [choice["answer_id"] for choice in self.reply.get("choices", [])]

    @property
    def cited(self) -> set[str]:
        """The passages cited, as `source locator`."""
        return passages(self.reply)


def passages(holder: dict[str, Any]) -> set[str]:
    return {f"{c['source']} {c['locator']}" for c in holder.get("citations") or []}


@dataclass
class Conversation:
    """Talks to Rasa's REST channel under one sender id."""

    url: str
    sender: str = field(default_factory=lambda: f"test-{uuid.uuid4().hex}")

    def say(self, text: str, **more: Any) -> Said:
        body = json.dumps({"sender": self.sender, "message": text, **more}).encode()
        request = urllib.request.Request(self.url + "/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            messages = json.load(answer)
        replies = [message["custom"]["reply"] for message in messages if "reply" in (message.get("custom") or {})]
        assert len(replies) == 1, f"{len(replies)} reply objects for {text!r}"
        return Said(replies[0], "\n".join(message.get("text", "") for message in messages), messages)

    def tap(self, title_or_payload: str, last: Said) -> Said:
        """Tap a button of the last reply, by its title or payload."""
        buttons = last.reply["buttons"]
        button = next(b for b in buttons if title_or_payload in (b["title"], b["payload"]))
        return self.say(button["payload"])
