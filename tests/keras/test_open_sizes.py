"""Sizes that a Keras file leaves as None: they stay free in what is read, and in what is exported again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from modelc import SpecError, UnsupportedError, load_spec
from modelc.keras.export.export import model_config
from modelc.keras.read import read_keras_model

Array = np.ndarray[Any, Any]
Node = list[Any]


def lambda_layer(name: str, function: str, node: Node) -> dict[str, Any]:
    kind = "SlicingOpLambda" if "getitem" in function else "TFOpLambda"
    return {"class_name": kind, "config": {"name": name, "function": function}, "name": name, "inbound_nodes": [node]}


def model(*layers: dict[str, Any]) -> dict[str, Any]:
    given = {"batch_input_shape": [None, None, None, 3], "dtype": "float32", "name": "x"}
    entries = [{"class_name": "InputLayer", "config": given, "name": "x", "inbound_nodes": []}, *layers]
    config = {"name": "m", "layers": entries, "input_layers": [["x", 0, 0]]}
    return {
        "class_name": "Functional",
        "config": {**config, "output_layers": [[layers[-1]["name"], 0, 0]]},
        "keras_version": "2.15.0",
    }


SHAPE = lambda_layer("shape", "compat.v1.shape", ["x", 0, 0, {"name": None}])
SAMPLES, HEIGHT, WIDTH = (
    lambda_layer(name, "__operators__.getitem", ["shape", 0, 0, {"slice_spec": i}]) for i, name in enumerate("nhw")
)
PIXELS = lambda_layer("pixels", "math.multiply", ["h", 0, 0, {"y": ["w", 0, 0]}])


def reshape(shape: list[Any]) -> dict[str, Any]:
    return lambda_layer("reshaped", "reshape", ["x", 0, 0, {"shape": shape}])


@pytest.mark.parametrize("first", [-1, ["n", 0, 0]])
def test_a_size_of_a_tensor_is_computed_with(first: Any) -> None:
    """`tf.reshape(x, [-1, tf.shape(x)[1] * tf.shape(x)[2], 3])`, for any picture."""
    layers = [SHAPE, SAMPLES, HEIGHT, WIDTH, PIXELS, reshape([first, ["pixels", 0, 0], 3])]
    spec = load_spec(read_keras_model(model(*layers)).spec.to_dict())
    built = spec.build(backend="reference")
    for h, w in [(4, 5), (1, 1), (7, 2)]:
        x = np.random.default_rng(0).standard_normal((2, h, w, 3), np.float32)
        np.testing.assert_array_equal(built(x), x.reshape(2, h * w, 3))


def halves(name: str) -> dict[str, Any]:
    return lambda_layer(f"half_{name}", "math.floordiv", [name, 0, 0, {"y": 2}])


COMPUTED: dict[str, tuple[list[Any], Callable[[Array], Array]]] = {
    "two sizes in a shape": (
        [SHAPE, HEIGHT, WIDTH, reshape([-1, ["w", 0, 0], ["h", 0, 0], 3])],
        lambda x: x.reshape(len(x), x.shape[2], x.shape[1], 3)),
    "one size that is there twice": (
        [SHAPE, HEIGHT, WIDTH, lambda_layer("twice", "math.multiply", ["w", 0, 0, {"y": 3}]),
         reshape([-1, ["h", 0, 0], ["twice", 0, 0]])],
        lambda x: x.reshape(len(x), x.shape[1], x.shape[2] * 3)),
    "times a size": (
        [SHAPE, HEIGHT, lambda_layer("y", "math.multiply", ["x", 0, 0, {"y": ["h", 0, 0]}])],
        lambda x: x * x.shape[1]),
    "over a size that is cast": (
        [SHAPE, HEIGHT, WIDTH, PIXELS, lambda_layer("f", "cast", ["pixels", 0, 0, {"dtype": "float32"}]),
         lambda_layer("y", "math.truediv", ["x", 0, 0, {"y": ["f", 0, 0]}])],
        lambda x: x / (x.shape[1] * x.shape[2])),
    "sums": (
        [SHAPE, HEIGHT, WIDTH, lambda_layer("more", "math.add", ["h", 0, 0, {"y": ["w", 0, 0]}]), halves("more"),
         lambda_layer("y", "math.subtract", ["x", 0, 0, {"y": ["half_more", 0, 0]}])],
        lambda x: x - (x.shape[1] + x.shape[2]) // 2),
    "resized to half": (
        [SHAPE, HEIGHT, WIDTH, lambda_layer("h1", "math.add", ["h", 0, 0, {"y": 1}]), halves("h1"),
         lambda_layer("y", "image.resize", ["x", 0, 0, {
             "size": [["half_h1", 0, 0], ["w", 0, 0]], "method": "nearest"}])],
        lambda x: x[:, np.floor((np.arange((x.shape[1] + 1) // 2) + 0.5) * x.shape[1] / ((x.shape[1] + 1) // 2))
                    .astype(int)]),
}  # fmt: skip


@pytest.mark.parametrize("backend", ["native", "reference"])
@pytest.mark.parametrize("name", COMPUTED)
def test_sizes_are_computed_with_as_a_formula(name: str, backend: Any) -> None:
    """Written to a spec and read again, for any picture, by one graph."""
    layers, definition = COMPUTED[name]
    spec = load_spec(read_keras_model(model(*layers)).spec.to_dict())
    assert spec.graph.free_sizes is not None and not spec.graph.free_sizes.facts
    built = spec.build(backend=backend)
    for h, w in [(4, 5), (1, 1), (7, 2), (6, 6)]:
        x = np.random.default_rng(0).standard_normal((2, h, w, 3), np.float32)
        np.testing.assert_allclose(built(x), definition(x), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([SHAPE, HEIGHT, lambda_layer("half", "math.truediv", ["h", 0, 0, {"y": 2}]),
          reshape([-1, ["half", 0, 0], 6])], "leaves free"),
        ([SHAPE, HEIGHT, lambda_layer("y", "range", ["h", 0, 0, {}])], "leaves free"),
    ],
)  # fmt: skip
def test_what_would_hold_for_one_size_is_refused(layers: list[Any], message: str) -> None:
    with pytest.raises(UnsupportedError, match=message):
        read_keras_model(model(*layers))


def test_a_tensor_is_resized_to_the_size_of_another() -> None:
    """`tf.image.resize(small, tf.shape(x)[1:3])`, as feature pyramids do, in a model inside of another one."""
    pooled = {"class_name": "MaxPooling2D", "config": {"name": "small", "pool_size": 2}, "name": "small",
              "inbound_nodes": [[["x", 0, 0, {}]]]}  # fmt: skip
    part = {"start": 1, "stop": 3, "step": None}
    size = lambda_layer("s", "__operators__.getitem", ["shape", 0, 0, {"slice_spec": part}])
    resized = lambda_layer("y", "image.resize", ["small", 0, 0, {"size": ["s", 0, 0], "method": "bilinear"}])
    inner = read_keras_model(model(pooled, SHAPE, size, resized)).spec
    nested = {"type": "Model", "name": "inner", "spec": inner.to_dict()}
    layers = [{"type": "ZeroPadding2D", "padding": 1}, nested]
    spec = load_spec({"modelc": 1, "input": {"shape": ["a", "b", 3]}, "layers": layers})
    built = spec.build()
    for h, w in [(5, 9), (2, 3), (8, 8)]:
        x = np.random.default_rng(0).standard_normal((1, h, w, 3), np.float32)
        fixed = load_spec({"modelc": 1, "input": {"shape": [h, w, 3]}, "layers": [
            {"type": "ZeroPadding2D", "padding": 1}, {"type": "MaxPooling2D"},
            {"type": "Resizing", "height": h + 2, "width": w + 2}]})  # fmt: skip
        np.testing.assert_allclose(built(x), fixed.build(backend="reference")(x), rtol=1e-5, atol=1e-6)


def test_keras_has_no_sizes_of_tensors_in_options() -> None:
    spec = load_spec(
        read_keras_model(model(SHAPE, HEIGHT, WIDTH, reshape([-1, ["w", 0, 0], ["h", 0, 0], 3]))).spec.to_dict()
    )
    with pytest.raises(UnsupportedError, match="take no sizes of tensors"):
        model_config(spec)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ({"size": [0]}, r"expected \{size: \[input, axis\]\}"),
        ({"size": [3, 1]}, "a formula is about input 3, and there are 1"),
        ({"size": [0, 0]}, "a formula is about axis 0"),
        ({"floor_divide": [1, 2, 3]}, "floor_divide: \\[a, b\\]"),
        ({"multiply": [2, "h"]}, "expected \\{size"),
    ],
)
def test_a_wrong_formula_is_told(formula: Any, message: str) -> None:
    entry = {"type": "Operation", "operation": "reshape", "arguments": {"newshape": [None, formula, 3]}}
    with pytest.raises(SpecError, match=message):
        _ = load_spec({"modelc": 1, "input": {"shape": ["h", "w", 3]}, "layers": [entry]}).graph


SPECS: dict[str, dict[str, Any]] = {
    "chain": {"input": {"shape": [None, None, 3]}, "layers": [
        {"type": "Conv2D", "filters": 4, "kernel_size": 3}, {"type": "GlobalAveragePooling2D"}]},
    "graph": {"inputs": {"a": {"shape": [None, 4]}, "b": {"shape": [None, 4]}}, "layers": [
        {"type": "Attention", "inputs": ["a", "b"]}]},
    "nested": {"input": {"shape": [None, None, 3]}, "layers": [
        {"type": "Model", "name": "inner", "spec": {"modelc": 1, "input": {"shape": [None, None, 3]}, "layers": [
            {"type": "Conv2D", "filters": 2, "kernel_size": 1}, {"type": "ReLU"}]}},
        {"type": "GlobalMaxPooling2D"}]},
    "steps": {"input": {"shape": [None, None, 5, 3]}, "layers": [
        {"type": "TimeDistributed", "layer": {"type": "Conv2D", "filters": 2, "kernel_size": 2}}]},
}  # fmt: skip


@pytest.mark.parametrize("name", SPECS)
def test_none_comes_back_from_an_export(name: str) -> None:
    spec = load_spec({"modelc": 1, **SPECS[name]})
    again = load_spec(read_keras_model(dict(model_config(spec))).spec.to_dict())
    rows = [[(row.name, row.output_shapes, row.params) for row in one.summary().rows] for one in (spec, again)]
    assert rows[0] == rows[1] and any(None in shape[1:] for _, shapes, _ in rows[0] for shape in shapes)
    assert len(again.graph.free_sizes.symbols) == len(spec.graph.free_sizes.symbols) > 0  # pyright: ignore


def test_views_keep_sizes_free() -> None:
    spec = load_spec({"modelc": 1, **SPECS["chain"]})
    for view in (spec.truncate("conv2d"), spec.extract("conv2d")):
        assert view.summary().rows[-1].output_shapes[0] == (None, None, None, 4)
        made = view.build(backend="reference")
        assert made(np.zeros((1, 5, 9, 3), np.float32)).shape == (1, 3, 7, 4)
