"""A question, a matter for the patient's own doctor, or not covered? All signals weighed together.

No signal tells alone: "how is it treated", "how should I treat mine" and "how is gout treated" are
near in meaning, in letters and in words. How much each signal says about each kind was learnt from
questions and messages that the signals had not seen (`python -m tests.evaluation.learn_judgement`;
docs/decisions/understanding.md has the figures) and stands in judgement.json. After an answer the same words
may mean more ("exercises?"): further signals are weighed then, by weights of their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from bot.nlu.follow_up import Reading
from bot.nlu.importer import ASK

PERSONAL, OUT_OF_SCOPE = "personal_advice", "out_of_scope"
KINDS = (ASK, PERSONAL, OUT_OF_SCOPE)
#: What is measured of a message. "whole" is the message, "asked" its sentences with a question mark (else its last one).
SIGNALS = (
    *(f"nearness of {kind}, {part}" for kind in (PERSONAL, OUT_OF_SCOPE) for part in ("whole", "best sentence", "asked")),
    "nearness of anything else, whole",
    *(f"meaning of {kind}, {part}" for kind in KINDS for part in ("whole", "asked")),
    *(f"wording of {kind}, {part}" for kind in KINDS for part in ("whole", "asked", "best sentence")),
    "score of the best answer", "lead of the best answer", "several sentences", "share of known words",
    "of oneself, asked", "of oneself, and short", "of a dose", "length",
)
#: What is measured beside that after an answer.
SIGNALS_IN_CONTEXT = (
    *SIGNALS, "score by itself", "score after what was said", "words", "a few words at most",
    "strange words", "share of strange words", "points back", "opens on what was said", "names a subject", "leans on what was said",
)
OF_ONESELF = re.compile(r"\b(?:i|i'm|i've|i'd|im|ive|my|mine|myself)\b")
OF_A_DOSE = re.compile(r"\b(?:mg|mcg|milligrams?|dos(?:e|es|age)|how (?:much|many|often)|tablets?|pills?|puffs?|units)\b")
#: Up to so many words a message is short.
SHORT = 10
#: Up to so many words it is hardly more than a hint.
FEW = 3
WEIGHTS = Path(__file__).with_suffix(".json")
WEIGHTS_IN_CONTEXT = WEIGHTS.with_name("judgement_in_context.json")


def signals(texts: Sequence[str], near: np.ndarray, labels: Sequence[str], meaning: Mapping[str, np.ndarray],
            wording: Mapping[str, np.ndarray], best: float, lead: float, known: float) -> np.ndarray:
    """The signals of a message, in the order of :data:`SIGNALS`.

    ``texts`` are its wordings, the whole first; ``near`` holds a row a wording and a column for each of ``labels``;
    ``meaning`` and ``wording`` hold, for each of :data:`KINDS`, a number a wording.
    """
    asked = [number for number, text in enumerate(texts) if number and text.rstrip().endswith("?")] or [len(texts) - 1]
    column = {label: number for number, label in enumerate(labels)}
    others = [number for label, number in column.items() if label not in KINDS]
    found: list[float] = []
    for kind in (PERSONAL, OUT_OF_SCOPE):
        of_kind = near[:, column[kind]]
        found += [of_kind[0], of_kind.max(), of_kind[asked].mean()]
    found.append(near[0, others].max())
    for kind in KINDS:
        found += [meaning[kind][0], meaning[kind][asked].mean()]
    for kind in KINDS:
        found += [wording[kind][0], wording[kind][asked].mean(), wording[kind].max()]
    found += [best, lead, float(len(texts) > 1), known]
    of_oneself = any(OF_ONESELF.search(texts[number]) for number in asked)
    words = len(texts[0].split())
    found += [of_oneself, of_oneself and words <= SHORT, bool(OF_A_DOSE.search(texts[0])), np.log(words)]
    return np.array(found, dtype=float)


def signals_in_context(measured: np.ndarray, reading: Reading, words: int, strange: int) -> np.ndarray:
    """The signals of a message after an answer, in the order of :data:`SIGNALS_IN_CONTEXT`: those of :func:`signals`, how it
    reads in context, and of how many words it is, how many of them strange ones."""
    return np.array([*measured, reading.by_itself, reading.after_what_was_said, words, words <= FEW, strange > 0,
                     strange / max(words, 1), reading.points_back, reading.opens_on, reading.names_subject, reading.leans], dtype=float)


class Judgement:
    """A multinomial logistic regression over :data:`SIGNALS` or :data:`SIGNALS_IN_CONTEXT`."""

    def __init__(self, centre: np.ndarray, spread: np.ndarray, weights: np.ndarray, offsets: np.ndarray):
        self._centre, self._spread, self._weights, self._offsets = centre, spread, weights, offsets

    def shares(self, measured: np.ndarray) -> dict[str, float]:
        """How likely each of :data:`KINDS` is; the shares sum to 1."""
        raw = ((measured - self._centre) / self._spread) @ self._weights + self._offsets
        likely = np.exp(raw - raw.max())
        return dict(zip(KINDS, (likely / likely.sum()).tolist()))

    @classmethod
    def learn(cls, measured: np.ndarray, kinds: Sequence[str], importance: Mapping[str, float], inverse_strength: float = 1.0) -> Judgement:
        """Learn from a row of signals a message and the kind of each; ``inverse_strength`` is scikit-learn's C."""
        from sklearn.linear_model import LogisticRegression

        centre, spread = measured.mean(axis=0), measured.std(axis=0) + 1e-6
        model = LogisticRegression(max_iter=2000, C=inverse_strength, class_weight=dict(importance))
        model.fit((measured - centre) / spread, list(kinds))
        order = [list(model.classes_).index(kind) for kind in KINDS]
        return cls(centre, spread, model.coef_[order].T, model.intercept_[order])

    def save(self, path: Path, names: Sequence[str]) -> None:
        """Write what was learnt, rounded, a signal a line."""
        rows = {name: [round(float(value), 4) for value in (self._centre[n], self._spread[n], *self._weights[n])]
                for n, name in enumerate(names)}
        lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items())
        offsets = json.dumps([round(float(value), 4) for value in self._offsets])
        path.write_text(f'{{\n  "offsets": {offsets},\n{lines}\n}}\n', "utf-8")

    @classmethod
    def load(cls, path: Path, names: Sequence[str]) -> Judgement:
        stored = json.loads(path.read_text("utf-8"))
        table = np.array([stored[name] for name in names])
        return cls(table[:, 0], table[:, 1], table[:, 2:], np.array(stored["offsets"]))


@lru_cache(maxsize=2)
def learnt_judgement(in_context: bool = False) -> Judgement:
    """The judgement whose weights stand beside this file: of messages by themselves, or of those after an answer."""
    return Judgement.load(WEIGHTS_IN_CONTEXT, SIGNALS_IN_CONTEXT) if in_context else Judgement.load(WEIGHTS, SIGNALS)
