"""Is a text one of a kind, or not? A linear classifier over its meaning and its words, learnt from examples.

It learns by the squared hinge loss (a linear support vector machine): what lies clearly on its side teaches
nothing more, so the doubtful examples decide (docs/decisions/red-flags.md has the figures).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

from bot.nlu.word_sequences import WordSequences

#: scikit-learn's C: larger means less regularized.
INVERSE_STRENGTH = 1.0
STEPS = 100
#: The margin where there is but one kind.
CERTAIN = 20.0
#: What occurs once teaches nothing about the next message.
WORDS_MET = 2


class WordingClassifier:
    """Tells texts of one kind (personal matters, questions, all danger) from all others."""

    def __init__(self, meaning: np.ndarray, words: WordSequences, word_slopes: np.ndarray, offset: float):
        self._meaning, self._words, self._word_slopes, self._offset = meaning, words, word_slopes, offset

    @classmethod
    def fit(cls, texts: Sequence[str], vectors: np.ndarray, of_the_kind: int) -> WordingClassifier:
        """The first ``of_the_kind`` texts are of the kind, the others are not. Takes some seconds; the same texts give the
        same model."""
        (words, features), width = WordSequences.met_in(texts, WORDS_MET), vectors.shape[1]
        if of_the_kind in (0, len(texts)):
            # Nothing to tell apart: all or none are of the kind.
            return cls(np.zeros(width, np.float32), words, np.zeros(len(words), np.float32), CERTAIN if of_the_kind else -CERTAIN)
        is_of_it = np.arange(len(texts)) < of_the_kind
        # Both kinds weigh the same, however many texts there are of each.
        weights = np.where(is_of_it, len(texts) / 2 / of_the_kind, len(texts) / 2 / (len(texts) - of_the_kind))
        slopes = _learn(vectors, features, np.where(is_of_it, 1, -1).astype(np.float32), weights.astype(np.float32))
        return cls(slopes[:width], words, slopes[width + 1 :], float(slopes[width]))

    def margins(self, texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """One number a text: above 0 it is more likely of the kind than not, from 1 on clearly so."""
        return vectors @ self._meaning + self._words.times(texts, self._word_slopes) + self._offset

    def save(self, folder: Path, name: str) -> None:
        np.savez(folder / f"{name}.npz", slopes=self._meaning, word_slopes=self._word_slopes, offset=np.float32(self._offset),
                 **self._words.arrays())

    @classmethod
    def load(cls, folder: Path, name: str) -> WordingClassifier:
        with np.load(folder / f"{name}.npz", allow_pickle=False) as stored:
            words = WordSequences(stored["columns"], stored["rarity"])
            return cls(stored["slopes"], words, stored["word_slopes"], float(stored["offset"]))


def _learn(vectors: np.ndarray, words: sparse.csr_matrix, sides: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The slopes of the vectors, the offset, and the slopes of the words; ``sides`` are 1 or -1."""
    features = np.hstack([vectors, np.ones((len(vectors), 1))]).astype(np.float32)
    width, by_word = features.shape[1], words.T.tocsr()

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        slopes = flat.astype(np.float32)
        short = np.maximum(1 - sides * (features @ slopes[:width] + words @ slopes[width:]), 0)
        pull = -2 * weights * sides * short
        # The offset is not regularized.
        slopes[width - 1] = 0.0
        value = float(weights @ (short * short)) + 0.5 * float(slopes @ slopes) / INVERSE_STRENGTH
        return value, (slopes / INVERSE_STRENGTH + np.concatenate([features.T @ pull, by_word @ pull])).astype(np.float64)

    found = minimize(loss, np.zeros(width + words.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": STEPS, "gtol": 1e-2})
    return np.asarray(found.x, np.float32)
