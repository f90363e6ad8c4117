"""Receptive fields against what really reaches an output: a NaN is put at each place of the input in turn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from modelc import zoo
from modelc.graph.interpret import interpret
from modelc.model.loading import load_spec

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
    ("recurrent", [{"type": "GRU", "units": 2, "return_sequences": True}, {**C1, "kernel_size": 3}], [20, 2]),
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


X = "input"


def conv(name: str, size: int, inputs: str | None = None, **options: Any) -> dict[str, Any]:
    return {**C1, "kernel_size": size, "name": name, **({"inputs": inputs} if inputs else {}), **options}


def operation(function: str, name: str, inputs: Any = None, **arguments: Any) -> dict[str, Any]:
    entry = {"type": "Operation", "operation": function, "arguments": arguments, "name": name}
    return {**entry, **({"inputs": inputs} if inputs else {})}


BRANCHES: list[tuple[str, list[dict[str, Any]], list[int]]] = [
    ("residual", [conv("a", 3), conv("b", 3), {"type": "Add", "inputs": ["b", X]}], [30, 2]),
    ("inception", [conv("a", 1), conv("b", 3, X), conv("c", 7, X),
                   {"type": "Concatenate", "inputs": ["a", "b", "c"]}, conv("d", 3)], [40, 2]),
    ("past and future", [conv("past", 5, padding="causal"),
                         {"type": "ZeroPadding1D", "padding": [0, 4], "inputs": X, "name": "later"},
                         conv("future", 5, "later", padding="valid"),
                         {"type": "Add", "inputs": ["past", "future"]}], [40, 2]),
    ("shifted", [{"type": "Cropping1D", "cropping": [6, 0], "name": "late"},
                 {"type": "Cropping1D", "cropping": [0, 6], "inputs": X, "name": "early"},
                 {"type": "Subtract", "inputs": ["late", "early"]}, conv("c", 2)], [40, 2]),
    ("strided shortcut", [conv("a", 3, strides=2), conv("b", 3), conv("short", 1, X, strides=2),
                          {"type": "Add", "inputs": ["b", "short"]}, conv("c", 3)], [64, 2]),
    ("hourglass", [conv("a", 3), {"type": "AveragePooling1D", "pool_size": 2, "name": "half"}, conv("b", 3),
                   {"type": "UpSampling1D", "size": 2}, {"type": "Concatenate", "inputs": ["up_sampling1d", "a"]},
                   conv("c", 1)], [64, 2]),
    ("hourglass, causal", [conv("a", 6, padding="causal"), {"type": "MaxPooling1D", "pool_size": 2, "name": "half"},
                           {"type": "UpSampling1D", "size": 2},
                           {"type": "Add", "inputs": ["up_sampling1d", "a"]}], [64, 2]),
    ("transposed and skipped", [conv("a", 3, strides=2),
                                {"type": "Conv1DTranspose", "filters": 2, "kernel_size": 3, "strides": 2,
                                 "padding": "same", "name": "b"},
                                {"type": "Add", "inputs": ["b", X]}], [40, 2]),
    ("squeeze and excite", [conv("a", 3), {"type": "GlobalAveragePooling1D", "keepdims": True, "name": "s"},
                            {"type": "Dense", "units": 2, "name": "e"},
                            {"type": "Multiply", "inputs": ["a", "e"]}], [30, 2]),
    ("attention", [conv("a", 3), {"type": "Attention", "inputs": ["a", "a"]}], [20, 2]),
    ("joined along the steps", [conv("a", 3), conv("b", 5, X),
                                {"type": "Concatenate", "axis": 1, "inputs": ["a", "b"]}], [20, 2]),
    ("nested", [{"type": "Model", "spec": {"layers": [conv("a", 3), {"type": "Add", "inputs": ["a", X]}, conv("b", 3)]},
                 "name": "m"}, conv("c", 3)], [30, 2]),
    ("twice", [conv("a", 3, X), {"use": "a"}, conv("b", 1)], [30, 2]),
    ("less the mean of the batch", [conv("a", 3), operation("mean", "m", axis=0, keepdims=True),
                                    operation("subtract", "y", ["a", "m"])], [20, 2]),
    ("less a mean without the batch", [conv("a", 3), operation("mean", "m", axis=0),
                                       operation("subtract", "y", ["a", "m"])], [20, 2]),
    ("shares along the channels", [conv("a", 3), operation("max", "m", axis=0), operation("softmax", "s", axis=1),
                                   operation("multiply", "y", ["a", "s"])], [20, 2]),
    ("the largest of all", [conv("a", 3), operation("max", "m", axis=[0, 1, 2], keepdims=True),
                            operation("add", "y", ["a", "m"])], [20, 2]),
    ("sorted", [conv("a", 3), operation("sort", "s", axis=1)], [20, 2]),
    ("taken by its order", [conv("a", 3), operation("argsort", "o", axis=1),
                            operation("take_along_axis", "t", ["a", "o"], axis=1)], [20, 2]),
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
            y, *_ = interpret(graph, [x], weights)  # then the states of layers that draw
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


@pytest.mark.parametrize(("layers", "shape"), [s[1:] for s in BRANCHES], ids=[s[0] for s in BRANCHES])
def test_reach_over_branches_is_what_was_measured(layers: list[dict[str, Any]], shape: list[int]) -> None:
    span, stated = measured(layers, shape)
    assert stated == span


DRAWN: list[dict[str, Any]] = [
    {"type": "CutMix"},
    {"type": "MixUp"},
    {"type": "RandomRotation", "factor": 0.5},
    {"type": "RandomErasing", "factor": 1.0},
    {"type": "RandomContrast", "factor": 0.5},
    {"type": "RandomGaussianBlur", "factor": 1.0},
    {"type": "GaussianNoise", "stddev": 0.5},
]


@pytest.mark.parametrize("layer", DRAWN, ids=[layer["type"] for layer in DRAWN])
def test_what_is_drawn_for_each_sample_sees_no_more_than_is_stated(layer: dict[str, Any]) -> None:
    span, stated = measured([{**layer, "training": True}], [8, 8, 3])
    assert 1 <= span <= stated <= 8


def test_several_inputs_are_told_apart() -> None:
    """A row tells the reach into the first input that the layer depends on."""
    spec = load_spec({
        "modelc": 1,
        "inputs": {"image": {"shape": [32, 32, 3]}, "signal": {"shape": [40, 2]}},
        "layers": [
            {"type": "Conv2D", "filters": 2, "kernel_size": 5, "inputs": "image", "name": "a"},
            {"type": "GlobalMaxPooling2D", "name": "b"},
            {"type": "Conv1D", "filters": 2, "kernel_size": 3, "inputs": "signal", "name": "c"},
            {"type": "Conv1D", "filters": 2, "kernel_size": 3, "name": "d"},
            {"type": "GlobalMaxPooling1D", "name": "e"},
            {"type": "Add", "inputs": ["b", "e"], "name": "f"},
        ],
    })  # fmt: skip
    rows = {row.name: row.receptive_field for row in spec.summary(wide=True).rows}
    assert rows == {
        "image": (1, 1), "signal": (1,), "a": (5, 5), "b": (32, 32), "c": (3,), "d": (5,), "e": (40,), "f": (32, 32),
    }  # fmt: skip


def test_axes_of_an_image_differ() -> None:
    layers = [{"type": "Conv2D", "filters": 2, "kernel_size": [3, 5]}, {"type": "MaxPooling2D", "pool_size": [2, 1]}]
    spec = load_spec({"modelc": 1, "input": {"shape": [32, 32, 3]}, "layers": layers})
    rows = spec.summary(wide=True).rows
    assert [(row.kernel, row.receptive_field) for row in rows] == [((3, 5), (3, 5)), ((2, 1), (4, 5))]


def test_a_vector_is_seen_whole() -> None:
    layers = [{"type": "ReLU"}, {"type": "Dense", "units": 2}]
    spec = load_spec({"modelc": 1, "input": {"shape": [9]}, "layers": layers})
    assert [row.receptive_field for row in spec.summary(wide=True).rows] == [(1,), (9,)]


PUBLISHED = {"vgg16": 212, "mobilenet": 315, "resnet50": 483, "resnet101": 1027, "inception_v3": 1311,
             "inception_resnet_v2": 3039}  # fmt: skip
"""Of the last feature map, in pixels: Araujo, Norris and Sim, "Computing Receptive Fields", Distill, 2019, table 1."""


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_architectures(name: str) -> None:
    spec = load_spec(zoo.path(name)).with_input_shape((3200, 3200, 3))
    fields = [row.receptive_field for row in spec.summary(columns=["receptive_field"]).rows if row.receptive_field]
    assert max(field for field in fields if field < (3200, 3200)) == (PUBLISHED[name],) * 2
