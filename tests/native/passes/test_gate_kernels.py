"""Kernels that are gated in place of the images that they read, held against the definitions of their ops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from modelc.graph.graph import Graph
from modelc.native.ops.fused import Fused
from modelc.native.ops.packed_contract import PackedContract
from modelc.native.ops.residual_sum import ResidualSum
from modelc.native.passes.pipeline import optimize
from tests.native.passes.test_in_bands import conv, defined, model_of, program_of, samples

GATE: list[dict[str, Any]] = [
    {"type": "ReLU", "name": "image"},
    {"type": "GlobalAveragePooling2D", "keepdims": True},
    conv(7, activation="sigmoid", name="gate"),
    {"type": "Multiply", "inputs": ["image", "gate"], "name": "gated"},
]
ROW: list[dict[str, Any]] = [
    {"type": "ReLU", "name": "image"},
    {"type": "GlobalAveragePooling1D", "keepdims": True},
    {"type": "Dense", "units": 7, "activation": "sigmoid", "name": "gate"},
    {"type": "Multiply", "inputs": ["gate", "image"]},
]

DONE: dict[str, tuple[tuple[int, ...], list[dict[str, Any]]]] = {
    "bias": ((9, 11, 7), [*GATE, conv(5)]),
    "no bias": ((9, 11, 7), [*GATE, conv(5, use_bias=False)]),
    "more filters than a tile is wide": ((15, 17, 7), [*GATE, conv(51)]),
    "an activation": ((9, 11, 7), [*GATE, conv(5, activation="relu")]),
    "an activation of its own step": ((9, 11, 7), [*GATE, conv(5, activation="silu")]),
    "what is added": ((9, 11, 7), [*GATE, conv(7), {"type": "Add", "inputs": ["conv2d", "image"]}, {"type": "ReLU"}]),
    "a sequence": ((50, 7), [*ROW, {"type": "Conv1D", "filters": 5, "kernel_size": 1}]),
}  # fmt: skip
"""The shape of an input, and layers of which the last convolution is gated."""

KEPT: dict[str, tuple[tuple[int, ...], list[dict[str, Any]]]] = {
    "a small image": ((3, 4, 7), [*GATE, conv(5)]),
    "what is gated is read twice": ((9, 11, 7), [*GATE, conv(7), {"type": "Add", "inputs": ["conv2d", "gated"]}]),
    "strides": ((9, 11, 7), [*GATE, conv(5, strides=2)]),
    "a larger window": ((9, 11, 7), [*GATE, conv(5, kernel_size=3)]),
    "a number for each pixel": ((9, 11, 7), [
        {"type": "ReLU", "name": "image"}, conv(1, name="gate"), {"type": "Multiply", "inputs": ["image", "gate"]},
        conv(5),
    ]),
    "an image of the same size": ((9, 11, 7), [
        {"type": "ReLU", "name": "image"}, conv(7, name="gate"), {"type": "Multiply", "inputs": ["image", "gate"]},
        conv(5),
    ]),
}  # fmt: skip


def _gated(graph: Graph) -> int:
    """The convolutions whose kernel is gated."""
    ops = [node.op for node in optimize(graph).nodes]
    fused = [op.fused if isinstance(op, ResidualSum) else op for op in ops]
    return sum(isinstance(op, Fused) and isinstance(op.base, PackedContract) for op in fused)


@pytest.mark.parametrize("batch", [1, 3, 8])
@pytest.mark.parametrize("name", DONE)
def test_gated(name: str, batch: int) -> None:
    model = model_of(*DONE[name])
    assert _gated(model.graph) == 1
    x = samples(model, batch)
    expected = defined(model, x)
    np.testing.assert_allclose(program_of(model).run([x])[0], expected, atol=1e-5 * np.abs(expected).max())


@pytest.mark.parametrize("name", KEPT)
def test_kept(name: str) -> None:
    model = model_of(*KEPT[name])
    assert _gated(model.graph) == 0
    x = samples(model, 2)
    expected = defined(model, x)
    np.testing.assert_allclose(program_of(model).run([x])[0], expected, atol=1e-5 * np.abs(expected).max())


def test_free_sizes() -> None:
    shape, layers = (None, None, 7), DONE["what is added"][1]
    model, fixed = model_of(shape, layers), model_of((21, 13, 7), layers)
    fixed.set_weights(model.get_weights())
    x = samples(fixed, 2)
    np.testing.assert_allclose(model(x), defined(fixed, x), rtol=1e-4, atol=1e-4)
