"""HTTP as bytes: a client that sends anything, well-formed or not, and reads what comes back."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

#: Seconds in which an answer must begin; a patient gets words in 5.
ANSWER_WITHIN = 20.0


class Silence(Exception):
    """No answer, or the connection was closed without one."""


@dataclass(frozen=True)
class Answer:
    """What came back for one request."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            ValueError: when it is none.
        """
        return json.loads(self.body)


def request(method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> bytes:
    """A well-formed request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if body or method in ("POST", "PUT", "PATCH"):
        lines.append(f"Content-Length: {len(body)}")
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


def is_whole(raw: bytes) -> bool:
    """Whether some bytes are a whole request, so that an answer is due."""
    head, end, body = raw.partition(b"\r\n\r\n")
    if not end:
        return False
    lengths = [line.split(b":", 1)[1].strip() for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    if b"transfer-encoding" in head.lower():
        return body.endswith(b"0\r\n\r\n")
    return not lengths or not lengths[0].isdigit() or len(body) >= int(lengths[0])


@dataclass
class Line:
    """One connection, opened again whenever the other side has closed it."""

    port: int
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = field(default=None, repr=False)

    async def send(self, raw: bytes, within: float = ANSWER_WITHIN) -> Answer:
        """Send bytes, read one answer.

        Raises:
            Silence: when none came in ``within`` seconds.
        """
        again = self._streams is not None
        try:
            return await asyncio.wait_for(self._exchange(raw), within)
        except (OSError, asyncio.IncompleteReadError):
            self.close()
            if not again:
                raise Silence("closed without an answer") from None
            # The server may have closed a connection that was kept; that is no answer to this request.
            return await self.send(raw, within)
        except asyncio.TimeoutError:
            self.close()
            raise Silence(f"nothing in {within} s") from None

    def close(self) -> None:
        """Hang up."""
        if self._streams:
            self._streams[1].close()
        self._streams = None

    async def _exchange(self, raw: bytes) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        reader, writer = self._streams
        writer.write(raw)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        if head[0].startswith("HTTP/1.1 100"):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(head[0].split(" ")[1])
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        length = int(headers.get("content-length", "0"))
        body = b"" if raw.startswith(b"HEAD ") or status in (204, 304) else await reader.readexactly(length)
        if headers.get("connection") == "close" or not raw.startswith(b"POST"):
            self.close()
        return Answer(status, headers, body)
