"""Rasa component: question, small talk, a matter for one's own doctor, or something else altogether?

Danger wins before anything is classified. Small talk and the like are told by nearness to their
examples, how well the best answer fits (the ranker's), and a logistic regression over meaning
vectors. What is left is a question, a personal matter or not covered: bot.nlu.judgement.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge_base import live_knowledge_base
from bot.nlu.example_index import ExampleIndex, across_wordings
from bot.nlu.examples import VectorCache, training_cache
from bot.nlu.importer import ASK, RED_FLAG_INTENT
from bot.nlu.judgement import KINDS, OUT_OF_SCOPE, PERSONAL, learnt_judgement, signals, signals_in_context
from bot.nlu.keys import ONLY_TERMS, RANKING, READING, RED_FLAG, SHARE_KNOWN, STRANGE_WORDS, VECTORS, WORDINGS
from bot.nlu.regression import Regression
from bot.nlu.wording_classifier import WordingClassifier
from bot.settings import settings

#: These are told in a part of a message; the others are the whole of it.
ABOUT_A_PART = {PERSONAL}
#: Turns differences of scores into shares.
SHARPNESS = 12


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent, RasaIntentClassifier):
    """Sets the intent; `ask_…` intents take their topic from the best answer."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        # Measured on tests/evaluation; see docs/decisions/understanding.md.
        return {
            "regression_weight": 0.10,
            "personal_bonus": 0.03,
            "follow_up_bonus": 0.2,
            "as_written_from": 0.9,
            "own_words_share": 0.55,
            "foreign_below": 0.5,
            "regularization": 10.0,
        }

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> IntentClassifier:
        return cls(config, model_storage, resource)

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
                 index: ExampleIndex | None = None, regression: Regression | None = None,
                 wordings: dict[str, WordingClassifier] | None = None):
        self._config = {**self.get_default_config(), **config}
        self._storage, self._resource = model_storage, resource
        self._live = live_knowledge_base(settings().knowledge_folder)
        self._index, self._regression, self._wordings = index, regression, wordings or {}
        #: What was written as an example, word for word.
        self._verbatim = {text: index.labels[code] for text, code in zip(index.texts, index.codes)} if index else {}

    @classmethod
    def load(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
             execution_context: ExecutionContext, **kwargs: Any) -> IntentClassifier:
        with model_storage.read_from(resource) as directory:
            folder = Path(directory)
            texts, labels = json.loads((folder / "examples.json").read_text("utf-8"))
            index = ExampleIndex(texts, labels, VectorCache.load(folder).encode(texts))
            kinds = {kind: WordingClassifier.load(folder, kind) for kind in KINDS}
            return cls(config, model_storage, resource, index, Regression.load(folder), kinds)

    def train(self, training_data: TrainingData) -> Resource:
        pairs = [(message.get(TEXT).lower(), _joined(message.get(INTENT)))
                 for message in training_data.intent_examples if message.get(INTENT) != RED_FLAG_INTENT]
        cache = training_cache()
        regression = Regression.fit(cache.encode([text for text, _ in pairs]), [label for _, label in pairs],
                                    self._config["regularization"], balanced=True)
        kinds = {kind: wording_of(kind, pairs, cache) for kind in KINDS}
        # Questions are compared by the ranker; only the other examples are kept here.
        kept = [(text, label) for text, label in pairs if label != ASK]
        with self._storage.write_to(self._resource) as directory:
            folder = Path(directory)
            cache.save(folder, [text for text, _ in kept])
            (folder / "examples.json").write_text(json.dumps(list(zip(*kept))), "utf-8")
            regression.save(folder)
            for kind, wording in kinds.items():
                wording.save(folder, kind)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranked = self.judge(message)
            message.set(INTENT, {"name": ranked[0][0], "confidence": ranked[0][1]}, add_to_output=True)
            message.set("intent_ranking", [{"name": n, "confidence": c} for n, c in ranked[:5]], add_to_output=True)
        return messages

    def judge(self, message: Message) -> list[tuple[str, float]]:
        """Intents with a confidence (0 to 1), best first."""
        if message.get(RED_FLAG):
            return [(RED_FLAG_INTENT, 1.0)]
        assert self._index is not None
        assert self._regression is not None
        wordings, vectors, ranking = message.get(WORDINGS), message.get(VECTORS), message.get(RANKING) or {}
        if wordings[0] in self._verbatim:
            return [(self._verbatim[wordings[0]], 1.0)]
        if not any(letter.isalpha() for letter in wordings[0]):
            return [(OUT_OF_SCOPE, 1.0)]
        if message.get(ONLY_TERMS):
            # Short of everything that would tell what is asked; what is known about them can be offered.
            return [(self._named(ASK, ranking), 1.0)]
        near = self._index.scores_of_each(vectors, wordings)
        best = ranking["answers"][0]["score"] if ranking.get("answers") else -1.0
        scores = self._scores(near, vectors, best, bool(ranking.get("in_context")))
        # "okey dokey" is hardly English either, but it is near to what people say.
        nearest = max(best, *(score for label, score in scores.items() if label not in KINDS))
        if message.get(SHARE_KNOWN, 1.0) < self._config["own_words_share"] and nearest < self._config["foreign_below"]:
            return [(OUT_OF_SCOPE, 1.0)]
        if best >= self._config["as_written_from"]:
            # What staff wrote as a question is one.
            return [(self._named(ASK, ranking), 1.0)]
        ordered = sorted(scores.items(), key=lambda pair: -pair[1])
        if ordered[0][0] in KINDS:
            # After an answer the same words may mean more: weighed by weights of their own.
            judged = learnt_judgement(in_context=message.get(READING) is not None).shares(self.signals_of(message, near))
            return [(self._named(kind, ranking), share) for kind, share in sorted(judged.items(), key=lambda pair: -pair[1])]
        values = np.array([score for _, score in ordered])
        shares = np.exp((values - values[0]) * SHARPNESS)
        shares /= shares.sum()
        return [(self._named(label, ranking), float(share)) for (label, _), share in zip(ordered, shares)]

    def signals_of(self, message: Message, near: np.ndarray | None = None) -> np.ndarray:
        """What bot.nlu.judgement weighs of a message, by itself or after an answer; ``near`` are the index's scores of each
        wording where they are known."""
        assert self._index is not None
        assert self._regression is not None
        wordings, vectors, ranking = message.get(WORDINGS), message.get(VECTORS), message.get(RANKING)
        if near is None:
            near = self._index.scores_of_each(vectors, wordings)
        logs = self._regression.for_columns(self._regression.columns(KINDS), vectors)
        worded = {kind: classifier.margins(wordings, vectors) for kind, classifier in self._wordings.items()}
        measured = signals(wordings, near, self._index.labels, dict(zip(KINDS, logs.T)), worded,
                           ranking["answers"][0]["score"], ranking["lead"], message.get(SHARE_KNOWN, 1.0))
        if (reading := message.get(READING)) is None:
            return measured
        return signals_in_context(measured, reading, len(wordings[0].split()), message.get(STRANGE_WORDS, 0))

    def _scores(self, each: np.ndarray, vectors: np.ndarray, best: float, in_context: bool) -> dict[str, float]:
        assert self._index is not None
        assert self._regression is not None
        near = across_wordings(each)
        # Small talk inside a longer message is not what the message is about.
        whole = each[0]
        logs = dict(zip(self._regression.labels, self._regression.log_probabilities(vectors[:1])[0]))
        weight = self._config["regression_weight"]
        scores = {
            label: float(near[number] if label in ABOUT_A_PART else whole[number]) + weight * float(logs[label])
            for number, label in enumerate(self._index.labels)
        }
        scores[PERSONAL] += self._config["personal_bonus"]
        scores[ASK] = best + weight * float(logs[ASK])
        if in_context:
            # A fragment after an answer is a question, unless it is nearly the words of something else.
            scores[ASK] = best + self._config["follow_up_bonus"]
        return scores

    def _named(self, label: str, ranking: dict[str, Any]) -> str:
        if label != ASK:
            return label
        answers, knowledge = ranking.get("answers") or [], self._live.current
        answer = knowledge.answers.get(answers[0]["id"]) if answers else None
        topic = answer.topic if answer else next(iter(knowledge.topics))
        return knowledge.topics[topic].intent


def _joined(intent: str) -> str:
    """All topic intents count as one here: that a message asks; the ranker says what for."""
    return ASK if intent.startswith(ASK) else intent


def wording_of(kind: str, pairs: Sequence[tuple[str, str]], cache: VectorCache) -> WordingClassifier:
    """What tells texts of a kind from all others, learnt from texts and their labels."""
    of_the_kind = [text for text, label in pairs if label == kind]
    texts = [*of_the_kind, *(text for text, label in pairs if label != kind)]
    return WordingClassifier.fit(texts, cache.encode(texts), len(of_the_kind))
