"""A visitor of the clinic's website, without a browser: what a test says and presses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import requests

#: The website that the test server lets in (setting WEB_ORIGINS, tests/conftest.py).
SITE = "http://clinic.localhost"


@dataclass
class Visitor:
    """One session on the website's channel of a running assistant."""

    url: str
    origin: str | None = None
    token: str = ""
    start: list[dict[str, str]] = field(default_factory=list)

    def arrive(self) -> Visitor:
        """Get a session, as the widget does when it is opened."""
        answer = self.request("POST", "session")
        assert answer.status_code == 201, answer.text
        self.token, self.start = answer.json()["session"], answer.json()["start"]
        return self

    def request(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if self.origin:
            headers["Origin"] = self.origin
        headers |= more.pop("headers", {})
        return requests.request(
            method, f"{self.url}/webhooks/web/{path}", json=body, headers=headers, timeout=30, **more
        )

    def say(self, text: str, **more: Any) -> dict[str, Any]:
        """The reply to a typed text."""
        answer = self.request("POST", "message", {"text": text, **more})
        assert answer.status_code == 200, answer.text
        reply: dict[str, Any] = answer.json()["reply"]
        return reply

    def press(self, button: dict[str, str]) -> dict[str, Any]:
        """The reply to a pressed button."""
        answer = self.request("POST", "message", {"button": button["send"]})
        assert answer.status_code == 200, answer.text
        reply: dict[str, Any] = answer.json()["reply"]
        return reply

    def turns(self) -> list[dict[str, Any]]:
        """The conversation as the server shows it again."""
        answer = self.request("GET", "conversation")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["turns"]
        return found
