"""Turns and conversations are kept: what happened, without the words that must not be."""

from __future__ import annotations

import pytest

from bot.store.keeper import Keeper
from tests.store.conftest import count
from tests.store.turns import KEY, NOT_COVERED, only, turn


def test_an_exchange_says_what_happened_without_a_word_of_it(keeper: Keeper):
    keeper.writer.put(turn(country="US", latency_ms=9.5))
    keeper.writer.write_waiting()
    noted = only(keeper, "exchanges")
    assert noted.pop("at")
    assert noted == {
        "id": 1,
        "conversation": KEY,
        "channel": "web",
        "kind": "answer",
        "intent": "ask_neck_pain",
        "answer_id": "neck-pain/how-common",
        "topic": "neck-pain",
        "score": 0.9,
        "sign": None,
        "level": None,
        "latency_ms": 9.5,
        "country": "US",
    }


def test_a_danger_sign_is_counted_with_its_level(keeper: Keeper):
    keeper.writer.put(turn({"kind": "urgent", "sign": "giant-cell-arteritis", "words": "I'm Anna, my scalp hurts"}))
    keeper.writer.write_waiting()
    assert (only(keeper, "exchanges")["sign"], only(keeper, "exchanges")["level"]) == ("giant-cell-arteritis", "urgent")
    assert "Anna" not in str(only(keeper, "transcript_turns")["reply"])


@pytest.mark.parametrize(("intent", "helpful"), [("feedback_good", True), ("feedback_bad", False)])
def test_feedback_names_the_answer_it_judges(keeper: Keeper, intent: str, helpful: bool):
    keeper.writer.put(turn({"kind": "smalltalk"}, intent=intent, judged_answer="neck-pain/how-common"))
    keeper.writer.write_waiting()
    noted = only(keeper, "feedback")
    assert (noted["answer_id"], bool(noted["helpful"])) == ("neck-pain/how-common", helpful)


def test_a_question_asked_in_vain_is_noted_redacted_with_what_came_nearest(keeper: Keeper):
    keeper.writer.put(turn(NOT_COVERED, said="do moon rocks help? thanks, Anna Smith"))
    keeper.writer.write_waiting()
    noted = only(keeper, "unanswered")
    assert noted["question"] == "do moon rocks help? thanks, [name]"
    assert (noted["nearest_answer"], noted["nearest_score"]) == ("neck-pain/how-common", 0.9)


def test_a_button_is_no_question(keeper: Keeper):
    keeper.writer.put(turn(NOT_COVERED, said='/choose{"answer": "gone/for-good"}'))
    keeper.writer.write_waiting()
    assert count(keeper)["unanswered"] == 0
    assert only(keeper, "transcript_turns")["said"] == '/choose{"answer": "gone/for-good"}'


async def test_a_conversation_is_read_as_it_was_kept(keeper: Keeper):
    await keeper.conversations.keep(KEY, '{"slots": {"topic": "neck-pain"}, "events": []}')
    assert await keeper.conversations.read(KEY) == '{"slots": {"topic": "neck-pain"}, "events": []}'
    assert await keeper.conversations.read("other") is None


def test_one_row_that_does_not_fit_does_not_stop_the_others(keeper: Keeper):
    keeper.writer.put(turn())
    keeper.writer.put(turn({"kind": None, "text": ""}, channel=None))
    keeper.writer.put(turn())
    keeper.writer.write_waiting()
    assert count(keeper)["exchanges"] == 2
