"""Reading Keras's JSON: what is mapped, what is refused by name, and that nothing else can happen."""

from __future__ import annotations

import contextlib
import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelc.constraints import MaxNorm
from modelc.errors import FileFormatError, ModelcError, UnsupportedError
from modelc.graph.sizes import shown
from modelc.initializers import GlorotUniform, TruncatedNormal
from modelc.keras.config.layers import layer_from_keras
from modelc.keras.config.model import spec_from_keras
from modelc.layers.activation.classes import Activation, ReLU
from modelc.layers.core.dense import Dense
from modelc.layers.preprocessing.ranges import Rescaling
from modelc.model.spec import Spec
from modelc.regularizers import L2
from modelc.sources.notes import Notes
from tests.slowness import examples

POLICY = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None}


def serialized(module: str, class_name: str, **config: Any) -> dict[str, Any]:
    return {"module": module, "class_name": class_name, "config": config, "registered_name": None}


def keras_layer(class_name: str, **config: Any) -> dict[str, Any]:
    return serialized("keras.layers", class_name, name="one", trainable=True, dtype=POLICY, **config)


DENSE = keras_layer(
    "Dense",
    units=2,
    activation="relu",
    use_bias=True,
    kernel_initializer=serialized("keras.initializers", "GlorotUniform", seed=None, input_axes=None, output_axes=None),
    bias_initializer=serialized("keras.initializers", "TruncatedNormal", mean=0.0, stddev=0.1, seed=3),
    kernel_regularizer=serialized("keras.regularizers", "L2", l2=0.25),
    bias_regularizer=None,
    kernel_constraint=serialized("keras.constraints", "MaxNorm", max_value=2, axis=0),
    bias_constraint=None,
    quantization_config=None,
)
INPUT = serialized(
    "keras.layers",
    "InputLayer",
    batch_shape=[None, 3],
    dtype="float32",
    sparse=False,
    ragged=False,
    name="in",
    optional=False,
)
SEQUENTIAL = {
    **serialized("keras", "Sequential", name="net", trainable=True, dtype=POLICY, layers=[INPUT, DENSE]),
    "build_config": {"input_shape": [None, 3]},
}


def test_a_layer_with_everything_serialized() -> None:
    assert layer_from_keras(DENSE) == Dense(
        2,
        activation="relu",
        kernel_initializer=GlorotUniform(),
        bias_initializer=TruncatedNormal(stddev=0.1, seed=3),
        kernel_regularizer=L2(l2=0.25),
        kernel_constraint=MaxNorm(max_value=2.0),
        name="one",
    )


def test_frozen_layers_stay_frozen() -> None:
    assert not layer_from_keras({**DENSE, "config": {**DENSE["config"], "trainable": False}}).trainable


@pytest.mark.parametrize(
    "activation",
    [
        "relu",
        {"module": "keras.activations", "class_name": "function", "config": "relu", "registered_name": "relu"},
        {"module": "builtins", "class_name": "function", "config": "relu", "registered_name": "function"},
    ],
)
def test_activations_by_name_and_as_functions(activation: Any) -> None:
    assert layer_from_keras(keras_layer("Activation", activation=activation)) == Activation("relu", name="one")


def test_no_activation_is_linear() -> None:
    layer = layer_from_keras({**DENSE, "config": {**DENSE["config"], "activation": None}})
    assert isinstance(layer, Dense)
    assert layer.activation == "linear"


def test_arrays_among_the_options() -> None:
    array = {"class_name": "__numpy__", "config": {"value": [1.0, 2.0], "dtype": "float32"}}
    assert layer_from_keras(keras_layer("Rescaling", scale=array, offset=0.0)) == Rescaling([1, 2], name="one")


def test_layers_as_tf_keras_wrote_them() -> None:
    entry = {"class_name": "ReLU", "config": {"name": "r", "dtype": "float32", "max_value": 6.0}}
    assert layer_from_keras(entry) == ReLU(6.0, name="r")


def read(config: Any, **options: Any) -> Spec:
    return spec_from_keras(config, Notes(), **options)


def test_sequential() -> None:
    spec = read(SEQUENTIAL)
    assert (spec.name, spec.is_functional) == ("net", False)
    assert spec.input is not None
    assert spec.input.shape == (3,)
    assert [layer.plain() for layer in spec.layers] == [layer_from_keras(DENSE).plain()]


def test_sequential_that_was_never_built_and_one_built_by_a_call() -> None:
    config = {**SEQUENTIAL["config"], "layers": [DENSE]}
    assert read({**SEQUENTIAL, "config": config, "build_config": None}).input is None
    config["build_input_shape"] = [5, 3]
    built = read({**SEQUENTIAL, "config": config}).input
    assert built is not None
    assert (built.batch_size, built.shape) == (None, (3,))


REFUSED = [
    (keras_layer("Mine", units=3), "the Keras class `Mine` (`one`) is not a layer of modelc's"),
    (keras_layer("Lambda", function={}), "the Keras layer `Lambda` (`one`) is not supported: it contains code"),
    (
        keras_layer("Dense", units=3, quantization_config={}),
        "the option `quantization_config` of the Keras layer `Dense` (`one`) is not supported: {}",
    ),
    ({**DENSE, "registered_name": "Custom>Dense"}, "the Keras object `Custom>Dense` is a custom one"),
    ({**DENSE, "module": "my.layers"}, "the Keras object `Dense` is a custom one"),
    ({**DENSE, "module": "builtins", "class_name": "eval"}, "the Keras object `eval` is a custom one"),
    (serialized("keras.layers", "Dense", units=2, dtype="int32"), "has the dtype int32, only floats"),
    (
        serialized("keras.layers", "Dense", units=2, dtype=serialized("keras", "DTypePolicy", name="complex64")),
        "has the dtype complex64",
    ),
    (
        keras_layer("Dense", units=2, kernel_initializer=serialized("keras.initializers", "Mine")),
        "the Keras initializer `Mine` of the Keras layer `Dense` (`one`) is not supported",
    ),
    (
        keras_layer("Dense", units=2, kernel_initializer=serialized("keras.initializers", "Zeros", shape=[2])),
        "the option `shape` of the Keras initializer `Zeros`",
    ),
    (
        keras_layer("Dense", units=2, kernel_regularizer=serialized("keras.initializers", "L2")),
        "the Keras object `L2` is a custom one",
    ),
    (
        keras_layer("Activation", activation="my_function"),
        "the activation `my_function` of the Keras layer `Activation` (`one`)",
    ),
    (
        keras_layer("Dense", units={"class_name": "__lambda__"}),
        "the option `units` of the Keras layer `Dense` (`one`) cannot be",
    ),
    (keras_layer("Activation", activation=["relu"]), "the activation `['relu']` of the Keras layer `Activation`"),
    (keras_layer("Dense", units=2, bias_initializer=False), "no `class_name`"),
    (
        keras_layer("Rescaling", scale=json.loads("[" * 99 + "]" * 99)),
        "`scale` of the Keras layer `Rescaling` (`one`) is nested",
    ),
    ({"config": {}}, "no `class_name`"),
    ({"class_name": "Dense"}, "the Keras object `Dense` has no `config`"),
]


@pytest.mark.parametrize(("config", "message"), REFUSED)
def test_refused_layers(config: Any, message: str) -> None:
    with pytest.raises(UnsupportedError) as error:
        layer_from_keras(config)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"class_name": "Mine", "module": "my.models"}, "the Keras object `Mine` is a custom one"),
        ({"module": "my.models"}, "the Keras object `Sequential` is a custom one"),
        ({"class_name": "Dense", "module": "keras"}, "a Keras model of the class `Dense` is not supported"),
        ({"config": {**SEQUENTIAL["config"], "layers": None}}, "the Keras model has no list of `layers`"),
        ({"config": {**SEQUENTIAL["config"], "layers": [INPUT]}}, "the Keras model `net` has no layers"),
        (
            {
                "class_name": "Functional",
                "config": {
                    "name": "net",
                    "layers": [{**INPUT, "name": INPUT["config"]["name"], "inbound_nodes": []}],
                    "input_layers": [[INPUT["config"]["name"], 0, 0]],
                    "output_layers": [[INPUT["config"]["name"], 0, 0]],
                },
            },
            "the Keras model `net` has no layers",
        ),
        ({"config": {**SEQUENTIAL["config"], "layers": [DENSE, INPUT]}}, "an InputLayer that is not its first layer"),
        (
            {"config": {**SEQUENTIAL["config"], "layers": [INPUT, DENSE, DENSE]}},
            "two of its layers have the name `one`",
        ),
    ],
)
def test_refused_models(change: Any, message: str) -> None:
    with pytest.raises(ModelcError) as error:
        read({**SEQUENTIAL, **change})
    assert message in str(error.value)


def test_an_empty_name_is_none() -> None:
    """Any other is: tests/keras/test_keras_names.py."""
    entry = {**DENSE, "config": {**DENSE["config"], "name": ""}}
    with pytest.raises(FileFormatError, match="the Keras layer name"):
        read({**SEQUENTIAL, "config": {**SEQUENTIAL["config"], "layers": [INPUT, entry]}})


def test_open_sizes() -> None:
    entry = {**INPUT, "config": {**INPUT["config"], "batch_shape": [None, None, 3]}}
    config = {**SEQUENTIAL, "config": {**SEQUENTIAL["config"], "layers": [entry, DENSE]}}
    free = read(config)
    assert free.input is not None and free.input.shape == (None, 3)
    assert shown(free.graph.outputs[0].type.shape) == (None, None, 2)
    assert read(config, input_shape=(5, 3)).graph.outputs[0].type.dims == (5, 2)


def applied(layer: dict[str, Any], to: str, **kwargs: Any) -> dict[str, Any]:
    """A layer of a Functional model, applied to the output of another."""
    tensor = {
        "class_name": "__keras_tensor__",
        "config": {"shape": [None, 3], "dtype": "float32", "keras_history": [to, 0, 0]},
    }
    return {**layer, "name": layer["config"]["name"], "inbound_nodes": [{"args": [tensor], "kwargs": kwargs}]}


def functional(*layers: dict[str, Any], output: Any, **changed: Any) -> dict[str, Any]:
    config = {
        "name": "net",
        "trainable": True,
        "layers": [{**INPUT, "name": "in", "inbound_nodes": []}, *layers],
        "input_layers": [["in", 0, 0]],
        "output_layers": output,
    }
    return {"module": "keras.src.models.functional", "class_name": "Functional", "config": {**config, **changed}}


RELU = keras_layer("ReLU") | {"config": {**keras_layer("ReLU")["config"], "name": "two"}}
FUNCTIONAL = functional(applied(DENSE, "in"), applied(RELU, "one", mask=None, training=False), output=["two", 0, 0])


def plain(spec: Spec) -> list[Any]:
    return spec.to_dict()["layers"]


def test_functional_models_keep_their_inputs_among_the_layers() -> None:
    spec = read(FUNCTIONAL)
    assert [layer.name for layer in spec.layers] == ["in", "one", "two"]
    assert spec.to_dict()["inputs"] == {"in": {"shape": [3]}}
    assert all("inputs" not in entry for entry in plain(spec))


def test_functional_models_as_tf_keras_wrote_them() -> None:
    model = functional({**DENSE, "inbound_nodes": [[["in", 0, 0, {}]]]}, output=[["one", 0, 0]])
    model["config"]["input_layers"] = ["in", 0, 0]
    assert read(model) == read(functional(applied(DENSE, "in"), output=["one", 0, 0]))


def test_inputs_and_outputs_are_written_where_they_are_not_clear() -> None:
    spec = read(functional(applied(DENSE, "in"), applied(RELU, "in"), output=[["two", 0, 0], ["one", 0, 0]]))
    assert plain(spec)[1] == {"type": "ReLU", "name": "two", "inputs": "in"}
    assert spec.to_dict()["outputs"] == ["two", "one"]


def test_a_layer_that_is_called_twice() -> None:
    calls = [*applied(DENSE, "in")["inbound_nodes"], *applied(DENSE, "other")["inbound_nodes"]]
    other = {**INPUT, "config": {**INPUT["config"], "name": "other"}, "inbound_nodes": []}
    model = functional(other, {**DENSE, "inbound_nodes": calls}, output=[["one", 0, 0], ["one", 1, 0]])
    model["config"]["input_layers"] = [["in", 0, 0], ["other", 0, 0]]
    spec = read(model)
    assert plain(spec)[-1] == {"use": "one", "inputs": "other"}
    assert spec.to_dict()["outputs"] == ["one", "one@1"]
    assert len(spec.graph.weights) == 2


MALFORMED = [
    (functional(applied(DENSE, "nowhere"), output=["one", 0, 0]), "it has no call 0 of the layer `nowhere`"),
    (functional(applied(DENSE, "one"), output=["one", 0, 0]), "`one` depends on its own output"),
    (functional(applied(DENSE, "two"), applied(RELU, "one"), output=["two", 0, 0]), "depends on its own output"),
    (functional(applied(DENSE, "in"), output=["one", 1, 0]), "it has no call 1 of the layer `one`"),
    (functional(applied(DENSE, "in"), output=[]), "it has no outputs"),
    (functional(applied(DENSE, "in"), output=["one", 0, 0], input_layers=[]), "are not its InputLayers"),
    (functional(applied(DENSE, "in"), output=["one", 0, 3]), "there is no `[3]`"),
    (functional({**DENSE, "inbound_nodes": [["x"]]}, output=["one", 0, 0]), "`inbound_nodes` of the Keras layer `one`"),
    (functional({**DENSE, "inbound_nodes": {}}, output=["one", 0, 0]), "`inbound_nodes` of the Keras layer `one`"),
]


@pytest.mark.parametrize(("config", "message"), MALFORMED)
def test_malformed_graphs(config: Any, message: str) -> None:
    with pytest.raises(ModelcError) as error:
        read(config)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("initial_state", [1.0], "it has no such option"),
        ("mask", {"class_name": "__numpy__"}, "it has no such option"),
    ],
)
def test_layers_called_with_options(key: str, value: Any, message: str) -> None:
    config = functional(applied(DENSE, "in", **{key: value}), output=["one", 0, 0])
    with pytest.raises(UnsupportedError, match=f"the Keras layer `one` is called with `{key}`: .*{message}"):
        read(config)


def test_notes_name_what_was_left_out() -> None:
    notes = Notes()
    spec_from_keras(SEQUENTIAL, notes)
    assert notes.lines() == ("dropped `quantization_config: null`, which changes nothing (`one`)",)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in items for place in _places(item, (*path, key)))]


_JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 9), st.floats(), st.text(max_size=6),
    st.lists(st.none() | st.integers(-1, 3), max_size=3), st.dictionaries(st.text(max_size=6), st.integers()),
    st.sampled_from([DENSE, INPUT, POLICY, {"class_name": "__numpy__"}, {"class_name": "__tuple__", "items": [[]]}]),
)  # fmt: skip


_WHERE = st.sampled_from([(model, place) for model in (SEQUENTIAL, FUNCTIONAL) for place in _places(model)[1:]])


@given(_WHERE, _JUNK)
@settings(max_examples=examples(400), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_json_is_read_or_refused(where: tuple[dict[str, Any], tuple[Any, ...]], junk: Any) -> None:
    model, place = where
    config = copy.deepcopy(model)
    holder: Any = config
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = junk
    with contextlib.suppress(ModelcError):
        _ = read(json.loads(json.dumps(config))).graph
