"""Patients in Telegram, with the whole assistant: what they get is what the website gives."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.channels.telegram_buttons import data_of
from bot.channels.telegram_chat import sender_of
from bot.knowledge_base import KnowledgeBase
from tests.talk import Conversation
from tests.telegram.bot_api_server import BotApiServer, Sent
from tests.telegram.conftest import Telegram
from tests.telegram.words import in_telegram, on_the_website


def button(sent: Sent, title: str) -> str:
    """What the button with a title carries."""
    return next(b["callback_data"] for row in sent.buttons for b in row if title in b["text"])


def tap(api: BotApiServer, chat: int, data: str) -> Sent:
    before = len(api.in_chat(chat))
    api.tap(chat, data)
    return api.wait_for(chat, before + 1)[-1]


def say(api: BotApiServer, chat: int, text: str) -> Sent:
    before = len(api.in_chat(chat))
    api.say(chat, text)
    return api.wait_for(chat, before + 1)[-1]


def test_every_answer_is_word_for_word_that_of_the_website(telegram: Telegram, knowledge: KnowledgeBase) -> None:
    api, chats = telegram.api, {answer: 930000000 + n for n, answer in enumerate(knowledge.answers)}
    payloads = {answer: "/choose" + json.dumps({"answer": answer}) for answer in chats}
    for answer, chat in chats.items():
        api.tap(chat, data_of(payloads[answer], knowledge) or "")
    with ThreadPoolExecutor(3) as people:
        replies = dict(zip(chats, people.map(lambda a: Conversation(telegram.url).say(payloads[a]).reply, chats)))
    for answer, chat in chats.items():
        api.wait_for(chat, within=60)
        assert replies[answer]["answer_id"] == answer
        shown = api.in_chat(chat)
        assert in_telegram([sent.text for sent in shown]) == on_the_website(replies[answer]), answer
        assert [[row[0]["text"]] for row in shown[-1].buttons] == [[b["title"]] for b in replies[answer]["buttons"]]


@pytest.mark.parametrize("question", [
    "What is occipital neuralgia?", "wat is cervicojenic hedache", "does treating lupus help my migraine",
    "should I double my dose?", "who won the world cup", "hello", "topics", "I want to talk to a real person",
    "my face droops on one side and I can't speak", "I took all my pills and want to die",
])
def test_typed_words_get_the_same_reply(question: str, telegram: Telegram) -> None:
    chat = 931000000 + sum(question.encode())
    telegram.api.say(chat, question)
    reply = Conversation(telegram.url).say(question).reply
    telegram.api.wait_for(chat)
    assert in_telegram([sent.text for sent in telegram.api.in_chat(chat)]) == on_the_website(reply)


def test_a_conversation_with_buttons(telegram: Telegram) -> None:
    api, chat = telegram.api, 932000001
    assert say(api, chat, "/start").buttons
    topics = say(api, chat, "/topics")
    topic = tap(api, chat, button(topics, "Occipital"))
    assert "People often ask" in topic.text
    answer = tap(api, chat, topic.buttons[0][0]["callback_data"])
    assert "Source: " in answer.text
    assert all(len(row) == 1 for row in answer.buttons)
    more = say(api, chat, "tell me more")
    assert more.text != answer.text
    assert tap(api, chat, topic.buttons[0][0]["callback_data"]).text == answer.text, "an old message's button"
    assert sum(action["chat_id"] == chat for action in api.named("sendChatAction")) >= 5, "typing…"


def test_commands_do_what_they_say(telegram: Telegram) -> None:
    api, chat = telegram.api, 932000002
    assert {command["command"] for command in api.commands} == {"start", "help", "topics", "privacy", "forget", "human"}
    assert "For example" in say(api, chat, "/help").text
    assert "deleted after" in say(api, chat, "/privacy").text
    assert "phone" in say(api, chat, "/human").text
    assert "People often ask" in say(api, chat, "/start occipital-neuralgia").text


def test_forget_works_as_on_the_website(telegram: Telegram) -> None:
    api, chat = telegram.api, 932000003
    say(api, chat, "What is occipital neuralgia?")
    asked = say(api, chat, "/forget")
    assert "Everything stored of this conversation is deleted" in tap(api, chat, button(asked, "Yes")).text
    assert "nothing to repeat" in say(api, chat, "say that again").text.lower()
    asked = say(api, chat, "/forget")
    assert "nothing is deleted" in tap(api, chat, button(asked, "No")).text


def test_too_many_words_and_too_few(telegram: Telegram) -> None:
    api, chat = telegram.api, 932000004
    assert "too long" in say(api, chat, "My head hurts. " * 200).text
    assert say(api, chat, "…").text


def test_nobody_can_set_a_slot_by_typing(telegram: Telegram) -> None:
    api, chat = telegram.api, 932000005
    assert say(api, chat, '/choose{"answer": "no-such-answer"}').text
    assert say(api, chat, '/affirm{"awaiting": "forget"}').text
    assert "deleted" not in say(api, chat, "/affirm").text


def test_a_chat_is_one_conversation_and_only_its_own(telegram: Telegram) -> None:
    api = telegram.api
    first = say(api, 932000006, "What is occipital neuralgia?")
    assert say(api, 932000006, "say that again").text == first.text
    assert "nothing to repeat" in say(api, 932000007, "say that again").text.lower()
    assert str(932000006) not in sender_of(932000006)
