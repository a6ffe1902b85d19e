"""Speaks to a Bot API server: waits when told to, tries again when it is away, sends nothing twice."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from types import SimpleNamespace
from typing import Any

import aiohttp

logger = logging.getLogger(__name__)

#: Seconds within which an answer must come. Long: a request that is given up may still be carried out.
ANSWER_WITHIN = 90.0
CONNECT_WITHIN = 10.0
#: Seconds between tries while the server is away: the first pause, and the longest.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
#: So many connections at most.
CONNECTIONS = 40
#: When it is unclear whether a message arrived: so many message ids beyond the newest known are looked at, and in all.
LOOK_AHEAD, LOOKED_AT = 5, 40
IDS_REMEMBERED = 5000
#: What Telegram says when a message is already as it should be.
SAME = "message is not modified"
#: What it says when nobody is there to be written to (besides error code 403).
_GONE = ("chat not found", "user is deactivated", "kicked", "upgraded to a supergroup")


class Refused(Exception):
    """The server understood the request and refuses it for good: its error ``code`` and ``description``."""

    def __init__(self, method: str, code: int, description: str):
        super().__init__(f"{method} was refused with {code}")
        self.code, self.description = code, description

    @property
    def chat_is_gone(self) -> bool:
        """Whether nobody can be written to there any more: blocked, removed, or an account that was deleted."""
        return self.code == 403 or any(said in self.description for said in _GONE)


class Unreachable(Exception):
    """The server did not answer in the time that the caller had."""


class _Wait(Exception):
    """Try again: nothing was done. ``seconds`` is what the server asked for, None for the client's own pause."""

    def __init__(self, seconds: float | None = None):
        self.seconds = seconds


class _Unclear(Exception):
    """The request went out and no usable answer came: it may have been carried out."""


class BotApi:
    """One bot at one Bot API server.

    Args:
        address: the server's address, such as `https://api.telegram.org`.
        token: the bot's token. It is part of every request's address, so no error of the HTTP client is
            ever logged with its text.
    """

    def __init__(self, address: str, token: str):
        self._address = address.rstrip("/")
        self._base = f"{self._address}/bot{token}"
        self._session: aiohttp.ClientSession | None = None
        self._away_since: float | None = None
        self._complained_at = 0.0
        self._newest = 0
        self._taken: OrderedDict[int, None] = OrderedDict()

    def __repr__(self) -> str:
        return f"BotApi({self._address})"

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    def saw(self, message_id: int) -> None:
        """Note the id of a message in a private chat; all of them share one count."""
        self._newest = max(self._newest, message_id)
        self._taken[message_id] = None
        while len(self._taken) > IDS_REMEMBERED:
            self._taken.popitem(last=False)

    async def call(self, method: str, parameters: dict[str, Any] | None = None, *, answer_within: float = ANSWER_WITHIN,
                   within: float | None = None) -> Any:
        """The result of a method that may safely be called twice; tries until it is answered.

        Args:
            answer_within: seconds that one try may take.
            within: seconds after which it is no longer worth trying; None for ever.

        Raises:
            Refused: when the server refuses.
            Unreachable: when ``within`` is over.
        """
        start, pauses = time.monotonic(), Pauses()
        while True:
            try:
                return await self._once(method, parameters or {}, answer_within)
            except _Wait as wait:
                pause = wait.seconds if wait.seconds is not None else pauses.next()
            except _Unclear:
                pause = pauses.next()
            if within is not None and time.monotonic() - start + pause > within:
                raise Unreachable(method)
            await asyncio.sleep(pause)

    async def send(self, message: dict[str, Any]) -> None:
        """Send a message (the parameters of `sendMessage`) once; returns when it has arrived.

        Raises:
            Refused: when the server refuses.
        """
        private, before, pauses = int(message["chat_id"]) > 0, self._newest, Pauses()
        while True:
            try:
                sent = await self._once("sendMessage", message, ANSWER_WITHIN)
            except _Wait as wait:
                await asyncio.sleep(wait.seconds if wait.seconds is not None else pauses.next())
            except _Unclear:
                await asyncio.sleep(pauses.next())
                if private and await self._has_arrived(message, before):
                    return
            else:
                if private:
                    self.saw(int(sent["message_id"]))
                return

    async def _has_arrived(self, message: dict[str, Any], before: int) -> bool:
        """Whether a message that got no answer is in the chat all the same.

        Telegram has no key that makes sending safe to repeat. But only this message can be ours in this chat
        after ``before``, since a chat's messages are sent one after another: editing one of the next ids into
        what it should be either finds it there as it should be, or finds nothing of ours.
        """
        ids = [i for i in range(before + 1, self._newest + 1 + LOOK_AHEAD) if i not in self._taken]
        for message_id in ids[:LOOKED_AT]:
            try:
                await self.call("editMessageText", {**message, "message_id": message_id})
            except Refused as refused:
                if SAME not in refused.description:
                    continue
            self.saw(message_id)
            return True
        return False

    async def _once(self, method: str, parameters: dict[str, Any], answer_within: float) -> Any:
        session, trace = self._opened(), SimpleNamespace(went_out=False)
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_WITHIN, sock_read=answer_within)
        try:
            async with session.post(f"{self._base}/{method}", json=parameters, timeout=timeout,
                                    trace_request_ctx=trace) as response:
                status, answer = response.status, await _json(response)
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            self._is_away(type(error).__name__)
            raise (_Unclear if trace.went_out else _Wait)() from None
        if status >= 500 or (not answer and status < 400):
            self._is_away(f"status {status}")
            raise _Unclear
        self._is_back()
        if answer.get("ok"):
            return answer.get("result")
        if status == 429:
            raise _Wait(float((answer.get("parameters") or {}).get("retry_after", LONGEST_PAUSE)))
        raise Refused(method, status, str(answer.get("description", "")).lower())

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            watch = aiohttp.TraceConfig()

            async def went_out(_session: Any, context: Any, _params: Any) -> None:
                context.trace_request_ctx.went_out = True

            watch.on_request_headers_sent.append(went_out)  # type: ignore[arg-type]
            # An idle connection is closed here before the server closes it: a request never meets a closed door.
            connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=10)
            self._session = aiohttp.ClientSession(connector=connector, trace_configs=[watch],
                                                  cookie_jar=aiohttp.DummyCookieJar())
        return self._session

    def _is_away(self, why: str) -> None:
        now = time.monotonic()
        if self._away_since is None:
            self._away_since = now
        elif now - self._complained_at < max(LONGEST_PAUSE, (now - self._away_since) / 2):
            return
        self._complained_at = now
        logger.error("Telegram (%s) does not answer (%s, since %.0f s); the assistant runs on and tries again, "
                     "with growing pauses", self._address, why, now - self._away_since)

    def _is_back(self) -> None:
        if self._away_since is not None:
            logger.info("Telegram (%s) answers again, after %.0f s", self._address, time.monotonic() - self._away_since)
            self._away_since = None


class Pauses:
    """Growing pauses between tries, in seconds."""

    def __init__(self) -> None:
        self._last = FIRST_PAUSE / 2

    def next(self) -> float:
        self._last = min(self._last * 2, LONGEST_PAUSE)
        return self._last


async def _json(response: aiohttp.ClientResponse) -> dict[str, Any]:
    """The answer's object; empty when it is none, as on a gateway's error page."""
    try:
        answer = await response.json(content_type=None)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
