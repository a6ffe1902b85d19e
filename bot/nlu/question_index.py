"""The questions of a knowledge base, ready to be compared with what a patient asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.knowledge_base import Answer, KnowledgeBase
from bot.nlu.example_index import ExampleIndex
from bot.nlu.examples import VectorCache
from bot.nlu.regression import Regression

#: How many ranked answers stand in the parsed message.
SHOWN = 6


@dataclass(frozen=True)
class Ranked:
    """An answer with its score: about 1 for a question that is written in its file, below 0.3 for chance."""

    answer: Answer
    score: float


def questions_of(answer: Answer) -> list[str]:
    """What counts as asking for an answer: its title and its questions, in lower case."""
    return list(dict.fromkeys(question.lower() for question in (answer.title, *answer.questions)))


class QuestionIndex:
    """Ranks the answers of one version of the knowledge base."""

    def __init__(self, knowledge: KnowledgeBase, cache: VectorCache, regression: Regression | None = None):
        self.knowledge = knowledge
        pairs = [(question, answer.id) for answer in knowledge.answers.values() for question in questions_of(answer)]
        texts = [question for question, _ in pairs]
        self.texts = texts
        self.answer_ids = [answer for _, answer in pairs]
        self.index = ExampleIndex(texts, self.answer_ids, cache.encode(texts), regression)
        self._answers = [knowledge.answers[label] for label in self.index.labels]
        self._position = {label: number for number, label in enumerate(self.index.labels)}

    def scores(self, vectors: np.ndarray, wordings: Sequence[str]) -> np.ndarray:
        """A score for each answer, in the order of the index's labels."""
        return self.index.scores(vectors, wordings)

    def position(self, answer_id: str) -> int | None:
        return self._position.get(answer_id)

    def best(self, scores: np.ndarray, count: int = SHOWN) -> list[Ranked]:
        """The answers with the highest scores, best first."""
        order = np.argsort(-scores)[:count]
        return [Ranked(self._answers[number], float(scores[number])) for number in order]
