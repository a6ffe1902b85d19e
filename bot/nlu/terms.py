"""Finds the terms of the knowledge base in a text with spaCy's entity ruler."""

from __future__ import annotations

from collections.abc import Mapping

import spacy
from spacy.vocab import Vocab

from bot.knowledge_base import Term
from bot.nlu.language import MOST_CHARACTERS


class TermFinder:
    """Longest name first: "occipital nerve block" is the block, not the nerve."""

    def __init__(self, terms: Mapping[str, Term]):
        self._terms = terms
        self._pipeline = spacy.blank("en")
        ruler = self._pipeline.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
        patterns = [
            {"label": term.kind, "pattern": name, "id": term.id}
            for term in terms.values() for name in dict.fromkeys(name.lower() for name in term.names)
        ]
        ruler.add_patterns(patterns)  # type: ignore[attr-defined]

    @property
    def vocab(self) -> Vocab:
        return self._pipeline.vocab

    def find(self, text: str) -> list[tuple[int, int, Term]]:
        """Start and end (in characters) and term of every name in the text, in their order."""
        document = self._pipeline(text[:MOST_CHARACTERS])
        return [(span.start_char, span.end_char, self._terms[span.ent_id_]) for span in document.ents]
