"""Which websites may show the assistant, and the headers that tell browsers so."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from sanic.request import Request

_ORIGIN = re.compile(r"^https?://[a-z0-9.-]+(:\d+)?$|^https?://\[[0-9a-f:]+\](:\d+)?$")
#: Seconds a browser may remember that it may ask; no browser keeps it longer than two hours.
REMEMBERED = 7200


def read_origins(setting: str) -> frozenset[str]:
    """The origins of a setting, separated by commas or spaces.

    Raises:
        ValueError: naming the entry that is not an origin (`https://www.clinic.example`, no path).
    """
    origins = [one.rstrip("/").lower() for one in re.split(r"[,\s]+", setting) if one]
    for origin in origins:
        if not _ORIGIN.match(origin):
            raise ValueError(f"WEB_ORIGINS: {origin!r} is not a website's origin; write for example "
                             "https://www.clinic.example, without a path; several are separated by commas")
    return frozenset(origins)


def origin_allowed(request: Request, origins: frozenset[str]) -> bool:
    """Whether the page that sent a request may: it is ours, it is listed, or it is no page at all.

    A browser names the page's origin in every request to another site and in every POST and
    DELETE, and no page can change it. Requests without one come from our own pages (GET) or
    from programs, which could write any origin; the session's token protects from those.
    """
    origin = request.headers.get("origin")
    if origin is None:
        return True
    origin = origin.lower()
    try:
        # By host only: TLS may end at a proxy, so the scheme of the request says nothing.
        return origin in origins or (urlsplit(origin).netloc == request.host.lower() and origin != "null")
    except ValueError:
        # An origin that is none, such as `http://[x`.
        return False


def allowing_headers(request: Request) -> dict[str, str]:
    """Headers for an answer to an allowed origin: the page may read it, nobody may keep it."""
    headers = {"Vary": "Origin", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if origin := request.headers.get("origin"):
        headers["Access-Control-Allow-Origin"] = origin
    return headers


def preflight_headers(request: Request, methods: str) -> dict[str, str]:
    """Headers for the question that a browser asks before the real request."""
    return {**allowing_headers(request), "Access-Control-Allow-Methods": methods,
            "Access-Control-Allow-Headers": "Authorization, Content-Type", "Access-Control-Max-Age": str(REMEMBERED)}
