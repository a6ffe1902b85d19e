"""Rasa component: is anyone in danger? Runs before the intent classifier and wins over it."""

from __future__ import annotations

import json
import logging
import threading
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge_base import KnowledgeBase, live_knowledge_base
from bot.nlu.danger import DangerIndex, Wording
from bot.nlu.danger_learning import Learnt, alike_of, hardest_questions, learn, told_of
from bot.nlu.examples import VectorCache, training_cache
from bot.nlu.importer import ASK, RED_FLAG_INTENT
from bot.nlu.keys import CORRECTED, MIDDLE, RED_FLAG, VECTORS, WORDINGS
from bot.nlu.language import clean
from bot.settings import settings

logger = logging.getLogger(__name__)
ORDINARY = "ordinary.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class RedFlagDetector(GraphComponent):
    """Writes the red flag of a message: which sign, which level, which words and by what it was seen."""

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> RedFlagDetector:
        return cls(model_storage, resource, VectorCache())

    def __init__(self, model_storage: ModelStorage, resource: Resource, cache: VectorCache,
                 ordinary: list[str] | None = None, hardest: list[str] | None = None, learnt: Learnt | None = None):
        """``ordinary`` are harmless messages to learn from; ``hardest`` are questions that only nearness is measured against."""
        self._storage, self._resource, self._cache = model_storage, resource, cache
        self._ordinary, self._hardest, self._learnt = ordinary or [], hardest or [], learnt
        #: Held while what messages are judged by is exchanged.
        self._exchange = threading.Lock()
        #: The version to be learnt next; while one is being learnt, only the newest waits.
        self._to_learn: KnowledgeBase | None = None
        self._learner: threading.Thread | None = None
        self._live = live_knowledge_base(settings().knowledge_folder)
        self._signs: object = None
        self._index: DangerIndex | None = None

    @classmethod
    def load(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
             execution_context: ExecutionContext, **kwargs: Any) -> RedFlagDetector:
        with model_storage.read_from(resource) as directory:
            folder = Path(directory)
            ordinary = json.loads((folder / ORDINARY).read_text("utf-8"))
            detector = cls(model_storage, resource, VectorCache.load(folder), ordinary["learnt"], ordinary["hardest"], Learnt.load(folder))
        detector._take_up(detector._live.current)
        detector._live.subscribe(detector._take_up)
        return detector

    def train(self, training_data: TrainingData) -> Resource:
        self._ordinary = sorted({
            message.get(TEXT).lower() for message in training_data.intent_examples
            if message.get(INTENT) != RED_FLAG_INTENT and not message.get(INTENT).startswith(ASK)
        })
        cache = training_cache()
        learnt = learn(self._live.current, cache, self._ordinary)
        self._hardest = hardest_questions(self._live.current, cache, learnt.danger)
        with self._storage.write_to(self._resource) as directory:
            folder = Path(directory)
            cache.save(folder, self._compared(self._live.current))
            learnt.save(folder)
            (folder / ORDINARY).write_text(json.dumps({"learnt": self._ordinary, "hardest": self._hardest}), "utf-8")
        return self._resource

    def _take_up(self, knowledge: KnowledgeBase) -> None:
        """Patterns and examples of edited red flags count at once; what is learnt follows in the background."""
        signs = (knowledge.red_flags, knowledge.harmless)
        if signs == self._signs:
            return
        edited = self._signs is not None
        assert self._learnt is not None
        index = DangerIndex(knowledge, self._cache, self._ordinary + self._hardest, self._learnt)
        self._cache.keep_only(self._compared(knowledge))
        with self._exchange:
            self._signs, self._index = signs, index
            if edited:
                self._to_learn = knowledge
                if self._learner is None:
                    self._learner = threading.Thread(target=self._learn_again, name="danger-learner", daemon=True)
                    self._learner.start()

    def _learn_again(self) -> None:
        """Learn the newest version; what was edited meanwhile, after it."""
        while True:
            with self._exchange:
                knowledge, self._to_learn = self._to_learn, None
                if knowledge is None:
                    self._learner = None
                    return
            try:
                cache = VectorCache()
                learnt = learn(knowledge, cache, self._ordinary)
                index = DangerIndex(knowledge, cache, self._ordinary + self._hardest, learnt)
            except Exception:
                logger.exception("The red flags could not be learnt anew; patterns and examples are live all the same")
                continue
            with self._exchange:
                if (knowledge.red_flags, knowledge.harmless) == self._signs:
                    self._learnt, self._index = learnt, index

    def _compared(self, knowledge: KnowledgeBase) -> list[str]:
        """All texts that messages are compared with."""
        return [*(one.text for one in told_of(knowledge)), *alike_of(knowledge, self._ordinary + self._hardest)]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        index = self._index
        assert index is not None
        for message in messages:
            typed = clean(message.get(TEXT) or "")
            wording = Wording(message.get(WORDINGS), message.get(VECTORS), message.get(MIDDLE))
            seen = index.look(typed, message.get(CORRECTED) or typed, wording)
            message.set(RED_FLAG, seen.as_dict() if seen else None, add_to_output=True)
        return messages
