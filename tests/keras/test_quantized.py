"""Files of models that Keras 3 quantized, against the numbers that they were quantized from and what Keras computes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc import ModelcError, load_spec
from modelc.keras.read import read_keras_model
from modelc.keras.weights.quantized import dequantized, is_packed, refusal
from tests.live_keras import live_keras

keras: Any = live_keras()

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


def odd() -> Any:
    """Sizes that two in a byte, and groups of four, do not divide, and a single output."""
    keras.utils.set_random_seed(0)
    layers = keras.layers
    x = keras.Input((5,), dtype="int32")
    y = layers.Dense(7, activation="relu")(layers.Embedding(6, 9)(x))
    y = layers.EinsumDense("abc,cde->abde", output_shape=(5, 3, 5), bias_axes="de")(y)
    return keras.Model(x, layers.Dense(1)(layers.Flatten()(y)))


@pytest.mark.parametrize(
    ("make", "block"),
    [
        (odd, 4),
        *(
            pytest.param(*case, marks=pytest.mark.slow)
            for case in ((odd, 128), (odd, -1), (model, 4), (model, -1), (model, 128))
        ),
    ],
)
def test_int4_is_what_keras_computes_with(make: Any, block: int, tmp_path: Path) -> None:
    """Weights only, so that Keras rounds nothing that goes in: the outputs are equal."""
    packed = make()
    packed.quantize(config=keras.quantizers.Int4QuantizationConfig(block_size=block))
    packed.save(tmp_path / "q.keras")
    built = load_spec(tmp_path / "q.keras").build(backend="reference")
    x = np.random.default_rng(0).integers(0, 5, (4, packed.inputs[0].shape[1]))
    np.testing.assert_allclose(built(x), packed.predict(x, verbose=0), rtol=1e-4, atol=1e-5)
    assert any(note.startswith("dequantized from int4") for note in read_keras_model(tmp_path / "q.keras").notes)


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["int8", "int4"])
def test_whole_h5_files(mode: str, tmp_path: Path) -> None:
    """Keras writes them with the names of weights; its own `load_model` opens them."""
    exact, rounded = model(), model()
    rounded.quantize(mode)
    rounded.save(tmp_path / "q.h5")
    rounded.save(tmp_path / "q.keras")
    by_name, by_number = (load_spec(tmp_path / name).build(backend="reference") for name in ("q.h5", "q.keras"))
    for ours, same, theirs in zip(by_name.weights, by_number.weights, exact.weights, strict=True):
        np.testing.assert_array_equal(ours.value, same.value)
        wanted = np.asarray(theirs.value)
        step = {"int8": 1 / 127, "int4": 1 / 7}[mode]
        np.testing.assert_allclose(ours.value, wanted, atol=step * float(np.abs(wanted).max() + 1e-9), rtol=0)


def test_scales_that_do_not_fit_are_told(tmp_path: Path) -> None:
    h5py: Any = pytest.importorskip("h5py")
    rounded = model()
    rounded.quantize("int8")
    rounded.save(tmp_path / "q.h5")
    with h5py.File(tmp_path / "q.h5", "a") as file:
        found: list[str] = []
        file.visit(lambda name: found.append(name) if name.endswith("kernel_scale") else None)
        del file[found[0]]
        file[found[0]] = np.ones(5, np.float32)
    with pytest.raises(ModelcError, match="is damaged: the scales of `"):
        load_spec(tmp_path / "q.h5").build(backend="reference")


def test_halves_of_bytes_along_any_axis() -> None:
    """As `keras.quantizers.pack_int4` packs them."""
    integers = np.random.default_rng(0).integers(-8, 8, (5, 3)).astype(np.int8)
    for axis in (0, 1):
        packed, *_ = keras.quantizers.pack_int4(integers, axis=axis)
        stored = np.asarray(packed)
        assert is_packed(stored.shape, integers.shape)
        np.testing.assert_array_equal(
            dequantized("dense/kernel", stored.astype(np.float32), (5, 3), [np.full(3, 2.0, np.float32)]), integers / 2
        )


@pytest.mark.parametrize("mode", ["gptq/4/128", "awq/4/128", "nf4"])
def test_other_modes_are_refused_in_a_sentence(mode: str) -> None:
    assert f"quantized as {mode}" in str(refusal(mode, "Dense", None))


@pytest.mark.parametrize("mode", ["gptq", "awq"])
def test_keras_cannot_load_what_it_saves_of_some_modes(mode: str, tmp_path: Path) -> None:
    """Once it can, these are to be read."""
    config = getattr(keras.quantizers, f"{mode.upper()}Config")(None, None, group_size=4)
    dense = keras.layers.Dense(7)
    quantized = keras.Sequential([keras.Input((8,)), dense])
    dense.quantize(mode, config=config)
    setattr(dense, f"is_{mode}_calibrated", True)
    quantized.save(tmp_path / "q.keras")
    with pytest.raises(ValueError, match=r"expected \d variables, but received \d variables"):
        keras.saving.load_model(tmp_path / "q.keras")
    with pytest.raises(ModelcError, match=f"quantized as {mode}/4/4, which Keras saves without its zero points"):
        load_spec(tmp_path / "q.keras")
