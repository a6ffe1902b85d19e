"""The words of texts, and pairs of them, as features of a regression."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer

FEATURES = 2**17
#: A message has no more wordings; what a regression learns from has more.
MOST_WORDINGS = 100
_counter = HashingVectorizer(ngram_range=(1, 2), n_features=FEATURES, alternate_sign=False, norm=None,
                             token_pattern=r"\b\w+\b", dtype=np.float32)


class WordSequences:
    """Single words and pairs, weighted by rarity; what stands in too few texts teaches nothing about the next message."""

    def __init__(self, columns: np.ndarray, rarity: np.ndarray):
        """``columns`` says at which of :data:`FEATURES` each feature is counted."""
        self._columns, self._rarity = columns, rarity
        self._place = np.full(FEATURES, -1, np.int32)
        self._place[columns] = np.arange(len(columns))

    @classmethod
    def met_in(cls, texts: Sequence[str], at_least: int) -> WordSequences:
        """Those that stand in so many of the texts."""
        holding = np.bincount(_counts(texts).indices, minlength=FEATURES)
        columns = np.flatnonzero(holding >= at_least)
        return cls(columns, (np.log((1 + len(texts)) / (1 + holding[columns])) + 1).astype(np.float32))

    def __len__(self) -> int:
        return len(self._columns)

    def of(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """TF-IDF with sublinear counts, one row a text, each of length 1."""
        counts = _counted(tuple(texts)) if len(texts) <= MOST_WORDINGS else _counts(texts)
        rows = np.repeat(np.arange(len(texts)), np.diff(counts.indptr))
        places = self._place[counts.indices]
        known = places >= 0
        rows, places = rows[known], places[known]
        values = (1 + np.log(counts.data[known])) * self._rarity[places]
        lengths = np.sqrt(np.bincount(rows, values**2, minlength=len(texts)))
        values = (values / np.maximum(lengths, 1e-9)[rows]).astype(np.float32)
        return sparse.csr_matrix((values, (rows, places)), shape=(len(texts), len(self)))

    def arrays(self) -> dict[str, np.ndarray]:
        """What :meth:`__init__` takes, to be stored."""
        return {"columns": self._columns, "rarity": self._rarity}


def _counts(texts: Sequence[str]) -> sparse.csr_matrix:
    return _counter.transform(texts) if len(texts) else sparse.csr_matrix((0, FEATURES), dtype=np.float32)


@lru_cache(maxsize=16)
def _counted(texts: tuple[str, ...]) -> sparse.csr_matrix:
    """The words of a message, which several regressions read one after another."""
    return _counts(texts)
