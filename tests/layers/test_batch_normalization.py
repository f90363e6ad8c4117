"""BatchNormalization against its equations in NumPy: inference, training, masks, renormalization."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from one import Array, batch_of, refuse, run, trace

from modelc.errors import ShapeError, SpecError
from modelc.graph.types import TensorType
from modelc.initializers import Constant
from modelc.layers.normalization.batch_normalization import BatchNormalization

RNG = np.random.default_rng(0)
GAMMA, BETA, MEAN = (RNG.standard_normal(3) for _ in range(3))
VARIANCE = RNG.uniform(0.5, 2, 3)
WEIGHTS = {"gamma": GAMMA, "beta": BETA, "moving_mean": MEAN, "moving_variance": VARIANCE}
X = RNG.normal(2, 3, (4, 5, 3))


def normalized(x: Array, mean: Array, variance: Array, epsilon: float = 1e-3) -> Array:
    return GAMMA * (x - mean) / np.sqrt(variance + epsilon) + BETA


def test_inference_uses_the_moving_statistics() -> None:
    y, updates = run(BatchNormalization(), X, **WEIGHTS)
    np.testing.assert_allclose(y, normalized(X, MEAN, VARIANCE), rtol=1e-10)
    assert updates == {}


def test_channels_along_an_inner_axis() -> None:
    y, _ = run(BatchNormalization(axis=1), np.moveaxis(X, -1, 1), **WEIGHTS)
    np.testing.assert_allclose(np.moveaxis(y, 1, -1), normalized(X, MEAN, VARIANCE), rtol=1e-10)


def test_without_gamma_and_beta() -> None:
    statistics = {"moving_mean": MEAN, "moving_variance": VARIANCE}
    y, _ = run(BatchNormalization(center=False, scale=False), X, **statistics)
    np.testing.assert_allclose(y, (X - MEAN) / np.sqrt(VARIANCE + 1e-3), rtol=1e-10)


@pytest.mark.parametrize("axis", [-1, 1])
def test_training_uses_the_batch_and_moves_the_statistics(axis: int) -> None:
    x = np.moveaxis(X, -1, axis)
    y, updates = run(BatchNormalization(axis=axis, momentum=0.8), x, training=True, **WEIGHTS)
    mean, variance = X.mean((0, 1)), X.var((0, 1))
    np.testing.assert_allclose(np.moveaxis(y, axis, -1), normalized(X, mean, variance), rtol=1e-9)
    assert list(updates) == ["moving_mean", "moving_variance"]
    np.testing.assert_allclose(updates["moving_mean"], 0.8 * MEAN + 0.2 * mean)
    np.testing.assert_allclose(updates["moving_variance"], 0.8 * VARIANCE + 0.2 * variance)


def test_frozen_it_runs_as_at_inference() -> None:
    y, updates = run(BatchNormalization(trainable=False), X, training=True, **WEIGHTS)
    np.testing.assert_allclose(y, normalized(X, MEAN, VARIANCE), rtol=1e-10)
    assert updates == {}


@pytest.mark.parametrize("mask_shape", [(4, 5), (4, 1)])
def test_masked_positions_do_not_count(mask_shape: tuple[int, int]) -> None:
    mask = np.array(np.random.default_rng(1).integers(0, 2, mask_shape), np.int32)
    kept = X[np.broadcast_to(mask, (4, 5)) == 1]
    y, updates = run(BatchNormalization(momentum=0.0), X, mask, training=True, **WEIGHTS)
    np.testing.assert_allclose(updates["moving_mean"], kept.mean(0), rtol=1e-6)
    np.testing.assert_allclose(updates["moving_variance"], kept.var(0), rtol=1e-6)
    np.testing.assert_allclose(y, normalized(X, kept.mean(0), kept.var(0)), rtol=1e-5, atol=1e-5)


def test_a_mask_changes_nothing_at_inference() -> None:
    y, _ = run(BatchNormalization(), X, np.zeros((4, 5), np.int32), **WEIGHTS)
    np.testing.assert_allclose(y, normalized(X, MEAN, VARIANCE), rtol=1e-10)


@pytest.mark.parametrize("clipping", [None, {"rmin": 0.875, "rmax": 1.125, "dmax": 0.25}])
def test_renormalization(clipping: Any) -> None:
    """Ioffe (2017), algorithm 1, with Keras's moving standard deviation."""
    renorm = {"moving_stddev": np.sqrt(VARIANCE), "renorm_mean": MEAN + 0.5, "renorm_stddev": np.array([1.0, 2.0, 0.5])}
    layer = BatchNormalization(renorm=True, renorm_clipping=clipping, momentum=0.9, renorm_momentum=0.7)
    y, updates = run(layer, X, training=True, **WEIGHTS, **renorm)
    mean, stddev = X.mean((0, 1)), np.sqrt(X.var((0, 1)) + 1e-3)
    r, d = stddev / renorm["renorm_stddev"], (mean - renorm["renorm_mean"]) / renorm["renorm_stddev"]
    if clipping:
        r, d = np.clip(r, 0.875, 1.125), np.clip(d, -0.25, 0.25)
    np.testing.assert_allclose(y, ((X - mean) / stddev * r + d) * GAMMA + BETA, rtol=1e-8)
    moved = 0.9 * renorm["moving_stddev"] + 0.1 * stddev
    want = {
        "moving_mean": 0.9 * MEAN + 0.1 * mean,
        "moving_stddev": moved,
        "moving_variance": moved**2 - 1e-3,
        "renorm_mean": 0.7 * renorm["renorm_mean"] + 0.3 * mean,
        "renorm_stddev": 0.7 * renorm["renorm_stddev"] + 0.3 * stddev,
    }
    assert set(updates) == set(want)
    for name, value in want.items():
        np.testing.assert_allclose(updates[name], value, err_msg=name)


def test_moving_deviations_start_as_the_root_of_the_variance() -> None:
    layer = BatchNormalization(renorm=True, moving_variance_initializer=Constant(4.0))
    weights = {w.name: w for w in trace(layer, batch_of(X)).weights}
    for name, value in (("moving_variance", 4), ("moving_stddev", 2), ("renorm_stddev", 2)):
        drawn = weights[name].initializer.draw((3,), np.random.default_rng(0))
        assert drawn.tolist() == [value] * 3


def test_statistics_are_not_trained() -> None:
    weights = trace(BatchNormalization(), batch_of(X)).weights
    assert [w.name for w in weights if w.trainable] == ["gamma", "beta"]


def test_refusals() -> None:
    assert refuse(BatchNormalization(axis=3), 4, 5)["message"] == "`axis` (=3) is out of range for 3-D input"
    assert refuse(BatchNormalization(axis=0), 4, 5)["message"] == "`axis` (=0) includes the batch of 3-D input"
    with pytest.raises(ShapeError, match="must have one axis less than the input"):
        trace(BatchNormalization(), TensorType((None, 5, 3)), TensorType((None, 5, 3)))
    with pytest.raises(ShapeError, match="does not broadcast to the input"):
        trace(BatchNormalization(), TensorType((None, 5, 3)), TensorType((None, 2)), training=True)
    with pytest.raises(SpecError, match=r"`rmin` \(=2.0\) must be at most `rmax` \(=1.0\)"):
        BatchNormalization(renorm_clipping={"rmin": 2, "rmax": 1})
    with pytest.raises(SpecError, match="unknown limit `max`"):
        BatchNormalization(renorm_clipping={"max": 2})
