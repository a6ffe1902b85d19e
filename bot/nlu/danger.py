"""Sees a red flag in a message, and says which one and by which words.

Two detectors are joined, each independent of the intent classifier:

- patterns: groups of words written in the red flag's file, matched over spaCy tokens within one
  or two sentences, unless they are denied, past, hypothetical or asked about in general;
- likeness: linear classifiers over vectors and words, learnt from the ways that patients tell
  the signs, against the look-alikes and all ordinary questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import logsumexp

from bot.knowledge_base import KnowledgeBase
from bot.nlu.cosines import Cosines
from bot.nlu.danger_learning import GRAVEST, Learnt, alike_of, told_of
from bot.nlu.danger_patterns import PatternMatcher
from bot.nlu.examples import VectorCache
from bot.nlu.wording_classifier import WordingClassifier

#: From this score on, likeness alone raises the alarm. Measured on tests/safety; see docs/safety.md.
ALARM = -1.1
#: The words of a pattern raise the alarm too, unless the message looks less like danger than this ("nearly fainted at the bill").
PLAINLY_HARMLESS = -4.5
PLAINLY_HARMLESS_IF_GRAVEST = -8.0
#: How much each counts: danger weighed as one thing, as one of many signs, and the nearness to told signs over that to all else.
ONE_WEIGHT, SIGNS_WEIGHT, NEARNESS_WEIGHT = 1.0, 0.25, 10.0
#: The likeness to the gravest signs, measured by itself, counts so much more.
GRAVEST_BONUS = 1.0
NEAREST = 3
#: A told example as near as this (a cosine) says itself which sign it is, even one too new to be learnt.
TOLD_AGAIN = 0.9
LEVELS = ("urgent", "emergency")


@dataclass(frozen=True)
class Wording:
    """The wordings of one message, the whole first, with a vector each of the encoder's last and of its middle layer."""

    texts: Sequence[str]
    meaning: np.ndarray
    middle: np.ndarray


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

    def __init__(self, knowledge: KnowledgeBase, cache: VectorCache, ordinary: Sequence[str], learnt: Learnt):
        """``ordinary`` are further harmless messages, in lower case: how people greet, thank, ask for a person, …"""
        told, alike = told_of(knowledge), alike_of(knowledge, ordinary)
        texts = [one.text for one in told]
        self._patterns = PatternMatcher(knowledge.red_flags)
        self._examples, self._learnt = Cosines(cache.encode([*texts, *alike])), learnt
        self._labels = [one.label for one in told]
        # The gravest signs stand first.
        self._gravest_count = sum(one.sign in GRAVEST for one in told)

    def look(self, typed: str, corrected: str, wording: Wording) -> Seen | None:
        """The gravest sign seen in a message, or None."""
        if not wording.meaning.any():
            # Not a letter in it.
            return None
        matches = self._patterns.match(corrected) + (self._patterns.match(typed) if typed != corrected else [])
        signs = self._learnt.signs.raw(wording.middle, wording.texts)
        to_told, to_alike = np.split(self._examples.of(wording.meaning), [len(self._labels)], axis=1)
        danger, gravest = (_of_message(each) for each in self._scores(wording, signs, to_told, _nearest(to_alike)))
        score, telling = max(danger, gravest)
        if matches := [match for match in matches
                       if score >= (PLAINLY_HARMLESS_IF_GRAVEST if match.sign in GRAVEST else PLAINLY_HARMLESS)]:
            match = max(matches, key=lambda match: LEVELS.index(match.level))
            return Seen(match.sign, match.level, match.words, "pattern", round(score, 2))
        if score < ALARM:
            return None
        sign, level = self._sign(to_told[[0, telling]], signs[[0, telling]], only_gravest=gravest > danger).split()
        return Seen(sign, level, wording.texts[telling], "likeness", round(score, 2))

    def _scores(self, wording: Wording, signs: np.ndarray, to_told: np.ndarray, to_alike: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How dangerous each wording looks, and how much like the gravest dangers.

        ``signs`` are the log-odds of every sign, and of none, for each wording; ``to_told`` its cosines with all told examples,
        ``to_alike`` those with the nearest that are no danger.
        """
        gravest, others = _nearest(to_told[:, : self._gravest_count]), _nearest(to_told[:, self._gravest_count :])
        told = _nearest(np.hstack([gravest, others]))
        none = logsumexp(signs[:, self._learnt.harmless_columns], axis=1)

        def weighed(one: WordingClassifier, columns: np.ndarray, near: np.ndarray) -> np.ndarray:
            if not columns.any():
                return np.full(len(signs), -np.inf)
            return np.asarray(ONE_WEIGHT * one.margins(wording.texts, wording.middle)
                              + SIGNS_WEIGHT * (logsumexp(signs[:, columns], axis=1) - none)
                              + NEARNESS_WEIGHT * (near.mean(axis=1) - to_alike.mean(axis=1)))

        # A message's score adds the whole and its most telling wording: each brings half of the bonus.
        return (weighed(self._learnt.danger, ~self._learnt.harmless_columns, told),
                weighed(self._learnt.gravest, self._learnt.gravest_columns, gravest) + GRAVEST_BONUS / 2)

    def _sign(self, to_told: np.ndarray, signs: np.ndarray, only_gravest: bool) -> str:
        """The likeliest sign and its level, of the whole message and the wording that tells most."""
        if to_told.max() >= TOLD_AGAIN:
            return self._labels[int(to_told.max(axis=0).argmax())]
        columns = self._learnt.gravest_columns if only_gravest else ~self._learnt.harmless_columns
        odds = dict(zip(np.array(self._learnt.signs.labels)[columns], signs[:, columns].sum(axis=0)))
        # First the level, of all signs together; then the sign.
        total = {level: logsumexp([value for label, value in odds.items() if label.endswith(level)] or [-np.inf]) for level in LEVELS}
        level = max(LEVELS, key=lambda level: total[level])
        return str(max((label for label in odds if label.endswith(level)), key=lambda label: odds[label]))


def _of_message(each: np.ndarray) -> tuple[float, int]:
    """The score of a message, of the scores of its wordings, and the number of the wording that tells most."""
    telling = int(each.argmax())
    # One sentence may tell the sign; the whole message says in which light.
    return float(each[telling] + each[0]), telling


def _nearest(cosines: np.ndarray) -> np.ndarray:
    """The cosines with the nearest examples, in no order."""
    kept = min(NEAREST, cosines.shape[1])
    if not kept:
        return np.full((len(cosines), 1), -1.0, np.float32)
    left, rows, found = cosines.copy(), np.arange(len(cosines)), np.empty((len(cosines), kept), np.float32)
    # Three times the best is cheaper than sorting.
    for number in range(kept):
        place = left.argmax(axis=1)
        found[:, number] = left[rows, place]
        left[rows, place] = -np.inf
    return found
