"""English for the whole assistant: one blank spaCy pipeline for tokens and sentences.

spaCy's trained models are not on the package index, and nothing here needs one.
"""

from __future__ import annotations

import re
from functools import partial

import spacy
from spacy.language import Language

from bot.nlu.forgetting import Forgetting

#: Longest message that is read; a channel says so to the patient before it comes to this.
MOST_CHARACTERS = 1000
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\s\"”')]+|\n+|(?<=\w)\s*[;•]\s+")
_STARTS_A_QUESTION = re.compile(
    r"\s+(?=(?:so |and |but )?(?:what|why|how|is|are|can|could|does|do|will|would|should|which|who|where|when)\b)",
    re.IGNORECASE,
)
LONG_SENTENCE_WORDS = 25


#: The blank English pipeline, shared by every component of the process.
english: Forgetting[Language] = Forgetting(partial(spacy.blank, "en"))


def sentences(text: str) -> list[str]:
    """The sentences of a message, as people type them.

    spaCy's sentence splitter wants punctuation followed by a space; patients give line
    breaks, no full stops, or one breathless line. A sentence without punctuation of over
    25 words is therefore also cut before a question word.
    """
    parts: list[str] = []
    for part in _SENTENCE_END.split(text):
        part = part.strip()
        if not part:
            continue
        parts += _STARTS_A_QUESTION.split(part) if len(part.split()) > LONG_SENTENCE_WORDS else [part]
    return [part for part in parts if any(letter.isalnum() for letter in part)]


def clean(text: str) -> str:
    """A message without control characters and beyond-limit length, white space folded."""
    visible = "".join(c if c.isprintable() or c in "\n\t" else " " for c in text[: MOST_CHARACTERS * 2])
    lines = (" ".join(line.split()) for line in visible.splitlines())
    return "\n".join(line for line in lines if line)[:MOST_CHARACTERS]
