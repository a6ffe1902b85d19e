"""What Sanic 21.12 lets through that a public server must not: mended here, each with its reason.

Without this, one request with `Content-Length: -5` stops the whole process for ever; a head that cannot be read is
answered with 500, or with nothing, and so may be a body that is not UTF-8; a body may have 100 MB; and errors come
as pages, with the address in the log.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from typing import Any

from sanic import Sanic, response
from sanic.exceptions import InvalidUsage, PayloadTooLarge, SanicException
from sanic.http import Http, Stage
from sanic.log import error_logger
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.server.protocols import http_protocol

from bot.channels.web_origins import allowing_headers, origin_allowed, read_origins
from bot.knowledge_base import live_knowledge_base
from bot.settings import settings

logger = logging.getLogger(__name__)
#: Bytes of a body. The largest that is meant well is an update of Telegram that quotes one long message with another
#: (twice 4,096 characters, each `\uXXXX`, and their formatting); the other channels take 16 KB (MOST_BYTES of each).
MOST_BYTES = 128 * 1024
#: A refused body up to so long is read and thrown away, so that its sender gets to read the refusal.
THROWN_AWAY = 1024 * 1024
#: Seconds that a client may take for its request.
REQUEST_WITHIN = 15
#: The status counted for a client that did not wait for its answer (as nginx counts it).
HUNG_UP = 499
#: By status: a code for programs and words for people.
WORDS = {
    404: ("not_found", "There is nothing at this address."),
    405: ("wrong_method", "This address does not take such a request."),
    408: ("too_slow", "The request took too long to arrive. Please try again."),
    413: ("too_large", "That is more than I can read at once. Please send the question by itself."),
}
UNREADABLE = ("bad_request", "The request could not be read.")
BROKEN = ("not_available", "Sorry, something went wrong on our side. Please try again in a minute.")
_LENGTH = re.compile(r"[0-9]{1,15}")
_NEVER_IN_A_HEADER = re.compile(r"[\x00\r\n]")


class StrictHttp(Http):
    """Refuses with 400 what Sanic fails on, or reads otherwise than a proxy in front may (request smuggling)."""

    async def http1_request_header(self) -> None:
        try:
            await super().http1_request_header()
            self._check_head()
        except SanicException:
            raise
        except Exception as error:
            # Sanic answers errors before there is a request with 500.
            raise InvalidUsage("Bad Request") from error

    async def read(self) -> bytes | None:
        try:
            return await super().read()
        except InvalidUsage:
            if self.stage is Stage.HANDLER:
                raise
            # The answer is out already, and Sanic does not expect an unread rest of a request to be broken.
            self.keep_alive, self.request_body = False, None
            return None

    def create_empty_request(self) -> None:
        # The address may be what could not be read.
        self.url = None
        super().create_empty_request()

    def _check_head(self) -> None:
        lengths = self.request.headers.getall("content-length", [])
        codings = self.request.headers.getall("transfer-encoding", [])
        plain = not codings and len(lengths) <= 1 and all(_LENGTH.fullmatch(length) for length in lengths)
        chunked = not lengths and codings == ["chunked"]
        broken = any(_NEVER_IN_A_HEADER.search(value) for value in self.request.headers.values())
        if broken or not (plain or chunked):
            self.keep_alive = False
            self.request_body = None
            raise InvalidUsage("Bad Request")


class StrictRequest(Request):
    """Reads JSON with Python's own reader: of some bodies that are not UTF-8, Sanic's makes texts that Python itself
    cannot hold, and every later use of them may fail."""

    def load_json(self, loads: Callable[[bytes], Any] = json.loads) -> Any:
        return super().load_json(loads)


def settle(app: Sanic) -> None:
    """Put limits and errors in order, before the first connection (protocols read the limits as each one opens)."""
    http_protocol.Http, app.request_class = StrictHttp, StrictRequest
    app.config.REQUEST_MAX_SIZE = MOST_BYTES
    app.config.REQUEST_TIMEOUT = REQUEST_WITHIN
    app.error_handler.add(Exception, refused)
    error_logger.addFilter(_is_news)


def refused(request: Request, error: Exception) -> HTTPResponse:
    """The answer to what no channel answered: JSON with words and the clinic's number, whatever happened."""
    status = error.status_code if isinstance(error, SanicException) and hasattr(error, "status_code") else 500
    if _has_hung_up(request):
        status = HUNG_UP
    if isinstance(error, PayloadTooLarge) and request.stream is not None:
        request.stream.protocol.request_max_size = request.stream.request_max_size = THROWN_AWAY
    if status >= 500:
        # Neither the error's text nor the address: both may hold a patient's words.
        logger.error("A request to %s failed; the patient is given the clinic's number", request.name or "nowhere",
                     exc_info=(type(error), error, error.__traceback__))
    clinic = live_knowledge_base(settings().knowledge_folder).current.clinic
    code, words = WORDS.get(status, BROKEN if status >= 500 else UNREADABLE)
    message = (f"{words} If it can't wait, call {clinic.name}: {clinic.phone}; "
               f"in an emergency, {clinic.number('emergency')}.")
    return response.json({"error": code, "message": message}, status=status, headers=_headers(request, error))


def _has_hung_up(request: Request) -> bool:
    transport = request.stream.protocol.transport if request.stream else None
    return transport is None or transport.is_closing()


def _is_news(record: logging.LogRecord) -> bool:
    """Not that a body came where none is read, which Sanic calls an error and tells with the address."""
    return not str(record.msg).endswith("body not consumed.")


def _headers(request: Request, error: Exception) -> dict[str, str]:
    headers = {"Vary": "Origin", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if origin_allowed(request, read_origins(settings().web_origins)):
        headers = allowing_headers(request)
    given = getattr(error, "headers", None) or {}
    return headers | {name: value for name, value in given.items() if name == "Allow"}
