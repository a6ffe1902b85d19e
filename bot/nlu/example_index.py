"""Which label do a message's words come nearest to? The scorer behind answers, intents and signs.

Four signals are blended, each strong where the others are weak (measured in
docs/decisions/understanding.md):

- nearness of meaning to the examples of a label (half the best, half the mean of the best three),
- nearness of spelling (sequences of letters), which finds names and what is misspelt,
- nearness of words (single ones and pairs), which finds the rare word that decides,
- a logistic regression over the meaning vectors, which learns what tells neighbours apart.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.nlu.ngrams import NgramIndex
from bot.nlu.regression import Regression

BEST_OF = 3
SPELLING_WEIGHT = 0.5
WORDS_WEIGHT = 0.3
REGRESSION_WEIGHT = 0.06
#: A message's best sentence decides, but the whole message has a say too.
WHOLE_WEIGHT = 0.7
#: A perfect match of everything would score so much; scores are divided by it.
PERFECT = 1 + SPELLING_WEIGHT + WORDS_WEIGHT
#: Above so many labels, only the nearest ones are scored exactly.
EXACT_UP_TO = 600
SHORTLIST = 60


class ExampleIndex:
    """Scores labels for a message by the labels' examples."""

    def __init__(self, texts: Sequence[str], labels: Sequence[str], vectors: np.ndarray,
                 regression: Regression | None = None):
        """``vectors`` holds a unit vector a text; texts of one label may stand anywhere."""
        if not texts:
            raise ValueError("an index needs at least one example")
        self.labels = sorted(set(labels))
        number = {label: position for position, label in enumerate(self.labels)}
        codes = np.array([number[label] for label in labels])
        order = np.argsort(codes, kind="stable")
        self.codes = codes[order]
        self.texts = [texts[position] for position in order]
        self.vectors = np.ascontiguousarray(vectors[order], dtype=np.float32)
        self._starts = np.searchsorted(self.codes, np.arange(len(self.labels)))
        self._ends = np.append(self._starts[1:], len(self.codes))
        sums = np.add.reduceat(self.vectors, self._starts, axis=0)
        self._centres = sums / (self._ends - self._starts)[:, None].astype(np.float32)
        self._letters = NgramIndex(self.texts, "letters")
        self._words = NgramIndex(self.texts, "words")
        self._regression = regression

    def scores(self, vectors: np.ndarray, texts: Sequence[str]) -> np.ndarray:
        """A score for each label, in the order of :attr:`labels`.

        ``vectors`` and ``texts`` are wordings of one message, the whole one first. A score
        near 1 means that the message is nearly one of the examples; one far below 0, no kinship.
        """
        each = self.scores_of_each(vectors, texts)
        return (each.max(axis=0) + WHOLE_WEIGHT * each[0]) / (1 + WHOLE_WEIGHT)

    def scores_of_each(self, vectors: np.ndarray, texts: Sequence[str]) -> np.ndarray:
        """The scores of each wording by itself: one row a wording, one column a label."""
        wanted, rows = self._shortlist(vectors)
        codes = self.codes if rows is None else self.codes[rows]
        examples = self.vectors if rows is None else self.vectors[rows]
        blend = _by_label(vectors @ examples.T, codes, wanted)
        blend += SPELLING_WEIGHT * _by_label(self._letters.similarities(texts, rows), codes, wanted)
        blend += WORDS_WEIGHT * _by_label(self._words.similarities(texts, rows), codes, wanted)
        if self._regression:
            logs = self._regression.for_labels([self.labels[number] for number in wanted], vectors)
            blend += REGRESSION_WEIGHT * logs
        scores = np.full((len(texts), len(self.labels)), -1.0, np.float32)
        scores[:, wanted] = blend / PERFECT
        return scores

    def _shortlist(self, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        """The labels to score exactly, and the rows of their examples (None for all)."""
        if len(self.labels) <= EXACT_UP_TO:
            return np.arange(len(self.labels)), None
        nearness = (vectors @ self._centres.T).max(axis=0)
        wanted = np.sort(np.argpartition(-nearness, SHORTLIST)[:SHORTLIST])
        return wanted, np.concatenate([np.arange(self._starts[w], self._ends[w]) for w in wanted])


def _by_label(similarities: np.ndarray, codes: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Half the best and half the mean of the best three similarities for each wanted label.

    ``codes`` (sorted) says which label each column belongs to.
    """
    starts = np.searchsorted(codes, wanted)
    sizes = np.diff(np.append(starts, len(codes)))
    columns = starts[:, None] + np.arange(sizes.max())
    padding = np.arange(sizes.max()) >= sizes[:, None]
    table = similarities[:, np.where(padding, 0, columns)]
    table[:, padding] = -1.0
    kept = min(BEST_OF, table.shape[2])
    best = -np.partition(-table, kept - 1, axis=2)[:, :, :kept]
    counted = np.maximum(np.minimum(sizes, kept), 1)
    mean = np.where(best > -1.0, best, 0).sum(axis=2) / counted
    return 0.5 * best.max(axis=2) + 0.5 * mean
