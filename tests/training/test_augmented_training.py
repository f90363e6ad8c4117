"""Models with augmentation in them are trained with it, and predict without."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from modelc import SpecError, load_spec
from modelc.model.model import Model
from modelc.model.symbol import Backend

Array = np.ndarray[Any, Any]

AUGMENTED = """
modelc: 1
input: {shape: [12, 12, 3], dtype: uint8}
layers:
  - type: Pipeline
    layers: [{type: RandomFlip, mode: horizontal}, {type: RandomContrast, factor: 0.4}]
  - {type: RandomRotation, factor: 0.1, seed: 3}
  - {type: Rescaling, scale: 0.003921568627}
  - {type: Conv2D, filters: 8, kernel_size: 3, activation: relu}
  - {type: RandomTranslation, height_factor: 0.2, width_factor: 0.2, fill_mode: wrap}
  - {type: Conv2D, filters: 8, kernel_size: 3, activation: relu}
  - {type: GlobalAveragePooling2D}
  - {type: Dense, units: 2, activation: softmax}
"""
PLAIN = "\n".join(line for line in AUGMENTED.splitlines() if "Random" not in line and "Pipeline" not in line)


def trained(text: str, backend: Backend = "native", seed: int = 0) -> tuple[Model, list[float]]:
    model = load_spec(text).build(seed=1, backend=backend)
    model.compile({"type": "SGD", "learning_rate": 0.1, "momentum": 0.9}, "sparse_categorical_crossentropy", seed=seed)
    x, y = data()
    history = model.fit(x, y, batch_size=10, epochs=3, verbose=0)
    return model, history.history["loss"]


def data() -> tuple[Array, Array]:
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (30, 12, 12, 3)).astype(np.uint8)
    y = rng.integers(0, 2, 30, np.int32)
    x[y == 1, :4] //= 2
    return x, y


def test_training_augments_and_prediction_does_not() -> None:
    model, losses = trained(AUGMENTED)
    plain, others = trained(PLAIN)
    assert np.abs(np.array(losses) - others).max() > 1e-3
    assert model.count_params() == plain.count_params()
    plain.set_weights(model.get_weights())
    np.testing.assert_array_equal(model.predict(data()[0]), plain.predict(data()[0]))


def test_a_seed_fixes_the_run_and_backends_agree() -> None:
    model, losses = trained(AUGMENTED)
    again, same = trained(AUGMENTED)
    assert losses == same
    for a, b in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert np.abs(np.array(trained(AUGMENTED, seed=1)[1]) - losses).max() > 1e-5
    reference, by_definition = trained(AUGMENTED, backend="reference")
    np.testing.assert_allclose(by_definition, losses, rtol=1e-4)
    for a, b in zip(model.get_weights(), reference.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-4)


CROPPED = """
modelc: 1
input: {shape: [12, 12, 3]}
layers:
  - {type: RandomCrop, height: 8, width: 8}
  - {type: Conv2D, filters: 4, kernel_size: 3}
  - {type: PLACE}
  - {type: Dense, units: 2}
"""


def test_a_crop_needs_layers_that_take_both_sizes() -> None:
    x = np.ones((4, 12, 12, 3), np.float32)
    model = load_spec(CROPPED.replace("PLACE", "GlobalMaxPooling2D")).build()
    model.compile("sgd", "mean_squared_error")
    model.fit(x, np.zeros((4, 2), np.float32), verbose=0)
    assert model.predict(x).shape == (4, 2)

    model = load_spec(CROPPED.replace("PLACE", "Flatten")).build()
    model.compile("sgd", "mean_squared_error")
    with pytest.raises(
        SpecError, match=r":8:\d+.*`kernel` has the shape \(400, 2\) at inference, in training it would"
    ):
        model.fit(x, np.zeros((4, 2), np.float32), verbose=0)
