"""Which layers pass the mask of their input on, as Keras 3.15.1 does (recorded by calling each on a masked input)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.layers import LAYERS

PASSED_ON: list[dict[str, Any]] = [
    {"type": "Activation", "activation": "relu"},
    {"type": "ReLU"},
    {"type": "LeakyReLU"},
    {"type": "PReLU"},
    {"type": "ELU"},
    {"type": "Dense", "units": 3},
    {"type": "BatchNormalization"},
    {"type": "LayerNormalization"},
    {"type": "GroupNormalization", "groups": 2},
    {"type": "UnitNormalization"},
    {"type": "Rescaling", "scale": 2},
    {"type": "Normalization", "mean": 0, "variance": 1},
    {"type": "SpectralNormalization", "layer": {"type": "Dense", "units": 3}},
]

ENDING: list[dict[str, Any]] = [
    {"type": "Conv1D", "filters": 2, "kernel_size": 1},
    {"type": "DepthwiseConv1D", "kernel_size": 1},
    {"type": "SeparableConv1D", "filters": 2, "kernel_size": 1},
    {"type": "Conv1DTranspose", "filters": 2, "kernel_size": 1},
    {"type": "MaxPooling1D"},
    {"type": "AveragePooling1D", "pool_size": 2},
    {"type": "GlobalMaxPooling1D"},
    {"type": "GlobalAveragePooling1D"},
    {"type": "AdaptiveAveragePooling1D", "output_size": 2},
    {"type": "RMSNormalization"},
    {"type": "Flatten"},
    {"type": "Reshape", "target_shape": [4, 5]},
    {"type": "Permute", "dims": [2, 1]},
    {"type": "ZeroPadding1D"},
    {"type": "Cropping1D"},
    {"type": "UpSampling1D"},
    {"type": "UpSampling1D", "size": 1},
    {"type": "Reshape", "target_shape": [5, 4]},
    {"type": "Permute", "dims": [1, 2]},
    {"type": "ZeroPadding1D", "padding": 0},
    {"type": "Cropping1D", "cropping": 0},
    {"type": "MaxPooling1D", "pool_size": 1},
    {"type": "Operation", "operation": "get_item", "arguments": {"key": [":", ":"]}},
    {"type": "Operation", "operation": "transpose", "arguments": {"axes": [0, 1, 2]}},
    {"type": "Operation", "operation": "reshape", "arguments": {"newshape": [-1, 5, 4]}},
    {"type": "CategoryEncoding", "num_tokens": 4},
    {"type": "Discretization", "bin_boundaries": [0]},
    {"type": "IntegerLookup", "vocabulary": [1]},
]


def _masked(config: dict[str, Any]) -> tuple[Value, Value | None]:
    g = Builder()
    x, mask = g.input(TensorType((None, 5, 4))), g.input(TensorType((None, 5)))
    g.masks.set(x, mask)
    with g.layer("layer"):
        (y,) = LAYERS.coerce(config).apply(g, x)
    return mask, g.masks.of(y)


@pytest.mark.parametrize("config", PASSED_ON, ids=lambda c: c["type"])
def test_passed_on(config: dict[str, Any]) -> None:
    mask, made = _masked(config)
    assert made is mask


@pytest.mark.parametrize("config", ENDING, ids=lambda c: c["type"])
def test_ends(config: dict[str, Any]) -> None:
    assert _masked(config)[1] is None


@pytest.mark.parametrize("name", ["Embedding", "ReversibleEmbedding"])
def test_a_table_masks_zeros_and_nothing_else(name: str) -> None:
    x = np.array([[0, 3, 0], [1, 2, 0]], np.int32)
    for mask_zero in (True, False):
        g = Builder()
        value = g.input(TensorType((None, 3), "int32"))
        with g.layer("layer"):
            layer = LAYERS.coerce({"type": name, "input_dim": 4, "output_dim": 2, "mask_zero": mask_zero})
            (y,) = layer.apply(g, value)
        mask = g.masks.of(y)
        assert (mask is not None) == mask_zero
        if mask is not None:
            graph = g.graph("one", (mask,), ("layer",))
            (made,) = interpret(graph, [x], {"layer/embeddings": np.zeros((4, 2))})
            np.testing.assert_array_equal(made, x != 0)


def test_the_mean_of_steps_leaves_masked_ones_out() -> None:
    x, mask = np.random.default_rng(0).standard_normal((2, 5, 4)), np.array([[1, 1, 0, 0, 1], [0, 1, 0, 0, 0]])
    y = LAYERS.coerce("GlobalAveragePooling1D")(x, mask=mask)
    want = [x[0, [0, 1, 4]].mean(0), x[1, 1]]
    np.testing.assert_allclose(y, want, rtol=1e-6)


def test_statistics_of_a_batch_leave_masked_steps_out() -> None:
    x, mask = np.random.default_rng(0).standard_normal((2, 5, 4)), np.array([[1, 1, 0, 0, 1], [0, 1, 0, 0, 0]])
    g = Builder(training=True)
    value, kept = g.input(TensorType((None, 5, 4))), g.input(TensorType((None, 5)))
    g.masks.set(value, kept)
    with g.layer("layer"):
        (y,) = LAYERS.coerce({"type": "BatchNormalization", "epsilon": 0}).apply(g, value)
    weights = {"gamma": np.ones(4), "beta": np.zeros(4), "moving_mean": np.zeros(4), "moving_variance": np.ones(4)}
    graph = g.graph("one", (y,), ("layer",))
    made = interpret(graph, [x, mask.astype(float)], {f"layer/{k}": v for k, v in weights.items()})[0]
    counted = x[mask == 1]
    np.testing.assert_allclose(made, (x - counted.mean(0)) / counted.std(0), rtol=1e-5)
