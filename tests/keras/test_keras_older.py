"""Models as Keras 2 and tf.keras wrote them: the JSON is by hand, after what those versions write."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from modelc.errors import ModelcError, UnsupportedError
from modelc.graph.interpret import interpret
from modelc.keras.read import KerasModel, read_keras_model
from modelc.keras.weights.tree import LayerNode
from modelc.layers import LAYERS
from tests.live_keras import live_keras

GLOROT = {"class_name": "GlorotUniform", "config": {"seed": None, "dtype": "float32"}}


def layer(class_name: str, name: str, *nodes: Any, **config: Any) -> dict[str, Any]:
    options = {"name": name, "trainable": True, "dtype": "float32", **config}
    return {"class_name": class_name, "config": options, "name": name, "inbound_nodes": list(nodes)}


def given(name: str, *shape: int | None) -> dict[str, Any]:
    config = {"batch_input_shape": [None, *shape], "dtype": "float32", "sparse": False, "ragged": False, "name": name}
    return {"class_name": "InputLayer", "config": config, "name": name, "inbound_nodes": []}


def functional(*layers: dict[str, Any], inputs: list[str], outputs: list[Any], name: str = "model") -> dict[str, Any]:
    config = {
        "name": name,
        "layers": list(layers),
        "input_layers": [[n, 0, 0] for n in inputs],
        "output_layers": outputs,
    }
    return {"class_name": "Functional", "config": config, "keras_version": "2.11.0", "backend": "tensorflow"}


def read(model: dict[str, Any]) -> KerasModel:
    return read_keras_model(json.dumps(model))


def run(model: KerasModel, *inputs: Any, fill: float = 0.5) -> list[Any]:
    arrays = {w.path: np.full(w.shape, fill, np.float32) for w in model.spec.graph.weights}
    return interpret(model.spec.graph, [np.asarray(x, np.float32) for x in inputs], arrays)


def dense(name: str, *nodes: Any, units: int = 2) -> dict[str, Any]:
    return layer("Dense", name, *nodes, units=units, activation="linear", use_bias=True, kernel_initializer=GLOROT)


def test_sequential_of_keras_before_2_3() -> None:
    first = dense("a")
    first["config"]["batch_input_shape"] = [None, 3]
    model = read({"class_name": "Sequential", "config": [first, dense("b")]})
    assert model.spec.input is not None
    assert model.spec.input.shape == (3,)
    assert [one.name for one in model.spec.layers] == ["a", "b"]
    assert any("GlorotUniform.dtype" in note for note in model.notes)


def test_tensors_among_the_arguments() -> None:
    model = functional(
        given("q", 4, 6),
        given("v", 5, 6),
        layer("MultiHeadAttention", "mha", [["q", 0, 0, {"value": ["v", 0, 0]}]], num_heads=2, key_dim=3,
              query_shape=[None, 4, 6], key_shape=None, value_shape=None),
        inputs=["q", "v"],
        outputs=[["mha", 0, 0]],
    )  # fmt: skip
    spec = read(model).spec
    assert spec.to_dict()["layers"][0]["inputs"] == ["q", "v"]


def test_the_states_of_an_rnn_are_further_inputs() -> None:
    model = functional(
        given("x", 4, 2),
        given("h", 3),
        given("c", 3),
        layer("LSTM", "lstm", [["x", 0, 0, {}], ["h", 0, 0, {}], ["c", 0, 0, {}]], units=3, implementation=2,
              time_major=False, return_state=True),
        inputs=["x", "h", "c"],
        outputs=[["lstm", 0, 0], ["lstm", 0, 2]],
    )  # fmt: skip
    spec = read(model).spec
    assert spec.to_dict()["layers"][0]["inputs"] == {"inputs": "x", "initial_state": ["h", "c"]}
    assert spec.to_dict()["outputs"] == ["lstm[0]", "lstm[2]"]


def test_calls_of_models_are_counted_from_one() -> None:
    inner = functional(given("i", 2), dense("d", [["i", 0, 0, {}]]), inputs=["i"], outputs=[["d", 0, 0]], name="inner")
    inner = {**inner, "name": "inner", "inbound_nodes": [[["x", 0, 0, {}]], [["inner", 1, 0, {}]]]}
    model = read(functional(given("x", 2), inner, inputs=["x"], outputs=[["inner", 2, 0]]))
    assert model.spec.to_dict()["layers"][1] == {"use": "inner"}
    np.testing.assert_allclose(run(model, [[1, 2]])[0], [[2.5, 2.5]])


@pytest.mark.parametrize(
    ("function", "node", "expected"),
    [
        ("__operators__.add", ["x", 0, 0, {"y": 1.0, "name": None}], [2, 3, 4]),
        ("math.multiply", ["x", 0, 0, {"y": ["x", 0, 0], "name": None}], [1, 4, 9]),
        ("math.subtract", ["_CONSTANT_VALUE", -1, 1.0, {"y": ["x", 0, 0], "name": None}], [0, -1, -2]),
        ("math.reduce_mean", ["x", 0, 0, {"axis": -1, "keepdims": True}], [2]),
        ("nn.relu", ["x", 0, 0, {"name": None}], [1, 2, 3]),
        ("reshape", ["x", 0, 0, {"shape": [-1, 3, 1]}], [[1], [2], [3]]),
        ("expand_dims", ["x", 0, 0, {"axis": 1}], [[1, 2, 3]]),
        ("clip_by_value", ["x", 0, 0, {"clip_value_min": 1.5, "clip_value_max": 2.5}], [1.5, 2, 2.5]),
        ("cast", ["x", 0, 0, {"dtype": "float32"}], [1, 2, 3]),
        ("math.pow", ["x", 0, 0, {"y": 2}], [1, 4, 9]),
    ],
)
def test_functions_of_tensorflow(function: str, node: list[Any], expected: Any) -> None:
    entry = layer("TFOpLambda", f"tf.{function}", node, function=function)
    model = read(functional(given("x", 3), entry, inputs=["x"], outputs=[[f"tf.{function}", 0, 0]]))
    np.testing.assert_allclose(run(model, [[1, 2, 3]])[0], [expected])


def test_lists_of_tensors_and_parts_of_them() -> None:
    every = {"start": None, "stop": None, "step": None}
    model = functional(
        given("x", 3),
        layer("TFOpLambda", "tf.concat", [["x", 0, 0, {"axis": 1}], ["x", 0, 0, {"axis": 1}]], function="concat"),
        layer("SlicingOpLambda", "tf.getitem", ["tf.concat", 0, 0, {"slice_spec": [every, {**every, "start": 2}]}],
              function="__operators__.getitem"),
        layer("TFOpLambda", "tf.split", ["tf.getitem", 0, 0, {"num_or_size_splits": [1, 3], "axis": 1}],
              function="split"),
        inputs=["x"],
        outputs=[["tf.split", 0, 0], ["tf.split", 0, 1]],
    )  # fmt: skip
    first, rest = run(read(model), [[1, 2, 3]])
    np.testing.assert_allclose(first, [[3]])
    np.testing.assert_allclose(rest, [[1, 2, 3]])


def test_functions_outside_of_the_table_are_refused() -> None:
    entry = layer("TFOpLambda", "tf.io", ["x", 0, 0, {}], function="io.read_file")
    with pytest.raises(UnsupportedError, match=r"`io\.read_file`"):
        read(functional(given("x", 3), entry, inputs=["x"], outputs=[["tf.io", 0, 0]]))


def one(class_name: str, shape: tuple[int, ...] = (4, 4, 2), **config: Any) -> KerasModel:
    entry = layer(class_name, "one", [["x", 0, 0, {}]], **config)
    return read(functional(given("x", *shape), entry, inputs=["x"], outputs=[["one", 0, 0]]))


@pytest.mark.parametrize(
    ("class_name", "config", "expected"),
    [
        ("BatchNormalizationV1", {"axis": [3], "fused": True}, {"type": "BatchNormalization", "axis": 3}),
        ("BatchNormalizationV2", {"axis": [3]}, {"type": "BatchNormalization", "axis": 3}),
        ("LeakyReLU", {"alpha": 0.25}, {"type": "LeakyReLU", "negative_slope": 0.25}),
        ("ReLU", {"max_value": {"type": "ndarray", "value": 6.0}}, {"type": "ReLU", "max_value": 6.0}),
        ("ThresholdedReLU", {"theta": 1.0}, {"type": "ReLU", "threshold": 1.0}),
        ("MaxPool2D", {"pool_size": [2, 2], "strides": [2, 2]}, {"type": "MaxPooling2D"}),
        ("Convolution2D", {"filters": 2, "kernel_size": [1, 1], "groups": 1},
         {"type": "Conv2D", "filters": 2, "kernel_size": [1, 1]}),
        ("SeparableConv2D", {"filters": 2, "kernel_size": [1, 1], "groups": 1, "kernel_initializer": GLOROT,
                             "kernel_regularizer": None, "kernel_constraint": None},
         {"type": "SeparableConv2D", "filters": 2, "kernel_size": [1, 1]}),
        ("Conv2DTranspose", {"filters": 2, "kernel_size": [2, 2], "strides": [2, 2], "output_padding": None},
         {"type": "Conv2DTranspose", "filters": 2, "kernel_size": [2, 2], "strides": [2, 2]}),
    ],
)  # fmt: skip
def test_older_spellings(class_name: str, config: dict[str, Any], expected: dict[str, Any]) -> None:
    found = one(class_name, **config).spec.to_dict()["layers"][0]
    found.pop("name", None)
    if expected["type"] == "BatchNormalization":
        assert found.pop("axis", 3) in (3, -1)
        expected = {"type": "BatchNormalization"}
    assert found == expected or found == {**expected, "pool_size": [2, 2]}


def test_a_gru_that_does_not_say_when_it_resets() -> None:
    found = one("GRU", (4, 2), units=3, implementation=1).spec.to_dict()["layers"][0]
    assert found["reset_after"] is False
    assert "reset_after" not in one("GRU", (4, 2), units=3, implementation=2, reset_after=True).spec.to_json()


def test_embedding_of_a_known_length() -> None:
    model = one("Embedding", (4,), input_dim=5, output_dim=2, input_length=4)
    assert model.notes == ("dropped `input_length: 4`, which changes nothing (`one`)",)


def test_hard_sigmoid_was_another_function() -> None:
    model = one("Activation", activation="hard_sigmoid")
    assert model.spec.to_dict()["layers"][0]["activation"] == "keras2_hard_sigmoid"
    (y,) = run(model, [[-3.0, -2.5, -1.0, 0.0, 1.0, 2.5, 3.0]])
    np.testing.assert_allclose(y, [[0, 0, 0.3, 0.5, 0.7, 1, 1]], atol=1e-6)


def test_options_that_change_something_are_errors() -> None:
    message = r"`virtual_batch_size` of the Keras layer `BatchNormalization` \(`one`\) is not supported: 2"
    with pytest.raises(UnsupportedError, match=message):
        one("BatchNormalization", axis=[3], virtual_batch_size=2)


def of_graph(op: str, inputs: list[str], constants: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    """A TensorFlowOpLayer, whose name is another one than its options say."""
    node = {"name": "op", "op": op, "input": ["x", *(f"op/{i}" for i in constants)], "attr": attributes}
    config = {"name": "op", "trainable": True, "dtype": "float32", "node_def": node, "constants": constants}
    nodes: Any = [[[name, 0, 0, {}] for name in inputs]]
    return {"class_name": "TensorFlowOpLayer", "config": config, "name": "tf_op_layer_op", "inbound_nodes": nodes}


ROW = np.arange(12, dtype=np.float32).reshape(1, 3, 4)
IMAGE = np.arange(32, dtype=np.float32).reshape(1, 4, 4, 2)


@pytest.mark.parametrize(
    ("x", "op", "constants", "attributes", "expected"),
    [
        (ROW, "AddV2", {"1": 2.0}, {}, ROW + 2),
        (ROW, "Sub", {"0": 1.0}, {}, 1 - ROW),
        (ROW, "Reshape", {"1": [-1, 12]}, {"T": {"type": "DT_FLOAT"}}, ROW.reshape(1, 12)),
        (ROW, "Mean", {"1": [1]}, {"keep_dims": {"b": True}}, ROW.mean(1, keepdims=True)),
        (ROW, "Sum", {"1": -1}, {}, ROW.sum(-1)),
        (ROW, "Squeeze", {}, {"squeeze_dims": {"list": {"i": ["1"]}}}, None),
        (ROW[:, :1], "Squeeze", {}, {"squeeze_dims": {"list": {"i": ["1"]}}}, ROW[:, 0]),
        (ROW, "Transpose", {"1": [0, 2, 1]}, {}, ROW.transpose(0, 2, 1)),
        (ROW, "StridedSlice", {"1": [0, 1, 0], "2": [0, 3, 0], "3": [1, 1, 2]},
         {"begin_mask": {"i": "5"}, "end_mask": {"i": "5"}}, ROW[:, 1:3, ::2]),
        (ROW, "StridedSlice", {"1": [0, 1], "2": [0, 2], "3": [1, 1]},
         {"begin_mask": {"i": "1"}, "end_mask": {"i": "1"}, "shrink_axis_mask": {"i": "2"}}, ROW[:, 1]),
        (ROW, "ConcatV2", {"1": ROW.tolist(), "2": 2}, {"N": {"i": "2"}}, np.concatenate([ROW, ROW], 2)),
        (ROW, "MatMul", {"1": [[1.0, 0, 0, 1]]}, {"transpose_b": {"b": True}}, ROW[..., :1] + ROW[..., 3:]),
        (ROW, "LeakyRelu", {}, {"alpha": {"f": 0.5}}, ROW),
        (ROW, "Cast", {}, {"DstT": {"type": "DT_INT32"}}, ROW),
        (ROW, "SplitV", {"1": [1, 3], "2": 2}, {"num_split": {"i": "2"}}, ROW[..., :1]),
        (ROW, "Einsum", {"1": [[1.0], [2], [3], [4]]}, {"equation": {"s": "Ymlqa GprLT5iaWs="}}, None),
        (ROW, "Einsum", {"1": [[1.0], [2], [3], [4]]}, {"equation": {"s": "YmlqLGprLT5iaWs="}},
         ROW @ np.array([[1.0], [2], [3], [4]])),
        (IMAGE, "MaxPool", {}, {"ksize": {"list": {"i": ["1", "2", "2", "1"]}}, "padding": {"s": "VkFMSUQ="},
         "strides": {"list": {"i": ["1", "2", "2", "1"]}}}, IMAGE[:, 1::2, 1::2]),
        (IMAGE, "ResizeNearestNeighbor", {"1": [2, 2]}, {"half_pixel_centers": {"b": True}}, IMAGE[:, 1::2, 1::2]),
        (IMAGE, "ResizeNearestNeighbor", {"1": [2, 2]}, {}, IMAGE[:, ::2, ::2]),
        (IMAGE, "BiasAdd", {"1": [1.0, 2]}, {"data_format": {"s": "TkhXQw=="}}, IMAGE + np.array([1, 2])),
        (IMAGE, "PyFunc", {}, {}, None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_operations_of_graphs(x: Any, op: str, constants: Any, attributes: Any, expected: Any) -> None:
    model = functional(
        given("x", *x.shape[1:]),
        of_graph(op, ["x"], constants, **attributes),
        inputs=["x"],
        outputs=[["tf_op_layer_op", 0, 0]],
    )
    if expected is None:
        with pytest.raises(ModelcError):
            run(read(model), x)
        return
    np.testing.assert_allclose(run(read(model), x)[0], expected, rtol=1e-6)


def test_resizing_by_areas_is_the_mean_of_them() -> None:
    spec = one("Resizing", height=2, width=2, interpolation="area", crop_to_aspect_ratio=False)
    np.testing.assert_allclose(run(spec, IMAGE)[0], IMAGE.reshape(1, 2, 2, 2, 2, 2).mean((2, 4)))
    thirds = one("Resizing", height=3, width=4, interpolation="area", crop_to_aspect_ratio=False)
    shares = np.array([[3, 1, 0, 0], [0, 2, 2, 0], [0, 0, 1, 3]]) / 4
    np.testing.assert_allclose(run(thirds, IMAGE)[0], np.einsum("oh,bhwc->bowc", shares, IMAGE), rtol=1e-6)


@pytest.mark.parametrize("dtype", [None, {"class_name": "Policy", "config": {"name": "float32"}}, "float32"])
def test_a_layer_without_a_dtype(dtype: Any) -> None:
    assert one("Dense", (3,), units=2, dtype=dtype).spec.graph.outputs[0].type.dims == (2,)


def keras_layers() -> dict[str, str]:
    """The name of the class of each name in `keras.layers`."""
    layers: Any = live_keras().layers
    return {name: one.__name__ for name in dir(layers) if isinstance(one := getattr(layers, name), type)}


def test_each_alias_of_keras_means_the_layer_that_it_is() -> None:
    aliases = {name: cls for name, cls in keras_layers().items() if name != cls and cls in LAYERS.names}
    assert len(aliases) >= 20
    assert {name: LAYERS.current(name) for name in aliases} == aliases


def test_layers_are_numbered_under_the_names_of_keras() -> None:
    """A file numbers the layers of a model by Keras's own snake case of their classes."""
    classes = {name: cls for name, cls in keras_layers().items() if name in LAYERS.names}
    snake_case: Any = pytest.importorskip("keras.src.utils.naming").to_snake_case
    assert classes["GroupQueryAttention"] == "GroupedQueryAttention"
    found = {name: LayerNode(name, name).group_name for name in classes}
    assert found == {name: snake_case(cls) for name, cls in classes.items()}
