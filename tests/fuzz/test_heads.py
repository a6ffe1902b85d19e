"""Requests that no browser sends, byte by byte: each is refused with words, and nothing of it is kept waiting."""

from __future__ import annotations

import asyncio
import json
import socket

import pytest

from bot.http_limits import MOST_BYTES
from tests.conftest import Server
from tests.fuzz.wire import Answer, Line, request

POST = "POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"


@pytest.fixture
def port(server: Server) -> int:
    return int(server.url.rsplit(":", 1)[1])


def ask(port: int, raw: bytes) -> Answer:
    return asyncio.run(Line(port).send(raw, 10))


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: abc\r\n",
        b"Content-Length: -5\r\n",
        b"Content-Length: +5\r\n",
        b"Content-Length: 1_0\r\n",
        b"Content-Length: \r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: 5\r\n" + CHUNKED,
        b"Transfer-Encoding: gzip\r\n",
        b"Transfer-Encoding: chunked, gzip\r\n",
        CHUNKED + CHUNKED,
        b"X: a\nb\r\n",
        b"X: a\x00b\r\n",
        b"no colon\r\n",
    ],
)
def test_heads_that_a_proxy_may_read_otherwise(port: int, head: bytes) -> None:
    answer = ask(port, POST.encode() + head + b"\r\n0\r\n\r\n")
    assert answer.status == 400 and answer.headers["connection"] == "close"
    assert answer.json()["error"] == "bad_request" and "555-0142" in answer.json()["message"]


@pytest.mark.parametrize(
    "line", [b"GET /\xff\xfe HTTP/1.1", b"GET http://[ HTTP/1.1", b"GET / HTTP/3", b"GET /", b"garbage", b"GET / / HTTP/1.1", b"\x16\x03\x01"]
)
def test_first_lines_that_are_none(port: int, line: bytes) -> None:
    answer = ask(port, line + b"\r\nHost: x\r\n\r\n")
    assert answer.status == 400 and "555-0142" in answer.json()["message"]


def test_an_oversized_body_is_refused_by_its_length_before_a_byte_of_it_is_read(port: int) -> None:
    answer = ask(port, f"{POST}Content-Length: {10**9}\r\n\r\n".encode())
    assert answer.status == 413, "answered although no byte of the body ever comes"
    assert answer.json()["error"] == "too_large" and "555-0142" in answer.json()["message"]


def test_a_body_that_hides_its_length_is_cut_off(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(POST.encode() + CHUNKED + b"\r\n")
        sent, chunk = 0, b"%x\r\n" % 8192 + b"a" * 8192 + b"\r\n"
        with pytest.raises(OSError, match=r"reset|pipe"):
            while sent < 100 * MOST_BYTES:
                sent += line.send(chunk)
    assert sent < 80 * MOST_BYTES


def test_whoever_sends_a_little_too_much_gets_to_read_why(port: int) -> None:
    answer = ask(port, request("POST", "/webhooks/rest/webhook", json.dumps({"message": "a" * 3 * MOST_BYTES}).encode()))
    assert answer.status == 413 and answer.json()["error"] == "too_large"


def test_a_body_that_is_not_utf_8_is_refused(port: int) -> None:
    # Sanic's own reader makes a text of this that nothing can write again.
    body = b'{"message": "hi", "sender": "\xf4\xa4\x87\x85\xf0\xbe\x91\xb2"}'
    answer = ask(port, request("POST", "/webhooks/rest/webhook", body))
    assert answer.status == 400 and answer.json()["error"] == "the body is not JSON"


def test_addresses_of_rasa_that_are_not_for_the_public(port: int) -> None:
    for path in ("/model", "/conversations/x/tracker", "/status", "/version", "/domain", "/metrics", "/model/parse"):
        answer = ask(port, request("GET", path))
        assert answer.status == 404 and answer.json()["error"] == "not_found", path
