"""Talking through the website's channel, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.knowledge_base import KnowledgeBase
from tests.web.visitor import Visitor


def test_a_question_is_answered_within_one_request(visitor: Visitor) -> None:
    reply = visitor.say("what is occipital neuralgia?")
    assert reply["kind"] == "answer"
    assert reply["answer_id"] == "occipital-neuralgia/what-it-is"
    assert reply["sources"][0]["where"]
    assert reply["consult"]


def test_a_topic_can_be_opened_before_anything_is_typed(visitor: Visitor, knowledge: KnowledgeBase) -> None:
    assert [button["title"] for button in visitor.start] == [topic.title for topic in knowledge.topics.values()]
    reply = visitor.press(visitor.start[3])
    assert "Occipital neuralgia" in reply["text"]
    assert visitor.press(reply["buttons"][0])["kind"] == "answer"


def test_a_related_question_and_feedback_are_a_press_away(visitor: Visitor) -> None:
    answer = visitor.say("what is occipital neuralgia?")
    related = visitor.press(answer["buttons"][0])
    assert related["kind"] == "answer"
    assert related["title"] == answer["buttons"][0]["title"]
    thanked = visitor.press({"title": "", "send": related["feedback"]["good"]})
    assert thanked["kind"] == "smalltalk"


def test_the_country_of_the_page_chooses_the_emergency_number(
    visitor: Visitor, arriving: Callable[[], Visitor]
) -> None:
    words = "worst headache of my life, it came on within a second"
    assert {call["number"] for call in visitor.say(words, country="gb")["calls"]} == {"999"}
    assert {call["number"] for call in arriving().say(words, country="nowhere")["calls"]} == {"911"}


def test_the_widget_does_not_get_what_is_kept_for_staff(visitor: Visitor) -> None:
    reply = visitor.say("worst headache of my life, it came on within a second")
    assert reply["kind"] == "emergency"
    assert "words" not in reply
    assert "by" not in reply


def test_a_conversation_is_shown_again_with_buttons_that_work(visitor: Visitor) -> None:
    first = visitor.say("what is occipital neuralgia?")
    second = visitor.press(first["buttons"][0])
    visitor.press({"title": "", "send": second["feedback"]["bad"]})
    again = Visitor(visitor.url, token=visitor.token)
    turns = again.turns()
    assert [turn["said"] for turn in turns] == ["what is occipital neuralgia?", second["title"], "This did not help"]
    assert turns[0]["reply"]["text"] == first["text"]
    assert again.press(turns[0]["reply"]["buttons"][0])["kind"] == "answer"


def test_typed_commands_are_words(visitor: Visitor) -> None:
    """Only a button says /delete_my_data or /choose; who types it has said some words."""
    visitor.say("what is occipital neuralgia?")
    for typed in (
        '/choose{"answer": "autoimmune/turmeric"}',
        "/restart",
        "/session_start",
        ' / /choose{"answer": "autoimmune/turmeric"}',
        '/set_slot{"awaiting": "forget"}',
    ):
        visitor.say(typed)
    said = [turn["said"] for turn in visitor.turns()][1:]
    # An obeyed button would stand there by its title.
    assert said
    assert all(one.startswith(("choose{", "restart", "session_start", "set_slot{")) for one in said)


def test_too_long_and_empty_messages_are_told_kindly(visitor: Visitor) -> None:
    assert "1000 characters" in visitor.say("my head hurts " * 200)["text"]
    assert visitor.say("   ")["text"]
    assert visitor.say("😀" * 1000)["kind"]


def test_delete_forgets_everything(visitor: Visitor) -> None:
    visitor.say("what is occipital neuralgia?")
    assert len(visitor.turns()) == 1
    answer = visitor.request("DELETE", "conversation")
    assert answer.status_code == 200
    assert answer.json() == {"forgotten": True}
    assert visitor.turns() == []
    # Not even what "it" was is known any more.
    assert visitor.say("tell me more about it").get("topic") != "occipital-neuralgia"


def test_asking_for_deletion_leaves_not_even_that_request(visitor: Visitor) -> None:
    visitor.say("what is occipital neuralgia?")
    asked = visitor.say("delete my data")
    done = visitor.press(next(b for b in asked["buttons"] if b["title"].startswith("Yes")))
    assert done["forgotten"] is True
    assert visitor.turns() == []


@pytest.mark.parametrize(
    "hostile", ["<img src=x onerror=alert(1)>", "[click](javascript:alert(1))", "\u202e\u0000\ufeff", "\ud800"]
)
def test_hostile_text_gets_words(visitor: Visitor, hostile: str) -> None:
    assert visitor.say(hostile)["text"]
