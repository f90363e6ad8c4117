"""Receptive fields against what really reaches an output: a NaN is put at each place of the input in turn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from modelc.graph.interpret import interpret
from modelc.spec.load import load_spec

C1 = {"type": "Conv1D", "filters": 2, "padding": "same"}

STACKS: list[tuple[str, list[dict[str, Any]], list[int]]] = [
    ("window", [{**C1, "kernel_size": 3}], [40, 2]),
    ("even window", [{**C1, "kernel_size": 4}], [40, 2]),
    ("strides", [{**C1, "kernel_size": 3, "strides": 2}, {**C1, "kernel_size": 3}, {**C1, "kernel_size": 3}], [64, 2]),
    ("dilation", [{**C1, "kernel_size": 3, "dilation_rate": 4}, {**C1, "kernel_size": 2}], [64, 2]),
    ("causal", [{**C1, "kernel_size": 5, "padding": "causal"}], [40, 2]),
    ("pooling", [{**C1, "kernel_size": 3}, {"type": "MaxPooling1D"}, {**C1, "kernel_size": 3}], [60, 2]),
    ("average", [{"type": "AveragePooling1D", "pool_size": 4, "strides": 2}, {**C1, "kernel_size": 3}], [60, 2]),
    ("separable", [{"type": "SeparableConv1D", "filters": 3, "kernel_size": 5}], [40, 2]),
    ("transposed", [{"type": "Conv1DTranspose", "filters": 2, "kernel_size": 5, "strides": 2}], [40, 2]),
    ("upsampled", [{"type": "UpSampling1D", "size": 2}, {**C1, "kernel_size": 5}], [40, 2]),
    ("padded", [{"type": "ZeroPadding1D", "padding": 2}, {**C1, "kernel_size": 3, "padding": "valid"}], [40, 2]),
    ("cut at the extent", [{**C1, "kernel_size": 7}] * 4, [12, 2]),
    ("global", [{**C1, "kernel_size": 3}, {"type": "GlobalMaxPooling1D"}], [20, 2]),
    ("per position", [{**C1, "kernel_size": 3}, {"type": "Dense", "units": 3}], [20, 2]),
    ("flattened", [{**C1, "kernel_size": 3}, {"type": "Flatten"}], [20, 2]),
    ("flattened and mixed", [{**C1, "kernel_size": 3}, {"type": "Flatten"}, {"type": "Dense", "units": 3}], [20, 2]),
    ("layer normalization", [{**C1, "kernel_size": 3}, {"type": "LayerNormalization"}], [20, 2]),
    ("group normalization", [{**C1, "kernel_size": 3}, {"type": "GroupNormalization", "groups": 1}], [20, 2]),
    ("softmax along the steps", [{**C1, "kernel_size": 3}, {"type": "Softmax", "axis": 1}], [20, 2]),
    ("channels first", [{"type": "Permute", "dims": [2, 1]},
                        {**C1, "kernel_size": 5, "data_format": "channels_first"}], [30, 2]),
]  # fmt: skip


def measured(layers: list[dict[str, Any]], shape: list[int]) -> tuple[int, int]:
    """The widest span of steps that any output element depends on, and what the summary says."""
    spec = load_spec({"modelc": 1, "input": {"shape": shape}, "layers": layers})
    graph = spec.graph
    weights = {w.path: np.ones(w.shape, np.float32) for w in graph.weights}
    reached = []
    for step in range(shape[0]):
        x = np.ones((1, *shape), np.float32)
        x[0, step] = np.nan
        with np.errstate(invalid="ignore"):
            (y,) = interpret(graph, [x], weights)
        reached.append(np.isnan(y[0]).ravel())
    table = np.array(reached)  # (steps, output elements)
    first, last = table.argmax(0), len(table) - 1 - table[::-1].argmax(0)
    span = int(((last - first + 1) * table.any(0)).max())
    field = spec.summary(columns=["receptive_field"]).rows[-1].receptive_field
    assert field is not None
    return span, field[0]


@pytest.mark.parametrize(("layers", "shape"), [s[1:] for s in STACKS], ids=[s[0] for s in STACKS])
def test_reach_is_what_was_measured(layers: list[dict[str, Any]], shape: list[int]) -> None:
    span, stated = measured(layers, shape)
    assert stated == span


def test_axes_of_an_image_differ() -> None:
    layers = [{"type": "Conv2D", "filters": 2, "kernel_size": [3, 5]}, {"type": "MaxPooling2D", "pool_size": [2, 1]}]
    spec = load_spec({"modelc": 1, "input": {"shape": [32, 32, 3]}, "layers": layers})
    rows = spec.summary(wide=True).rows
    assert [(row.kernel, row.receptive_field) for row in rows] == [((3, 5), (3, 5)), ((2, 1), (4, 5))]


def test_a_vector_is_seen_whole() -> None:
    layers = [{"type": "ReLU"}, {"type": "Dense", "units": 2}]
    spec = load_spec({"modelc": 1, "input": {"shape": [9]}, "layers": layers})
    assert [row.receptive_field for row in spec.summary(wide=True).rows] == [(1,), (9,)]
