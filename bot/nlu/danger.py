"""Sees a red flag in a message, and says which one and by which words.

Two detectors are joined, each independent of the intent classifier:

- patterns: groups of words written in the red flag's file, matched over spaCy tokens within one
  or two sentences, unless they are denied, past, hypothetical or asked about in general;
- likeness: logistic regressions over vectors and words, learnt from the ways that patients tell
  the signs, against the look-alikes and all ordinary questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from bot.knowledge_base import KnowledgeBase
from bot.nlu.danger_learning import GRAVEST, Learnt, alike_of, told_of
from bot.nlu.danger_patterns import PatternMatcher
from bot.nlu.example_index import ExampleIndex
from bot.nlu.examples import VectorCache

#: From this score on, likeness alone raises the alarm. Measured on tests/safety; see docs/safety.md.
ALARM = -1.0
#: The same for the likeness to the gravest signs, measured by itself.
GRAVEST_ALARM = -2.0
#: The words of a pattern alone raise the alarm, unless the message looks less like danger than this ("nearly fainted at the bill").
PLAINLY_HARMLESS = -5.0
PLAINLY_HARMLESS_IF_GRAVEST = -12.0
#: How much the nearness to told signs, over that to harmless messages, counts beside the log-odds.
NEARNESS_WEIGHT = 10.0
NEAREST = 3
#: How much the log-odds of an emergency count beside the nearness to told emergencies.
EMERGENCY_WEIGHT = 0.02
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
        self._told, self._alike = cache.encode(texts), cache.encode(alike)
        # The gravest signs stand first.
        self._gravest_count = sum(one.sign in GRAVEST for one in told)
        self._signs = ExampleIndex(texts, [f"{one.sign} {one.level}" for one in told], self._told)
        self._learnt = learnt

    def look(self, typed: str, corrected: str, wording: Wording) -> Seen | None:
        """The gravest sign seen in a message, or None."""
        if not wording.meaning.any():
            # Not a letter in it.
            return None
        matches = self._patterns.match(corrected) + (self._patterns.match(typed) if typed != corrected else [])
        danger, gravest = self.scores_of_each(wording)
        score, telling = _of_message(danger)
        if matches := [match for match in matches
                       if score > (PLAINLY_HARMLESS_IF_GRAVEST if match.sign in GRAVEST else PLAINLY_HARMLESS)]:
            match = max(matches, key=lambda match: LEVELS.index(match.level))
            return Seen(match.sign, match.level, match.words, "pattern", round(score, 2))
        if score >= ALARM:
            return self._seen(wording, telling, score)
        score, telling = _of_message(gravest)
        return self._seen(wording, telling, score, of=GRAVEST) if self._gravest_count and score >= GRAVEST_ALARM else None

    def scores_of_each(self, wording: Wording) -> tuple[np.ndarray, np.ndarray]:
        """How dangerous each wording looks, and how much like the gravest dangers: log-odds, and nearness to told signs
        over that to all else."""
        to_told, to_alike = wording.meaning @ self._told.T, _nearest(wording.meaning @ self._alike.T)
        gravest, others = _nearest(to_told[:, : self._gravest_count]), _nearest(to_told[:, self._gravest_count :])
        told = _nearest(np.hstack([gravest, others]))
        all_else = _nearest(np.hstack([to_alike, others]))
        of_danger = self._learnt.danger.log_odds(wording.texts, wording.middle)
        of_gravest = self._learnt.gravest.log_odds(wording.texts, wording.middle)
        return (of_danger + NEARNESS_WEIGHT * (told.mean(axis=1) - to_alike.mean(axis=1)),
                of_gravest + NEARNESS_WEIGHT * (gravest.mean(axis=1) - all_else.mean(axis=1)))

    def _seen(self, wording: Wording, telling: int, score: float, of: frozenset[str] | None = None) -> Seen:
        """The sign that a message is most like, seen in the wording of this number; ``of`` says which signs may be meant."""
        rows = [0, telling]
        texts = [wording.texts[row] for row in rows]
        near = dict(zip(self._signs.labels, self._signs.scores(wording.meaning[rows], texts)))
        near = {label: value for label, value in near.items() if of is None or label.split()[0] in of}
        nearest = {level: max((value for label, value in near.items() if label.endswith(level)), default=-np.inf) for level in LEVELS}
        odds = float(self._learnt.emergency.log_odds(texts, wording.middle[rows]).sum())
        level = "emergency" if nearest["emergency"] - nearest["urgent"] + EMERGENCY_WEIGHT * odds > 0 else "urgent"
        sign = max((label for label in near if label.endswith(level)), key=lambda label: near[label]).split()[0]
        return Seen(sign, level, wording.texts[telling], "likeness", round(score, 2))


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
    return np.partition(cosines, cosines.shape[1] - kept, axis=1)[:, cosines.shape[1] - kept :]
