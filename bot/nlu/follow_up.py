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
#: What a message says by itself, read with the subject, and read with the last answer's title (sum 1); and what counts for an
#: answer beside it. Learnt from 440 conversations; see docs/decisions/follow-ups.md.
BY_ITSELF, WITH_SUBJECT, WITH_TITLE = 0.56, 0.19, 0.25
#: What goes with the answer just given is often asked for next; so is a detail of it.
JUST_GIVEN, RELATED, SAME_PASSAGE, SAME_TOPIC = 0.05, 0.15, 0.14, 0.06
SUBJECTS_TRIED = 3
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
    """How a message reads after what was said: the best answer's score when it is read by itself, with the subject and with the
    last answer's title; whether it points back, opens on what was said, names a subject, and leans on the context at all."""

    by_itself: float
    with_subject: float
    with_title: float
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
    scores = index.scores(vectors, wordings)
    if not (context.subject or context.last_answer) or len(text.split()) > WHOLE_QUESTION_WORDS:
        return Scored(scores, named)
    terms = index.knowledge.terms
    subjects = [terms[term].shown.lower() for term in context.subject if term in terms and term not in named]
    told = [f"{subject}: {wordings[0]}" for subject in subjects[:SUBJECTS_TRIED]]
    told += [_resolved(wordings[0], subject) for subject in subjects[:2]]
    last = index.knowledge.answers.get(context.last_answer or "")
    titled = [f"{last.title.lower()} {wordings[0]}"] if last else []
    if not told and not titled:
        return Scored(scores, named)
    each = index.index.scores_of_each(shared_encoder().encode(told + titled), told + titled)
    with_subject = each[: len(told)].max(axis=0) if told else scores
    with_title = each[-1] if titled else with_subject
    combined = BY_ITSELF * scores + WITH_SUBJECT * with_subject + WITH_TITLE * with_title + _kinship(index, context)
    points_back, leans = bool(POINTER.search(text)), leans_on_context(text, named)
    reading = Reading(float(scores.max()), float(with_subject.max()), float(with_title.max()), points_back,
                      bool(OPENS_ON.search(text)), bool(named), leans)
    return Scored(combined, named or list(context.subject), reading, not leans or (bool(named) and not points_back))


def _kinship(index: QuestionIndex, context: Context) -> np.ndarray:
    """What the answer given last makes more, or less, likely to be asked for next."""
    answers = index.knowledge.answers
    last = answers.get(context.last_answer or "")
    bonus = np.zeros(len(index.index.labels), np.float32)
    if last is None:
        return bonus
    for number, label in enumerate(index.index.labels):
        other = answers[label]
        if label == last.id:
            bonus[number] = JUST_GIVEN
        elif label in last.related:
            bonus[number] = RELATED
        elif set(other.citations) & set(last.citations):
            bonus[number] = SAME_PASSAGE
        elif other.topic == last.topic:
            bonus[number] = SAME_TOPIC
    return bonus


def _resolved(text: str, subject: str) -> str:
    """The first pointing word replaced by what it points to, else the subject put at the end."""
    replaced, count = re.subn(r"\b(?:it|this|that|they|them)\b", subject, text, count=1)
    return replaced if count else f"{text.rstrip('?')} {subject}"
