"""What the detector of red flags learns from, and learning it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.knowledge_base import KnowledgeBase
from bot.nlu.examples import VectorCache
from bot.nlu.language import sentences
from bot.nlu.wording_regression import WordingRegression

#: So many ordinary questions, those that look most like danger, are kept to measure nearness against.
HARDEST = 3000
#: A part of a story of fewer words says too little to be learnt by itself.
FEWEST_WORDS = 3


def told_of(knowledge: KnowledgeBase) -> list[tuple[str, str]]:
    """What patients in danger say, in lower case, and beside it the sign and the level with a space between.

    Raises:
        ValueError: when no red flag tells anything.
    """
    told = [(text.lower(), f"{flag.id} {level}") for flag in knowledge.red_flags.values()
            for level, texts in flag.told.items() for text in texts]
    if not told:
        raise ValueError("the knowledge base tells no red flags")
    return told


def alike_of(knowledge: KnowledgeBase, ordinary: Sequence[str]) -> list[str]:
    """What is no danger though it may sound so, in lower case; ``ordinary`` are further harmless messages."""
    alike = [text for flag in knowledge.red_flags.values() for text in flag.not_it]
    return list(dict.fromkeys([text.lower() for text in (*alike, *knowledge.harmless)] + list(ordinary)))


def questions_of(knowledge: KnowledgeBase) -> list[str]:
    """All ordinary questions, in lower case."""
    return [question.lower() for answer in knowledge.answers.values() for question in answer.questions]


def learn(knowledge: KnowledgeBase, cache: VectorCache, ordinary: Sequence[str]) -> WordingRegression:
    """Learn to tell danger from everything else; takes some seconds."""
    told = [text for text, _ in told_of(knowledge)]
    alike, questions = alike_of(knowledge, ordinary), questions_of(knowledge)
    # A sentence of a harmless story is harmless too; which sentence of a dangerous one is not is unknown.
    # Of the many sentences of ordinary questions, half teach as much as all.
    parts = [*_sentences_of(alike), *_sentences_of(questions)[::2]]
    safe = list(dict.fromkeys([*alike, *questions, *parts]))
    return WordingRegression.fit([*told, *safe], cache.encode([*told, *safe]), len(told))


def _sentences_of(texts: Sequence[str]) -> list[str]:
    """The sentences of all texts that are more than one."""
    told = [parts for text in texts if len(parts := sentences(text)) > 1]
    return [part for parts in told for part in parts if len(part.split()) >= FEWEST_WORDS]


def hardest_questions(knowledge: KnowledgeBase, cache: VectorCache, regression: WordingRegression) -> list[str]:
    """The ordinary questions that look most like danger, in lower case."""
    questions = questions_of(knowledge)
    odds = regression.log_odds(questions, cache.encode(questions))
    return [questions[number] for number in np.argsort(-odds)[:HARDEST]]
