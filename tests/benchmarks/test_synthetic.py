"""Made-up answers stand in for many: as records for ranking, as files for editing."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.plan import EXAMPLES_EACH
from benchmarks.synthetic import answers, vectors, write_answers
from bot.knowledge_base import KnowledgeBase, read


def test_no_two_questions_are_the_same(knowledge: KnowledgeBase) -> None:
    made = answers(knowledge, 1000)
    questions = [question for answer in made for question in answer.questions]
    assert len(made) == 1000
    assert len(set(questions)) == len(questions) == 1000 * EXAMPLES_EACH


def test_the_same_number_gives_the_same_answers(knowledge: KnowledgeBase) -> None:
    assert answers(knowledge, 20) == answers(knowledge, 20)


def test_vectors_of_one_answer_are_alike_and_those_of_two_are_not() -> None:
    centres, around = vectors(50)
    assert np.allclose(np.linalg.norm(around, axis=1), 1, atol=1e-5)
    within = around[0] @ around[1]
    assert 0.3 < within < 0.8
    assert abs(centres[0] @ centres[1]) < 0.3


def test_files_of_made_up_answers_have_no_faults(knowledge: KnowledgeBase, knowledge_copy: Path) -> None:
    write_answers(knowledge_copy, knowledge, 30)
    assert len(read(knowledge_copy).answers) == len(knowledge.answers) + 30
