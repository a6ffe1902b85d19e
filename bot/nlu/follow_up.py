"""What a message means in a conversation: "how is it treated?" after an answer on occipital neuralgia."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.examples import VectorCache
from bot.nlu.minilm import shared_encoder
from bot.nlu.question_index import QuestionIndex

POINTER = re.compile(
    r"\b(?:it|its|it's|that|this|they|them|these|those|one|ones|he|she|there|same|both|either|neither|then|instead)\b",
    re.IGNORECASE,
)
OPENS_ON = re.compile(
    r"^\s*(?:and|but|or|so|ok(?:ay)?|right|also|what about|how about|what if|in that case|then|really|why|how|which|who|where|when)\b",
    re.IGNORECASE,
)
#: Up to so many words, a message may be a fragment of a question.
FRAGMENT_WORDS = 9
#: A complete question of so many words names its own subject.
WHOLE_QUESTION_WORDS = 16
#: A fragment read by itself loses this much against the same words read in context.
BY_ITSELF = 0.06
#: The answer just given is rarely what is asked for next.
JUST_GIVEN = 0.12
SUBJECT_KINDS = {"condition", "treatment"}


@dataclass(frozen=True)
class Context:
    """What was talked about: terms, newest first, the last answer's title and id."""

    subject: tuple[str, ...] = ()
    last_answer: str | None = None
    topic: str | None = None

    @classmethod
    def of(cls, tracker: DialogueStateTracker | None) -> Context:
        if tracker is None:
            return cls()
        return cls(tuple(_slot(tracker, "subject") or ()), _slot(tracker, "last_answer"), _slot(tracker, "topic"))


def _slot(tracker: DialogueStateTracker, name: str) -> Any:
    return tracker.get_slot(name) if name in tracker.slots else None


def leans_on_context(text: str, named: Sequence[str]) -> bool:
    """Whether a message may need what was said before to be understood."""
    count = len(text.split())
    if count > WHOLE_QUESTION_WORDS:
        return False
    if not named:
        return bool(POINTER.search(text)) or count <= FRAGMENT_WORDS
    return count <= FRAGMENT_WORDS and bool(OPENS_ON.search(text) or POINTER.search(text) or count <= 3)


def score_in_context(
    index: QuestionIndex, cache: VectorCache, wordings: Sequence[str], vectors: np.ndarray, text: str,
    entities: Sequence[dict[str, Any]], context: Context,
) -> tuple[np.ndarray, list[str]]:
    """Scores of the answers and the subjects (term ids) that the message is about."""
    named = [entity["value"] for entity in entities if entity["entity"] in SUBJECT_KINDS]
    scores = index.scores(vectors, wordings)
    if not context.subject or not leans_on_context(text, named):
        return scores, named
    terms = index.knowledge.terms
    subjects = [terms[term].shown for term in context.subject if term in terms and term not in named]
    told = [f"{subject}: {wordings[0]}" for subject in subjects[:2]]
    told += [_resolved(wordings[0], subject) for subject in subjects[:1]]
    if len(subjects) > 1:
        told.append(f"{subjects[0]} and {subjects[1]}: {wordings[0]}")
    if not told:
        return scores, named
    in_context = index.scores(shared_encoder().encode(told), told)
    combined = np.maximum(scores - BY_ITSELF, in_context)
    just_given = index.position(context.last_answer) if context.last_answer else None
    if just_given is not None:
        combined[just_given] -= JUST_GIVEN
    return combined, named or list(context.subject)


def _resolved(text: str, subject: str) -> str:
    """The first pointing word replaced by what it points to, else the subject put at the end."""
    replaced, count = re.subn(r"\b(?:it|this|that|they|them)\b", subject, text, count=1)
    return replaced if count else f"{text.rstrip('?')} {subject}"
