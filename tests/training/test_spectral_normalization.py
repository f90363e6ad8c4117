"""SpectralNormalization in training: recorded steps of Keras, and its definition."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import modelc
from modelc.layers import Conv2D, Dense, Embedding, Flatten, SpectralNormalization
from modelc.model.symbol import Backend
from tests.training.record_spectral_normalization import MOMENTUM, RATE, RECORD, STEPS

BACKENDS = pytest.mark.parametrize("backend", ["native", "reference"])


def compiled(layers: list[Any], backend: Backend = "native", loss: str = "mse") -> modelc.Sequential:
    model = modelc.Sequential(layers, backend=backend)
    model.compile(modelc.optimizers.SGD(RATE, momentum=MOMENTUM), loss)
    return model


@BACKENDS
def test_steps_are_those_of_keras(backend: Backend) -> None:
    recorded = np.load(RECORD)
    model = compiled(
        [
            modelc.Input((6, 6, 2)),
            SpectralNormalization(Conv2D(3, 3, activation="tanh"), power_iterations=2),
            Flatten(),
            SpectralNormalization(Dense(4, kernel_regularizer="l2")),
            Dense(2),
        ],
        backend,
    )
    model.set_weights([recorded[f"begin_{i}"] for i in range(len(model.weights))])
    for step in range(STEPS):
        assert model.train_on_batch(recorded["x"], recorded["y"]) == pytest.approx(recorded["losses"][step], rel=1e-5)
        for i, array in enumerate(model.get_weights()):
            np.testing.assert_allclose(array, recorded[f"step{step}_{i}"], rtol=1e-5, atol=1e-6)


def test_the_largest_singular_value_becomes_one() -> None:
    model = compiled([modelc.Input((5,)), SpectralNormalization(Dense(4), power_iterations=60)])
    model.optimizer.learning_rate = 0.0
    rng = np.random.default_rng(0)
    left, right = (np.linalg.qr(rng.standard_normal((n, 4)))[0] for n in (5, 4))
    kernel = left * [3.0, 1.0, 0.5, 0.1] @ right.T
    model.set_weights([kernel, *model.get_weights()[1:]])
    model.train_on_batch(np.ones((2, 5), np.float32), np.ones((2, 4), np.float32))
    normalized, u, _ = model.get_weights()
    np.testing.assert_allclose(normalized, kernel / 3.0, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(np.abs(u[0]), np.abs(right[:, 0]), atol=1e-5)


@BACKENDS
def test_a_kernel_of_zeros_stays_as_it_is(backend: Backend) -> None:
    model = compiled([modelc.Input((3,)), SpectralNormalization(Dense(2, kernel_initializer="zeros"))], backend)
    u = model.get_weights()[1]
    x, y = np.ones((4, 3), np.float32), np.ones((4, 2), np.float32)
    model.train_on_batch(x, y)
    kernel, after, _ = model.get_weights()
    np.testing.assert_array_equal(after, u)
    np.testing.assert_allclose(kernel, np.full((3, 2), RATE * 1.0), rtol=1e-6)  # -dL/dW of the mean over 8 elements


@BACKENDS
def test_embeddings_are_normalized(backend: Backend) -> None:
    model = compiled([modelc.Input((2,), dtype="int32"), SpectralNormalization(Embedding(5, 3)), Flatten()], backend)
    model.optimizer.learning_rate = 0.0
    table, u = model.get_weights()
    model.train_on_batch(np.array([[0, 1]], np.int32), np.zeros((1, 6), np.float32))
    v = u @ table.T / np.linalg.norm(u @ table.T)
    w = v @ table / np.linalg.norm(v @ table)
    np.testing.assert_allclose(model.get_weights()[0], table / (v @ table @ w.T), rtol=1e-5)


def test_what_is_frozen_is_not_normalized() -> None:
    model = compiled([modelc.Input((3,)), SpectralNormalization(Dense(2)), Dense(2)])
    model.layers[0].trainable = False
    before = model.get_weights()
    model.train_on_batch(np.ones((4, 3), np.float32), np.zeros((4, 2), np.float32))
    for a, b in zip(before[:3], model.get_weights()[:3], strict=True):
        np.testing.assert_array_equal(a, b)
