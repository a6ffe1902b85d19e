"""Rasa component: the wordings of a message and their meaning vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.keys import CORRECTED, MIDDLE, VECTORS, WORDINGS
from bot.nlu.language import clean, sentences
from bot.nlu.minilm import shared_encoder
from bot.nlu.minilm_graph import DIMENSIONS

#: A sentence of fewer words says too little to be scored by itself.
FEWEST_WORDS = 3
MOST_SENTENCES = 12


def wordings(text: str) -> list[str]:
    """A message as the scorers read it: the whole in lower case, then each of its sentences."""
    whole = " ".join(text.lower().split())
    parts = sentences(text.lower())
    if len(parts) < 2:
        return [whole]
    kept = [part for part in parts if len(part.split()) >= FEWEST_WORDS]
    return [whole, *kept[-MOST_SENTENCES:]]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(GraphComponent):
    """Encodes the whole message and each of its sentences in one call."""

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> SentenceEncoder:
        return cls()

    def __init__(self) -> None:
        self._encoder = shared_encoder()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        # Each trained component encodes the examples it keeps.
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            texts = wordings(message.get(CORRECTED) or clean(message.get(TEXT) or ""))
            message.set(WORDINGS, texts)
            has_words = any(letter.isalnum() for letter in texts[0])
            nothing = np.zeros((len(texts), DIMENSIONS), np.float32)
            meaning, middle = self._encoder.encode_layers(texts) if has_words else (nothing, nothing)
            message.set(VECTORS, meaning)
            message.set(MIDDLE, middle)
        return messages
