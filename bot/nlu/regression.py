"""A multinomial logistic regression over meaning vectors and words: what tells neighbouring labels apart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

from bot.nlu.word_sequences import WordSequences

#: Log-probabilities below this say no more than "no".
LOWEST = -8.0
MOST_STEPS = 80


class Regression:
    """Learnt at training; labels that are new since then are neither helped nor hindered."""

    def __init__(self, labels: list[str], slopes: np.ndarray, offsets: np.ndarray,
                 words: WordSequences | None = None, word_slopes: np.ndarray | None = None):
        self.labels, self._slopes, self._offsets = labels, slopes, offsets
        self._words, self._word_slopes = words, word_slopes

    @classmethod
    def fit(cls, vectors: np.ndarray, labels: Sequence[str], inverse_strength: float = 10.0, balanced: bool = False) -> Regression:
        """Learn from vectors alone. ``inverse_strength`` is scikit-learn's C: larger means less regularized; ``balanced``
        weighs rare labels up."""
        known, codes = np.unique(np.array(labels), return_inverse=True)
        shares = len(codes) / (len(known) * np.bincount(codes)) if balanced else np.ones(len(known))
        slopes, offsets, _ = _fit_slopes(vectors, None, codes, shares[codes], inverse_strength, MOST_STEPS)
        return cls([str(label) for label in known], slopes, offsets)

    @classmethod
    def fit_with_words(cls, texts: Sequence[str], vectors: np.ndarray, labels: Sequence[str], inverse_strength: float, met_in: int,
                       weights: np.ndarray | None = None, steps: int = MOST_STEPS) -> Regression:
        """Learn from vectors and from the words that are ``met_in`` so many texts; ``weights`` says how much each text counts."""
        known, codes = np.unique(np.array(labels), return_inverse=True)
        words, features = WordSequences.met_in(texts, met_in)
        weights = np.ones(len(codes)) if weights is None else weights
        slopes, offsets, word_slopes = _fit_slopes(vectors, features, codes, weights, inverse_strength, steps)
        return cls([str(label) for label in known], slopes, offsets, words, word_slopes)

    def raw(self, vectors: np.ndarray, texts: Sequence[str] | None = None) -> np.ndarray:
        """Log-odds up to a constant a row: one row a text, one column a label; ``texts`` are read where words were learnt."""
        raw = vectors @ self._slopes + self._offsets
        if self._words is not None and self._word_slopes is not None and texts is not None:
            raw += self._words.times(texts, self._word_slopes)
        return raw

    def log_probabilities(self, vectors: np.ndarray, texts: Sequence[str] | None = None) -> np.ndarray:
        """One row a text, one column a label, at least :data:`LOWEST`; ``texts`` as in :meth:`raw`."""
        raw = self.raw(vectors, texts)
        raw -= raw.max(axis=1, keepdims=True)
        return np.maximum(raw - np.log(np.exp(raw).sum(axis=1, keepdims=True)), LOWEST)

    def columns(self, labels: Sequence[str]) -> np.ndarray:
        """Where each label stands among those learnt; -1 for a label not met at training."""
        number = {label: position for position, label in enumerate(self.labels)}
        return np.array([number.get(label, -1) for label in labels])

    def for_columns(self, columns: np.ndarray, vectors: np.ndarray, texts: Sequence[str] | None = None) -> np.ndarray:
        """The log-probabilities of the labels of :meth:`columns`; the best one's for a label not met at training."""
        logs = self.log_probabilities(vectors, texts)
        chosen = logs[:, np.maximum(columns, 0)]
        return np.where(columns < 0, logs.max(axis=1, keepdims=True), chosen)

    def save(self, folder: Path, name: str = "regression") -> None:
        (folder / f"{name}.json").write_text(json.dumps(self.labels), "utf-8")
        arrays = {"slopes": self._slopes, "offsets": self._offsets}
        if self._words is not None and self._word_slopes is not None:
            arrays |= {**self._words.arrays(), "word_slopes": self._word_slopes}
        np.savez(folder / f"{name}.npz", **arrays)

    @classmethod
    def load(cls, folder: Path, name: str = "regression") -> Regression:
        with np.load(folder / f"{name}.npz", allow_pickle=False) as stored:
            labels, slopes, offsets = json.loads((folder / f"{name}.json").read_text("utf-8")), stored["slopes"], stored["offsets"]
            if "columns" not in stored:
                return cls(labels, slopes, offsets)
            return cls(labels, slopes, offsets, WordSequences(stored["columns"], stored["rarity"]), stored["word_slopes"])


def _fit_slopes(vectors: np.ndarray, words: sparse.csr_matrix | None, codes: np.ndarray, weights: np.ndarray,
                inverse_strength: float, steps: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The slopes of the vectors, the offsets, and the slopes of the words: one column a label.

    The same model as scikit-learn's, in single precision, which takes half its time and a quarter of liblinear's. ``codes``
    says which label each text has, ``weights`` how much it counts.
    """
    features = np.hstack([vectors, np.ones((len(vectors), 1))]).astype(np.float32)
    rows, width, weights = np.arange(len(codes)), features.shape[1], weights.astype(np.float32)
    size = (width + (words.shape[1] if words is not None else 0), int(codes.max()) + 1)
    by_word = words.T.tocsr() if words is not None else None

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        slopes = flat.reshape(size).astype(np.float32)
        raw = features @ slopes[:width]
        if words is not None:
            raw += words @ slopes[width:]
        raw -= raw.max(axis=1, keepdims=True)
        own = raw[rows, codes]
        np.exp(raw, out=raw)
        total = raw.sum(axis=1)
        value = float(weights @ (np.log(total) - own))
        raw *= (weights / total)[:, None]
        raw[rows, codes] -= weights
        # The offsets are not regularized.
        slopes[width - 1] = 0.0
        value += 0.5 * float((slopes * slopes).sum()) / inverse_strength
        slopes /= inverse_strength
        slopes[:width] += features.T @ raw
        if by_word is not None:
            slopes[width:] += by_word @ raw
        return value, slopes.ravel().astype(np.float64)

    # Stopping early is meant: further steps change no ranking.
    found = minimize(loss, np.zeros(size[0] * size[1]), jac=True, method="L-BFGS-B", options={"maxiter": steps, "gtol": 1e-2})
    learnt = found.x.reshape(size).astype(np.float32)
    return learnt[: width - 1], learnt[width - 1], learnt[width:]
