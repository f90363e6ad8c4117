"""Layers that disturb training: what they leave, in the mean and in the single draw, and its gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.graph import Graph
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.layers.base import Layer
from modelc.layers.regularization import (
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


def traced(layer: Layer, *shape: int, seed: int = 0, path: str = "layer", training: bool = True) -> Graph:
    g = Builder(training=training, seed=seed)
    g.count_steps()
    x = g.input(TensorType((None, *shape)))
    with g.layer(path):
        (y,) = layer.apply(g, x)
    return g.graph("one", (y,), ("y",))


def run(layer: Layer, x: Array, step: int = 0, **options: Any) -> Array:
    return interpret(traced(layer, *x.shape[1:], **options), [np.array(step, np.int32), x], {})[0]


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
