"""The patients of the canary test, one for each way to speak to the assistant, and what else each gives away of themselves."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from bot.channels.telegram_chat import sender_of
from bot.store import keys
from tests.separate_assistant import SeparateAssistant
from tests.talk import Conversation
from tests.telegram.bot_api_server import TOKEN, BotApiServer
from tests.web.visitor import SITE, Visitor

#: What a page or an integrator's program may send along with a text.
SENT_ALONG = {"name": "Perpetua", "country": "Quillfeather", "mail": "perpetua.quill@canary.example"}


class Patient:
    """One who speaks through a channel.

    Attributes:
        credentials: the channel's line of credentials.yml.
        leaves_something: whether turns are stored, under a conversation of the patient's own.
        settings: what the channel needs of the assistant.
        known_by: what must be nowhere, besides what the sentences hold: ids, names and addresses that the channel carries.
    """

    credentials = ""
    leaves_something = True
    known_by: list[str] = []

    def __init__(self, assistant: SeparateAssistant):
        self.assistant = assistant
        self.settings: dict[str, str] = {}

    def arrive(self) -> None:
        """Open the conversation, once the assistant has started."""

    def say(self, text: str) -> None:
        """Returns when the reply is there."""
        raise NotImplementedError

    def delete(self) -> None:
        """Have everything deleted, in the channel's own way."""

    def leave(self) -> None:
        """Close what the patient has opened."""


class RestPatient(Patient):
    """Behind an integrator's server, which sends metadata along."""

    credentials = "bot.channels.rest.RestInput:\n"
    known_by = ["canary-sender-4711"]

    def say(self, text: str) -> None:
        self._conversation.say(text, metadata=SENT_ALONG)

    def delete(self) -> None:
        self.say("delete my data")
        assert self._conversation.say("/affirm").reply["forgotten"] is True

    @property
    def _conversation(self) -> Conversation:
        return Conversation(self.assistant.url, self.known_by[0])


class OneOffPatient(Patient):
    """Asks through the same channel, without a sender."""

    leaves_something = False

    def say(self, text: str) -> None:
        answer = requests.post(self.assistant.url + "/webhooks/rest/webhook", json={"message": text, "metadata": SENT_ALONG}, timeout=30)
        assert answer.json()


class Browser(Visitor):
    """A browser, and a proxy in front of the assistant, that tell much in every request's headers."""

    HEADERS = {
        "User-Agent": "Canarybrowser/47.11", "Referer": "https://wagtail.example/portal", "Cookie": "portal=dunnock-sandpiper",
        "Accept-Language": "x-nightjar", "X-Forwarded-For": "203.0.113.77", "X-Real-IP": "198.51.100.77",
        "Forwarded": "for=192.0.2.177", "X-Request-ID": "fieldfare-4711",
    }

    def request(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        return super().request(method, path, body, headers=self.HEADERS, **more)


class WebPatient(Patient):
    """Opens the clinic's website, and loads the page anew after each reply."""

    credentials = "bot.channels.web.WebInput:\n"

    def __init__(self, assistant: SeparateAssistant):
        super().__init__(assistant)
        self.settings = {"WEB_ORIGINS": SITE, "TRUSTED_PROXIES": "1"}
        self._browser = Browser(assistant.url, SITE)

    def arrive(self) -> None:
        self._browser.arrive()

    @property
    def known_by(self) -> list[str]:
        session = self._browser.token
        return [*Browser.HEADERS.values(), session, session.partition(".")[0]]

    def say(self, text: str) -> None:
        self._browser.say(text, **SENT_ALONG)
        assert self._browser.turns()

    def delete(self) -> None:
        assert self._browser.request("DELETE", "conversation").json() == {"forgotten": True}
        assert self._browser.turns() == []


class TelegramPatient(Patient):
    """Writes to the clinic's bot; Telegram sends names and ids along with each message."""

    credentials = "bot.channels.telegram.TelegramInput:\n"
    CHAT = 6847209315

    def __init__(self, assistant: SeparateAssistant):
        super().__init__(assistant)
        self._api = BotApiServer()
        self.settings = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API": self._api.address, "TELEGRAM_PUBLIC_URL": assistant.url}

    def arrive(self) -> None:
        self._api.until(lambda: self._api.webhook, 30, "webhook")

    @property
    def known_by(self) -> list[str]:
        sent = self._api.message(self.CHAT)
        told = [sent[who][what] for who in ("from", "chat") for what in ("id", "first_name", "last_name", "username") if what in sent[who]]
        assert self._api.webhook
        return [*dict.fromkeys(map(str, told)), self._sender, TOKEN, self._api.webhook["secret_token"]]

    @property
    def _sender(self) -> str:
        """The sender id that Rasa knows the chat by, hashed with the assistant's own secret."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(keys, "secret_key", (self.assistant.folder / "data" / "secret.key").read_bytes)
            return sender_of(self.CHAT)

    def say(self, text: str) -> None:
        before = len(self._api.in_chat(self.CHAT))
        self._api.say(self.CHAT, text)
        self._api.wait_for(self.CHAT, before + 1)

    def delete(self) -> None:
        self.say("/forget")
        self._api.until(lambda: self._buttons("Yes, delete it"), 20, "question whether to delete")
        self._api.tap(self.CHAT, self._buttons("Yes, delete it")[0])
        self._api.until(lambda: "Everything stored of this conversation is deleted" in self._api.in_chat(self.CHAT)[-1].text, 20, "deletion")

    def _buttons(self, title: str) -> list[str]:
        """What the buttons of the last message that have a title carry."""
        return [button["callback_data"] for row in self._api.in_chat(self.CHAT)[-1].buttons for button in row if button["text"] == title]

    def leave(self) -> None:
        self._api.close()
        assert self._api.refusals == []
