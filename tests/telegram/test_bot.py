"""The bot by itself, with a stand-in for Rasa: polling, finishing its work when it is stopped, being told off."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Any

import pytest

from bot.channels.telegram import TelegramBot
from bot.settings import settings
from tests.telegram.bot_api_server import TOKEN, BotApiServer, Fault


async def repeat(message: Any) -> None:
    """Answers with what was said."""
    await asyncio.sleep(0.05)
    reply = {"kind": "smalltalk", "text": f"You said {message.text}", "consult": "", "buttons": []}
    await message.output_channel.send_custom_json(message.sender_id, {"reply": reply})


def a_bot(api: BotApiServer, token: str = TOKEN) -> TelegramBot:
    given = replace(settings(), telegram_token=token, telegram_api=api.address, telegram_mode="polling")
    return TelegramBot(given, repeat)


async def until(condition: Any) -> None:
    for _ in range(400):
        if condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not come to this within 20 s")


async def test_polling_answers_and_does_not_fetch_again(bot_api: BotApiServer) -> None:
    bot_api.webhook = {"url": "https://old.example", "secret_token": "x"}
    bot = a_bot(bot_api)
    bot.start()
    await until(lambda: bot_api.webhook is None)  # one of former times would keep Telegram from being polled
    for number in range(120):
        bot_api.say(1 + number % 12, f"word {number}")
    await until(lambda: len(bot_api.sent) == 120)
    await bot.stop()
    for chat in range(1, 13):
        said = [sent.text for sent in bot_api.in_chat(chat)]
        assert said == [f"You said word {number}" for number in range(chat - 1, 120, 12)]
    assert bot_api.named("getUpdates")[-1]["offset"] == bot_api.all_updates[-1]["update_id"] + 1


async def test_telegram_away_at_start(bot_api: BotApiServer, caplog: pytest.LogCaptureFixture) -> None:
    bot_api.go_down()
    bot_api.say(5, "hello")
    bot = a_bot(bot_api)
    bot.start()
    await until(lambda: "does not answer" in caplog.text)
    bot_api.come_up()
    await until(lambda: bot_api.in_chat(5))
    await bot.stop()
    assert TOKEN not in caplog.text


async def test_stopping_finishes_what_was_taken(bot_api: BotApiServer) -> None:
    bot = a_bot(bot_api)
    bot.start()
    await until(lambda: bot_api.named("getUpdates"))
    bot_api.faults["sendMessage"].append(Fault(seconds=2, after_the_work=True))
    for _ in range(5):
        bot_api.say(6, "quick")
    await until(lambda: bot_api.named("sendMessage"))
    await bot.stop()
    assert len(bot_api.in_chat(6)) == 5


async def test_two_assistants_with_one_token(bot_api: BotApiServer, caplog: pytest.LogCaptureFixture) -> None:
    bot_api.faults["getUpdates"].append(Fault(status=409))
    bot_api.say(7, "hello")
    bot = a_bot(bot_api)
    bot.start()
    await until(lambda: bot_api.in_chat(7))
    await bot.stop()
    assert "refuses to be polled (code 409)" in caplog.text


async def test_a_wrong_token_is_said_once(bot_api: BotApiServer, caplog: pytest.LogCaptureFixture) -> None:
    bot = a_bot(bot_api, "1:wrong")
    bot.start()
    with caplog.at_level(logging.ERROR):
        await until(lambda: "does not know this TELEGRAM_TOKEN" in caplog.text)
    await bot.stop()
    assert "1:wrong" not in caplog.text
