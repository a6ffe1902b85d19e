"""What a message means in a conversation: "how is it treated?" after an answer on occipital neuralgia."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.example_index import across_wordings
from bot.nlu.minilm import shared_encoder
from bot.nlu.question_index import QuestionIndex

POINTER = re.compile(
    r"\b(?:it|its|it's|that|this|they|them|these|those|one|ones|he|she|there|same|both|either|neither|then|instead)\b",
    re.IGNORECASE,
)
OPENS_ON = re.compile(
    r"^\s*(?:and|but|or|so|ok(?:ay)?|right|also|what about|how about|what if|in that case|then|really|"
    r"why|how|which|who|where|when)\b",
    re.IGNORECASE,
)
#: Up to so many words, a message may be a fragment of a question.
FRAGMENT_WORDS = 9
#: A complete question of so many words names its own subject.
WHOLE_QUESTION_WORDS = 16
#: What a message says by itself, and read after what was said (sum 1); and what counts for an answer beside it. Learnt from
#: conversations; see docs/decisions/follow-ups.md.
BY_ITSELF, AFTER_WHAT_WAS_SAID = 0.64, 0.36
#: What goes with the answer just given is often asked for next; so is a detail of it. What counts for an answer that is not akin
#: to it, is the same, related, of the same passage, of the same topic (bot.nlu.question_index).
FOR_KINSHIP = np.array([0, 0.07, 0.15, 0.145, 0.05], np.float32)
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
    """Whether a message, of :data:`WHOLE_QUESTION_WORDS` at most, may need what was said before to be understood."""
    count = len(text.split())
    if not named:
        return bool(POINTER.search(text)) or count <= FRAGMENT_WORDS
    return count <= FRAGMENT_WORDS and bool(OPENS_ON.search(text) or POINTER.search(text) or count <= 3)


@dataclass(frozen=True)
class Reading:
    """How a message reads in a conversation: the best answer's score when it is read by itself and after what was said; whether it
    points back, opens on what was said, names a subject, and leans on the context at all."""

    by_itself: float
    after_what_was_said: float
    points_back: bool
    opens_on: bool
    names_subject: bool
    leans: bool


@dataclass(frozen=True)
class Scored:
    """Scores of the answers, the subjects (term ids) of the message, how it reads after what was said (None where nothing was,
    or where a long message speaks for itself), and whether it could be read alone (it names its subject and points to nothing)."""

    scores: np.ndarray
    subject: list[str]
    reading: Reading | None = None
    reads_alone: bool = True

    @property
    def in_context(self) -> bool:
        """Whether the message leans on what was said."""
        return self.reading is not None and self.reading.leans


def score_in_context(
    index: QuestionIndex, wordings: Sequence[str], vectors: np.ndarray, text: str,
    entities: Sequence[dict[str, Any]], context: Context,
) -> Scored:
    """Score the answers for a message, read by itself and in the light of what was said before."""
    named = list(dict.fromkeys(entity["value"] for entity in entities if entity["entity"] in SUBJECT_KINDS))
    said = _what_was_said(index, context) if len(text.split()) <= WHOLE_QUESTION_WORDS else None
    if said is None:
        return Scored(index.scores(vectors, wordings), named)
    # What was said stands behind: before it, it would drown a few words.
    together = f"{wordings[0]} {said.lower()}"
    each = index.index.scores_of_each(np.concatenate([vectors, shared_encoder().encode([together])]), [*wordings, together])
    scores, after = across_wordings(each[:-1]), each[-1]
    combined = BY_ITSELF * scores + AFTER_WHAT_WAS_SAID * after + FOR_KINSHIP[index.kinship(context.last_answer)]
    points_back, leans = bool(POINTER.search(text)), leans_on_context(text, named)
    reading = Reading(float(scores.max()), float(after.max()), points_back, bool(OPENS_ON.search(text)), bool(named), leans)
    return Scored(combined, named or list(context.subject), reading, not leans or (bool(named) and not points_back))


def _what_was_said(index: QuestionIndex, context: Context) -> str | None:
    """The title of the last answer, or where none was given yet, the newest subject."""
    if last := index.knowledge.answers.get(context.last_answer or ""):
        return last.title
    return next((index.knowledge.terms[term].shown for term in context.subject if term in index.knowledge.terms), None)
