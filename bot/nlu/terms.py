"""Finds the terms of the knowledge base in a text with spaCy's entity ruler."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import spacy
from spacy.vocab import Vocab

from bot.knowledge_base import Term
from bot.nlu.language import MOST_CHARACTERS

#: What a question is about; a body part or a clinician by itself asks nothing yet.
SUBJECT_KINDS = frozenset({"condition", "treatment"})
#: Around a name these ask no more than what it is.
_ASK_WHAT_IT_IS = frozenset({
    "a", "about", "an", "and", "are", "define", "definition", "describe", "exactly", "explain", "hello", "hi", "info",
    "information", "is", "it's", "its", "mean", "meaning", "means", "me", "of", "ok", "on", "or", "please", "plz",
    "pls", "s", "so", "tell", "the", "then", "this", "thing", "what", "what's", "whats", "with",
})
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


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


def only_names(text: str, found: Sequence[tuple[int, int, Term]]) -> bool:
    """Whether a text names conditions or treatments, as :meth:`TermFinder.find` found them in it, and says nothing else
    of them: "lupus?", "what is lupus", "ms and migraine"."""
    if not any(term.kind in SUBJECT_KINDS for _, _, term in found):
        return False
    rest = list(text.lower().replace("’", "'"))
    for start, end, _ in found:
        rest[start:end] = " " * (end - start)
    return all(word in _ASK_WHAT_IT_IS for word in _WORD.findall("".join(rest)))
