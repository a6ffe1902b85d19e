"""What staff wrote as a question of an answer gets an answer: never "not covered", never "ask your doctor"."""

from __future__ import annotations

from bot.knowledge_base import KnowledgeBase
from tests.conftest import Server

#: One question in so many is asked; the next run after an edit asks others.
EVERY = 97


def test_questions_as_they_are_written(server: Server, knowledge: KnowledgeBase) -> None:
    written = [(question, answer.id) for answer in knowledge.answers.values() for question in answer.questions]
    strayed = []
    for question, answer_id in written[::EVERY]:
        said = server.conversation().say(question)
        if said.kind != "answer" or said.answer_id != answer_id:
            strayed.append((said.kind, said.answer_id, answer_id, question))
    assert not strayed
