"""Activations that are layers with weights, wherever a layer may hold one: in files of Keras 3, and written for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc import load, load_spec
from modelc.errors import SpecError, UnsupportedError
from tests.live_keras import live_keras

keras: Any = live_keras()

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")  # Keras's own

Array = np.ndarray[Any, Any]

SLOPES = {"activation": "PReLU", "recurrent_activation": "PReLU"}
SIMPLE = {"type": "SimpleRNN", "units": 3, "activation": "PReLU"}
LSTM = {"type": "LSTM", "units": 3, **SLOPES}
DENSE = {"type": "Dense", "units": 3, "activation": "PReLU"}
CELLS = [{"type": "GRUCell", "units": 2, **SLOPES}, {"type": "SimpleRNNCell", "units": 3, "activation": "PReLU"}]
BACKWARD = {"type": "GRU", "units": 3, **SLOPES, "go_backwards": True}

LAYERS: dict[str, tuple[tuple[int, ...], dict[str, Any]]] = {
    "dense": ((4, 3), DENSE),
    "convolution": ((5, 3), {"type": "SeparableConv1D", "filters": 2, "kernel_size": 2, "activation": "PReLU"}),
    "simple": ((4, 3), SIMPLE),
    "lstm": ((4, 3), LSTM),
    "gru": ((4, 3), {"type": "GRU", "units": 2, **SLOPES, "return_sequences": True}),
    "gates_only": ((4, 3), {"type": "GRU", "units": 2, "recurrent_activation": "PReLU"}),
    "conv_lstm": ((3, 5, 2), {"type": "ConvLSTM1D", "filters": 2, "kernel_size": 2, **SLOPES}),
    "conv_lstm_first": (
        (3, 2, 5),
        {"type": "ConvLSTM1D", "filters": 2, "kernel_size": 2, **SLOPES, "data_format": "channels_first"},
    ),
    "cell": ((4, 3), {"type": "RNN", "cell": {"type": "LSTMCell", "units": 2, **SLOPES}}),
    "cells": ((4, 3), {"type": "RNN", "cell": CELLS}),
    "both_directions": ((4, 3), {"type": "Bidirectional", "layer": LSTM}),
    "another_direction": (
        (4, 3),
        {"type": "Bidirectional", "layer": {"type": "GRU", "units": 3, **SLOPES}, "backward_layer": BACKWARD},
    ),
    "cells_both_directions": ((4, 3), {"type": "Bidirectional", "layer": {"type": "RNN", "cell": CELLS}}),
    "each_step": ((4, 3), {"type": "TimeDistributed", "layer": DENSE}),
    "each_sequence": ((2, 4, 3), {"type": "TimeDistributed", "layer": {"type": "Bidirectional", "layer": LSTM}}),
    "normalized": ((4, 3), {"type": "SpectralNormalization", "layer": DENSE}),
    "normalized_twice": (
        (4, 3),
        {"type": "SpectralNormalization", "layer": {"type": "SpectralNormalization", "layer": DENSE}},
    ),
}


def filled(shape: tuple[int, ...], layer: dict[str, Any]) -> Any:
    """A model of the layer whose weights all differ."""
    model = load_spec({"modelc": 1, "input": {"shape": list(shape)}, "layers": [layer]}).build(backend="reference")
    random = np.random.default_rng(1)
    model.set_weights([random.uniform(-0.7, 0.7, v.shape).astype(np.float32) for v in model.weights])
    return model


def samples(shape: tuple[int, ...]) -> Array:
    return np.random.default_rng(0).standard_normal((2, *shape), np.float32)


def compare(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(np.asarray(found), np.asarray(expected), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("name", LAYERS)
def test_keras_computes_the_same_with_the_file(name: str, tmp_path: Path) -> None:
    shape, layer = LAYERS[name]
    model, x = filled(shape, layer), samples(shape)
    model.save(tmp_path / "m.keras")
    theirs = keras.saving.load_model(tmp_path / "m.keras")
    theirs(x)  # Keras makes the weights of an activation at its first call, and loads them then
    theirs.load_weights(tmp_path / "m.keras")
    compare(model(x), theirs(x, training=False))
    assert [v.shape for v in model.weights] == [tuple(v.shape) for v in theirs.weights]
    compare(load(tmp_path / "m.keras", backend="reference")(x), model(x))


@pytest.mark.parametrize("name", LAYERS)
def test_what_keras_saves_is_read(name: str, tmp_path: Path) -> None:
    shape, layer = LAYERS[name]
    x = samples(shape)
    filled(shape, layer).save(tmp_path / "m.keras")
    theirs = keras.saving.load_model(tmp_path / "m.keras")
    theirs(x)
    random = np.random.default_rng(2)
    theirs.set_weights([random.uniform(-0.7, 0.7, v.shape) for v in theirs.weights])
    theirs.save(tmp_path / "k.keras")
    expected = theirs(x, training=False)
    again = load_spec(tmp_path / "k.keras").build(backend="reference")
    compare(again(x), expected)
    for ours, wanted in zip(again.weights, theirs.weights, strict=True):
        compare(ours.value, wanted.value)


def test_one_object_for_both_stays_one(tmp_path: Path) -> None:
    slopes = keras.layers.PReLU()
    theirs = keras.Sequential([keras.Input((4, 3)), keras.layers.LSTM(2, slopes, slopes)])
    x = samples((4, 3))
    theirs(x)
    random = np.random.default_rng(2)
    theirs.set_weights([random.uniform(-0.7, 0.7, v.shape) for v in theirs.weights])
    theirs.save(tmp_path / "k.keras")
    model = load_spec(tmp_path / "k.keras").build(backend="reference")
    compare(model(x), theirs(x))
    assert len(model.weights) == 4
    with pytest.raises(UnsupportedError, match="its two activations are one layer, `p_re_lu`"):
        model.save(tmp_path / "m.keras")


def test_two_without_a_name_are_two() -> None:
    spec = load_spec({"modelc": 1, "input": {"shape": [4, 3]}, "layers": [LSTM]})
    assert [w.path for w in spec.graph.weights][3:] == [
        "lstm/lstm_cell/p_re_lu/alpha",
        "lstm/lstm_cell/p_re_lu_1/alpha",
    ]
    assert load_spec(spec.to_yaml()) == spec


REFUSED: list[tuple[tuple[int, ...], dict[str, Any], Callable[[], Any]]] = [
    ((4, 3), SIMPLE, lambda: keras.layers.SimpleRNN(3)),
    ((4, 3), {"type": "TimeDistributed", "layer": DENSE}, lambda: keras.layers.TimeDistributed(keras.layers.Dense(3))),
    ((4, 3), {"type": "Bidirectional", "layer": SIMPLE}, lambda: keras.layers.Bidirectional(keras.layers.LSTM(3))),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "layer", "theirs"), REFUSED)
def test_a_kernel_inside_of_the_wrapped_layer_is_not_normalized(
    shape: tuple[int, ...], layer: dict[str, Any], theirs: Callable[[], Any]
) -> None:
    with pytest.raises(ValueError, match="nor 'embeddings'"):
        keras.layers.SpectralNormalization(theirs()).build((None, *shape))
    data = {"modelc": 1, "input": {"shape": list(shape)}, "layers": [{"type": "SpectralNormalization", "layer": layer}]}
    with pytest.raises(SpecError, match="wraps a layer with a kernel or embeddings"):
        _ = load_spec(data).graph
