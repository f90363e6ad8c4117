"""Layers that disturb training: what they leave, in the mean and in the single draw, and its gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from drawing import run, traced

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.graph import Graph
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.layers import LAYERS
from modelc.layers.base import Layer
from modelc.layers.core.scaling import StochasticDepth
from modelc.layers.regularization.dropout import (
    AlphaDropout,
    Dropout,
    GaussianDropout,
    GaussianNoise,
    SpatialDropout1D,
    SpatialDropout2D,
    SpatialDropout3D,
)
from tests.passes.slopes import check_slopes

Array = np.ndarray[Any, Any]


ONES = np.ones((4000, 25), np.float32)
NORMAL = np.random.default_rng(0).standard_normal((4000, 25)).astype(np.float32)


def test_dropout_drops_and_scales() -> None:
    y = run(Dropout(0.3), ONES)
    np.testing.assert_allclose(np.unique(y), [0, 1 / 0.7], rtol=1e-6)
    assert abs(np.mean(y == 0) - 0.3) < 4 * np.sqrt(0.3 * 0.7 / y.size)


@pytest.mark.parametrize(("rate", "kept"), [(0.0, 1.0), (1.0, 0.0)])
def test_the_ends_of_dropout(rate: float, kept: float) -> None:
    np.testing.assert_array_equal(run(Dropout(rate), ONES), ONES * kept)


def test_alpha_dropout_keeps_mean_and_variance() -> None:
    y = run(AlphaDropout(0.2), NORMAL)
    assert abs(y.mean()) < 0.02
    assert abs(y.var() - 1) < 0.02
    values, counts = np.unique(y, return_counts=True)
    dropped = values[np.argmax(counts)]
    a = (0.8 * (1 + 0.2 * 1.7580993408473766**2)) ** -0.5
    np.testing.assert_allclose(dropped, a * -1.7580993408473766 * (1 - 0.2), rtol=1e-5)
    assert abs(counts.max() / y.size - 0.2) < 0.01


def test_gaussian_noise_and_dropout() -> None:
    added = run(GaussianNoise(0.5), NORMAL) - NORMAL
    assert abs(added.mean()) < 4 * 0.5 / np.sqrt(added.size)
    np.testing.assert_allclose(added.std(), 0.5, rtol=0.01)
    factor = run(GaussianDropout(0.2), ONES)
    assert abs(factor.mean() - 1) < 4 * 0.5 / np.sqrt(factor.size)
    np.testing.assert_allclose(factor.std(), 0.5, rtol=0.01)


@pytest.mark.parametrize(
    ("layer", "shape", "axes"),
    [
        (SpatialDropout1D(0.5), (6, 5), (1,)),
        (SpatialDropout2D(0.5), (3, 4, 5), (1, 2)),
        (SpatialDropout2D(0.5, data_format="channels_first"), (5, 3, 4), (2, 3)),
        (SpatialDropout3D(0.5), (2, 3, 2, 5), (1, 2, 3)),
        (StochasticDepth(0.5), (4, 3), (1, 2)),
        (Dropout(0.5, noise_shape=[None, 1, 5]), (6, 5), (1,)),
        (Dropout(0.5, noise_shape=[1, None, None]), (6, 5), (0,)),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Layer) else None,
)
def test_what_is_dropped_together(layer: Layer, shape: tuple[int, ...], axes: tuple[int, ...]) -> None:
    y = run(layer, np.ones((20, *shape), np.float32))
    np.testing.assert_array_equal(y, np.broadcast_to(y.max(axes, keepdims=True), y.shape))
    assert 0 < np.mean(y == 0) < 1


def test_a_draw_is_that_of_seed_layer_and_step() -> None:
    x = np.ones((5, 40), np.float32)
    first = run(Dropout(0.5), x, step=3)
    np.testing.assert_array_equal(run(Dropout(0.5), x, step=3), first)
    for other in (
        run(Dropout(0.5), x, step=4),
        run(Dropout(0.5), x, step=3, seed=1),
        run(Dropout(0.5), x, step=3, path="layer_1"),
        run(Dropout(0.5, seed=9), x, step=3),
    ):
        assert 0.2 < np.mean(other != first) < 0.8
    own = run(Dropout(0.5, seed=9), x, step=3)
    np.testing.assert_array_equal(run(Dropout(0.5, seed=9), x, step=3, seed=1), own)


def test_two_uses_of_a_layer_are_two_draws() -> None:
    g = Builder(training=True)
    x = g.input(TensorType((None, 40)))
    layer = Dropout(0.5)
    with g.layer("layer"):
        outputs = (*layer.apply(g, x), *layer.apply(g, x))
    first, second = interpret(g.graph("two", outputs, ("a", "b")), [np.ones((5, 40), np.float32)], {})
    assert 0.2 < np.mean(first != second) < 0.8


def test_at_inference_nothing_is_done() -> None:
    graph = traced(Dropout(0.5), 4, training=False)
    assert graph.outputs[0] is graph.inputs[1]


@pytest.mark.parametrize("layer", [AlphaDropout(1.0), GaussianDropout(1.0)], ids=lambda layer: type(layer).__name__)
def test_a_rate_that_leaves_no_number_is_refused(layer: Layer) -> None:
    with pytest.raises(ShapeError, match="rate"):
        traced(layer, 4)


@pytest.mark.parametrize(
    "layer",
    [Dropout(0.4), AlphaDropout(0.4), GaussianDropout(0.4), GaussianNoise(0.4), SpatialDropout1D(0.4)],
    ids=lambda layer: type(layer).__name__,
)
def test_the_gradient_is_that_of_the_same_draw(layer: Layer) -> None:
    graph = traced(layer, 5, 4)
    check_slopes(graph, [np.array(2, np.int32), NORMAL[:60, 0].reshape(3, 5, 4)], {})


SEQUENCES: list[dict[str, Any]] = [
    {"type": kind, "units": 3, **options, **dropped}
    for kind, options in [
        ("SimpleRNN", {}), ("LSTM", {"return_sequences": True}), ("GRU", {}), ("GRU", {"reset_after": False}),
        ("GRU", {"activation": "softmax"}),
    ]
    for dropped in ({"dropout": 0.4}, {"recurrent_dropout": 0.4}, {"dropout": 0.3, "recurrent_dropout": 0.3})
]  # fmt: skip
LAYERS_WITH_DROPOUT: list[tuple[dict[str, Any], tuple[int, ...]]] = [
    *((config, (4, 5)) for config in SEQUENCES),
    ({"type": "Bidirectional", "layer": {"type": "GRU", "units": 2, "dropout": 0.3}}, (4, 5)),
    ({"type": "ConvLSTM1D", "filters": 2, "kernel_size": 2, "dropout": 0.3, "recurrent_dropout": 0.3}, (3, 5, 2)),
    ({"type": "ConvLSTM1D", "filters": 2, "kernel_size": 2, "padding": "same", "dropout": 0.3,
      "data_format": "channels_first"}, (3, 2, 5)),
    ({"type": "Attention", "dropout": 0.4}, (4, 5)),
    ({"type": "AdditiveAttention", "dropout": 0.4}, (4, 5)),
    ({"type": "Attention", "dropout": 0.4}, (5,)),
    ({"type": "AdditiveAttention", "dropout": 0.4}, (5,)),
    ({"type": "MultiHeadAttention", "num_heads": 2, "key_dim": 3, "dropout": 0.4}, (4, 5)),
    ({"type": "GroupQueryAttention", "head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2,
      "dropout": 0.4}, (4, 5)),
]  # fmt: skip


def drawn(config: dict[str, Any], *shape: int) -> tuple[Graph, list[Array], dict[str, Array]]:
    g = Builder(training=True)
    step, x = g.count_steps(), g.input(TensorType((None, *shape)))
    with g.layer("layer"):
        layer = LAYERS.coerce(config)
        outputs = layer.apply(g, *[x] * layer.required_inputs)
    assert step.type.dtype == "int32"
    graph = g.graph("one", outputs, ("y",) * len(outputs))
    rng = np.random.default_rng(0)
    inputs = [np.array(0, np.int32), rng.standard_normal((3, *shape))]
    return graph, inputs, {w.path: rng.standard_normal(w.shape) for w in graph.weights}


@pytest.mark.parametrize(("config", "shape"), LAYERS_WITH_DROPOUT, ids=str)
def test_dropout_inside_of_layers(config: dict[str, Any], shape: tuple[int, ...]) -> None:
    graph, inputs, weights = drawn(config, *shape)
    (first,) = interpret(graph, inputs, weights)
    (again,) = interpret(graph, inputs, weights)
    (other,) = interpret(graph, [np.array(1, np.int32), *inputs[1:]], weights)
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, other)
    check_slopes(graph, inputs, weights)


def test_what_is_dropped_of_a_sequence_is_the_same_in_all_steps() -> None:
    units, steps = 6, 5
    config = {"type": "SimpleRNN", "units": units, "dropout": 0.5, "activation": "linear", "return_sequences": True}
    graph, (step, _), _ = drawn(config, steps, units)
    weights = {
        "layer/simple_rnn_cell/kernel": np.eye(units),
        "layer/simple_rnn_cell/recurrent_kernel": np.zeros((units, units)),
        "layer/simple_rnn_cell/bias": np.zeros(units),
    }
    (y,) = interpret(graph, [step, np.ones((3, steps, units))], {w.path: weights[w.path] for w in graph.weights})
    assert set(np.unique(y)) == {0.0, 2.0}
    np.testing.assert_array_equal(y, np.repeat(y[:, :1], steps, axis=1))
