"""Examples with their meaning vectors, kept beside a trained model."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from weakref import WeakValueDictionary

import numpy as np

from bot.nlu.minilm import shared_encoder
from bot.nlu.minilm_graph import DIMENSIONS


class _Vector:
    """A vector that several caches can share and nobody else keeps alive."""

    __slots__ = ("__weakref__", "values")

    def __init__(self, values: np.ndarray):
        self.values = values


#: Every vector that some cache of this process holds: the same question is encoded once for all components.
_held: WeakValueDictionary[str, _Vector] = WeakValueDictionary()


class VectorCache:
    """Vectors by text, so that an edit encodes only what is new."""

    def __init__(self, texts: Iterable[str] = (), vectors: np.ndarray | None = None):
        self._vectors: dict[str, _Vector] = {}
        self._middles: dict[str, np.ndarray] = {}
        if vectors is not None:
            for text, row in zip(texts, vectors):
                self._vectors[text] = _held.setdefault(text, _Vector(row))

    def _encode(self, texts: list[str]) -> None:
        for text, meaning, middle in zip(texts, *shared_encoder().encode_layers(texts)):
            self._vectors[text] = _held.setdefault(text, _Vector(meaning))
            self._middles[text] = middle

    def encode(self, texts: list[str]) -> np.ndarray:
        """The meaning of texts, one row a text; texts seen before are not encoded again."""
        for text in texts:
            if text not in self._vectors and (shared := _held.get(text)) is not None:
                self._vectors[text] = shared
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if new:
            self._encode(new)
        return np.array([self._vectors[text].values for text in texts], np.float32).reshape(len(texts), DIMENSIONS)

    def middle(self, texts: list[str]) -> np.ndarray:
        """The states of the encoder's middle layer, one row a text. They are neither saved nor shared: only learning needs
        them, and what was loaded is then encoded again."""
        if unknown := [text for text in dict.fromkeys(texts) if text not in self._middles]:
            self._encode(unknown)
        return np.array([self._middles[text] for text in texts], np.float32).reshape(len(texts), DIMENSIONS)

    def keep_only(self, texts: Iterable[str]) -> None:
        """Forget every other text, so that years of edits do not fill the memory."""
        self._vectors = {text: self._vectors[text] for text in texts}
        self._middles.clear()

    def save(self, folder: Path, texts: Iterable[str] | None = None) -> None:
        """Write vectors (half precision), of all texts or of those given, into a folder; nothing is pickled."""
        chosen = list(self._vectors if texts is None else dict.fromkeys(texts))
        (folder / "texts.json").write_text(json.dumps(chosen), "utf-8")
        np.save(folder / "vectors.npy", self.encode(chosen).astype(np.float16), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> VectorCache:
        """Read what :meth:`save` wrote."""
        texts = json.loads((folder / "texts.json").read_text("utf-8"))
        vectors = np.load(folder / "vectors.npy", allow_pickle=False).astype(np.float32)
        return cls(texts, vectors)


@lru_cache(maxsize=1)
def training_cache() -> VectorCache:
    """The one cache of a training: what several components learn from is encoded once.

    A serving process never calls this, so the vectors of a training do not fill its memory.
    """
    return VectorCache()
