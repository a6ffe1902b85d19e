"""A client counts what was answered, and what was not."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from benchmarks.client import Client, crowd


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """A stand-in for an assistant: answers, says nothing, is unavailable, or breaks, as it is asked to."""
    async def webhook(request: web.Request) -> web.Response:
        asked = (await request.json())["message"]
        if asked == "silence":
            return web.json_response([])
        if asked == "unavailable":
            return web.json_response([{"text": "Sorry"}, {"custom": {"reply": {"kind": "unavailable"}}}])
        if asked == "break":
            return web.Response(status=500, text="no JSON")
        return web.json_response([{"text": f"You said {asked}"}])

    application = web.Application()
    application.router.add_post("/webhooks/rest/webhook", webhook)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_an_answer_has_seconds_and_words(url: str) -> None:
    async with Client(url) as client:
        taken, words = await client.say("hello")
    assert words == "You said hello"
    assert taken is not None
    assert 0 < taken < 5


@pytest.mark.parametrize("message", ["silence", "unavailable", "break"])
async def test_no_words_or_only_an_apology_is_no_answer(url: str, message: str) -> None:
    async with Client(url) as client:
        taken, _ = await client.say(message)
    assert taken is None


async def test_a_crowd_counts_every_message(url: str) -> None:
    async with Client(url) as client:
        answered = await crowd(client, 3, 0.3, ["hello", "silence"])
    assert answered.seconds
    assert abs(len(answered.seconds) - answered.unanswered) <= 3
    assert answered.lasted >= 0.3


async def test_an_assistant_that_is_down_answers_nothing() -> None:
    async with Client("http://127.0.0.1:9") as client:
        assert await client.say("hello") == (None, "")
