"""The website's channel: what `bot/widget/widget.js` talks to.

    POST   /webhooks/web/session        a new session, the topics as buttons
    GET    /webhooks/web/conversation   the conversation so far
    DELETE /webhooks/web/conversation   forgets it, everywhere
    POST   /webhooks/web/message        {"text": …} or {"button": …, "title": …}, and "country"

All but the first need `Authorization: Bearer <session>`. An answer that holds `session` renews it.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic, response
from sanic.constants import HTTP_METHODS
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels import web_files as files
from bot.channels.conversation import Handler, converse
from bot.channels.fallback import reply_messages
from bot.channels.intake import is_offered_payload
from bot.channels.web_limits import RateLimit, address_key
from bot.channels.web_origins import allowing_headers, origin_allowed, preflight_headers, read_origins
from bot.channels.web_refusals import refusal
from bot.channels.web_reply import earlier_turns, for_widget, topic_buttons
from bot.channels.web_session import NoSession, NotOffered, Session, new_session, read_session, seconds_valid
from bot.knowledge_base import KnowledgeBase, live_knowledge_base
from bot.settings import settings
from bot.store.database import DatabaseDown
from bot.store.forgetting import forget

logger = logging.getLogger(__name__)
Answering = Callable[[Request, dict[str, str]], Awaitable[HTTPResponse]]
ROOT = "/webhooks/web"
#: Bytes of a request body that are read at most: 1,000 characters of any script, escaped, and a button.
MOST_BYTES = 16_384
_COUNTRY = re.compile(r"[A-Za-z]{2}")


class WebInput(InputChannel):
    """The channel of the clinic's website, with the widget and its demonstration pages."""

    @classmethod
    def name(cls) -> str:
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebInput:
        return cls()

    def __init__(self) -> None:
        given = settings()
        self.origins = read_origins(given.web_origins)
        self.per_session = RateLimit(int(given.web_messages_per_minute))
        self.per_address = RateLimit(int(given.web_requests_per_minute))

    def url_prefix(self) -> str:
        """The root: the widget stands at `/widget.js`, so the routes below are written out whole."""
        return "/"

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        webhook = Blueprint("web_webhook", __name__)
        # Every method is routed here, so that a wrong one is refused in JSON like everything else.
        for path, answering in self.answering(on_new_message).items():
            webhook.add_route(self._guarded(answering), f"{ROOT}/{path}", methods=HTTP_METHODS, name=path)

        @webhook.route("/widget.js", methods=["GET", "HEAD"])
        async def widget(request: Request) -> HTTPResponse:
            return files.sent(request, files.widget(_knowledge().clinic))

        @webhook.route("/widget/<file:str>", methods=["GET", "HEAD"])
        async def labels(request: Request, file: str) -> HTTPResponse:
            found = files.labels(file.removesuffix(".json"))
            return files.sent(request, found) if found else response.json({"error": "not_found"}, status=404)

        @webhook.listener("before_server_start")
        async def stand_in_front(app: Sanic, _loop: Any) -> None:
            app.config.PROXIES_COUNT = int(settings().trusted_proxies) or None
            # Before Rasa's own: its `/` says "Hello from Rasa", and its CORS answers every preflight with nothing.
            app.request_middleware.appendleft(self._in_front)

        return webhook

    async def _in_front(self, request: Request) -> HTTPResponse | None:
        """Answers what Rasa's server would otherwise take: preflights of our own addresses, and the demonstration."""
        if request.method == "OPTIONS" and request.path.startswith(ROOT + "/"):
            if not origin_allowed(request, self.origins):
                return refusal("wrong_origin", _knowledge().clinic, why=_why_origin(request))
            return response.empty(headers=preflight_headers(request, "GET, POST, DELETE"))
        if request.method in ("GET", "HEAD") and settings().web_demo == "on":
            if page := files.DEMO_PAGES.get(request.path):
                return files.sent(request, files.demo_page(page, _knowledge().clinic))
            if request.path[1:] in files.DEMO_FILES:
                return files.sent(request, files.demo_file(request.path[1:]))
        return None

    def _guarded(self, by_method: dict[str, Answering]) -> Callable[[Request], Coroutine[Any, Any, HTTPResponse]]:
        async def answer(request: Request) -> HTTPResponse:
            clinic = _knowledge().clinic
            if not origin_allowed(request, self.origins):
                return refusal("wrong_origin", clinic, why=_why_origin(request))
            headers = allowing_headers(request)
            answering = by_method.get(request.method)
            if answering is None:
                return refusal("wrong_method", clinic, {**headers, "Allow": ", ".join(by_method)})
            if wait := self.per_address.wait(address_key(request.remote_addr or request.ip)):
                return refusal("too_many", clinic, headers, wait)
            try:
                return await answering(request, headers)
            except NoSession:
                return refusal("no_session", clinic, headers)
            except Exception as error:
                # The traceback may hold the patient's words; its kind must do.
                logger.error("The web channel failed with %s; the patient is given the clinic's number",
                             type(error).__name__, exc_info=logger.isEnabledFor(logging.DEBUG))
                return refusal("not_available", clinic, headers)

        return answer

    def answering(self, handler: Handler) -> dict[str, dict[str, Answering]]:
        """What answers each address and method."""

        async def start(request: Request, headers: dict[str, str]) -> HTTPResponse:
            session = new_session()
            return response.json({"session": session.token, "seconds": seconds_valid(), "turns": [],
                                  "start": topic_buttons(_knowledge(), session)}, status=201, headers=headers)

        async def show(request: Request, headers: dict[str, str]) -> HTTPResponse:
            session = _session(request)
            turns = await earlier_turns(session, _knowledge())
            return response.json({**_renewal(session), "turns": turns, "start": topic_buttons(_knowledge(), session)},
                                 headers=headers)

        async def delete(request: Request, headers: dict[str, str]) -> HTTPResponse:
            session = _session(request)
            try:
                await asyncio.get_running_loop().run_in_executor(None, forget, session.sender)
            except DatabaseDown:
                return refusal("not_deleted", _knowledge().clinic, headers)
            return response.json({"forgotten": True}, headers=headers)

        async def receive(request: Request, headers: dict[str, str]) -> HTTPResponse:
            return await self._message(request, headers, handler)

        return {"session": {"POST": start}, "conversation": {"GET": show, "DELETE": delete},
                "message": {"POST": receive}}

    async def _message(self, request: Request, headers: dict[str, str], handler: Handler) -> HTTPResponse:
        clinic = _knowledge().clinic
        session = _session(request)
        if wait := self.per_session.wait(session.id):
            return refusal("too_many", clinic, headers, wait)
        if len(request.body) > MOST_BYTES:
            return refusal("too_large", clinic, headers)
        try:
            body = request.json
        except Exception:
            return refusal("not_json", clinic, headers, why="the body is not JSON")
        if not isinstance(body, dict) or not isinstance(body.get("button", body.get("text")), str):
            return refusal("bad_request", clinic, headers, why='the body must be {"text": "…"} or {"button": "…"}')
        try:
            # A typed slash is never a command: what a button sends comes as `button`, signed.
            text = session.offered(body["button"]) if "button" in body else body["text"].lstrip("/ \t\n")
        except NotOffered:
            return refusal("not_offered", clinic, headers)
        reply = await _reply(text, "button" in body, session, body.get("country"), handler)
        return response.json({**_renewal(session), "reply": for_widget(reply, session)}, headers=headers)


async def _reply(text: str, pressed: bool, session: Session, country: Any, handler: Handler) -> dict[str, Any]:
    knowledge = _knowledge()
    if pressed and not is_offered_payload(text, knowledge):
        messages = reply_messages("out_of_scope", "That answer is no longer here. Please ask me in your own words.",
                                  f"Your doctor can help, or call {knowledge.clinic.name}: {knowledge.clinic.phone}.")
    else:
        known = isinstance(country, str) and _COUNTRY.fullmatch(country)
        messages = await converse(text, session.sender, WebInput.name(), handler,
                                  {"country": country.upper()} if known else None)
    reply: dict[str, Any] = next(m["custom"]["reply"] for m in messages if "reply" in (m.get("custom") or {}))
    return reply


def _knowledge() -> KnowledgeBase:
    return live_knowledge_base(settings().knowledge_folder).current


def _session(request: Request) -> Session:
    """The session that a request names.

    Raises:
        NoSession: when it names none that is valid.
    """
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise NoSession
    return read_session(token.strip())


def _renewal(session: Session) -> dict[str, str]:
    return {"session": session.renewed} if session.renewed else {}


def _why_origin(request: Request) -> str:
    origin = re.sub(r"[^\x20-\x7e]", "?", request.headers.get("origin", ""))[:200]
    return f"{origin} is not in the setting WEB_ORIGINS of the assistant"
