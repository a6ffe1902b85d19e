"""What a message means in a conversation: "how is it treated?" after an answer on occipital neuralgia."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.minilm import shared_encoder
from bot.nlu.question_index import QuestionIndex
from bot.nlu.terms import SUBJECT_KINDS

POINTER = re.compile(
    r"\b(?:it|its|it's|that|this|they|them|these|those|one|ones|he|she|there|same|both|either|neither|then|instead)\b",
    re.IGNORECASE,
)
#: What may stand for the subject.
PRONOUN = re.compile(r"\b(?:it|this|that|they|them)\b", re.IGNORECASE)
OPENS_ON = re.compile(
    r"^\s*(?:and|but|or|so|ok(?:ay)?|right|also|what about|how about|what if|in that case|then|really|"
    r"why|how|which|who|where|when)\b",
    re.IGNORECASE,
)
#: Up to so many words, a message may be a fragment of a question.
FRAGMENT_WORDS = 9
#: A complete question of so many words names its own subject.
WHOLE_QUESTION_WORDS = 16
#: What a message says by itself, followed by what was said, and with its pronoun replaced by the subject (sum 1).
BY_ITSELF, AFTER_WHAT_WAS_SAID, RESOLVED = 0.62, 0.215, 0.165
#: What goes with the answer just given is often asked for next; so is a detail of it. What counts for an answer that is not akin
#: to it, is the same, related, of the same passage, of the same topic (bot.nlu.question_index). All this was learnt from
#: conversations; see docs/decisions/follow-ups.md.
FOR_KINSHIP = np.array([0, 0.05, 0.15, 0.15, 0.055], np.float32)
#: "How is it treated?" does not ask for the treatment of anything else: what counts for answers about other subjects.
ABOUT_ANOTHER = -0.03


@dataclass(frozen=True)
class Context:
    """What was talked about: terms, newest first, and the id of the last answer."""

    subject: tuple[str, ...] = ()
    last_answer: str | None = None

    @classmethod
    def of(cls, tracker: DialogueStateTracker | None) -> Context:
        if tracker is None:
            return cls()
        return cls(tuple(_slot(tracker, "subject") or ()), _slot(tracker, "last_answer"))


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
    told = [f"{wordings[0]} {said.lower()}"]
    resolved = _resolved(wordings[0], _newest_subject(index, context, named))
    if resolved is not None:
        told.append(resolved)
    scores, after = index.scores(vectors, wordings), index.index.scores_of_each(shared_encoder().encode(told), told)
    combined = (BY_ITSELF * scores + AFTER_WHAT_WAS_SAID * after[0] + RESOLVED * after[-1]
                + FOR_KINSHIP[index.kinship(context.last_answer)])
    if resolved is not None and not named:
        combined += ABOUT_ANOTHER * index.about_others(context.subject)
    points_back, leans = bool(POINTER.search(text)), leans_on_context(text, named)
    reading = Reading(float(scores.max()), float(after[0].max()), points_back, bool(OPENS_ON.search(text)), bool(named), leans)
    return Scored(combined, named or list(context.subject), reading, not leans or (bool(named) and not points_back))


def _what_was_said(index: QuestionIndex, context: Context) -> str | None:
    """The title of the last answer, or where there is none, the newest subject."""
    last = index.knowledge.answers.get(context.last_answer or "")
    return last.title if last else _newest_subject(index, context)


def _newest_subject(index: QuestionIndex, context: Context, named: Sequence[str] = ()) -> str | None:
    """What was talked about last, other than what the message names itself."""
    terms = index.knowledge.terms
    return next((terms[term].shown.lower() for term in context.subject if term in terms and term not in named), None)


def _resolved(text: str, subject: str | None) -> str | None:
    """The text with its first pronoun replaced by what it stands for; None where there is no pronoun, or nothing for it."""
    if subject is None:
        return None
    resolved, count = PRONOUN.subn(lambda _: subject, text, count=1)
    return resolved if count else None
