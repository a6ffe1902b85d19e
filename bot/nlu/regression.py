"""A multinomial logistic regression over meaning vectors: what tells neighbouring labels apart."""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np

#: Log-probabilities below this say no more than "no".
LOWEST = -8.0


class Regression:
    """Learnt at training; labels that are new since then are neither helped nor hindered."""

    def __init__(self, labels: list[str], slopes: np.ndarray, offsets: np.ndarray):
        self.labels, self._slopes, self._offsets = labels, slopes, offsets

    @classmethod
    def fit(cls, vectors: np.ndarray, labels: Sequence[str], inverse_strength: float = 10.0,
            balanced: bool = False) -> Regression:
        """``inverse_strength`` is scikit-learn's C: larger means less regularized."""
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(C=inverse_strength, max_iter=80, tol=1e-2, solver="lbfgs",
                                   class_weight="balanced" if balanced else None)
        with warnings.catch_warnings():
            # Stopping early is meant: further steps change no ranking.
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(vectors, list(labels))
        return cls(list(model.classes_), model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32))

    def log_probabilities(self, vectors: np.ndarray) -> np.ndarray:
        """One row a vector, one column a label, at least :data:`LOWEST`."""
        raw = vectors @ self._slopes + self._offsets
        raw -= raw.max(axis=1, keepdims=True)
        return np.maximum(raw - np.log(np.exp(raw).sum(axis=1, keepdims=True)), LOWEST)

    def for_labels(self, labels: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """The log-probabilities in the order of ``labels``; the best one's for a label not met at training."""
        logs = self.log_probabilities(vectors)
        number = {label: position for position, label in enumerate(self.labels)}
        columns = np.array([number.get(label, -1) for label in labels])
        chosen = logs[:, np.maximum(columns, 0)]
        return np.where(columns < 0, logs.max(axis=1, keepdims=True), chosen)

    def save(self, folder: Path, name: str = "regression") -> None:
        (folder / f"{name}.json").write_text(json.dumps(self.labels), "utf-8")
        np.savez(folder / f"{name}.npz", slopes=self._slopes, offsets=self._offsets)

    @classmethod
    def load(cls, folder: Path, name: str = "regression") -> Regression:
        with np.load(folder / f"{name}.npz", allow_pickle=False) as stored:
            return cls(json.loads((folder / f"{name}.json").read_text("utf-8")), stored["slopes"], stored["offsets"])
