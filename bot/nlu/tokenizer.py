"""spaCy's English tokens for Rasa."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.language import MOST_CHARACTERS, english


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class SpacyTokenizer(Tokenizer):
    """Splits a message into spaCy's tokens; what is beyond the length limit is not read."""

    @staticmethod
    def required_packages() -> list[str]:
        return ["spacy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        # What is trained reads whole examples; tokens are wanted of patients' messages alone.
        return training_data

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        text = (message.get(attribute) or "")[:MOST_CHARACTERS]
        return [Token(token.text, token.idx) for token in english()(text) if not token.is_space]
