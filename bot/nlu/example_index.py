"""Which label do a message's words come nearest to? The scorer behind answers, intents and signs.

Four signals are blended, each strong where the others are weak (measured in
docs/decisions/understanding.md):

- nearness of meaning to the examples of a label (half the best, half the mean of the best three),
- nearness of spelling (sequences of letters), which finds names and what is misspelt,
- nearness of words (single ones and pairs), which finds the rare word that decides,
- a logistic regression over the meaning vectors and the words, which learns what tells neighbours apart.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.nlu.cosines import Cosines
from bot.nlu.ngrams import NgramIndex
from bot.nlu.regression import Regression

BEST_OF = 3
SPELLING_WEIGHT = 0.5
WORDS_WEIGHT = 0.3
REGRESSION_WEIGHT = 0.08
#: A message's best sentence decides, but the whole message has a say too.
WHOLE_WEIGHT = 0.7
#: A perfect match of everything would score so much; scores are divided by it.
PERFECT = 1 + SPELLING_WEIGHT + WORDS_WEIGHT
#: Above so many labels, only the nearest ones are scored exactly.
EXACT_UP_TO = 600
#: Labels whose numbers of examples differ by less than this factor are compared in one block.
LIKE_SIZE = 1.4
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
        vectors = np.ascontiguousarray(vectors[order], dtype=np.float32)
        self._starts = np.searchsorted(self.codes, np.arange(len(self.labels)))
        self._ends = np.append(self._starts[1:], len(self.codes))
        sums = np.add.reduceat(vectors, self._starts, axis=0)
        self._centres = sums / (self._ends - self._starts)[:, None].astype(np.float32)
        by_text = len(self.labels) > EXACT_UP_TO
        # All examples are compared at once, or a few of many.
        self._cosines = None if by_text else Cosines(vectors)
        self._vectors = vectors if by_text else None
        self._letters = NgramIndex(self.texts, "letters", by_text)
        self._words = NgramIndex(self.texts, "words", by_text)
        self._regression = regression
        self._learnt_as = regression.columns(self.labels) if regression else np.empty(0, int)
        # Which examples each label has: what is computed once is not computed for each message.
        self._groups = _Groups(self.codes, np.arange(len(self.labels))) if len(self.labels) <= EXACT_UP_TO else None

    def scores(self, vectors: np.ndarray, texts: Sequence[str]) -> np.ndarray:
        """A score for each label, in the order of :attr:`labels`.

        ``vectors`` and ``texts`` are wordings of one message, the whole one first. A score
        near 1 means that the message is nearly one of the examples; one far below 0, no kinship.
        """
        return across_wordings(self.scores_of_each(vectors, texts))

    def scores_of_each(self, vectors: np.ndarray, texts: Sequence[str]) -> np.ndarray:
        """The scores of each wording by itself: one row a wording, one column a label."""
        wanted, rows = self._shortlist(vectors)
        groups = self._groups or _Groups(self.codes[rows], wanted)
        # The three side by side: what is small is done in one go.
        near = groups.nearness(np.concatenate(
            [self._cosines_with(vectors, rows), self._letters.similarities(texts, rows), self._words.similarities(texts, rows)]))
        meaning, letters, words = np.split(near, 3)
        blend = meaning + SPELLING_WEIGHT * letters + WORDS_WEIGHT * words
        if self._regression:
            blend += REGRESSION_WEIGHT * self._regression.for_columns(self._learnt_as[wanted], vectors, texts)
        scores = np.full((len(texts), len(self.labels)), -1.0, np.float32)
        scores[:, wanted] = blend / PERFECT
        return scores

    def _cosines_with(self, vectors: np.ndarray, rows: np.ndarray | None) -> np.ndarray:
        if self._cosines is not None:
            return self._cosines.of(vectors)
        assert self._vectors is not None and rows is not None
        return np.asarray(vectors @ self._vectors[rows].T)

    def _shortlist(self, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        """The labels to score exactly, and the rows of their examples (None for all)."""
        if len(self.labels) <= EXACT_UP_TO:
            return np.arange(len(self.labels)), None
        nearness = (vectors @ self._centres.T).max(axis=0)
        wanted = np.sort(np.argpartition(-nearness, SHORTLIST)[:SHORTLIST])
        return wanted, np.concatenate([np.arange(self._starts[w], self._ends[w]) for w in wanted])


def across_wordings(each: np.ndarray) -> np.ndarray:
    """One score a label, of the scores of each wording (the whole message first)."""
    return (each.max(axis=0) + WHOLE_WEIGHT * each[0]) / (1 + WHOLE_WEIGHT)


class _Groups:
    """Which columns of a table of similarities belong to which label."""

    def __init__(self, codes: np.ndarray, wanted: np.ndarray):
        """``codes`` (sorted) says which label each column belongs to; only ``wanted`` labels occur."""
        starts = np.searchsorted(codes, wanted)
        sizes = np.diff(np.append(starts, len(codes)))
        order = np.argsort(sizes, kind="stable")
        # Labels of like size together, each with a row of columns: in one block for all, most would be padding.
        self._blocks = [_Block(labels, starts[labels], sizes[labels], len(codes)) for labels in _of_like_size(order, sizes)]
        self._count = len(wanted)

    def nearness(self, similarities: np.ndarray) -> np.ndarray:
        """Half the best and half the mean of the best three similarities for each label."""
        padded = np.concatenate([similarities, np.full((len(similarities), 1), -1.0, np.float32)], axis=1)
        found = np.empty((len(similarities), self._count), np.float32)
        for block in self._blocks:
            found[:, block.labels] = block.nearness(padded)
        return found


def _of_like_size(order: np.ndarray, sizes: np.ndarray) -> list[np.ndarray]:
    """Numbers of labels, smallest label first, cut where the largest has become half as large again as the smallest."""
    cuts, smallest = [], sizes[order[0]]
    for place, label in enumerate(order):
        if sizes[label] > LIKE_SIZE * smallest:
            cuts.append(place)
            smallest = sizes[label]
    return np.split(order, cuts)


class _Block:
    """Labels with about as many examples each."""

    def __init__(self, labels: np.ndarray, starts: np.ndarray, sizes: np.ndarray, absent: int):
        """``absent`` is the column that labels with fewer examples than others repeat."""
        self.labels = labels
        self._kept = min(BEST_OF, int(sizes.max()))
        columns = starts[:, None] + np.arange(max(sizes.max(), self._kept))
        self._columns = np.where(columns < (starts + sizes)[:, None], columns, absent)
        self._counted = np.maximum(np.minimum(sizes, BEST_OF), 1)

    def nearness(self, padded: np.ndarray) -> np.ndarray:
        table = padded.take(self._columns, axis=1)
        shape = table.shape[:2]
        rows = table.reshape(-1, table.shape[2])
        every = np.arange(len(rows))
        best = rows.max(axis=1)
        total = np.zeros(len(rows), np.float32)
        # Three times the best is cheaper than sorting.
        for _ in range(self._kept):
            place = rows.argmax(axis=1)
            value = rows[every, place]
            total += np.where(value > -1.0, value, 0.0)
            rows[every, place] = -1.0
        return np.asarray(0.5 * best.reshape(shape) + 0.5 * total.reshape(shape) / self._counted, np.float32)
