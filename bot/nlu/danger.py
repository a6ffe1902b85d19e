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

from bot.knowledge_base import KnowledgeBase
from bot.nlu.danger_learning import alike_of, told_of
from bot.nlu.danger_patterns import PatternMatcher
from bot.nlu.example_index import ExampleIndex
from bot.nlu.examples import VectorCache
from bot.nlu.wording_regression import WordingRegression

#: From this score on, likeness alone raises the alarm. Measured on tests/safety; see docs/safety.md.
ALARM = -1.0
#: Where a life may hang on one oblique sentence, less is enough.
GRAVEST = frozenset({"suicidal-thoughts", "self-harm", "overdose"})
GRAVEST_ALARM = -3.3
#: The words of a pattern alone raise the alarm, unless the message looks less like danger than this ("nearly fainted at the bill").
PLAINLY_HARMLESS = -6.5
PLAINLY_HARMLESS_IF_GRAVEST = -12.0
#: How much the nearness to told signs, over that to harmless messages, counts beside the log-odds.
NEARNESS_WEIGHT = 10.0
NEAREST = 3
#: A story of several sentences has more chances to look like something; it must look more like it.
LONG_STORY, LONG_STORY_DISCOUNT = 3, 1.0
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

    def __init__(self, knowledge: KnowledgeBase, cache: VectorCache, ordinary: Sequence[str],
                 regression: WordingRegression):
        """``ordinary`` are further harmless messages, in lower case: how people greet, thank, ask for a person, …"""
        told, alike = told_of(knowledge), alike_of(knowledge, ordinary)
        told_texts = [text for text, _ in told]
        self._patterns = PatternMatcher(knowledge.red_flags)
        self._told, self._alike = cache.encode(told_texts), cache.encode(alike)
        self._signs = ExampleIndex(told_texts, [label for _, label in told], self._told)
        self._regression = regression

    def look(self, typed: str, corrected: str, wordings: Sequence[str], vectors: np.ndarray) -> Seen | None:
        """The gravest sign seen in a message, or None."""
        matches = self._patterns.match(corrected) + (self._patterns.match(typed) if typed != corrected else [])
        each = self.scores_of_each(wordings, vectors)
        gravest_sentence = int(each.argmax())
        # One sentence may tell the sign; the whole message says in which light.
        score = float(each[gravest_sentence] + each[0])
        score -= LONG_STORY_DISCOUNT if len(wordings) > LONG_STORY else 0.0
        matches = [match for match in matches if score > (PLAINLY_HARMLESS_IF_GRAVEST if match.sign in GRAVEST else PLAINLY_HARMLESS)]
        if matches:
            gravest = max(matches, key=lambda match: LEVELS.index(match.level))
            return Seen(gravest.sign, gravest.level, gravest.words, "pattern", round(score, 2))
        if score < min(ALARM, GRAVEST_ALARM):
            return None
        sign, level = self._sign_of(vectors[[0, gravest_sentence]], [wordings[0], wordings[gravest_sentence]])
        if score < (GRAVEST_ALARM if sign in GRAVEST else ALARM):
            return None
        return Seen(sign, level, wordings[gravest_sentence], "likeness", round(score, 2))

    def scores_of_each(self, wordings: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """How dangerous each wording looks: log-odds, and nearness to told signs over that to harmless messages."""
        odds = self._regression.log_odds(wordings, vectors)
        return odds + NEARNESS_WEIGHT * (_nearness(vectors, self._told) - _nearness(vectors, self._alike))

    def _sign_of(self, vectors: np.ndarray, wordings: Sequence[str]) -> tuple[str, str]:
        scores = self._signs.scores(vectors, wordings)
        sign, level = self._signs.labels[int(scores.argmax())].split()
        return sign, level


def _nearness(vectors: np.ndarray, examples: np.ndarray) -> np.ndarray:
    """The mean cosine to the nearest examples."""
    cosines = vectors @ examples.T
    cosines.partition(cosines.shape[1] - NEAREST, axis=1)
    return np.asarray(cosines[:, -NEAREST:].mean(axis=1))
