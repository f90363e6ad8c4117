"""Files of models that Keras 3 quantized, against the numbers that they were quantized from and what Keras computes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc import ModelcError, load_spec
from modelc.keras.read import read_keras_model

os.environ.setdefault("KERAS_BACKEND", "jax")
keras: Any = pytest.importorskip("keras")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")  # Keras's own


def model() -> Any:
    keras.utils.set_random_seed(0)
    layers = keras.layers
    x = keras.Input((6,), dtype="int32")
    y = layers.Dense(8, activation="relu")(layers.Embedding(9, 8)(x))
    y = layers.EinsumDense("abc,cde->abde", output_shape=(6, 2, 4), bias_axes="de")(y)
    return keras.Model(x, layers.Dense(3, use_bias=False)(layers.Flatten()(y)))


@pytest.mark.parametrize(("mode", "step"), [("int8", 1 / 127), ("float8", 1e-6)])
def test_weights_are_those_before_but_for_rounding(mode: str, step: float, tmp_path: Path) -> None:
    exact, rounded = model(), model()
    rounded.quantize(mode)
    rounded.save(tmp_path / "q.keras")
    built = load_spec(tmp_path / "q.keras").build(backend="reference")
    for ours, theirs in zip(built.weights, exact.weights, strict=True):
        wanted = np.asarray(theirs.value)
        np.testing.assert_allclose(ours.value, wanted, atol=step * float(np.abs(wanted).max() + 1e-9), rtol=0)
    x = np.random.default_rng(0).integers(0, 9, (4, 6))
    expected = np.asarray(rounded.predict(x, verbose=0))
    # Keras rounds to 8 bits what goes into each layer, too: by at most half a step of 127, or by 1/16 in float8.
    np.testing.assert_allclose(built(x), expected, atol=0.1 * float(np.abs(expected).max()), rtol=0)
    notes = read_keras_model(tmp_path / "q.keras").notes
    assert any(note.startswith(f"dequantized from {mode}") for note in notes)


def test_int4_is_refused_in_a_sentence(tmp_path: Path) -> None:
    packed = model()
    packed.quantize("int4")
    packed.save(tmp_path / "q.keras")
    with pytest.raises(ModelcError, match=r"it is quantized as int4.*only int8 and float8 are supported"):
        load_spec(tmp_path / "q.keras")
