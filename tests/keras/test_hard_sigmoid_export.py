"""`keras2_hard_sigmoid`, which Keras 3 does not have by a name, in files for it: as layers that are an activation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc import load_spec
from tests.live_keras import live_keras

keras: Any = live_keras()

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")  # Keras's own

HARD = "keras2_hard_sigmoid"
GATES = {"recurrent_activation": HARD}
DENSE = {"type": "Dense", "units": 3, "activation": HARD}
LSTM = {"type": "LSTM", "units": 3, **GATES}
CELLS = [{"type": kind, "units": 2, **GATES} for kind in ("GRUCell", "LSTMCell")]

LAYERS: dict[str, tuple[tuple[int, ...], list[dict[str, Any]]]] = {
    "alone": ((6,), [{"type": "Activation", "activation": HARD}]),
    "dense": ((4, 3), [DENSE]),
    "convolution": ((5, 2), [{"type": "SeparableConv1D", "filters": 2, "kernel_size": 2, "activation": HARD}]),
    "both": ((4, 3), [{"type": "GRU", "units": 3, "activation": HARD, **GATES, "return_sequences": True}]),
    "gates": ((4, 3), [{"type": "Bidirectional", "layer": LSTM}]),
    "images": ((3, 4, 4, 2), [{"type": "ConvLSTM2D", "filters": 2, "kernel_size": 2, **GATES}]),
    "cells": ((4, 3), [{"type": "RNN", "cell": CELLS}]),
    "each_step": ((4, 3), [{"type": "TimeDistributed", "layer": DENSE}]),
    "masked": ((4, 3), [{"type": "Masking"}, {"type": "Activation", "activation": HARD}, LSTM]),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYERS)
def test_keras_computes_the_same(name: str, tmp_path: Path) -> None:
    shape, layers = LAYERS[name]
    model = load_spec({"modelc": 1, "input": {"shape": list(shape)}, "layers": layers}).build(backend="reference")
    random = np.random.default_rng(1)
    model.set_weights([random.uniform(-0.7, 0.7, v.shape).astype(np.float32) for v in model.weights])
    x = 3 * random.standard_normal((5, *shape), np.float32)
    x[:2, -2:] = 0  # masked steps, where there is a mask
    model.save(tmp_path / "m.keras")
    theirs = keras.saving.load_model(tmp_path / "m.keras")
    np.testing.assert_allclose(model(x), np.asarray(theirs(x, training=False)), atol=1e-5, rtol=1e-5)
    theirs.save(tmp_path / "again.keras")
    for file in ("m.keras", "again.keras"):
        again = load_spec(tmp_path / file)
        assert HARD in again.to_yaml()
        np.testing.assert_allclose(again.build(backend="reference")(x), model(x), atol=1e-6)


def test_the_functions_differ() -> None:
    x = np.linspace(-4, 4, 9, dtype=np.float32)
    made = load_spec({"modelc": 1, "input": {"shape": [9]}, "layers": LAYERS["alone"][1]}).build(backend="reference")
    np.testing.assert_allclose(made(x[None])[0], np.clip(0.2 * x + 0.5, 0, 1), atol=1e-6)
    assert np.abs(np.asarray(keras.activations.hard_sigmoid(x)) - made(x[None])[0]).max() > 0.05
