"""What goes with an answer is known for every answer of the knowledge base."""

from __future__ import annotations

import dataclasses

import pytest

from bot.knowledge_base import KnowledgeBase
from bot.nlu.examples import VectorCache
from bot.nlu.question_index import NOT_AKIN, OF_THE_SAME_PASSAGE, OF_THE_SAME_TOPIC, RELATED, THE_SAME, QuestionIndex

FEW = 12


@pytest.fixture(scope="module")
def index(knowledge: KnowledgeBase) -> QuestionIndex:
    """Some answers of two topics, with one question each."""
    of_two_topics = [answer for answer in knowledge.answers.values() if answer.topic in ("neck-pain", "occipital-neuralgia")]
    chosen = [*of_two_topics[:FEW], *of_two_topics[-FEW:]]
    return QuestionIndex(dataclasses.replace(knowledge, answers={
        answer.id: dataclasses.replace(answer, questions=answer.questions[:1]) for answer in chosen}), VectorCache())


def test_every_answer_is_akin_to_itself_in_one_way_to_any_other(index: QuestionIndex) -> None:
    answers = index.knowledge.answers
    for answer in answers.values():
        kinship = dict(zip(index.index.labels, index.kinship(answer.id)))
        assert [other for other, kind in kinship.items() if kind == THE_SAME] == [answer.id]
        for other, kind in kinship.items():
            if kind == RELATED:
                assert other in answer.related
            if kind == OF_THE_SAME_PASSAGE:
                assert set(answers[other].citations) & set(answer.citations)
            if kind == OF_THE_SAME_TOPIC:
                assert answers[other].topic == answer.topic
            if kind == NOT_AKIN:
                assert other not in answer.related
                assert answers[other].topic != answer.topic


@pytest.mark.parametrize("unknown", [None, "", "neck-pain/deleted-since"])
def test_nothing_is_akin_to_what_is_not_there(index: QuestionIndex, unknown: str | None) -> None:
    assert set(index.kinship(unknown)) == {NOT_AKIN}
