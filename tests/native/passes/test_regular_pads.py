"""Padding of any number of axes: the kernel knows four, and the ones behind them that are not padded."""

from __future__ import annotations

import numpy as np
import pytest

import modelc
from modelc.graph.builder import Builder
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.native.engine.program import NativeProgram
from modelc.native.families.move.params import PADDED_AXES
from modelc.native.passes.regular_pads import regular_pads
from modelc.ops.shape import Pad

CASES = {
    "a batch, ends": ((None, 2, 3, 3, 4, 2), ((0, 0), (1, 0), (0, 0), (0, 0), (0, 0), (0, 2))),
    "no batch, ends": ((2, 3, 1, 2, 3, 2), ((1, 1), (0, 0), (0, 0), (0, 0), (0, 0), (2, 0))),
    "every second axis": ((None, 2, 3, 2, 3, 2, 3), ((0, 0), (1, 0), (0, 0), (0, 1), (0, 0), (2, 0), (0, 0))),
    "all axes": ((None, 2, 3, 2, 2, 3, 2), ((0, 0), (1, 0), (0, 1), (1, 1), (2, 0), (0, 2), (1, 0))),
}


@pytest.mark.parametrize("case", CASES)
def test_is_the_definition(case: str) -> None:
    shape, pads = CASES[case]
    g = Builder()
    graph = g.graph("pad", (g.emit(Pad(pads, 0.5), g.input(TensorType(shape))),), ("y",))
    x = np.random.default_rng(0).standard_normal([3 if d is None else d for d in shape]).astype(np.float32)
    want = np.pad(x, pads, constant_values=0.5)
    regular = regular_pads(graph)
    for node in regular.nodes:
        if isinstance(node.op, Pad):
            axes = node.op.pads[1:] if node.inputs[0].type.batched else node.op.pads
            assert all(not any(pad) for pad in axes[PADDED_AXES:])
    np.testing.assert_array_equal(interpret(regular, [x], {})[0], want)
    np.testing.assert_array_equal(NativeProgram(graph, {}, None).run([x])[0], want)


def test_few_axes_stay_as_they_are() -> None:
    g = Builder()
    x = g.input(TensorType((None, 4, 5, 6, 2)))
    graph = g.graph("pad", (g.emit(Pad(((0, 0), (1, 1), (0, 0), (2, 0), (0, 0))), x),), ("y",))
    assert regular_pads(graph) is graph


def test_recurrent_dropout_over_three_spatial_axes_is_trained() -> None:
    """Its gradient puts steps of rank 6 in their places."""
    spec = modelc.load_spec({
        "modelc": 1, "input": {"shape": [2, 3, 3, 4, 2]},
        "layers": [
            {"type": "ConvLSTM3D", "filters": 2, "kernel_size": 2, "recurrent_dropout": 0.5}, {"type": "Flatten"},
            {"type": "Dense", "units": 1},
        ],
    })  # fmt: skip
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((4, 2, 3, 3, 4, 2)).astype(np.float32), rng.standard_normal((4, 1)).astype(np.float32)
    losses = {}
    for backend in ("native", "reference"):
        model = spec.build(backend=backend, seed=1)
        model.compile(optimizer="sgd", loss="mse")
        losses[backend] = [model.train_on_batch(x, y) for _ in range(3)]
    np.testing.assert_allclose(losses["native"], losses["reference"], rtol=1e-5)
