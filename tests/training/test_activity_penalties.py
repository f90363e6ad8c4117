"""Which outputs an `activity_regularizer` penalizes, against Keras: of layers, of those inside, at each use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import modelc
from modelc import Sequential
from tests.live_keras import live_keras

Array = np.ndarray[Any, Any]
Made = Callable[[Any, Any], Any]


LAYERS: dict[str, tuple[tuple[int, ...], Made]] = {
    "Dense": ((3,), lambda k, r: k.Dense(2, activity_regularizer=r)),
    "Dense over steps": ((4, 3), lambda k, r: k.Dense(2, activity_regularizer=r)),
    "SeparableConv1D": ((6, 3), lambda k, r: k.SeparableConv1D(2, 3, activity_regularizer=r)),
    "ActivityRegularization": ((4, 3), lambda k, r: k.ActivityRegularization(l1=0.02, l2=0.01)),
    "LSTM": ((4, 3), lambda k, r: k.LSTM(2, activity_regularizer=r)),
    "LSTM over steps": ((4, 3), lambda k, r: k.LSTM(2, return_sequences=True, activity_regularizer=r)),
    "TimeDistributed": ((4, 3), lambda k, r: k.TimeDistributed(k.Dense(2, activity_regularizer=r))),
    "TimeDistributed twice": (
        (2, 4, 3), lambda k, r: k.TimeDistributed(k.TimeDistributed(k.Dense(2, activity_regularizer=r))),
    ),
    "TimeDistributed of ActivityRegularization": (
        (4, 3), lambda k, r: k.TimeDistributed(k.ActivityRegularization(l2=0.01)),
    ),
    "TimeDistributed of Bidirectional": (
        (2, 4, 3), lambda k, r: k.TimeDistributed(k.Bidirectional(k.LSTM(2, activity_regularizer=r))),
    ),
    "Bidirectional": ((4, 3), lambda k, r: k.Bidirectional(k.LSTM(2, activity_regularizer=r))),
    "Bidirectional, added": ((4, 3), lambda k, r: k.Bidirectional(k.GRU(2, activity_regularizer=r), merge_mode="sum")),
    "Bidirectional, one of two": (
        (4, 3),
        lambda k, r: k.Bidirectional(
            k.LSTM(2, activity_regularizer=r), backward_layer=k.LSTM(2, go_backwards=True)
        ),
    ),
    "Pipeline": ((3,), lambda k, r: k.Pipeline([k.Dense(4, activity_regularizer=r), k.Dense(2)])),
    "SpectralNormalization": ((3,), lambda k, r: k.SpectralNormalization(k.Dense(2, activity_regularizer=r))),
}  # fmt: skip


def compare(ours: Any, theirs: Any, x: list[Array]) -> None:
    """The penalty is the whole loss where the labels are the predictions."""
    theirs(x if len(x) > 1 else x[0])
    expected = sum(float(loss) for loss in theirs.losses)
    ours.set_weights([np.asarray(w.value) for w in theirs.weights])
    ours.compile("sgd", "mse")
    assert ours.test_on_batch(x, ours.predict(x), return_dict=True)["loss"] == pytest.approx(expected, 1e-5, 1e-7)


@pytest.mark.filterwarnings("ignore:Layer 'pipeline' looks like it has unbuilt state:UserWarning")  # Keras's, on NumPy
@pytest.mark.parametrize(
    ("name", "frozen"),
    [
        *(pytest.param(name, False, marks=[pytest.mark.jax] * (name == "Pipeline")) for name in LAYERS),
        ("Dense", True),
        ("Bidirectional", True),
    ],
)
def test_outputs_that_keras_penalizes(name: str, frozen: bool) -> None:
    """Frozen layers give what they give all the same."""
    keras: Any = live_keras()
    shape, make = LAYERS[name]
    ours = Sequential([modelc.Input(shape), make(modelc.layers, modelc.regularizers.L2(0.01))], backend="reference")
    theirs = keras.Sequential([keras.Input(shape), make(keras.layers, keras.regularizers.L2(0.01))])
    ours.layers[0].trainable = theirs.layers[0].trainable = not frozen
    x = np.random.default_rng(0).standard_normal((5, *shape), np.float32)
    compare(ours, theirs, [x])


@pytest.mark.parametrize("name", ["MultiHeadAttention", "GroupQueryAttention"])
def test_attention_penalizes_as_keras_does(name: str) -> None:
    keras: Any = live_keras()
    options = (2, 3) if name == "MultiHeadAttention" else (3, 4, 2)
    layer = getattr(keras.layers, name)(*options, activity_regularizer=keras.regularizers.L2(0.01))
    given = keras.Input((4, 3))
    theirs = keras.Model(given, layer(given, given))
    l2 = {"type": "L2", "l2": 0.01}
    keys = (
        ("num_heads", "key_dim")
        if name == "MultiHeadAttention"
        else ("head_dim", "num_query_heads", "num_key_value_heads")
    )
    entry = {"type": name, **dict(zip(keys, options, strict=True)), "activity_regularizer": l2, "inputs": ["x", "x"]}
    spec = modelc.load_spec({"modelc": 1, "inputs": {"x": {"shape": [4, 3]}}, "layers": [entry]})
    x = np.random.default_rng(0).standard_normal((5, 4, 3), np.float32)
    compare(spec.build(backend="reference"), theirs, [x])


def test_a_layer_that_is_used_twice_is_penalized_twice() -> None:
    keras: Any = live_keras()
    a, b = keras.Input((3,)), keras.Input((3,))
    shared = keras.layers.Dense(2, activity_regularizer=keras.regularizers.L2(0.01))
    theirs = keras.Model([a, b], keras.layers.Add()([shared(a), shared(b)]))
    l2 = {"type": "L2", "l2": 0.01}
    layers = [
        {"type": "Dense", "units": 2, "name": "shared", "activity_regularizer": l2, "inputs": "a"},
        {"use": "shared", "name": "again", "inputs": "b"},
        {"type": "Add", "inputs": ["shared", "again"]},
    ]
    inputs = {"a": {"shape": [3]}, "b": {"shape": [3]}}
    ours = modelc.load_spec({"modelc": 1, "inputs": inputs, "layers": layers}).build(backend="reference")
    x = list(np.random.default_rng(0).standard_normal((2, 5, 3), np.float32))
    compare(ours, theirs, x)


@pytest.mark.parametrize("layer", ["LSTM", "Bidirectional"])
def test_states_that_are_returned_are_penalized(layer: str) -> None:
    keras: Any = live_keras()
    given = keras.Input((4, 3))
    inner = keras.layers.LSTM(2, return_state=True, activity_regularizer=keras.regularizers.L2(0.01))
    theirs = keras.Model(given, (inner if layer == "LSTM" else keras.layers.Bidirectional(inner))(given))
    l2 = {"type": "L2", "l2": 0.01}
    entry: dict[str, Any] = {"type": "LSTM", "units": 2, "return_state": True, "activity_regularizer": l2}
    entry = entry if layer == "LSTM" else {"type": layer, "layer": entry}
    spec = modelc.load_spec({"modelc": 1, "input": {"shape": [4, 3]}, "layers": [{**entry, "name": "rnn"}]})
    x = np.random.default_rng(0).standard_normal((5, 4, 3), np.float32)
    compare(spec.build(backend="reference"), theirs, [x])
