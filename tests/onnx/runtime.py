"""Exported models in ONNX Runtime, which computes what tests compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
import onnxruntime

from modelc.graph.graph import Graph
from modelc.onnx.export.model import onnx_export

Array = np.ndarray[Any, Any]


def exported(graph: Graph, arrays: Mapping[str, Array], **options: Any) -> Any:
    """The model as ONNX, checked by the package onnx."""
    made = onnx_export(graph, arrays, **options)
    made.weights.put_inside(made.model)
    onnx.checker.check_model(made.model, full_check=True)
    return made.model


def session(model: Any) -> onnxruntime.InferenceSession:
    """ONNX Runtime on the CPU, with one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    data = model if isinstance(model, str) else model.SerializeToString()
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def run(model: Any, inputs: Sequence[Array]) -> list[Array]:
    """All outputs for these inputs."""
    return called(session(model), inputs)


def called(runtime: onnxruntime.InferenceSession, inputs: Sequence[Array]) -> list[Array]:
    """All outputs of a session; inputs that the graph does not read are not among those of the file's runtime."""
    names = [one.name for one in runtime.get_inputs()]
    return runtime.run(None, dict(zip(names, inputs, strict=True)))


def assert_equal(got: Sequence[Array], want: Sequence[Array], tolerance: float = 1e-4) -> None:
    """Equal to a share of the largest output; NaN where NaN is."""
    assert len(got) == len(want)
    for a, b in zip(got, want, strict=True):
        assert a.shape == b.shape
        assert a.dtype == b.dtype
        finite = np.abs(b[np.isfinite(b)]) if b.size else b
        largest = float(finite.max()) if finite.size else 0.0
        np.testing.assert_allclose(a, b, rtol=0, atol=tolerance * max(largest, 1e-6))
