"""Layers that draw random numbers at inference: ONNX Runtime draws from the distributions that the layers state."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import modelc
from tests.onnx.runtime import called, exported, session

SAMPLES, FEATURES = 64, 1000
COUNT = SAMPLES * FEATURES


def draws_of(layer: dict[str, Any], x: np.ndarray[Any, Any], opset: int = 18, **options: Any) -> list[Any]:
    """What two calls give. Neither the number of a call nor a seed is an input of the file."""
    spec = {"modelc": 1, "input": {"shape": list(x.shape[1:])}, "layers": [{**layer, "training": True}]}
    model = modelc.load_spec(spec).build(backend="reference")
    runtime = session(exported(model.graph, model.arrays, opset=opset, **options))
    assert len(runtime.get_inputs()) == len(runtime.get_outputs()) == 1
    return [called(runtime, [x])[0] for _ in range(2)]


def near(found: float, expected: float, deviation: float) -> bool:
    """Whether a mean of `COUNT` draws of this standard deviation is within five of its own."""
    return abs(found - expected) < 5 * deviation / COUNT**0.5


@pytest.mark.parametrize("options", [{}, {"opset": 15}, {"half": True}], ids=["usual", "opset 15", "half"])
def test_dropout(options: dict[str, Any]) -> None:
    x = np.ones((SAMPLES, FEATURES), np.float32)
    first, second = draws_of({"type": "Dropout", "rate": 0.2}, x, **options)
    scale = 1 / (1 - 0.2)
    for y in (first, second):
        np.testing.assert_allclose(np.unique(y), [0, scale], rtol=1e-3)
        assert near(float((y != 0).mean()), 0.8, (0.2 * 0.8) ** 0.5)
    assert near(float(((first != 0) & (second != 0)).mean()), 0.64, (0.64 * 0.36) ** 0.5), "calls are independent"


def test_noise() -> None:
    x = np.full((SAMPLES, FEATURES), 3.0, np.float32)
    first, second = draws_of({"type": "GaussianNoise", "stddev": 0.5}, x)
    for noise in (first - 3, second - 3):
        assert near(float(noise.mean()), 0, 0.5)
        assert near(float((noise**2).mean()), 0.25, 0.25 * 2**0.5)
        assert near(float((noise**4).mean()), 3 * 0.5**4, 96**0.5 * 0.5**4)  # that of a normal distribution
    assert near(float(((first - 3) * (second - 3)).mean()), 0, 0.25)


def test_one_draw_for_each_channel() -> None:
    x = np.ones((8, 5, 4, 500), np.float32)
    y, _ = draws_of({"type": "SpatialDropout2D", "rate": 0.5}, x)
    assert np.array_equal(y, np.broadcast_to(y[:, :1, :1], y.shape))
    assert abs(float((y[:, 0, 0] != 0).mean()) - 0.5) < 5 * 0.5 / (8 * 500) ** 0.5


def test_draws_in_a_loop() -> None:
    """Each step draws by itself."""
    layer = {"type": "TimeDistributed", "layer": {"type": "Dropout", "rate": 0.5, "training": True}}
    spec = {"modelc": 1, "input": {"shape": [6, 2000]}, "layers": [layer]}
    model = modelc.load_spec(spec).build(backend="reference")
    (y,) = called(session(exported(model.graph, model.arrays)), [np.ones((2, 6, 2000), np.float32)])
    kept = y != 0
    for i in range(5):
        assert abs(float((kept[:, i] == kept[:, i + 1]).mean()) - 0.5) < 5 * 0.5 / 4000**0.5
