"""1,000 updates from 200 chats at once, and the same while the Bot API is away for 30 seconds."""

from __future__ import annotations

import json
import random
import time

import pytest

from bot.channels.telegram_buttons import data_of
from bot.knowledge_base import KnowledgeBase
from tests.telegram.conftest import Telegram

CHATS, EACH, AWAY = 200, 5, 30


@pytest.mark.slow
@pytest.mark.parametrize("away", [False, True], ids=["Bot API up", "Bot API away for 30 s in the middle"])
def test_all_answered_in_order_none_twice(away: bool, telegram: Telegram, knowledge: KnowledgeBase) -> None:
    api, dice = telegram.api, random.Random(5)
    chats = {(96 if away else 95) * 10**7 + n: dice.sample(sorted(knowledge.answers), EACH) for n in range(CHATS)}
    pending = {chat: list(answers) for chat, answers in chats.items()}
    start = time.monotonic()
    while pending:
        chat = dice.choice(sorted(pending))
        api.tap(chat, data_of("/choose" + json.dumps({"answer": pending[chat].pop(0)}), knowledge) or "")
        if not pending[chat]:
            del pending[chat]
    everything = CHATS * EACH

    def arrived() -> int:
        return sum(sent.chat_id in chats for sent in list(api.sent))

    if away:
        api.until(lambda: arrived() >= everything // 10, 60, "first replies")
        api.go_down()
        time.sleep(AWAY)
        assert arrived() < everything
        api.come_up()
    api.until(lambda: arrived() >= everything, 300, f"{everything} replies")
    seconds = time.monotonic() - start
    time.sleep(2)
    for chat, answers in chats.items():
        titles = [sent.text.splitlines()[0] for sent in api.in_chat(chat)]
        assert titles == [knowledge.answers[answer].title for answer in answers]
    print(f"\n{everything} updates from {CHATS} chats: all answered after {seconds:.1f} s"
          f"{', of which the Bot API was away 30 s' if away else ''}")
    # Each tap was noticed; when Telegram is away longer than a tap waits, that one is given up, its answer is not.
    assert away or all(api.queries.values())
