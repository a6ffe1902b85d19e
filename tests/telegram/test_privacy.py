"""Neither the log nor the database knows who a patient is in Telegram; the log knows no words and no token."""

from __future__ import annotations

from tests.telegram.bot_api_server import TOKEN, Fault
from tests.telegram.conftest import Telegram

WORDS = ["marmalade", "zeppelin", "Featherstonehaugh", "wobbly-knees"]


def test_nothing_personal_is_logged_or_kept(telegram: Telegram) -> None:
    api, chat = telegram.api, 970000001
    api.say(chat, "My name is Ambrose Featherstonehaugh, is my marmalade migraine bad?")
    api.wait_for(chat)
    faults = [Fault(status=502), Fault(cut=True), Fault(status=429, retry_after=1), Fault(status=400)]
    api.faults["sendMessage"].extend(faults)
    api.say(chat, "zeppelin wobbly-knees and I want to kill myself")
    api.wait_for(chat, 2)
    api.push({"message": api.message(chat, contact={"phone_number": "15550199", "first_name": "Featherstonehaugh"})})
    api.blocked.add(chat)
    api.say(chat, "marmalade again")
    api.until(lambda: "can't be written to any more" in telegram.log(), 30, "log line")
    log = telegram.log()
    for secret in [*WORDS, TOKEN, TOKEN.split(":")[1], "Wilhelmina", "Quackenbush", str(chat), "15550199",
                   "9100000", "9300000", "9500000"]:  # as the other tests' chats begin
        assert secret.lower() not in log.lower()
    assert telegram.api.webhook
    assert telegram.api.webhook["secret_token"] not in log
    assert "Traceback" not in log
    stored = b"".join(path.read_bytes() for path in telegram.database.parent.glob("assistant.db*"))
    assert stored
    for known in [str(chat), "Quackenbush", "Wilhelmina", "Featherstonehaugh", "15550199", TOKEN]:
        assert known.encode() not in stored
