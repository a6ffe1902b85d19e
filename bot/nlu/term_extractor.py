"""Rasa component: the conditions, treatments, body parts and clinicians that a message names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.knowledge_base import Term, live_knowledge_base
from bot.nlu.forgetting import Forgetting
from bot.nlu.keys import CORRECTED, ONLY_TERMS
from bot.nlu.terms import TermFinder, only_names
from bot.settings import settings


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class TermExtractor(GraphComponent, EntityExtractorMixin):
    """Entities `condition`, `treatment`, `body_part`, `clinician`; the value is the term's id."""

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> TermExtractor:
        return cls()

    def __init__(self) -> None:
        self._live = live_knowledge_base(settings().knowledge_folder)
        self._take_up(self._live.current.terms)

    def _take_up(self, terms: Mapping[str, Term]) -> None:
        self._terms, self._finder = terms, Forgetting(partial(TermFinder, terms))

    def process(self, messages: list[Message]) -> list[Message]:
        if self._live.current.terms != self._terms:
            self._take_up(self._live.current.terms)
        for message in messages:
            text = message.get(TEXT) or ""
            finder = self._finder()
            found = meant = finder.find(text)
            if (corrected := message.get(CORRECTED) or text) != text:
                # A misspelt name is found in the corrected text; it has no place in the typed one.
                known, meant = {term.id for _, _, term in found}, finder.find(corrected)
                found = found + [(0, 0, term) for _, _, term in meant if term.id not in known]
            message.set(ONLY_TERMS, only_names(corrected, meant))
            entities = [
                {"entity": term.kind, "value": term.id, "start": start, "end": end,
                 "extractor": "TermExtractor", "confidence_entity": 1.0}
                for start, end, term in {(t.id, s): (s, e, t) for s, e, t in found}.values()
            ]
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages
