"""TF-IDF of letter and word sequences, rebuilt in a moment when a few texts change.

scikit-learn's vectorizer analyzes every text anew; here the counts of a text are kept,
so that an edit of one question analyzes one question.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer

FEATURES = 2**18


@lru_cache(maxsize=2)
def _analyzer(kind: str) -> HashingVectorizer:
    if kind == "letters":
        return HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), n_features=FEATURES, alternate_sign=False,
                                 norm=None, dtype=np.float32)
    return HashingVectorizer(analyzer="word", ngram_range=(1, 2), n_features=FEATURES, alternate_sign=False, norm=None,
                             dtype=np.float32, token_pattern=r"\b\w+\b")


@lru_cache(maxsize=60_000)
def _counts(kind: str, text: str) -> tuple[np.ndarray, np.ndarray]:
    """The features of one text and the logarithm of their counts (sublinear term frequency)."""
    row = _analyzer(kind).transform([text])
    return row.indices, (1 + np.log(row.data)).astype(np.float32)


class NgramIndex:
    """Compares texts by the sequences of letters, or of words, that they share."""

    def __init__(self, texts: Sequence[str], kind: str):
        """``kind`` is `letters` (2 to 5, within words) or `words` (1 and 2)."""
        self._kind = kind
        rows = _stack(kind, texts)
        holding = np.bincount(rows.indices, minlength=FEATURES)
        self._weights = (np.log((1 + len(texts)) / (1 + holding)) + 1).astype(np.float32)
        self.rows = self._weighted(rows)
        self._by_feature = self.rows.T.tocsr()

    def _weighted(self, rows: sparse.csr_matrix) -> sparse.csr_matrix:
        rows.data = rows.data * self._weights[rows.indices]
        squares = np.zeros(rows.shape[0], np.float32)
        np.add.at(squares, np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr)), rows.data**2)
        lengths = np.sqrt(np.maximum(squares, 1e-12))
        rows.data = rows.data / np.repeat(lengths, np.diff(rows.indptr))
        return rows

    def similarities(self, texts: Sequence[str], rows: np.ndarray | None = None) -> np.ndarray:
        """Cosine (0 to 1) of each text with each indexed text, or with the given rows of them."""
        asked = self._weighted(_stack(self._kind, texts, keep=False))
        if rows is None:
            return (asked @ self._by_feature).toarray()
        return (asked @ self.rows[rows].T).toarray()


def _stack(kind: str, texts: Sequence[str], keep: bool = True) -> sparse.csr_matrix:
    counts = [_counts(kind, text) if keep else _counts.__wrapped__(kind, text) for text in texts]
    ends = np.cumsum([0] + [len(indices) for indices, _ in counts])
    indices = np.concatenate([indices for indices, _ in counts])
    data = np.concatenate([values for _, values in counts])
    return sparse.csr_matrix((data, indices, ends), shape=(len(texts), FEATURES), dtype=np.float32)
