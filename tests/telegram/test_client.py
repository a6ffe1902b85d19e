"""The Bot API client by itself."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.channels import telegram_api
from bot.channels.telegram_api import BotApi, Pauses, Refused, Unreachable
from bot.channels.telegram_updates import Inbox
from tests.telegram.bot_api_server import TOKEN, BotApiServer, Fault


@pytest.fixture
async def client(bot_api: BotApiServer):  # type: ignore[no-untyped-def]
    made = BotApi(bot_api.address, TOKEN)
    yield made
    await made.close()


def message(text: str, chat: int = 5) -> dict[str, object]:
    return {"chat_id": chat, "text": text}


async def test_a_lost_answer_is_looked_up_among_many_chats(client: BotApi, bot_api: BotApiServer) -> None:
    """Messages to other chats take ids in between; the lost one is found among them, and only it."""
    await client.send(message("before"))
    bot_api.faults["sendMessage"].extend([Fault(cut=True, after_the_work=n % 2 == 0) for n in range(8)])
    await asyncio.gather(*(client.send(message(f"to {chat}", chat)) for chat in range(10, 30)))
    texts = sorted(sent.text for sent in bot_api.sent)
    assert texts == sorted(["before", *(f"to {chat}" for chat in range(10, 30))])


async def test_refusals_are_told_apart(client: BotApi, bot_api: BotApiServer) -> None:
    bot_api.blocked.add(6)
    with pytest.raises(Refused) as gone:
        await client.send(message("x", 6))
    with pytest.raises(Refused) as bad:
        await client.send(message(""))
    assert (gone.value.chat_is_gone, bad.value.chat_is_gone) == (True, False)
    with pytest.raises(Refused, match="getMe was refused with 401"):
        await BotApi(bot_api.address, "1:wrong").call("getMe")


async def test_what_is_only_worth_something_now_is_not_tried_again(client: BotApi, bot_api: BotApiServer) -> None:
    bot_api.go_down()
    with pytest.raises(Unreachable):
        await client.call("sendChatAction", {"chat_id": 5, "action": "typing"}, within=0)


async def test_a_server_that_is_away_is_waited_for(client: BotApi, bot_api: BotApiServer,
                                                   caplog: pytest.LogCaptureFixture) -> None:
    bot_api.go_down()
    with caplog.at_level(logging.INFO, logger=telegram_api.__name__):
        sending = asyncio.create_task(client.send(message("late")))
        await asyncio.sleep(2)
        bot_api.come_up()
        await asyncio.wait_for(sending, 10)
    assert [sent.text for sent in bot_api.sent] == ["late"]
    assert "does not answer" in caplog.text
    assert "answers again" in caplog.text
    assert TOKEN not in caplog.text


def test_pauses_grow_to_a_limit() -> None:
    pauses = Pauses()
    taken = [pauses.next() for _ in range(9)]
    assert taken[:4] == [0.5, 1, 2, 4]
    assert taken[-1] == telegram_api.LONGEST_PAUSE


async def test_a_chat_in_order_chats_side_by_side_repeats_dropped() -> None:
    done: list[tuple[int, int]] = []

    async def handle(update: dict[str, object]) -> None:
        await asyncio.sleep(0.02)
        done.append((update["message"]["chat"]["id"], update["update_id"]))  # type: ignore[index, arg-type]
        if update["update_id"] == 3:
            raise ValueError("a fault in one must not stop the next")

    inbox = Inbox(handle)
    for update_id in (1, 2, 3, 5, 4, 3, 1, 6):
        inbox.take({"update_id": update_id, "message": {"chat": {"id": update_id % 2}}})
    assert inbox.take({"no": "id"}) is False
    await inbox.until_fewer_than(3)
    assert await inbox.finish(5) == 0
    assert [i for chat, i in done if chat == 1] == [1, 3, 5]
    assert [i for chat, i in done if chat == 0] == [2, 4, 6]
    assert len(done) == 6
