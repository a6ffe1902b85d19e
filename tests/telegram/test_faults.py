"""What goes wrong between Telegram and the assistant: nothing lost, nothing twice, nobody let in."""

from __future__ import annotations

import json
import time

import pytest

from tests.telegram.bot_api_server import Fault, post
from tests.telegram.conftest import Telegram

HEADER = "X-Telegram-Bot-Api-Secret-Token"


def hook(telegram: Telegram) -> str:
    return telegram.url + "/webhooks/telegram/webhook"


@pytest.mark.parametrize("headers", [{}, {HEADER: ""}, {HEADER: "guessed"}, {HEADER: "ñ"}])
def test_a_forged_update_is_refused(headers: dict[str, str], telegram: Telegram) -> None:
    update = {"update_id": 1, "message": telegram.api.message(940000001, text="/help")}
    assert post(hook(telegram), json.dumps(update).encode(), headers) == 403
    time.sleep(0.5)
    assert telegram.api.in_chat(940000001) == []


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"null", b"7", b"{}", b"\xff\xfe", b'{"update_id": "x"}', b'{"update_id": 5}',
    b'{"update_id": 6, "message": null}', b'{"update_id": 11, "callback_query": []}',
    b'{"update_id": 8, "message": {"chat": "x", "text": 5}}', b'{"update_id": 9, "callback_query": {}}',
    b'{"update_id": 10, "message": {"chat": {"id": 5, "type": "private"}, "text": {"a": 1}}}',
    b'{"update_id": 12, "my_chat_member": {"new_chat_member": {"status": "kicked"}}}',
])
def test_what_makes_no_sense_is_passed_over(body: bytes, telegram: Telegram) -> None:
    assert telegram.api.webhook
    assert post(hook(telegram), body, {HEADER: telegram.api.webhook["secret_token"]}) == 200
    telegram.api.say(940000002, "/help")
    assert telegram.api.wait_for(940000002)


def test_a_repeated_update_is_answered_once(telegram: Telegram) -> None:
    api, chat = telegram.api, 940000003
    message = {"message": api.message(chat, text="/topics")}
    first = api.push(message)
    api.wait_for(chat)
    for _ in range(3):
        api.push(message, first)
    last = api.say(chat, "/help")
    api.until(lambda: (last, 200) in api.deliveries, 30, "200")
    assert len(api.wait_for(chat, 2)) == 2


def test_the_webhook_answers_at_once_while_the_bot_api_is_slow(telegram: Telegram) -> None:
    api, chat = telegram.api, 940000004
    api.faults["sendMessage"].extend([Fault(seconds=8, after_the_work=True)])
    start = time.monotonic()
    updates = [api.say(chat, "/topics"), api.say(chat, "/help")]
    api.until(lambda: {(update, 200) for update in updates} <= set(api.deliveries), 30, "200")
    assert time.monotonic() - start < 8, "both before the slow call was over"
    assert ["For example" in sent.text for sent in api.wait_for(chat, 2)] == [False, True]


def test_429_waits_as_long_as_it_is_told(telegram: Telegram) -> None:
    api, chat = telegram.api, 940000005
    api.faults["sendMessage"].append(Fault(status=429, retry_after=3))
    start = time.monotonic()
    api.say(chat, "/topics")
    assert api.wait_for(chat)[0].at - start >= 3
    assert len(api.in_chat(chat)) == 1


@pytest.mark.parametrize("fault", [
    Fault(status=502), Fault(status=502, after_the_work=True), Fault(status=500), Fault(cut=True),
    Fault(cut=True, after_the_work=True), Fault(status=504, after_the_work=True),
], ids=["502", "502 but sent", "500", "line cut", "line cut but sent", "504 but sent"])
def test_a_failed_call_sends_the_message_once(fault: Fault, telegram: Telegram) -> None:
    api, chat = telegram.api, 941000000 + len(api_faults_used)
    api_faults_used.append(fault)
    api.say(chat, "/help")
    api.wait_for(chat)
    api.faults["sendMessage"].extend([fault, fault])
    api.say(chat, "/topics")
    api.say(chat, "/human")
    texts = [sent.text for sent in api.wait_for(chat, 3)]
    api.faults["sendMessage"].clear()
    time.sleep(1.0)
    assert len(api.in_chat(chat)) == 3
    assert ["Tap one" in texts[1], "phone" in texts[2]] == [True, True]
    assert not any(sent.edited for sent in api.in_chat(chat))


api_faults_used: list[Fault] = []


def test_a_reply_whose_form_is_refused_comes_as_plain_text(telegram: Telegram) -> None:
    api, chat = telegram.api, 940000006
    api.faults["sendMessage"].append(Fault(status=400))
    api.say(chat, "/topics")
    assert "Occipital" in api.wait_for(chat)[0].text
    assert "<b>" not in api.in_chat(chat)[0].html


def test_a_button_is_answered_although_telegram_lost_the_tap(telegram: Telegram) -> None:
    api, chat = telegram.api, 940000007
    api.faults["answerCallbackQuery"].append(Fault(status=502))
    api.faults["sendChatAction"].append(Fault(status=429, retry_after=60))
    api.tap(chat, "/show_topics")
    assert api.wait_for(chat, within=50)
