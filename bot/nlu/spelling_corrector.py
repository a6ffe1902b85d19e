"""Rasa component: the corrected text of a message, and how much of it is English."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge_base import KnowledgeBase, live_knowledge_base
from bot.nlu.keys import CORRECTED, SHARE_KNOWN, STRANGE_WORDS
from bot.nlu.language import clean
from bot.nlu.spelling import Spelling
from bot.settings import settings


def spelling_of(knowledge: KnowledgeBase) -> Spelling:
    """A corrector that knows the words of a knowledge base."""
    texts = [text for answer in knowledge.answers.values() for text in (answer.title, answer.body, answer.simpler)]
    texts += [text for flag in knowledge.red_flags.values() for text in (flag.title, flag.signs, flag.body)]
    texts += [term.shown for term in knowledge.terms.values()]
    typed = [question for answer in knowledge.answers.values() for question in answer.questions]
    typed += [text for flag in knowledge.red_flags.values() for told in (*flag.told.values(), flag.not_it) for text in told]
    return Spelling(texts, (name for term in knowledge.terms.values() for name in term.names), typed)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SpellingCorrector(GraphComponent):
    """Writes the corrected text beside the text; the text itself stays as the patient typed it."""

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> SpellingCorrector:
        return cls()

    @classmethod
    def load(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
             execution_context: ExecutionContext, **kwargs: Any) -> SpellingCorrector:
        corrector = cls()
        live = live_knowledge_base(settings().knowledge_folder)
        corrector.take_up(live.current)
        live.subscribe(corrector.take_up)
        return corrector

    def __init__(self) -> None:
        # Training corrects nothing; a served model takes up each version of the knowledge base before it is live.
        self._spelling: Spelling | None = None

    def take_up(self, knowledge: KnowledgeBase) -> None:
        """Know the words of a version of the knowledge base."""
        self._spelling = spelling_of(knowledge)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        # Examples are matched as they were written: their misspellings are examples of misspelling.
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        assert self._spelling is not None
        for message in messages:
            text = clean(message.get(TEXT) or "")
            corrected = self._spelling.correct(text)
            message.set(CORRECTED, corrected)
            message.set(SHARE_KNOWN, self._spelling.share_known(text))
            message.set(STRANGE_WORDS, self._spelling.strange_words(corrected))
        return messages
