"""What the detector of red flags learns from, and learning it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

import numpy as np

from bot.knowledge_base import KnowledgeBase
from bot.nlu.examples import VectorCache
from bot.nlu.language import sentences
from bot.nlu.regression import Regression
from bot.nlu.wording_classifier import WordingClassifier

#: Signs where a life may hang on one oblique sentence.
GRAVEST = frozenset({"suicidal-thoughts", "self-harm", "overdose"})
#: So many ordinary questions, those that look most like danger, are kept to measure nearness against.
HARDEST = 3000
#: The two kinds of what is no danger. Told apart, ordinary questions are known for what they are.
QUESTION, HARMLESS = "question", "harmless"
#: Of the regression over the signs: scikit-learn's C, in how many texts a word is met to be learnt, and how long it learns.
INVERSE_STRENGTH, WORDS_MET_IN, STEPS = 100.0, 5, 100
#: A part of a story of fewer words says too little to be learnt by itself.
FEWEST_WORDS = 3


@dataclass(frozen=True)
class Told:
    """What somebody in danger says, in lower case, and what it is a sign of."""

    text: str
    sign: str
    level: str

    @property
    def label(self) -> str:
        return f"{self.sign} {self.level}"


@dataclass(frozen=True)
class Learnt:
    """What tells danger from all else, the gravest dangers from all else, and every sign, by level, from the others.

    Danger is weighed twice, as one thing and as many: each errs where the other does not.
    """

    danger: WordingClassifier
    gravest: WordingClassifier
    signs: Regression

    def save(self, folder: Path) -> None:
        for part in fields(self):
            getattr(self, part.name).save(folder, part.name)

    @classmethod
    def load(cls, folder: Path) -> Learnt:
        return cls(WordingClassifier.load(folder, "danger"), WordingClassifier.load(folder, "gravest"), Regression.load(folder, "signs"))

    @cached_property
    def harmless_columns(self) -> np.ndarray:
        """Which labels of the regression over the signs are no danger."""
        return np.array([label in (QUESTION, HARMLESS) for label in self.signs.labels])

    @cached_property
    def gravest_columns(self) -> np.ndarray:
        """Which of them are the gravest signs."""
        return np.array([label.split()[0] in GRAVEST for label in self.signs.labels])


def told_of(knowledge: KnowledgeBase) -> list[Told]:
    """All that patients in danger say, the gravest signs first.

    Raises:
        ValueError: when no red flag tells anything.
    """
    told = [Told(text.lower(), flag.id, level) for flag in knowledge.red_flags.values()
            for level, texts in flag.told.items() for text in texts]
    if not told:
        raise ValueError("the knowledge base tells no red flags")
    return sorted(told, key=lambda one: one.sign not in GRAVEST)


def alike_of(knowledge: KnowledgeBase, ordinary: Sequence[str]) -> list[str]:
    """What is no danger though it may sound so, in lower case; ``ordinary`` are further harmless messages."""
    alike = [text for flag in knowledge.red_flags.values() for text in flag.not_it]
    return list(dict.fromkeys([text.lower() for text in (*alike, *knowledge.harmless)] + list(ordinary)))


def questions_of(knowledge: KnowledgeBase) -> list[str]:
    """All ordinary questions, in lower case."""
    return [question.lower() for answer in knowledge.answers.values() for question in answer.questions]


def learn(knowledge: KnowledgeBase, cache: VectorCache, ordinary: Sequence[str]) -> Learnt:
    """Learn to tell danger from everything else, and its signs apart; takes most of a minute once the texts are encoded."""
    told = told_of(knowledge)
    alike, questions = alike_of(knowledge, ordinary), questions_of(knowledge)
    # A sentence of a harmless story is harmless too; those of ordinary questions teach nothing further.
    harmless = dict.fromkeys([*alike, *_sentences_of(alike)])
    safe = [*harmless, *(question for question in dict.fromkeys(questions) if question not in harmless)]
    first = _fit([one.text for one in told], safe, cache)
    # Which sentence of a dangerous story tells the danger is unknown at first; then it is the one that looks most like it.
    instances = [*told, *_telling_sentences(told, first, cache)]
    texts = [one.text for one in instances]
    return Learnt(
        _fit(texts, safe, cache),
        _fit([one.text for one in instances if one.sign in GRAVEST],
             [*(one.text for one in instances if one.sign not in GRAVEST), *safe], cache),
        _fit_signs(instances, safe, len(harmless), cache),
    )


def _fit_signs(instances: Sequence[Told], safe: Sequence[str], harmless: int, cache: VectorCache) -> Regression:
    texts = [*(one.text for one in instances), *safe]
    labels = [*(one.label for one in instances), *[HARMLESS] * harmless, *[QUESTION] * (len(safe) - harmless)]
    # Danger and no danger weigh the same, however many texts tell of each.
    weights = np.repeat([len(texts) / 2 / len(instances), len(texts) / 2 / len(safe)], [len(instances), len(safe)])
    return Regression.fit_with_words(texts, cache.middle(texts), labels, INVERSE_STRENGTH, WORDS_MET_IN, weights, STEPS)


def _fit(of_the_kind: list[str], others: list[str], cache: VectorCache) -> WordingClassifier:
    texts = [*of_the_kind, *others]
    return WordingClassifier.fit(texts, cache.middle(texts), len(of_the_kind))


def _telling_sentences(told: Sequence[Told], classifier: WordingClassifier, cache: VectorCache) -> list[Told]:
    """Of each story, the sentence that looks most like danger."""
    stories = [(one, parts) for one in told if (parts := _sentences_of([one.text]))]
    # All at once: they are encoded side by side, and weighed in one go.
    sentences_told = list(dict.fromkeys(part for _, parts in stories for part in parts))
    margins = dict(zip(sentences_told, classifier.margins(sentences_told, cache.middle(sentences_told)).tolist()))
    telling = [(max(parts, key=margins.__getitem__), one) for one, parts in stories]
    return list({text: Told(text, one.sign, one.level) for text, one in telling}.values())


def _sentences_of(texts: Sequence[str]) -> list[str]:
    """The sentences of all texts that are more than one."""
    told = [parts for text in texts if len(parts := sentences(text)) > 1]
    return [part for parts in told for part in parts if len(part.split()) >= FEWEST_WORDS]


def hardest_questions(knowledge: KnowledgeBase, cache: VectorCache, classifier: WordingClassifier) -> list[str]:
    """The ordinary questions that look most like danger, in lower case."""
    questions = questions_of(knowledge)
    margins = classifier.margins(questions, cache.middle(questions))
    return [questions[number] for number in np.argsort(-margins)[:HARDEST]]
