"""How near a message is to many examples: products in 8-bit integers, a tenth of the time of single precision."""

from __future__ import annotations

import numpy as np
import onnxruntime

from bot.nlu.onnx_session import session_of

#: Examples are kept in steps of 1/63 of their largest number, so that no sum of two products leaves 16 bits: on processors
#: that sum in 16 bits nothing saturates, and every machine finds the same.
MOST_OF_EXAMPLE, MOST_OF_MESSAGE = 63, 127
ZERO = 128


class Cosines:
    """The cosines of a message's vectors with those of many examples, off by about 0.001.

    Vectors that are parts of unit vectors give their part of the cosine.
    """

    def __init__(self, vectors: np.ndarray):
        """``vectors`` holds an example a row."""
        self.dimensions = vectors.shape[1]
        self._steps = np.maximum(np.abs(vectors).max(axis=1), 1e-6) / MOST_OF_EXAMPLE
        whole = np.rint(vectors / self._steps[:, None]).astype(np.int8)
        self._session = _product_with(np.ascontiguousarray(whole.T))

    def of(self, vectors: np.ndarray) -> np.ndarray:
        """One row a vector given, one column an example."""
        steps = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-6) / MOST_OF_MESSAGE
        whole = (np.rint(vectors / steps) + ZERO).astype(np.uint8)
        product = self._session.run(None, {"message": whole})[0]
        return np.multiply(product, steps * self._steps, dtype=np.float32)


def _product_with(examples: np.ndarray) -> onnxruntime.InferenceSession:
    """What multiplies a matrix of the message (8 bits, around :data:`ZERO`) with one of examples, a column each."""
    from onnx import TensorProto, helper, numpy_helper

    rows, columns = examples.shape
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["message", "examples", "zero"], ["product"])], "cosines",
        [helper.make_tensor_value_info("message", TensorProto.UINT8, ["wordings", rows])],
        [helper.make_tensor_value_info("product", TensorProto.INT32, ["wordings", columns])],
        [numpy_helper.from_array(examples, "examples"), numpy_helper.from_array(np.array(ZERO, np.uint8), "zero")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    return session_of(model.SerializeToString())
