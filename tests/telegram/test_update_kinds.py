"""Every kind of update, in the shape Telegram sends it: a sensible reply or silence, never an error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.telegram import bot_api_rules
from tests.telegram.conftest import Telegram

UPDATES = sorted((Path(__file__).parent / "updates").glob("*.json"))


def chat_id(update: dict[str, Any]) -> int | None:
    content = next(value for key, value in update.items() if key != "update_id")
    chat = content.get("chat") or content.get("message", {}).get("chat") or {}
    return chat.get("id")


@pytest.mark.parametrize("path", UPDATES, ids=lambda path: path.stem)
def test_an_update(path: Path, telegram: Telegram) -> None:
    recorded = json.loads(path.read_text())
    update, expect, api = dict(recorded["update"]), recorded["expect"], telegram.api
    update_id, chat, before = update.pop("update_id"), chat_id(update), len(api.sent)
    had = len(api.in_chat(chat)) if chat else 0
    if "callback_query" in update:
        api.offer_query(update["callback_query"]["id"])
    api.push(update, update_id)
    api.until(lambda: (update_id, 200) in api.deliveries, 30, "200 for the update")
    if "contains" in expect:
        assert chat
        wanted = expect["contains"].lower()
        api.until(lambda: any(wanted in sent.text.lower() for sent in api.in_chat(chat)[had:]), 10, f"{wanted!r}")
    else:
        # A patient writes next: once that is answered, silence was meant.
        api.say(990000001, "/help")
        api.wait_for(990000001, 1)
        api.sent[:] = [sent for sent in api.sent if sent.chat_id != 990000001]
        assert len(api.sent) == before
    if "callback_query" in update:
        api.until(lambda: api.queries[update["callback_query"]["id"]], 30, "answerCallbackQuery")


def test_the_kinds_are_complete() -> None:
    """The kinds of updates and of messages that the Bot API documentation names."""
    seen = {key for path in UPDATES for key in json.loads(path.read_text())["update"]}
    assert seen >= bot_api_rules.UPDATES


def test_an_edit_that_changes_nothing_is_not_answered_again(telegram: Telegram) -> None:
    api, chat = telegram.api, 920000001
    message = api.message(chat, text="/topics")
    api.push({"message": message})
    api.wait_for(chat)
    api.push({"edited_message": {**message, "edit_date": message["date"] + 5}})
    api.push({"edited_message": {**message, "edit_date": message["date"] + 9, "text": "/human"}})
    api.wait_for(chat, 2)
    assert ["phone" in sent.text for sent in api.in_chat(chat)] == [False, True]


def test_a_patient_who_has_blocked_the_bot(telegram: Telegram) -> None:
    api, chat, other = telegram.api, 920000002, 920000003
    api.blocked.add(chat)
    last = [api.say(chat, "/help"), api.say(chat, "/topics")][-1]
    api.until(lambda: (last, 200) in api.deliveries, 30, "200")
    api.say(other, "/help")
    assert api.wait_for(other)
    api.until(lambda: "can't be written to any more" in telegram.log(), 30, "log line")
    assert api.in_chat(chat) == []
    api.blocked.discard(chat)
    api.say(chat, "/help")
    assert api.wait_for(chat)
