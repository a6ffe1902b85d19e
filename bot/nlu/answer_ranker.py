"""Rasa component: which answers fit the message, and whether one of them clearly does."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge_base import KnowledgeBase, live_knowledge_base
from bot.nlu.examples import VectorCache, training_cache
from bot.nlu.follow_up import Context, Scored, score_in_context
from bot.nlu.keys import CORRECTED, RANKING, READING, VECTORS, WORDINGS
from bot.nlu.question_index import QuestionIndex, Ranked, all_questions, what_tells_apart
from bot.nlu.regression import Regression
from bot.settings import settings


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class AnswerRanker(GraphComponent):
    """Ranks the answers of the live knowledge base; an edit needs no training.

    Training stores the vectors of the questions, so that a start is quick, and the regression
    that tells neighbours apart; an answer added since then is ranked without its help.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        # Measured on tests/evaluation; see docs/decisions/understanding.md and follow-ups.md.
        return {"lowest_score": 0.28, "lowest_in_context": 0.22, "clear_lead": 0.02, "clear_lead_after_an_answer": 0.03,
                "most_choices": 3}

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> AnswerRanker:
        return cls(config, model_storage, resource, VectorCache())

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, cache: VectorCache,
                 regression: Regression | None = None):
        self._config = {**self.get_default_config(), **config}
        self._storage, self._resource, self._cache = model_storage, resource, cache
        self._live = live_knowledge_base(settings().knowledge_folder)
        self._regression = regression
        self._lock = threading.Lock()
        self._index: QuestionIndex | None = None

    @classmethod
    def load(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
             execution_context: ExecutionContext, **kwargs: Any) -> AnswerRanker:
        with model_storage.read_from(resource) as folder:
            ranker = cls(config, model_storage, resource, VectorCache.load(Path(folder)),
                         Regression.load(Path(folder)))
        ranker.take_up(ranker._live.current)
        ranker._live.subscribe(ranker.take_up)
        return ranker

    def train(self, training_data: TrainingData) -> Resource:
        cache = training_cache()
        texts, answer_ids = all_questions(self._live.current)
        regression = what_tells_apart(texts, answer_ids, cache)
        with self._storage.write_to(self._resource) as folder:
            cache.save(Path(folder), texts)
            regression.save(Path(folder))
        return self._resource

    def take_up(self, knowledge: KnowledgeBase) -> None:
        """Rank the answers of a version of the knowledge base from now on."""
        with self._lock:
            fresh = QuestionIndex(knowledge, self._cache, self._regression)
            self._cache.keep_only(fresh.texts)
            self._index = fresh

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message], tracker: DialogueStateTracker | None = None) -> list[Message]:
        context = Context.of(tracker)
        for message in messages:
            self.rank(message, context)
        return messages

    def rank(self, message: Message, context: Context) -> None:
        """Write the ranking of the answers on a message, read in the light of what was said before."""
        index = self._index
        assert index is not None
        found = score_in_context(
            index, message.get(WORDINGS), message.get(VECTORS), message.get(CORRECTED) or "",
            [entity for entity in message.get(ENTITIES, []) if entity.get("extractor") == "TermExtractor"], context,
        )
        # In a conversation a fragment means what it follows on, even if some file holds the same words.
        scores = index.as_written(found.scores, message.get(TEXT) or "") if found.reads_alone else found.scores
        message.set(READING, found.reading)
        message.set(RANKING, self._decide(index.best(scores), found), add_to_output=True)

    def _decide(self, ranked: list[Ranked], found: Scored) -> dict[str, Any]:
        best = ranked[0]
        rivals = [other for other in ranked[1:] if not set(other.answer.citations) & set(best.answer.citations)]
        lead = best.score - rivals[0].score if rivals else 1.0
        # A fragment says little, but it goes on with what was talked about.
        if best.score < self._config["lowest_in_context" if found.in_context else "lowest_score"]:
            decision = "none"
        elif lead < self._config["clear_lead" if found.reading is None else "clear_lead_after_an_answer"]:
            decision = "choices"
        else:
            decision = "answer"
        choices = [best.answer.id]
        cited = set(best.answer.citations)
        for other in rivals:
            if len(choices) < self._config["most_choices"] and not cited & set(other.answer.citations):
                choices.append(other.answer.id)
                cited |= set(other.answer.citations)
        return {
            "decision": decision,
            "answers": [{"id": one.answer.id, "score": round(one.score, 4)} for one in ranked],
            "choices": choices,
            "lead": round(lead, 4),
            "subject": found.subject,
            "in_context": found.in_context,
        }
