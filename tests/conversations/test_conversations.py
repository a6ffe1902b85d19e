"""Conversations as data, through the real REST channel and the real actions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Server
from tests.talk import Said

SCENARIOS = Path(__file__).parent / "scenarios"
ALL = [
    pytest.param(scenario["turns"], id=f"{path.stem}: {scenario['name']}")
    for path in sorted(SCENARIOS.glob("*.yml")) for scenario in yaml.safe_load(path.read_text("utf-8"))
]


@pytest.mark.parametrize("turns", ALL)
def test_conversation(server: Server, turns: list[dict[str, Any]]) -> None:
    conversation, last = server.conversation(), None
    for turn in turns:
        if "tap" in turn:
            assert last is not None
            last = conversation.tap(turn["tap"], last)
        else:
            last = conversation.say(turn.get("say", turn.get("tap_payload")))
        check(turn, last)


def check(expected: dict[str, Any], said: Said) -> None:
    context = f"after {expected}: {said.kind} {said.answer_id} {said.choices}"
    assert said.kind in listed(expected["kind"]), context
    if "answer" in expected:
        assert said.answer_id in listed(expected["answer"]), context
    for words in expected.get("shows", []):
        assert words in said.text, context
    if "calls" in expected:
        assert [call["number"] for call in said.reply["calls"]] == expected["calls"], context
    titles = [button["title"] for button in said.reply["buttons"]]
    for title in expected.get("buttons", []):
        assert title in titles, context


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_a_message_that_is_too_long_is_not_read_but_answered(server: Server) -> None:
    said = server.conversation().say("neck pain and migraine " * 250)
    assert said.kind == "out_of_scope"
    assert "too long" in said.text
    assert "911" in said.text


def test_strangers_without_a_sender_do_not_share_a_conversation(server: Server) -> None:
    first, second = server.conversation(), server.conversation()
    first.sender = second.sender = None  # type: ignore[assignment]
    first.say("What is occipital neuralgia?")
    assert second.say("tell me more").kind == "out_of_scope"


def test_a_long_conversation_keeps_its_subject(server: Server) -> None:
    conversation = server.conversation()
    conversation.say("What is occipital neuralgia?")
    for _ in range(30):
        conversation.say("say that again")
    assert conversation.say("how is it treated?").reply["topic"] == "occipital-neuralgia"
