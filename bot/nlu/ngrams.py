"""TF-IDF of letter and word sequences, rebuilt in a moment when a few texts change.

scikit-learn's vectorizer analyzes every text anew; here the counts of a text are kept,
so that an edit of one question analyzes one question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.utils import murmurhash3_32

from bot.nlu.cosines import Cosines

FEATURES = 2**18
#: What stands in so large a share of the texts is compared as a matrix: most of what texts share are a few hundred sequences.
COMMON_SHARE = 0.1


@lru_cache(maxsize=2)
def _analyzer(kind: str) -> Callable[[str], list[str]]:
    if kind == "letters":
        return HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5)).build_analyzer()
    return HashingVectorizer(analyzer="word", ngram_range=(1, 2), token_pattern=r"\b\w+\b").build_analyzer()


# Room for all texts of two kinds twice: once it is full, an edit would analyze every text anew.
@lru_cache(maxsize=120_000)
def _counts(kind: str, text: str) -> tuple[np.ndarray, np.ndarray]:
    """The features of one text and the logarithm of their counts (sublinear term frequency)."""
    # What HashingVectorizer.transform does, without its half a millisecond of checks a call.
    counted = Counter(_analyzer(kind)(text))
    hashes = np.fromiter(map(murmurhash3_32, counted), np.int64, len(counted))
    indices, where = np.unique(np.abs(hashes) % FEATURES, return_inverse=True)
    counts = np.bincount(where, np.fromiter(counted.values(), np.float64, len(counted)))
    return indices.astype(np.int32), (1 + np.log(counts)).astype(np.float32)


#: The message being answered is compared with several indexes, one after another, and its words are weighed by several classifiers.
counts_of_message = lru_cache(maxsize=64)(_counts.__wrapped__)


class NgramIndex:
    """Compares texts by the sequences of letters, or of words, that they share."""

    def __init__(self, texts: Sequence[str], kind: str, by_text: bool = False):
        """``kind`` is `letters` (2 to 5, within words) or `words` (1 and 2); ``by_text`` allows to compare with a few of
        the texts alone, for twice the memory."""
        self._kind = kind
        rows = _stack(kind, texts)
        holding = np.bincount(rows.indices, minlength=FEATURES)
        self._weights = (np.log((1 + len(texts)) / (1 + holding)) + 1).astype(np.float32)
        rows = self._weighted(rows)
        self._by_text = rows if by_text else None
        if not by_text:
            common = np.flatnonzero(holding >= max(COMMON_SHARE * len(texts), 1))
            #: Where each common feature stands in the matrix; -1 for a rare one.
            self._place = np.full(FEATURES, -1, np.int32)
            self._place[common] = np.arange(len(common))
            self._common = Cosines(rows[:, common].toarray()) if len(common) else None
            rare = self._place[rows.indices] < 0
            ends = np.append(0, np.cumsum(rare))[rows.indptr]
            self._rare = sparse.csr_matrix((rows.data[rare], rows.indices[rare], ends), shape=rows.shape).tocsc()

    def _weighted(self, rows: sparse.csr_matrix) -> sparse.csr_matrix:
        rows.data = rows.data * self._weights[rows.indices]
        squares = np.zeros(rows.shape[0], np.float32)
        np.add.at(squares, np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr)), rows.data**2)
        lengths = np.sqrt(np.maximum(squares, 1e-12))
        rows.data = rows.data / np.repeat(lengths, np.diff(rows.indptr))
        return rows

    def similarities(self, texts: Sequence[str], rows: np.ndarray | None = None) -> np.ndarray:
        """Cosine (0 to 1) of each text with each indexed text, or with the given rows of them."""
        asked = [self._asked(text) for text in texts]
        if self._by_text is None:
            return self._with_all(asked)
        chosen = self._by_text if rows is None else self._by_text[rows]
        whole = np.zeros((len(asked), FEATURES), np.float32)
        for row, (features, weights) in zip(whole, asked):
            row[features] = weights
        return np.stack([chosen @ row for row in whole])

    def _with_all(self, asked: Sequence[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
        places = [self._place[features] for features, _ in asked]
        # The shared features alone, summed in one pass.
        rare = [self._rare[:, features[place < 0]] @ weights[place < 0] for place, (features, weights) in zip(places, asked)]
        if self._common is None:
            return np.stack(rare)
        matrix = np.zeros((len(asked), self._common.dimensions), np.float32)
        for row, place, (_, weights) in zip(matrix, places, asked):
            row[place[place >= 0]] = weights[place >= 0]
        return np.asarray(self._common.of(matrix) + np.stack(rare))

    def _asked(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """The features of a message and their weights, of length 1 together."""
        features, logs = counts_of_message(self._kind, text)
        weights = logs * self._weights[features]
        return features, weights / max(float(np.sqrt(weights @ weights)), 1e-6)


def _stack(kind: str, texts: Sequence[str]) -> sparse.csr_matrix:
    counts = [_counts(kind, text) for text in texts]
    ends = np.cumsum([0] + [len(indices) for indices, _ in counts])
    indices = np.concatenate([indices for indices, _ in counts])
    data = np.concatenate([values for _, values in counts])
    return sparse.csr_matrix((data, indices, ends), shape=(len(texts), FEATURES), dtype=np.float32)
