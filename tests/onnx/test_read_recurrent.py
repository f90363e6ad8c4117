"""Recurrent operators of one sample, in files whose first axis is not a batch, as ONNX Runtime computes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from modelc.onnx.read.model import read_onnx
from tests.onnx import backend_cases
from tests.onnx.runtime import assert_equal, called, session

_GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}
_STEPS, _FEATURES, _UNITS = 5, 3, 4


def _model(operator: str, direction: str, outputs: list[str]) -> Any:
    """`x` (steps, features) as one sequence: (steps, 1, features), as PyTorch exports a layer without a batch."""
    random = np.random.default_rng(3)
    directions = 2 if direction == "bidirectional" else 1
    rows = _GATES[operator] * _UNITS
    arrays = {
        "one": np.array([1], np.int64),
        "w": random.standard_normal((directions, rows, _FEATURES)).astype(np.float32),
        "r": random.standard_normal((directions, rows, _UNITS)).astype(np.float32),
        "b": random.standard_normal((directions, 2 * rows)).astype(np.float32),
    }
    shapes = {"y": 4, "h": 3, "c": 3}
    nodes = [
        helper.make_node("Unsqueeze", ["x", "one"], ["sequence"], "sequence"),
        helper.make_node(
            operator, ["sequence", "w", "r", "b"], outputs, "memory", direction=direction, hidden_size=_UNITS
        ),
    ]
    graph = helper.make_graph(
        nodes, "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [_STEPS, _FEATURES])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None] * shapes[name]) for name in outputs if name],
        [numpy_helper.from_array(array, name) for name, array in arrays.items()],
    )  # fmt: skip
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


@pytest.mark.parametrize("direction", ["forward", "reverse", "bidirectional"])
@pytest.mark.parametrize(
    ("operator", "outputs"),
    [("LSTM", ["y", "h", "c"]), ("LSTM", ["", "h"]), ("GRU", ["y", "h"]), ("RNN", ["y"]), ("RNN", ["", "h"])],
)
def test_of_one_sample(tmp_path: Path, operator: str, outputs: list[str], direction: str) -> None:
    model = _model(operator, direction, outputs)
    onnx.checker.check_model(model, full_check=True)
    x = np.random.default_rng(1).standard_normal((_STEPS, _FEATURES)).astype(np.float32)
    want = called(session(model), [x])
    path = tmp_path / "m.onnx"
    path.write_bytes(model.SerializeToString())
    assert_equal(backend_cases.run(read_onnx(path), {"x": x}, "reference", model), want)
