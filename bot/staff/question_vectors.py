"""Meaning vectors of questions without encoding thousands of them again at every check."""

from __future__ import annotations

import json
import logging
import os
import tarfile
from io import BytesIO
from pathlib import Path

import numpy as np

from bot.nlu.examples import VectorCache
from bot.settings import PROJECT

logger = logging.getLogger(__name__)
MODELS = PROJECT / "models"
KEPT = PROJECT / "var" / "question_vectors"


class QuestionVectors:
    """Vectors by text: kept beside the database, first filled from the newest trained model.

    The kept files can be deleted at any time; the next check is then some seconds slower.
    """

    def __init__(self, folder: Path = KEPT, models: Path = MODELS):
        self._folder = folder
        self._known = _kept(folder) or _of_newest_model(models) or VectorCache()

    def encode(self, texts: list[str]) -> np.ndarray:
        """One unit vector a text, in their order; only texts never seen before are encoded."""
        return self._known.encode(texts)

    def keep(self, texts: list[str]) -> None:
        """Keep the vectors of these texts for the next time, and no others."""
        self._known.encode(texts)
        self._known.keep_only(dict.fromkeys(texts))
        unfinished = self._folder.with_name(f"{self._folder.name}.{os.getpid()}")
        try:
            unfinished.mkdir(parents=True, exist_ok=True)
            self._folder.mkdir(exist_ok=True)
            self._known.save(unfinished)
            for name in ("vectors.npy", "texts.json"):
                (unfinished / name).replace(self._folder / name)
            unfinished.rmdir()
        except OSError as error:
            # A folder that cannot be written costs time, not truth.
            logger.warning("The vectors of the questions could not be kept in %s: %s", self._folder, error)


def _kept(folder: Path) -> VectorCache | None:
    try:
        texts, vectors = json.loads((folder / "texts.json").read_text("utf-8")), np.load(folder / "vectors.npy")
    except (OSError, ValueError):
        return None
    # Two processes may have written their halves in turn.
    return VectorCache(texts, vectors.astype(np.float32)) if len(texts) == len(vectors) else None


def _of_newest_model(models: Path) -> VectorCache | None:
    """The vectors stored by the ranker when the newest model was trained."""
    archives = sorted(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not archives:
        return None
    parts: dict[str, bytes] = {}
    try:
        with tarfile.open(archives[-1]) as archive:
            for member in archive:
                name = Path(member.name)
                file = archive.extractfile(member) if "AnswerRanker" in name.parent.name and member.isfile() else None
                if file:
                    parts[name.name] = file.read()
        vectors = np.load(BytesIO(parts["vectors.npy"]), allow_pickle=False).astype(np.float32)
        return VectorCache(json.loads(parts["texts.json"]), vectors)
    except (OSError, KeyError, ValueError, tarfile.TarError):
        return None
