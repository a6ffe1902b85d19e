"""Training data from the knowledge base: a question is written once, in its answer's file."""

from __future__ import annotations

import copy
import hashlib
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge_base import live_knowledge_base
from bot.knowledge_base.records import intent_of_topic
from bot.settings import settings

RED_FLAG_INTENT = "red_flag"
#: What the topic intents begin with.
ASK = "ask_"


class Question(Message):
    """An example that nobody changes, so that copying and comparing it costs next to nothing.

    Rasa copies and compares all examples a dozen times in a training; with ten thousand
    questions that took longer than learning from them.
    """

    _cached_fingerprint: str | None

    def fingerprint(self) -> str:
        if self._cached_fingerprint is None:
            if set(self.data) != {TEXT, INTENT} or self.features:
                return super().fingerprint()
            self._cached_fingerprint = hashlib.md5(
                f"{self.data[INTENT]}\n{self.data[TEXT]}".encode(), usedforsecurity=False).hexdigest()
        return self._cached_fingerprint

    def set(self, prop: str, info: Any, add_to_output: bool = False) -> None:
        # Rasa sets each intent again to what it was.
        if add_to_output or self.data.get(prop) != info:
            super().set(prop, info, add_to_output)

    def __deepcopy__(self, memo: dict[int, Any]) -> Question:
        # Its data are strings, which need no copies.
        copied = copy.copy(self)
        copied.data, copied.features = dict(self.data), list(self.features)
        copied.output_properties = set(self.output_properties)
        return copied


class KnowledgeImporter(TrainingDataImporter):
    """Adds the topic intents (`ask_autoimmune`, …) and `red_flag` with their examples."""

    def __init__(self, config_file: str | None = None, domain_path: str | None = None,
                 training_data_paths: Any = None, **kwargs: Any):
        self._knowledge = live_knowledge_base(settings().knowledge_folder).current

    def get_domain(self) -> Domain:
        # domain.yml names the intents, as rules are checked against it alone.
        return Domain.empty()

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        pairs = [(question, intent_of_topic(answer.topic))
                 for answer in self._knowledge.answers.values() for question in (answer.title, *answer.questions)]
        pairs += [(told, RED_FLAG_INTENT) for flag in self._knowledge.red_flags.values()
                  for level in flag.told.values() for told in level]
        messages: list[Message] = [Question(data={TEXT: text, INTENT: intent}) for text, intent in pairs]
        return TrainingData(training_examples=messages)

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        return StoryGraph([])

    def get_conversation_tests(self) -> StoryGraph:
        return StoryGraph([])

    def get_config(self) -> dict[str, Any]:
        return {}

    def get_config_file_for_auto_config(self) -> str | None:
        return None
