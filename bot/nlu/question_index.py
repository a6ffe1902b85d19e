"""The questions of a knowledge base, ready to be compared with what a patient asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.knowledge_base import Answer, KnowledgeBase
from bot.knowledge_base.parsing import alike
from bot.nlu.example_index import ExampleIndex
from bot.nlu.examples import VectorCache
from bot.nlu.regression import Regression

#: How many ranked answers stand in the parsed message.
SHOWN = 6
#: scikit-learn's C of the regression that tells answers apart. Measured on tests/evaluation.
INVERSE_STRENGTH = 20.0
#: Words that are met in fewer questions teach little about the next one, and make learning slow.
WORDS_MET_IN = 10
STEPS = 60
#: How one answer is akin to another.
NOT_AKIN, THE_SAME, RELATED, OF_THE_SAME_PASSAGE, OF_THE_SAME_TOPIC = range(5)
#: The least score of an answer whose file holds the very question, and its least lead.
AS_WRITTEN, LEAD_AS_WRITTEN = 1.0, 0.1


@dataclass(frozen=True)
class Ranked:
    """An answer with its score: about 1 for a question that is written in its file, below 0.3 for chance."""

    answer: Answer
    score: float


def questions_of(answer: Answer) -> list[str]:
    """What counts as asking for an answer: its title and its questions, in lower case."""
    return list(dict.fromkeys(question.lower() for question in (answer.title, *answer.questions)))


def all_questions(knowledge: KnowledgeBase) -> tuple[list[str], list[str]]:
    """Every question of a knowledge base, and beside it the id of the answer it asks for."""
    pairs = [(question, answer.id) for answer in knowledge.answers.values() for question in questions_of(answer)]
    return [question for question, _ in pairs], [answer_id for _, answer_id in pairs]


def what_tells_apart(texts: list[str], answer_ids: list[str], cache: VectorCache) -> Regression:
    """Learn what tells the questions of each answer from those of all others; takes what :func:`all_questions` gives."""
    return Regression.fit_with_words(texts, cache.encode(texts), answer_ids, INVERSE_STRENGTH, WORDS_MET_IN, steps=STEPS)


class QuestionIndex:
    """Ranks the answers of one version of the knowledge base."""

    def __init__(self, knowledge: KnowledgeBase, cache: VectorCache, regression: Regression | None = None):
        self.knowledge = knowledge
        self.texts, answer_ids = all_questions(knowledge)
        self.index = ExampleIndex(self.texts, answer_ids, cache.encode(self.texts), regression)
        self._answers = [knowledge.answers[label] for label in self.index.labels]
        number = {label: position for position, label in enumerate(self.index.labels)}
        self._kinship: dict[str | None, np.ndarray] = {}
        asked_for: dict[str, set[int]] = {}
        for text, answer_id in zip(self.texts, answer_ids):
            asked_for.setdefault(alike(text), set()).add(number[answer_id])
        #: What stands in two files is no sure sign of either.
        self._written = {text: next(iter(numbers)) for text, numbers in asked_for.items() if len(numbers) == 1}

    def scores(self, vectors: np.ndarray, wordings: Sequence[str]) -> np.ndarray:
        """A score for each answer, in the order of the index's labels."""
        return self.index.scores(vectors, wordings)

    def as_written(self, scores: np.ndarray, typed: str) -> np.ndarray:
        """The scores, the highest for the answer whose file holds a question exactly as it is typed, if one does.

        A misspelt question is compared after correction, so its own file may look as near as its neighbour's.
        """
        number = self._written.get(alike(typed))
        if number is None:
            return scores
        sure = scores.copy()
        sure[number] = max(AS_WRITTEN, float(np.delete(scores, number).max(initial=0.0)) + LEAD_AS_WRITTEN)
        return sure

    def kinship(self, answer_id: str | None) -> np.ndarray:
        """How each answer is akin to the one with this id (:data:`NOT_AKIN` … :data:`OF_THE_SAME_TOPIC`), in the order of the
        index's labels."""
        other = self.knowledge.answers.get(answer_id or "")
        known = other.id if other else None
        if known not in self._kinship:
            self._kinship[known] = np.array([_kinship(one, other) for one in self._answers], np.uint8)
        return self._kinship[known]

    def about_others(self, subjects: Sequence[str]) -> np.ndarray:
        """Whether each answer has subjects (term ids), but none of these, in the order of the index's labels."""
        return np.array([bool(answer.about) and not set(answer.about) & set(subjects) for answer in self._answers])

    def best(self, scores: np.ndarray, count: int = SHOWN) -> list[Ranked]:
        """The answers with the highest scores, best first."""
        near = np.argpartition(-scores, min(count, len(scores)) - 1)[:count]
        order = near[np.argsort(-scores[near], kind="stable")]
        return [Ranked(self._answers[number], float(scores[number])) for number in order]


def _kinship(one: Answer, other: Answer | None) -> int:
    if other is None:
        return NOT_AKIN
    if one.id == other.id:
        return THE_SAME
    if one.id in other.related:
        return RELATED
    if set(one.citations) & set(other.citations):
        return OF_THE_SAME_PASSAGE
    return OF_THE_SAME_TOPIC if one.topic == other.topic else NOT_AKIN
