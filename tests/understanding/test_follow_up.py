"""What a message is read with after an answer."""

from __future__ import annotations

import dataclasses

import pytest

from bot.knowledge_base import KnowledgeBase
from bot.nlu.examples import VectorCache
from bot.nlu.follow_up import Context, Scored, score_in_context
from bot.nlu.minilm import shared_encoder
from bot.nlu.question_index import QuestionIndex

GIVEN = "occipital-neuralgia/what-it-is"
ASKED_NEXT = "what causes it?"


@pytest.fixture(scope="module")
def index(knowledge: KnowledgeBase) -> QuestionIndex:
    """The answers of one topic and a few more, with some of their questions."""
    kept = {answer.id: dataclasses.replace(answer, questions=answer.questions[:24])
            for answer in knowledge.answers.values() if answer.topic in ("occipital-neuralgia", "cervicogenic-headache")}
    return QuestionIndex(dataclasses.replace(knowledge, answers=kept), VectorCache())


def read(index: QuestionIndex, text: str, context: Context) -> Scored:
    wordings = [text.lower()]
    return score_in_context(index, wordings, shared_encoder().encode(wordings), text, [], context)


def best(index: QuestionIndex, found: Scored) -> str:
    return index.best(found.scores)[0].answer.id


def test_it_is_what_was_talked_about(index: QuestionIndex) -> None:
    for subject, topic in (("occipital-neuralgia", "occipital-neuralgia"), ("cervicogenic-headache", "cervicogenic-headache")):
        found = read(index, ASKED_NEXT, Context((subject,)))
        assert index.knowledge.answers[best(index, found)].topic == topic
        assert found.in_context
        assert found.subject == [subject]


def test_nothing_was_said(index: QuestionIndex) -> None:
    found = read(index, ASKED_NEXT, Context())
    assert found.reading is None
    assert not found.in_context


@pytest.mark.parametrize("context", [Context(("gone-since",), "occipital-neuralgia/deleted-since"), Context((), "deleted/since")])
def test_what_was_deleted_since_is_as_if_it_had_not_been_said(index: QuestionIndex, context: Context) -> None:
    assert read(index, ASKED_NEXT, context).reading is None


def test_where_the_last_answer_is_gone_the_subject_is_left(index: QuestionIndex) -> None:
    found = read(index, ASKED_NEXT, Context(("occipital-neuralgia",), "deleted/since"))
    assert found.reading is not None
    assert index.knowledge.answers[best(index, found)].topic == "occipital-neuralgia"


def test_a_long_message_speaks_for_itself(index: QuestionIndex) -> None:
    long = "I have had this for years and would like to know what a cervicogenic headache is and how it begins in the neck"
    found = read(index, long, Context(("occipital-neuralgia",), GIVEN))
    assert found.reading is None
    assert (found.scores == read(index, long, Context()).scores).all()
