"""ONNX Runtime as everything here uses it."""

from __future__ import annotations

import onnxruntime


def session_of(model: str | bytes) -> onnxruntime.InferenceSession:
    """A graph, given as a file or as its bytes, ready to run on one thread."""
    options = onnxruntime.SessionOptions()
    # Texts are run side by side instead: the matrices are too small to be worth sharing out.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
