"""Is a text one of a kind, or not? A logistic regression over its meaning and its words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.nlu.regression import fit_slopes
from bot.nlu.word_sequences import WordSequences

#: scikit-learn's C: larger means less regularized.
INVERSE_STRENGTH = 30
STEPS = 100
#: The log-odds where there is but one kind.
CERTAIN = 20.0
#: What occurs once teaches nothing about the next message.
WORDS_MET = 2


class WordingRegression:
    """Tells texts of one kind (personal matters, questions, all danger) from all others."""

    def __init__(self, meaning: np.ndarray, words: WordSequences, word_slopes: np.ndarray, offset: float):
        self._meaning, self._words, self._word_slopes, self._offset = meaning, words, word_slopes, offset

    @classmethod
    def fit(cls, texts: Sequence[str], vectors: np.ndarray, of_the_kind: int) -> WordingRegression:
        """The first ``of_the_kind`` texts are of the kind, the others are not. Takes some seconds; the same texts give the
        same model."""
        (words, features), width = WordSequences.met_in(texts, WORDS_MET), vectors.shape[1]
        if of_the_kind in (0, len(texts)):
            # Nothing to tell apart: all or none are of the kind.
            return cls(np.zeros(width, np.float32), words, np.zeros(len(words), np.float32), CERTAIN if of_the_kind else -CERTAIN)
        is_of_it = np.arange(len(texts)) < of_the_kind
        # Both kinds weigh the same, however many texts there are of each.
        weights = np.where(is_of_it, len(texts) / 2 / of_the_kind, len(texts) / 2 / (len(texts) - of_the_kind))
        # Of two labels, each has half of the slopes: half of C makes of them the regression of one.
        slopes, offsets, word_slopes = (np.asarray(part[..., 1] - part[..., 0]) for part in fit_slopes(
            vectors, features, is_of_it.astype(int), weights, INVERSE_STRENGTH / 2, STEPS))
        return cls(slopes, words, word_slopes, float(offsets))

    def log_odds(self, texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """One number a text: above 0, it is more likely of the kind than not."""
        return vectors @ self._meaning + self._words.times(texts, self._word_slopes) + self._offset

    def save(self, folder: Path, name: str) -> None:
        np.savez(folder / f"{name}.npz", meaning=self._meaning, word_slopes=self._word_slopes, offset=np.float32(self._offset),
                 **self._words.arrays())

    @classmethod
    def load(cls, folder: Path, name: str) -> WordingRegression:
        with np.load(folder / f"{name}.npz", allow_pickle=False) as stored:
            words = WordSequences(stored["columns"], stored["rarity"])
            return cls(stored["meaning"], words, stored["word_slopes"], float(stored["offset"]))
