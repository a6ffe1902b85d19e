"""The sentence encoder `all-MiniLM-L6-v2` as an ONNX graph with 8-bit matrices, built from the published weights.

Built once, at training; see docs/decisions/encoder.md for what that costs and saves.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

DIMENSIONS = 384
HEADS = 12
LAYERS = 6
#: The layer (from 0) whose states are given beside the last one's: the last but one.
MIDDLE_LAYER = 4
#: Changes with the graph below, so that an old prepared file is not taken for a new one.
GRAPH_VERSION = "int8-3"


def build_graph(weights: Path, target: Path) -> None:
    """Write the encoder as an ONNX graph with 8-bit matrices.

    The layers are BERT's (Devlin et al. 2018), the pooling is the mean over tokens
    (Reimers and Gurevych 2019), as the published model's files describe it.
    ``weights`` is the published weights file, already verified.
    """
    # Needed at training only.
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from safetensors.numpy import load_file

    graph = _Graph(load_file(weights))
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
        """The whole graph: the token ids of one text and their positions in, unit vectors of the last and of the middle layer out."""
        from onnx import TensorProto, helper, numpy_helper

        hidden = self._embeddings()
        for number in range(LAYERS):
            hidden = self._layer(hidden, number)
            if number == MIDDLE_LAYER:
                self._mean(hidden, "middle")
        self._mean(hidden, "vectors")
        integers = [helper.make_tensor_value_info(name, TensorProto.INT64, ["n"]) for name in ("ids", "positions")]
        outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, DIMENSIONS]) for name in ("vectors", "middle")]
        constants = [numpy_helper.from_array(np.ascontiguousarray(value), name)
                     for name, value in self.constants.items()]
        model = helper.make_model(
            helper.make_graph(self.nodes, "all-MiniLM-L6-v2", integers, outputs, constants),
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

    def _layer(self, hidden: str, number: int) -> str:
        own, published = f"layer{number}.", f"encoder.layer.{number}."
        split = self._constant("split_heads", np.array([0, HEADS, DIMENSIONS // HEADS]))
        join = self._constant("join_heads", np.array([0, DIMENSIONS]))

        def heads(name: str, order: list[int]) -> str:
            whole = self._dense(hidden, f"{published}attention.self.{name}", own + name)
            parts = self._node("Reshape", [whole, split], own + name + ".parts")
            return self._node("Transpose", [parts], own + name + ".heads", perm=order)

        query, key, value = heads("query", [1, 0, 2]), heads("key", [1, 2, 0]), heads("value", [1, 0, 2])
        scale = self._constant("attention_scale", np.float32((DIMENSIONS // HEADS) ** -0.5))
        scores = self._node("Mul", [self._node("MatMul", [query, key], own + "dots"), scale], own + "scores")
        shares = self._node("Softmax", [scores], own + "shares", axis=-1)
        mixed = self._node("Transpose", [self._node("MatMul", [shares, value], own + "mixed")],
                           own + "mixed.tokens", perm=[1, 0, 2])
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
        gate = self._node("Add", [error, self._constant("one", np.float32(1))], own + "gate")
        return self._node("Mul", [self._node("Mul", [inputs, gate], own + "gated"), half], own + "gelu")

    def _mean(self, hidden: str, output: str) -> None:
        """The mean over the tokens, of length 1."""
        mean = self._node("ReduceMean", [hidden], output + ".mean", axes=[0], keepdims=1)
        self._node("LpNormalization", [mean], output, axis=1, p=2)
