"""Buttons carry a short stand-in, and those of old messages are still understood."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.channels.intake import PLAIN_PAYLOADS
from bot.channels.telegram_buttons import MOST_BYTES, data_of, keyboard, payload_of
from bot.channels.telegram_commands import COMMANDS, menu, payload_of_command
from bot.knowledge_base import KnowledgeBase
from tests.telegram.bot_api_rules import checked_commands, checked_keyboard


def payloads(knowledge: KnowledgeBase) -> list[str]:
    return [*sorted(PLAIN_PAYLOADS), *("/choose" + json.dumps({"answer": i}) for i in knowledge.answers),
            *("/open_topic" + json.dumps({"open_topic": i}) for i in knowledge.topics)]


def test_every_button_fits_and_comes_back(knowledge: KnowledgeBase) -> None:
    carried = {payload: data_of(payload, knowledge) for payload in payloads(knowledge)}
    assert all(data and len(data.encode()) <= MOST_BYTES for data in carried.values())
    assert len(set(carried.values())) == len(carried)
    assert all(payload_of(data or "", knowledge) == payload for payload, data in carried.items())


def test_a_button_means_the_same_for_ever(knowledge: KnowledgeBase) -> None:
    """Messages with these buttons are in patients' chats: a change here would make them all dead."""
    assert data_of('/choose{"answer": "cervicogenic-headache/what-it-is"}', knowledge) == "a:9e51ae0c50180a041744"


def test_a_button_whose_answer_was_deleted(knowledge: KnowledgeBase) -> None:
    payload = '/choose{"answer": "cervicogenic-headache/what-it-is"}'
    data = data_of(payload, knowledge) or ""
    fewer = {key: answer for key, answer in knowledge.answers.items() if key != "cervicogenic-headache/what-it-is"}
    assert payload_of(data, replace(knowledge, answers=fewer)) is None


@pytest.mark.parametrize("data", ["", "a:", "a:00", "x", '/choose{"answer": "x"}', "/restart", "t:" + "0" * 20])
def test_what_never_was_a_button(data: str, knowledge: KnowledgeBase) -> None:
    assert payload_of(data, knowledge) is None


def test_one_button_a_row_and_none_that_would_be_refused(knowledge: KnowledgeBase) -> None:
    shown = keyboard([{"title": "Yes", "payload": "/affirm"}, {"title": "", "payload": "/deny"},
                      {"title": "Odd", "payload": '/slot{"x": "y"}'}], knowledge)
    assert checked_keyboard(shown) == [[{"text": "Yes", "callback_data": "/affirm"}]]
    assert keyboard([], knowledge) is None


def test_commands_are_what_telegram_takes() -> None:
    assert [command["command"] for command in checked_commands({"commands": menu()})] == list(COMMANDS)


@pytest.mark.parametrize(("typed", "payload"), [
    ("/start", "/greet"), ("/START", "/greet"), ("/topics@riverside_headache_bot", "/show_topics"),
    ("/start occipital-neuralgia", '/open_topic{"open_topic": "occipital-neuralgia"}'),
    ("/start nobody-knows", "/greet"), ("/forget please", "/delete_my_data"), ("/human", "/handoff"),
    ("/topics@another_bot", None), ("/unknown", None), ("what is /start", None), ("/", None),
])
def test_what_a_command_stands_for(typed: str, payload: str | None, knowledge: KnowledgeBase) -> None:
    assert payload_of_command(typed, "riverside_headache_bot", knowledge) == payload
