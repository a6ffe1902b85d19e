"""A multinomial logistic regression over meaning vectors: what tells neighbouring labels apart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

#: Log-probabilities below this say no more than "no".
LOWEST = -8.0
MOST_STEPS = 80


class Regression:
    """Learnt at training; labels that are new since then are neither helped nor hindered."""

    def __init__(self, labels: list[str], slopes: np.ndarray, offsets: np.ndarray):
        self.labels, self._slopes, self._offsets = labels, slopes, offsets

    @classmethod
    def fit(cls, vectors: np.ndarray, labels: Sequence[str], inverse_strength: float = 10.0,
            balanced: bool = False) -> Regression:
        """``inverse_strength`` is scikit-learn's C: larger means less regularized; ``balanced`` weighs rare labels up.

        The same model as scikit-learn's, in single precision, which takes half its time.
        """
        from scipy.optimize import minimize

        known, codes = np.unique(np.array(labels), return_inverse=True)
        features = np.hstack([vectors, np.ones((len(vectors), 1))]).astype(np.float32)
        rows, size = np.arange(len(codes)), (features.shape[1], len(known))
        shares = len(codes) / (len(known) * np.bincount(codes)) if balanced else np.ones(len(known))
        weights = shares[codes].astype(np.float32)

        def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
            slopes = flat.reshape(size).astype(np.float32)
            raw = features @ slopes
            raw -= raw.max(axis=1, keepdims=True)
            own = raw[rows, codes]
            np.exp(raw, out=raw)
            total = raw.sum(axis=1)
            value = float(weights @ (np.log(total) - own))
            raw *= (weights / total)[:, None]
            raw[rows, codes] -= weights
            # The offsets (the last row) are not regularized.
            slopes[-1] = 0.0
            value += 0.5 * float((slopes * slopes).sum()) / inverse_strength
            return value, (features.T @ raw + slopes / inverse_strength).ravel().astype(np.float64)

        # Stopping early is meant: further steps change no ranking.
        found = minimize(loss, np.zeros(size[0] * size[1]), jac=True, method="L-BFGS-B",
                         options={"maxiter": MOST_STEPS, "gtol": 1e-2})
        learnt = found.x.reshape(size).astype(np.float32)
        return cls([str(label) for label in known], learnt[:-1], learnt[-1])

    def log_probabilities(self, vectors: np.ndarray) -> np.ndarray:
        """One row a vector, one column a label, at least :data:`LOWEST`."""
        raw = vectors @ self._slopes + self._offsets
        raw -= raw.max(axis=1, keepdims=True)
        return np.maximum(raw - np.log(np.exp(raw).sum(axis=1, keepdims=True)), LOWEST)

    def columns(self, labels: Sequence[str]) -> np.ndarray:
        """Where each label stands among those learnt; -1 for a label not met at training."""
        number = {label: position for position, label in enumerate(self.labels)}
        return np.array([number.get(label, -1) for label in labels])

    def for_columns(self, columns: np.ndarray, vectors: np.ndarray) -> np.ndarray:
        """The log-probabilities of the labels of :meth:`columns`; the best one's for a label not met at training."""
        logs = self.log_probabilities(vectors)
        chosen = logs[:, np.maximum(columns, 0)]
        return np.where(columns < 0, logs.max(axis=1, keepdims=True), chosen)

    def save(self, folder: Path, name: str = "regression") -> None:
        (folder / f"{name}.json").write_text(json.dumps(self.labels), "utf-8")
        np.savez(folder / f"{name}.npz", slopes=self._slopes, offsets=self._offsets)

    @classmethod
    def load(cls, folder: Path, name: str = "regression") -> Regression:
        with np.load(folder / f"{name}.npz", allow_pickle=False) as stored:
            return cls(json.loads((folder / f"{name}.json").read_text("utf-8")), stored["slopes"], stored["offsets"])
