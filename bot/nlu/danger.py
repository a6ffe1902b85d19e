"""Sees a red flag in a message, and says which one and by which words.

Two detectors are joined, each independent of the intent classifier:

- patterns: groups of words written in the red flag's file, matched over spaCy tokens within one
  or two sentences, unless they are denied, past, hypothetical or asked about in general;
- likeness: a logistic regression over meaning vectors and words, learnt from the ways that
  patients tell the signs, against the look-alikes and all ordinary questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.knowledge_base import KnowledgeBase
from bot.nlu.danger_patterns import PatternMatcher
from bot.nlu.example_index import ExampleIndex
from bot.nlu.examples import VectorCache
from bot.nlu.language import sentences

SAFE = "safe"
#: Log-odds (of the whole message plus of its gravest sentence) from which likeness alone raises the alarm. Measured on tests/safety; see docs/safety.md.
ALARM = -1.0
LEVELS = ("urgent", "emergency")


@dataclass(frozen=True)
class Seen:
    """A red flag: its id, its level, the words it was seen in, and by what."""

    sign: str
    level: str
    words: str
    by: str
    score: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class DangerIndex:
    """The detector for one version of the knowledge base."""

    def __init__(self, knowledge: KnowledgeBase, cache: VectorCache, ordinary: Sequence[str] = ()):
        """``ordinary`` are further harmless messages, in lower case: how people greet, thank, ask for a person, …"""
        told = [(text.lower(), f"{flag.id} {level}") for flag in knowledge.red_flags.values()
                for level, texts in flag.told.items() for text in texts]
        safe = [text.lower() for flag in knowledge.red_flags.values() for text in flag.not_it]
        safe += [text.lower() for text in knowledge.harmless]
        safe += ordinary
        safe += [question.lower() for answer in knowledge.answers.values() for question in answer.questions]
        # A sentence of a harmless story is harmless too; which sentence of a dangerous one is not is unknown.
        safe += [part for text in safe for part in sentences(text) if len(part.split()) > 2]
        safe = list(dict.fromkeys(safe))
        self.texts = [text for text, _ in told] + safe
        self._patterns = PatternMatcher(knowledge.red_flags)
        self._signs: ExampleIndex | None = None
        if not told:
            return
        vectors = cache.encode(self.texts)
        self._signs = ExampleIndex([text for text, _ in told], [label for _, label in told], vectors[: len(told)])
        self._words = TfidfVectorizer(ngram_range=(1, 3), min_df=2, sublinear_tf=True, token_pattern=r"\b\w+\b",
                                      dtype=np.float32)
        features = sparse.hstack([sparse.csr_matrix(vectors), self._words.fit_transform(self.texts)]).tocsr()
        target = np.arange(len(self.texts)) < len(told)
        # liblinear is deterministic here and fits in about a second.
        model = LogisticRegression(C=10, class_weight="balanced", solver="liblinear", max_iter=300)
        model.fit(features, target)
        width = vectors.shape[1]
        self._meaning_slopes = model.coef_[0, :width].astype(np.float32)
        self._word_slopes = model.coef_[0, width:].astype(np.float32)
        self._offset = float(model.intercept_[0])

    def look(self, typed: str, corrected: str, wordings: Sequence[str], vectors: np.ndarray) -> Seen | None:
        """The gravest sign seen in a message, or None."""
        matches = self._patterns.match(corrected) + (self._patterns.match(typed) if typed != corrected else [])
        if matches:
            gravest = max(matches, key=lambda match: LEVELS.index(match.level))
            return Seen(gravest.sign, gravest.level, gravest.words, "pattern", 1.0)
        if self._signs is None:
            return None
        odds = self.odds(wordings, vectors)
        best = int(odds.argmax())
        # One sentence may tell the sign; the whole message says in which light.
        total = float(odds[best] + odds[0])
        if total < ALARM:
            return None
        sign, level = self._sign_of(vectors[[0, best]], [wordings[0], wordings[best]])
        return Seen(sign, level, wordings[best], "likeness", round(1 / (1 + float(np.exp(-total / 2))), 3))

    def odds(self, wordings: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """Log-odds of danger for each wording."""
        return vectors @ self._meaning_slopes + self._words.transform(wordings) @ self._word_slopes + self._offset

    def _sign_of(self, vectors: np.ndarray, wordings: Sequence[str]) -> tuple[str, str]:
        assert self._signs is not None
        scores = self._signs.scores(vectors, wordings)
        sign, level = self._signs.labels[int(scores.argmax())].split()
        return sign, level
