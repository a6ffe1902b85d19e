"""Questions grouped by meaning: average-linkage clustering of their vectors (scipy)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import pdist

#: Mean cosine distance up to which two groups are joined, measured from the middle of the knowledge base's
#: questions (docs/decisions/staff-tools.md): lower splits one wish in two, higher mixes wishes.
JOIN_UP_TO = 0.5


def group(vectors: np.ndarray, middle: np.ndarray | None = None, join_up_to: float = JOIN_UP_TO) -> list[list[int]]:
    """Row numbers by group, each row in one; ``vectors`` are unit vectors. The order is that of the rows.

    ``middle`` is what all questions here have in common (migraine, headache): it is taken away, so that
    coffee and acupuncture do not meet in "with migraine".
    """
    if len(vectors) < 2:
        return [[row] for row in range(len(vectors))]
    apart = vectors - middle if middle is not None else vectors
    distances = np.maximum(pdist(apart.astype(np.float32), "cosine"), 0)
    labels = fcluster(linkage(distances, "average"), join_up_to, "distance")
    groups: dict[int, list[int]] = {}
    for row, label in enumerate(labels):
        groups.setdefault(int(label), []).append(row)
    return list(groups.values())


def varied(vectors: np.ndarray, first: int, count: int) -> list[int]:
    """Up to ``count`` further row numbers of one group, each as unlike those before it as can be."""
    chosen: list[int] = []
    likeness = vectors @ vectors[first]
    while len(chosen) < min(count, len(vectors) - 1):
        likeness[[first, *chosen]] = np.inf
        chosen.append(int(likeness.argmin()))
        likeness = np.maximum(np.where(np.isinf(likeness), -1, likeness), vectors @ vectors[chosen[-1]])
    return chosen


def most_typical(vectors: np.ndarray, weights: Sequence[int]) -> list[int]:
    """Row numbers of one group, the nearest to its middle first; ``weights`` say how often each was asked."""
    middle = np.average(vectors, axis=0, weights=np.asarray(weights, float))
    return [int(row) for row in np.argsort(-(vectors @ middle), kind="stable")]
