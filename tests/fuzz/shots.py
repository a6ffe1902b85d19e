"""One hostile request at a time, for every public address of the assistant."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tests.fuzz.hostile import BROKEN, Hostile
from tests.fuzz.wire import request

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "CONNECT", "PROPFIND", "get", "X", "PRI")
PATHS = (
    "/",
    "/healthz",
    "/widget.js",
    "/widget/en.json",
    "/visiting",
    "/demo.css",
    "/webhooks/rest/",
    "/webhooks/rest/webhook",
    "/webhooks/web/session",
    "/webhooks/web/conversation",
    "/webhooks/web/message",
    "/webhooks/telegram/webhook",
    "/webhooks/web",
    "/webhooks",
    "/model",
    "/conversations/x/tracker",
    "/status",
    "/metrics",
    "/favicon.ico",
)
TYPES = (
    "application/json",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/json; charset=utf-16",
    "",
    "\x7f",
    "application/" + "x" * 500,
)
#: Addresses that an ordinary request is asked of, to be damaged as bytes.
MOST_SESSIONS = 200


@dataclass(frozen=True)
class Shot:
    """A request, and what is due for it: `words` (rest), `card` (website), `chat` (a chat id of Telegram), or nothing special."""

    raw: bytes
    due: str = ""
    chat: int = 0


class Gun:
    """Makes shots. ``sessions`` are tokens of real website sessions; ``secret`` is Telegram's."""

    def __init__(self, chance: random.Random, secret: str, sessions: list[str]):
        self.chance, self.hostile, self.secret, self.sessions = chance, Hostile(chance), secret, sessions
        self._updates = itertools.count(chance.randint(1, 2**30))
        self._kinds: list[tuple[Callable[[], Shot], int]] = [
            (self.rest_message, 30),
            (self.rest_body, 15),
            (self.web_message, 14),
            (self.web_other, 8),
            (self.telegram, 6),
            (self.telegram_body, 5),
            (self.page, 8),
            (self.head, 7),
            (self.chunks, 3),
            (self.bytes, 4),
        ]

    def next(self) -> Shot:
        """A shot of any kind."""
        kinds, weights = zip(*self._kinds)
        return self.chance.choices(kinds, weights)[0]()

    def _json(self) -> dict[str, str]:
        return {"Content-Type": "application/json"} if self.chance.random() < 0.9 else {"Content-Type": self.chance.choice(TYPES[:6])}

    def rest_message(self) -> Shot:
        """A well-formed message with a hostile text: words are due."""
        value: dict[str, Any] = {"message": self.hostile.text(), "sender": f"fuzz-{self.chance.randint(0, 500)}"}
        if self.chance.random() < 0.2:
            value["metadata"] = self.hostile.value()
        if self.chance.random() < 0.1:
            value["sender"] = self.hostile.text()[:100]
        return Shot(request("POST", "/webhooks/rest/webhook", self.hostile.body(value), self._json()), "words")

    def rest_body(self) -> Shot:
        body = self.chance.choice(BROKEN) if self.chance.random() < 0.4 else self.hostile.body(self.hostile.value())
        return Shot(request("POST", "/webhooks/rest/webhook", body, self._json()), "words")

    def _session(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.chance.choice(self.sessions)}"}

    def web_message(self) -> Shot:
        """In a real session: hostile texts, forged buttons, bodies of any kind."""
        which, text = self.chance.random(), self.hostile.text()
        value: Any = {"text": text} if which < 0.5 else {"button": text + ".x"} if which < 0.65 else self.hostile.value()
        if which < 0.1:
            value["country"] = self.hostile.value(1)
        body = self.chance.choice(BROKEN) if which > 0.95 else self.hostile.body(value)
        return Shot(request("POST", "/webhooks/web/message", body, {**self._json(), **self._session()}), "card")

    def web_other(self) -> Shot:
        """Forged sessions, foreign origins, wrong methods."""
        token = self.hostile.text()[:60].replace("\r", "").replace("\n", "").replace("\x00", "")
        headers = self.chance.choice(({"Authorization": f"Bearer {token}"}, {"Authorization": token}, {"Origin": token}, self._session()))
        headers = {
            name: quote(value.encode("utf-8", "replace"), safe=" :/.=_-") if self.chance.random() < 0.7 else value
            for name, value in headers.items()
        }
        return Shot(
            request(
                self.chance.choice(METHODS[:7]),
                "/webhooks/web/" + self.chance.choice(("session", "conversation", "message", "")),
                self.hostile.body(self.hostile.value(1)),
                {name: _header(value) for name, value in headers.items()},
            )
        )

    def telegram(self) -> Shot:
        """A hostile text in a private chat: an answer in that chat is due."""
        chat, text = self.chance.randint(1, 300), self.hostile.text()[:4096].encode("utf-8", "replace").decode()
        person = {"id": chat, "is_bot": False, "first_name": self.hostile.text()[:30] or "x"}
        update = {
            "update_id": next(self._updates),
            "message": {
                "message_id": self.chance.randint(1, 10**6),
                "date": 1_790_000_000,
                "from": person,
                "text": text or "x",
                "chat": {"id": chat, "type": "private", "first_name": "x"},
            },
        }
        body = Hostile(random.Random(0)).body(update)
        return Shot(request("POST", "/webhooks/telegram/webhook", body, {"X-Telegram-Bot-Api-Secret-Token": self.secret}), "chat", chat)

    def telegram_body(self) -> Shot:
        """Updates of no shape at all, half of them with the right secret."""
        value = self.chance.choice(
            (
                self.hostile.value(),
                {"update_id": self.hostile.value(0), "message": self.hostile.value()},
                {
                    "update_id": next(self._updates),
                    "message": {"chat": self.hostile.value(), "text": self.hostile.value(), "from": self.hostile.value(1)},
                },
                {"update_id": next(self._updates), "callback_query": {"id": "1", "data": self.hostile.value(), "message": self.hostile.value()}},
            )
        )
        secret = self.secret if self.chance.random() < 0.5 else _header(self.hostile.text()[:50])
        return Shot(request("POST", "/webhooks/telegram/webhook", self.hostile.body(value), {"X-Telegram-Bot-Api-Secret-Token": secret}))

    def page(self) -> Shot:
        """Addresses: ours, Rasa's that must not be there, and none, with any method and query."""
        path = self.chance.choice(PATHS)
        if self.chance.random() < 0.4:
            path += self.chance.choice(
                ("/..%2f..%2fetc/passwd", "/%00", "%ff%fe", "/" * 30, "?" + "a=" * 200, "?q=%", ";x", "%2e%2e/", "#", "\\")
            )
        if self.chance.random() < 0.4:
            path += "?" + quote(self.hostile.text()[:200].encode("utf-8", "replace"))
        method = self.chance.choice(METHODS)
        return Shot(request(method, path, self.hostile.body(self.hostile.value(1)) if method == "POST" else b""))

    def head(self) -> Shot:
        """Heads that no browser sends."""
        body = b'{"message": "hello"}'
        odd = self.chance.choice(
            (
                {"Content-Type": self.chance.choice(TYPES)},
                {"Content-Encoding": "gzip"},
                {"Expect": "100-continue"},
                {"Expect": "x"},
                {"Connection": "Upgrade", "Upgrade": "websocket"},
                {"Upgrade": "h2c"},
                {"X": "y" * 7000},
                {"X": "y" * 9000},
                {"Cookie": "a=" * 900},
                {"Content-Length": "20"},
                {"Content-Length": "-1"},
                {"Content-Length": "1_0"},
                {"Content-Length": "9" * 400},
                {"Host": "[::"},
                {"Transfer-Encoding": "gzip"},
                {"Transfer-Encoding": "chunked"},
                {"X-Forwarded-For": "a, b, " * 99},
                {"Origin": "http://[x"},
                {"Forwarded": "for=;;;"},
                {"Accept": _header(self.hostile.text()[:80])},
                {"Range": "bytes=99-1"},
                {"If-None-Match": '"'},
                {"X-Request-ID": _header(self.hostile.text()[:80])},
                {"Authorization": "Basic !!!"},
                {_header(self.hostile.text()[:20]): "x"},
                {"Access-Control-Request-Method": "x", "Origin": "null"},
            )
        )
        return Shot(request(self.chance.choice(("POST", "OPTIONS", "GET")), self.chance.choice(PATHS), body, odd))

    def chunks(self) -> Shot:
        """Chunked bodies, whole and broken."""
        chunk = self.chance.choice(
            (
                b"14\r\n" + b'{"message": "hello"}' + b"\r\n0\r\n\r\n",
                b"zz\r\n0\r\n\r\n",
                b"-5\r\nhello\r\n0\r\n\r\n",
                b"FFFFFFFFFF\r\n0\r\n\r\n",
                b"5;ext=1\r\nhello\r\n0\r\n\r\n",
                b"\r\n\r\n0\r\n\r\n",
                b"0" * 99 + b"\r\n0\r\n\r\n",
            )
        )
        head = b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        return Shot(head + chunk)

    def bytes(self) -> Shot:
        """A good request, damaged as bytes."""
        good = self.chance.choice((self.rest_message, self.web_message, self.page, self.telegram))().raw
        return Shot(self.hostile.damaged(good))


def _header(value: str) -> str:
    return "".join(c for c in value if c not in "\r\n").encode("utf-8", "replace").decode()
