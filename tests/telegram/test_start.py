"""Starting: without a token, by long polling, with Telegram away, with settings that can't work."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.telegram import fault_of, webhook_secret
from bot.settings import Settings
from tests.conftest import Server, running_server
from tests.talk import Conversation
from tests.telegram.bot_api_server import TOKEN, BotApiServer, post


@pytest.mark.skipif("ASSISTANT_URL" in os.environ, reason="the log of that server is not known")
def test_without_a_token_one_line_says_so(server: Server) -> None:
    said = [line for line in server.log_path.read_text().splitlines() if "elegram" in line]
    assert len(said) == 1
    assert said[0].endswith("Telegram is off: TELEGRAM_TOKEN is not set")
    assert post(server.url + "/webhooks/telegram/webhook", b'{"update_id": 1}', {}) == 404


@pytest.mark.slow
def test_polling_with_telegram_away_at_start(model: Path, tmp_path: Path, bot_api: BotApiServer) -> None:
    """The assistant serves, says that Telegram is away, and answers in Telegram once it is back."""
    bot_api.go_down()
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path / 'assistant.db'}", "TELEGRAM_TOKEN": TOKEN,
                "TELEGRAM_API": bot_api.address, "TELEGRAM_MODE": "polling"}
    log = tmp_path / "server.log"
    bot_api.say(5001, "/topics")
    with running_server(tmp_path, settings, "--model", str(model)) as url:
        assert Conversation(url).say("What is occipital neuralgia?").kind == "answer"
        assert f"Telegram ({bot_api.address}) does not answer" in log.read_text()
        bot_api.come_up()
        assert "Tap one" in bot_api.wait_for(5001, within=30)[0].text
        for number in range(30):
            bot_api.say(5002 + number % 10, "/help")
        bot_api.until(lambda: len(bot_api.sent) == 31, 30, "31 replies")
        bot_api.say(5099, "/help")
        bot_api.wait_for(5099)
    assert len(bot_api.sent) == 32
    assert bot_api.named("getUpdates")[-1]["offset"] > max(update["update_id"] for update in bot_api.all_updates)
    assert "served by long polling" in log.read_text()
    assert TOKEN not in log.read_text()
    assert "Traceback" not in log.read_text()


GIVEN = Settings(telegram_token=TOKEN)


@pytest.mark.parametrize(("given", "says"), [
    (Settings(), "TELEGRAM_TOKEN is not set"), (GIVEN, ""), (replace(GIVEN, telegram_mode="polling"), ""),
    (replace(GIVEN, telegram_public_url="https://clinic.example"), ""),
    (replace(GIVEN, telegram_mode="push"), "`webhook` or"),
    (replace(GIVEN, telegram_mode="webhook"), "needs TELEGRAM_PUBLIC_URL"),
    (replace(GIVEN, telegram_secret="with space"), "letters, digits"),
])
def test_settings_that_cannot_work_are_named(given: Settings, says: str) -> None:
    assert (says in fault_of(given)) if says else fault_of(given) == ""


def test_the_secret_is_made_when_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    assert webhook_secret(replace(GIVEN, telegram_secret="own")) == "own"
    assert len(webhook_secret(GIVEN)) == 64
