"""Configurations, JSON, summaries and attributes as Keras has them, beside Keras itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import modelc
from modelc import layers
from modelc.errors import InputError, ModelcError, NotBuiltError, SpecError, UnsupportedError
from tests.live_keras import live_keras

BRANCHES = {
    "modelc": 1,
    "name": "branches",
    "layers": [
        {"type": "InputLayer", "shape": [6, 6, 2], "name": "picture"},
        {"type": "Conv2D", "filters": 3, "kernel_size": 3, "padding": "same", "name": "a", "inputs": "picture"},
        {"type": "Conv2D", "filters": 3, "kernel_size": 1, "activation": "relu", "name": "b", "inputs": "picture"},
        {"type": "Add", "name": "sum", "inputs": ["a", "b"]},
        {"type": "GlobalAveragePooling2D", "name": "pooled"},
        {"type": "Dense", "units": 4, "activation": "softmax", "kernel_regularizer": {"type": "L2", "l2": 0.1}},
    ],
}


def _sequential() -> modelc.Sequential:
    return modelc.Sequential(
        [
            modelc.Input((8, 8, 3)), layers.Conv2D(4, 3, activation="relu"), layers.BatchNormalization(),
            layers.Flatten(), layers.Dense(10, "softmax", name="out"),
        ],
        name="small", backend="reference",
    )  # fmt: skip


def _functional() -> modelc.Model:
    return modelc.load_spec(BRANCHES).build(backend="reference")


MODELS: list[Callable[[], modelc.Model]] = [_sequential, _functional]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of NumPy, about Keras on it
@pytest.mark.parametrize("make", MODELS)
def test_keras_reads_the_json(make: Callable[[], modelc.Model]) -> None:
    keras, ours = live_keras(), make()
    theirs = keras.models.model_from_json(ours.to_json(indent=2))
    assert type(theirs).__name__ == ("Sequential" if isinstance(ours, modelc.Sequential) else "Functional")
    assert [w.shape for w in theirs.weights] == [w.shape for w in ours.weights]
    theirs.set_weights(ours.get_weights())
    x = np.random.default_rng(0).normal(size=(2, *ours.input_shape[1:])).astype(np.float32)
    np.testing.assert_allclose(theirs.predict(x, verbose=0), ours.predict(x), atol=1e-5)


@pytest.mark.parametrize("make", MODELS)
def test_keras_takes_the_configuration(make: Callable[[], modelc.Model]) -> None:
    keras, ours = live_keras(), make()
    kind = keras.Sequential if isinstance(ours, modelc.Sequential) else keras.Model
    theirs = kind.from_config(ours.get_config())
    assert theirs.count_params() == ours.count_params() and theirs.name == ours.name
    _same_model(type(ours).from_config(theirs.get_config()), ours)


@pytest.mark.parametrize("make", MODELS)
def test_the_json_of_keras_is_read(make: Callable[[], modelc.Model]) -> None:
    keras, ours = live_keras(), make()
    theirs = keras.models.model_from_json(ours.to_json())
    _same_model(modelc.model_from_json(theirs.to_json()), ours)
    _same_model(modelc.model_from_json(ours.to_json()), ours)
    assert type(modelc.Model.from_config(ours.get_config())) is modelc.Model


def _same_model(again: modelc.Model, ours: modelc.Model) -> None:
    assert type(again) is type(ours) and again.name == ours.name
    assert {layer.name for layer in ours.layers} - {"picture"} == {layer.name for layer in again.layers} - {"picture"}
    again.set_weights(ours.get_weights())
    x = np.random.default_rng(1).normal(size=(2, *ours.input_shape[1:])).astype(np.float32)
    np.testing.assert_allclose(again.predict(x), ours.predict(x), atol=1e-5)


def test_a_clone_has_the_architecture_and_weights_of_its_own() -> None:
    for make in MODELS:
        ours = make()
        ours.set_weights([w + 1 for w in ours.get_weights()])
        clone = modelc.clone_model(ours)
        assert type(clone) is type(ours) and clone.to_spec() == ours.to_spec()
        assert not np.array_equal(clone.get_weights()[0], ours.get_weights()[0])


def test_a_deferred_model_has_a_configuration() -> None:
    ours = modelc.Sequential([layers.Dense(3), layers.ReLU()])
    assert not modelc.Sequential.from_config(ours.get_config()).built
    assert live_keras().Sequential.from_config(ours.get_config()).built is False


LAYERS = [
    layers.Dense(3, "relu", kernel_regularizer="l2", name="d"),
    layers.Conv2D(4, (3, 5), strides=2, padding="same", use_bias=False, dilation_rate=1),
    layers.BatchNormalization(momentum=0.9, trainable=False),
    layers.LSTM(3, return_sequences=True, dropout=0.1),
    layers.Bidirectional(layers.GRU(2), merge_mode="sum"),
    layers.TimeDistributed(layers.Dense(3)),
    layers.MultiHeadAttention(num_heads=2, key_dim=3),
    layers.Embedding(10, 4, mask_zero=True),
    layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)]),
    layers.MaxPooling2D(3, padding="same"),
    layers.Rescaling(1 / 255, offset=0.5),
    layers.Dropout(0.3, seed=4),
]


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.type_name())
def test_configurations_of_layers(layer: Any) -> None:
    keras = live_keras()
    theirs = getattr(keras.layers, layer.type_name()).from_config(layer.get_config())
    assert keras.layers.deserialize(layers.serialize(layer)).get_config() == theirs.get_config()
    again = type(layer).from_config(theirs.get_config())
    assert type(again) is type(layer) and again.trainable == layer.trainable
    named = keras.layers.deserialize(layers.serialize(again)).get_config()
    assert _without_names(named) == _without_names(theirs.get_config())
    assert type(layer).from_config(layer.get_config()).get_config() == layer.get_config()


def _without_names(config: Any) -> Any:
    """Keras makes a new name for a layer inside of another one whenever it reads it."""
    if isinstance(config, dict):
        return {key: _without_names(value) for key, value in config.items() if key != "name"}
    return [_without_names(item) for item in config] if isinstance(config, list | tuple) else config


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: modelc.model_from_json("x"), InputError, "begins with `{`"),
        (lambda: modelc.model_from_json("{"), ModelcError, "is not the JSON"),
        (lambda: modelc.model_from_json('{"class_name": "Lambda", "config": {}}'), ModelcError, "`Lambda`"),
        (lambda: modelc.model_from_json(_sequential().to_json(), {"f": max}), UnsupportedError, "`f`"),
        (lambda: modelc.Model.from_config({}, {"f": max}), UnsupportedError, "custom_objects"),
        (lambda: modelc.Model.from_config([]), InputError, "is a mapping"),
        (lambda: modelc.Model.from_config({"layers": max}), InputError, "is not plain data"),
        (lambda: modelc.Sequential.from_config(_functional().get_config()), SpecError, "is a chain"),
        (lambda: layers.Dense.from_config({"units": 3, "unit": 4}), ModelcError, "unit"),
        (lambda: layers.Dense.from_config("x"), InputError, "is a mapping"),
        (lambda: layers.deserialize({"class_name": "Lambda", "config": {}}), UnsupportedError, "code"),
        (lambda: layers.deserialize([]), InputError, "is a mapping"),
        (lambda: _functional().build((None, 6, 6)), SpecError, r"takes \(None, 6, 6, 2\)"),
        (lambda: _functional().build((None, 6, 6, 3)), SpecError, "is built"),
    ],
)
def test_what_is_refused(call: Callable[[], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()


def test_attributes_by_keras_s_names() -> None:
    keras, ours = live_keras(), _sequential()
    theirs = keras.models.model_from_json(ours.to_json())
    assert ours.input.shape == theirs.inputs[0].shape and ours.output.shape == theirs.outputs[0].shape
    for name in ("trainable_variables", "non_trainable_variables", "trainable_weights", "non_trainable_weights"):
        assert [v.shape for v in getattr(ours, name)] == [tuple(v.shape) for v in getattr(theirs, name)]
        for layer, other in zip(ours.layers, theirs.layers, strict=True):
            assert len(getattr(layer, name)) == len(getattr(other, name))
    ours.build((None, 8, 8, 3))
    assert ours.count_params() == theirs.count_params()


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (layers.Conv2D(4, 3, strides=2), (None, 28, 27, 1)), (layers.Flatten(), (7, 3, 4)),
        (layers.LSTM(3), (None, 5, 2)),
        (layers.Concatenate(), [(None, 2), (None, 3)]), (layers.Reshape((2, -1)), (None, 8)),
    ],
)  # fmt: skip
def test_output_shapes(layer: Any, shape: Any) -> None:
    keras = live_keras()
    theirs = keras.layers.deserialize(layers.serialize(layer))
    assert layer.compute_output_shape(shape) == theirs.compute_output_shape(shape)
    assert not layer.built


def test_the_summary_is_given_to_a_function_once() -> None:
    keras, ours, lines, theirs = live_keras(), _sequential(), [], []
    ours.summary(print_fn=lines.append)
    keras.models.model_from_json(ours.to_json()).summary(print_fn=theirs.append)
    assert len(lines) == len(theirs) == 1
    for name in ("conv2d (Conv2D)", "(None, 6, 6, 4)", "batch_normalization", "out (Dense)"):
        assert name in lines[0] and name in theirs[0]


@pytest.mark.parametrize(
    "layer_range", [("b", "flat"), ("flat", "batch"), ("conv2d", "conv2d"), (".*_norm", "o"), ("out", "c")]
)
def test_the_range_of_layers_is_keras_s(layer_range: tuple[str, str]) -> None:
    keras, ours, lines, theirs = live_keras(), _sequential(), [], []
    ours.summary(print_fn=lines.append, layer_range=layer_range)
    keras.models.model_from_json(ours.to_json()).summary(print_fn=theirs.append, layer_range=layer_range)
    for layer in ours.layers:
        assert (f" {layer.name} " in lines[0]) == (f" {layer.name} " in theirs[0])
    assert lines[0].partition("Total params: ")[2].split()[0] == str(ours.count_params())


def test_whether_layers_are_trained_is_shown() -> None:
    ours = _sequential()
    ours.layers[1].trainable = False
    lines: list[str] = []
    ours.summary(print_fn=lines.append, show_trainable=True)
    assert [line.split()[-1] for line in lines[0].splitlines() if "(None" in line] == ["yes", "no", "yes", "yes"]


@pytest.mark.parametrize("positions", [[0.45, 0.8, 1.0], [30, 60, 78]])
def test_columns_end_where_it_is_said(positions: list[float]) -> None:
    lines: list[str] = []
    _sequential().summary(line_length=78, positions=positions, print_fn=lines.append)
    heading = lines[0].splitlines()[2]
    ends = [int(p * 78) if p <= 1 else p for p in positions]
    assert [heading.index(word) for word in ("Layer", "Output", "Param")] == [1, ends[0] + 1, ends[1] + 1]
    assert max(map(len, lines[0].splitlines())) <= 79


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"positions": [0.5, 1.0]}, "3 growing numbers"), ({"positions": [0.5, 0.2, 1.0]}, "3 growing numbers"),
        ({"positions": [0.9, 0.95, 1.0], "line_length": 60}, "needs"), ({"layer_range": ("a",)}, "names of two layers"),
        ({"layer_range": ("conv2d", "nothing")}, "no layer's name matches"),
        ({"layer_range": ("(", "x")}, "no regular"),
        ({"layer_range": "conv"}, "list of texts"),
    ],
)  # fmt: skip
def test_options_of_summaries_that_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ModelcError, match=message):
        _sequential().summary(print_fn=str, **options)


def test_a_deferred_model_has_no_summary_yet() -> None:
    with pytest.raises(NotBuiltError):
        modelc.Sequential([layers.Dense(3)]).summary()


def test_configurations_are_plain_data() -> None:
    for make in MODELS:
        config = make().get_config()
        assert json.loads(json.dumps(config)) == config
