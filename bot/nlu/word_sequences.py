"""The words of texts, and pairs of them, as features to learn from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer

from bot.nlu.ngrams import FEATURES, counts_of_message

#: A message has no more wordings; what is learnt from has more.
MOST_WORDINGS = 100
#: Counts many texts at once as :func:`counts_of_message` counts one.
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
    def met_in(cls, texts: Sequence[str], at_least: int) -> tuple[WordSequences, sparse.csr_matrix]:
        """Those that stand in so many of the texts, and what :meth:`of` gives for these: they are counted but once."""
        counts = _counted(texts)
        holding = np.bincount(counts.indices, minlength=FEATURES)
        columns = np.flatnonzero(holding >= at_least)
        found = cls(columns, (np.log((1 + len(texts)) / (1 + holding[columns])) + 1).astype(np.float32))
        return found, found._weighted(counts)

    def __len__(self) -> int:
        return len(self._columns)

    def of(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """TF-IDF with sublinear counts, one row a text, each of length 1."""
        return self._weighted(_counted(texts))

    def _weighted(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        places = self._place[counts.indices]
        known = places >= 0
        rows, places = rows[known], places[known]
        values = (1 + np.log(counts.data[known])) * self._rarity[places]
        lengths = np.sqrt(np.bincount(rows, values**2, minlength=counts.shape[0]))
        values = (values / np.maximum(lengths, 1e-9)[rows]).astype(np.float32)
        return sparse.csr_matrix((values, (rows, places)), shape=(counts.shape[0], len(self)))

    def times(self, texts: Sequence[str], slopes: np.ndarray) -> np.ndarray:
        """The product of :meth:`of` and slopes, one row of them a feature; quicker for the few wordings of a message."""
        if not 0 < len(texts) <= MOST_WORDINGS:
            return np.asarray(self.of(texts) @ slopes)
        return np.stack([values @ slopes[places] for places, values in map(self._of_one, texts)])

    def _of_one(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """The features of a message and their values."""
        features, logs = counts_of_message("words", text)
        places = self._place[features]
        known = places >= 0
        places = places[known]
        values = logs[known] * self._rarity[places]
        return places, values / max(float(np.sqrt(values @ values)), 1e-9)

    def arrays(self) -> dict[str, np.ndarray]:
        """What :meth:`__init__` takes, to be stored."""
        return {"columns": self._columns, "rarity": self._rarity}


def _counted(texts: Sequence[str]) -> sparse.csr_matrix:
    return _counter.transform(texts) if len(texts) else sparse.csr_matrix((0, FEATURES), dtype=np.float32)
