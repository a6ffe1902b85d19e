"""Is a text one of a kind, or not? A logistic regression over its meaning and its words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression

FEATURES = 2**17
#: scikit-learn's C: larger means less regularized.
INVERSE_STRENGTH = 30
#: The log-odds where there is but one kind.
CERTAIN = 20.0
_counter = HashingVectorizer(ngram_range=(1, 3), n_features=FEATURES, alternate_sign=False, norm=None,
                             token_pattern=r"\b\w+\b", dtype=np.float32)


class WordingRegression:
    """Tells texts of one kind (told danger, personal matters, questions) from all others."""

    def __init__(self, meaning: np.ndarray, words: np.ndarray, rarity: np.ndarray, offset: float):
        self._meaning, self._words, self._rarity, self._offset = meaning, words, rarity, offset

    @classmethod
    def fit(cls, texts: Sequence[str], vectors: np.ndarray, of_the_kind: int) -> WordingRegression:
        """The first ``of_the_kind`` texts are of the kind, the others are not. Takes some seconds; the same texts give the
        same model."""
        if of_the_kind in (0, len(texts)):
            # Nothing to tell apart: all or none are of the kind.
            nothing = np.zeros(FEATURES, np.float32)
            return cls(np.zeros(vectors.shape[1], np.float32), nothing, nothing, CERTAIN if of_the_kind else -CERTAIN)
        counts = _counter.transform(texts)
        holding = np.bincount(counts.indices, minlength=FEATURES)
        rarity = (np.log((1 + len(texts)) / (1 + holding)) + 1).astype(np.float32)
        # What occurs once teaches nothing about the next message.
        rarity[holding < 2] = 0.0
        features = sparse.hstack([sparse.csr_matrix(vectors), _weighted(counts, rarity)]).tocsr()
        model = LogisticRegression(C=INVERSE_STRENGTH, class_weight="balanced", solver="liblinear", max_iter=100, tol=5e-3)
        model.fit(features, np.arange(len(texts)) < of_the_kind)
        width = vectors.shape[1]
        slopes = model.coef_[0].astype(np.float32)
        return cls(slopes[:width], slopes[width:], rarity, float(model.intercept_[0]))

    def log_odds(self, texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """One number a text: above 0, it is more likely of the kind than not."""
        words = _weighted(_counted(tuple(texts)).copy(), self._rarity)
        return vectors @ self._meaning + words @ self._words + self._offset

    def save(self, folder: Path, name: str) -> None:
        np.savez_compressed(folder / f"{name}.npz", meaning=self._meaning, words=self._words, rarity=self._rarity,
                            offset=np.float32(self._offset))

    @classmethod
    def load(cls, folder: Path, name: str) -> WordingRegression:
        with np.load(folder / f"{name}.npz", allow_pickle=False) as stored:
            return cls(stored["meaning"], stored["words"], stored["rarity"], float(stored["offset"]))


@lru_cache(maxsize=16)
def _counted(texts: tuple[str, ...]) -> sparse.csr_matrix:
    """The word sequences of a message, which several regressions read one after another."""
    return _counter.transform(texts)


def _weighted(counts: sparse.csr_matrix, rarity: np.ndarray) -> sparse.csr_matrix:
    """TF-IDF with sublinear counts, each row of length 1."""
    counts.data = (1 + np.log(counts.data)) * rarity[counts.indices]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    lengths = np.sqrt(np.bincount(rows, counts.data**2, minlength=counts.shape[0]))
    counts.data = (counts.data / np.maximum(lengths, 1e-9)[rows]).astype(np.float32)
    return counts
